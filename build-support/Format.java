import com.google.googlejavaformat.java.Main;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks the format of every Java source below the current folder, or mends it ({@code apply}).
 * google-java-format needs a newer JDK than Maven may run on, so the build starts this in a process
 * of its own.
 */
class Format {
    private static final List<String> AOSP = List.of("--aosp");
    private static final FileTime EVER = FileTime.fromMillis(0);

    /** As old as the last check that found nothing; older sources are not looked at again. */
    private static final Path STAMP = Path.of("target", "format.checked");

    public static void main(String... args) throws Exception {
        var mode = args.length == 1 ? args[0] : "";
        if (!mode.equals("check") && !mode.equals("apply")) {
            fail("evy.format: expected check or apply: '" + mode + "'");
        }

        var begun = FileTime.from(Instant.now());
        var checked = Files.exists(STAMP) ? Files.getLastModifiedTime(STAMP) : EVER;
        var sources = sources(Path.of(""), checked);
        var problems = new StringWriter();
        var changed = new StringWriter();
        var options = mode.equals("check") ? List.of("--dry-run") : List.of("--replace");
        var exit = sources.isEmpty() ? 0 : format(sources, options, changed, problems);

        if (exit != 0) {
            fail(problems.toString());
        }
        if (!changed.toString().isBlank()) {
            fail(
                    "Not in google-java-format's AOSP style:\n"
                            + changed.toString().indent(2)
                            + "To mend: mvn -B -N verify -Devy.format=apply");
        }
        Files.createDirectories(STAMP.getParent());
        Files.write(STAMP, new byte[0]);
        Files.setLastModifiedTime(STAMP, begun);
    }

    private static int format(
            List<String> sources, List<String> options, StringWriter out, StringWriter err)
            throws Exception {
        var arguments = new ArrayList<>(AOSP);
        arguments.addAll(options);
        arguments.addAll(sources);
        var main = new Main(new PrintWriter(out, true), new PrintWriter(err, true), System.in);
        return main.format(arguments.toArray(String[]::new));
    }

    private static List<String> sources(Path root, FileTime since) throws IOException {
        var found = new ArrayList<String>();
        var visitor =
                new SimpleFileVisitor<Path>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        var name = folder.getFileName().toString();
                        return name.equals("target") || name.startsWith(".")
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (file.toString().endsWith(".java")
                                && attributes.lastModifiedTime().compareTo(since) >= 0) {
                            found.add(file.toString());
                        }
                        return FileVisitResult.CONTINUE;
                    }
                };
        Files.walkFileTree(root, visitor);
        found.sort(null);
        return found;
    }

    private static void fail(String message) {
        System.err.println(message.stripTrailing());
        System.exit(1);
    }
}
