package evy.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Markdown document of the project: its lines, its fences, its hidden sections. */
record Document(String name, List<String> lines, List<Part> parts) {
    private static final Path ROOT = Path.of(System.getProperty("evy.root"));
    private static final Pattern FENCE = Pattern.compile("( *)(```+)\\s*(\\S*).*");
    private static final Pattern SECTION = Pattern.compile("\\s*<!-- code: (.*)");

    /** What a document is made of, as far as the tests look. */
    sealed interface Part permits Fence, Section, Prose {
        int line();
    }

    /** A fenced block; {@code line} is that of its first fence, the text begins one below. */
    record Fence(int line, String language, List<String> text) implements Part {}

    /** A hidden section, {@code <!-- code: keyword argument}, lines, {@code -->}. */
    record Section(int line, String keyword, String argument, List<String> text) implements Part {}

    /** A line that readers see and that is in no fence. */
    record Prose(int line) implements Part {}

    /** A file of the project, by its name from the project's root. */
    static Path file(String name) {
        return ROOT.resolve(name);
    }

    /** Reads one; the name is that from the project's root. */
    static Document read(String name) throws IOException {
        return of(name, Files.readAllLines(file(name)));
    }

    static Document of(String name, List<String> lines) {
        return new Document(name, lines, new Parser(name, lines).parse());
    }

    /** All documents that people have written: no decisions, which are history, no reports. */
    static List<Document> written() {
        return all().filter(d -> !d.name.startsWith("docs/adr/") && !d.isGenerated()).toList();
    }

    /** All documents of the project. */
    static Stream<Document> all() {
        var found = new ArrayList<Path>();
        for (var folder : List.of("", "docs", "benchmarks", "concurrency-tests", "examples")) {
            if (Files.isDirectory(file(folder))) {
                found.addAll(below(file(folder), folder.equals("docs") ? 9 : 1));
            }
        }
        return found.stream().map(path -> ROOT.relativize(path).toString()).map(Document::load);
    }

    private static List<Path> below(Path folder, int depth) {
        try (var files = Files.find(folder, depth, (file, _) -> isMarkdown(file))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isMarkdown(Path file) {
        return file.toString().endsWith(".md");
    }

    private static Document load(String name) {
        try {
            return read(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isGenerated() {
        return lines.stream().limit(10).anyMatch(line -> line.contains("Written by"));
    }

    /** A place as compilers write it. */
    String at(int line) {
        return name + ":" + line;
    }

    List<Fence> fences() {
        return parts.stream().filter(Fence.class::isInstance).map(Fence.class::cast).toList();
    }

    /** Goes through the lines once. */
    private static final class Parser {
        private final String name;
        private final List<String> lines;
        private final List<Part> parts = new ArrayList<>();
        private int next;

        Parser(String name, List<String> lines) {
            this.name = name;
            this.lines = lines;
        }

        List<Part> parse() {
            while (next < lines.size()) {
                var line = lines.get(next);
                int number = ++next;
                var fence = FENCE.matcher(line);
                var section = SECTION.matcher(line);
                if (fence.matches()) {
                    var text = until(number, fence.group(1) + fence.group(2));
                    parts.add(new Fence(number, fence.group(3), undented(text, fence.group(1))));
                } else if (section.matches()) {
                    parts.add(section(number, section.group(1)));
                } else if (!line.isBlank()) {
                    parts.add(new Prose(number));
                }
            }
            return List.copyOf(parts);
        }

        private Section section(int number, String rest) {
            boolean oneLine = rest.endsWith("-->");
            var head = (oneLine ? rest.substring(0, rest.length() - 3) : rest).strip();
            var text = oneLine ? List.<String>of() : until(number, "-->");
            int end = head.startsWith("compile only") ? head.indexOf(':') : head.indexOf(' ');
            var keyword = end < 0 ? head : head.substring(0, end);
            var argument = end < 0 ? "" : head.substring(end + 1).strip();
            return new Section(number, keyword, argument, text);
        }

        private List<String> until(int begin, String end) {
            for (int i = next; i < lines.size(); i++) {
                if (lines.get(i).stripTrailing().equals(end)) {
                    var text = List.copyOf(lines.subList(next, i));
                    next = i + 1;
                    return text;
                }
            }
            throw new IllegalArgumentException(name + ":" + begin + ": no " + end + " ends this");
        }

        private static List<String> undented(List<String> text, String indent) {
            return text.stream()
                    .map(line -> line.startsWith(indent) ? line.substring(indent.length()) : line)
                    .toList();
        }
    }
}
