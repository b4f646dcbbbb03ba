package evy.testkit.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Writes {@code docs/conformance.md}: which behaviour of {@code docs/behaviour-ids.txt} is shown by
 * which test, and whether it passed everywhere it ran. The input is what {@link SpecListener} left
 * in {@code target/spec} of each module. A line of the list has an id, its section, what it is
 * about and, if it is deliberately not built, a fourth field: why.
 */
public final class ConformanceReport {
    private static final String IDS = "docs/behaviour-ids.txt";
    private static final String REPORT = "docs/conformance.md";
    private static final Pattern PACKAGE = Pattern.compile("^(?:[a-z0-9_]+\\.)+(?=[A-Z])");

    /** Id to section, in the order of the list. */
    private final Map<String, String> sections = new LinkedHashMap<>();

    /** Ids of what is deliberately not built, each with the reason. */
    private final Map<String, String> notBuilt = new HashMap<>();

    private final SortedMap<String, SpecResult> tests = new TreeMap<>();

    private ConformanceReport() {}

    /**
     * Writes the report of a source tree.
     *
     * @param args the tree's root folder
     * @throws IOException if the list or a results file cannot be read, or the report not written
     */
    public static void main(String... args) throws IOException {
        var exit = run(Path.of(args[0]), "true".equals(System.getenv("CI")));
        if (exit != 0) {
            System.exit(exit);
        }
    }

    /**
     * Writes the report, unless there are no results.
     *
     * @return the exit status: 1 if a test names an unknown id, or one that is not built
     */
    static int run(Path root, boolean warnOfChange) throws IOException {
        var report = new ConformanceReport();
        report.readIds(root.resolve(IDS));
        var files = resultFiles(root);
        for (var file : files) {
            report.readResults(file);
        }
        if (files.isEmpty()) {
            System.out.println("no test results, " + REPORT + " stays as it is");
            return 0;
        }

        var wrong = report.wrongIds();
        wrong.forEach(System.err::println);
        if (!wrong.isEmpty()) {
            return 1;
        }

        var target = root.resolve(REPORT);
        var text = report.toMarkdown();
        var before = Files.exists(target) ? Files.readString(target) : "";
        if (!text.equals(before)) {
            Files.writeString(target, text);
            System.out.println(
                    warnOfChange
                            ? "warning: the committed " + REPORT + " was not up to date"
                            : REPORT + " changed");
        }
        return 0;
    }

    private static List<Path> resultFiles(Path root) throws IOException {
        var found = new ArrayList<Path>();
        try (var modules = Files.newDirectoryStream(root, Files::isDirectory)) {
            for (var module : modules) {
                var folder = module.resolve("target/spec");
                if (Files.isDirectory(folder)) {
                    try (var files = Files.newDirectoryStream(folder, "*.tsv")) {
                        files.forEach(found::add);
                    }
                }
            }
        }
        found.sort(null);
        return found;
    }

    private void readIds(Path file) throws IOException {
        for (var line : Files.readAllLines(file)) {
            var fields = line.split("\t", -1);
            if (fields.length < 3
                    || fields.length > 4
                    || sections.put(fields[0], fields[1]) != null) {
                throw new IOException(file + ": bad or repeated line: '" + line + "'");
            }
            if (fields.length == 4) {
                notBuilt.put(fields[0], fields[3]);
            }
        }
    }

    private void readResults(Path file) throws IOException {
        for (var line : Files.readAllLines(file)) {
            if (!line.startsWith("#")) {
                var result = SpecResult.parse(line);
                tests.merge(result.test(), result, SpecResult::and);
            }
        }
    }

    private List<String> wrongIds() {
        var wrong = new ArrayList<String>();
        for (var test : tests.values()) {
            for (var id : test.ids()) {
                if (!sections.containsKey(id)) {
                    wrong.add(test.test() + ": @Spec id '" + id + "' is not in " + IDS);
                } else if (notBuilt.containsKey(id)) {
                    wrong.add(test.test() + ": @Spec id '" + id + "' is not built, says " + IDS);
                }
            }
        }
        return wrong;
    }

    private String toMarkdown() {
        var counts = new EnumMap<Outcome, Integer>(Outcome.class);
        var missing = 0;
        var tables = new StringBuilder();
        var section = "";
        for (var entry : sections.entrySet()) {
            if (!entry.getValue().equals(section)) {
                section = entry.getValue();
                tables.append("\n## ").append(section);
                tables.append("\n\n| id | test | result |\n| --- | --- | --- |\n");
            }
            var id = entry.getKey();
            var shown = tests.values().stream().filter(test -> test.ids().contains(id)).toList();
            if (notBuilt.containsKey(id)) {
                tables.append("| %s | | not built: %s |\n".formatted(id, notBuilt.get(id)));
            } else if (shown.isEmpty()) {
                missing++;
                tables.append("| ").append(id).append(" | | missing |\n");
            } else {
                shown.forEach(test -> tables.append(row(id, test)));
                shown.stream()
                        .map(SpecResult::outcome)
                        .reduce(Outcome::worse)
                        .ifPresent(worst -> counts.merge(worst, 1, Integer::sum));
            }
        }
        return """
        # Conformance

        Which test shows which behaviour of `docs/behaviour-ids.txt`; written by `mvn verify`.
        A test passes if it passed on every poller it ran on; a behaviour, if all its tests did.
        What is not built is left out on purpose, for the reason given there.

        %d behaviours: %d pass, %d fail, %d skipped, %d missing, %d not built.
        """
                        .formatted(
                                sections.size(),
                                counts.getOrDefault(Outcome.PASS, 0),
                                counts.getOrDefault(Outcome.FAIL, 0),
                                counts.getOrDefault(Outcome.SKIP, 0),
                                missing,
                                notBuilt.size())
                + tables;
    }

    private static String row(String id, SpecResult test) {
        var name = PACKAGE.matcher(test.test()).replaceFirst("");
        var reason = test.reason().isEmpty() ? "" : ": " + test.reason().replace("|", "\\|");
        return "| %s | %s | %s%s |\n".formatted(id, name, test.outcome(), reason);
    }
}
