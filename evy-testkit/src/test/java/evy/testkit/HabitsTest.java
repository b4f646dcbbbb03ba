package evy.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Habits of the tests of all modules, read from their sources. */
@Spec("TEST1")
class HabitsTest {
    private static final Path ROOT = Path.of(System.getProperty("evy.root"));

    /* A number that is not 0 where a server's port stands; 1 is a port where nobody listens. */
    private static final Pattern FIXED_PORT =
            Pattern.compile(
                    "(?:new ServerSocket\\(|Evy\\.listen\\((?:\"[^\"]*\","
                            + " )?|WebServer\\.start\\()[1-9]\\d*[,)]");
    private static final Pattern SILENT_SKIP = Pattern.compile("@[D]isabled(?!\\w|\\(\")");

    @Test
    void servers_ofTests_takeAnyFreePort() throws IOException {
        assertThat(linesWith(FIXED_PORT)).isEmpty();
    }

    @Test
    void skips_sayWhy() throws IOException {
        assertThat(linesWith(SILENT_SKIP)).isEmpty();
    }

    @Test
    void coverage_isDocumented() throws IOException {
        assertThat(Files.readString(ROOT.resolve("CONTRIBUTING.md")))
                .contains("| see the coverage | add `-Pcoverage`")
                .contains("open `reports/target/coverage/index.html`");
        assertThat(Files.readString(ROOT.resolve("reports/pom.xml")))
                .contains("<outputDirectory>${project.build.directory}/coverage</outputDirectory>");
    }

    private static List<String> linesWith(Pattern pattern) throws IOException {
        var found = new ArrayList<String>();
        var files = 0;
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (var tests : modules.map(module -> module.resolve("src/test/java")).toList()) {
                if (Files.isDirectory(tests)) {
                    files += search(tests, pattern, found);
                }
            }
        }
        assertThat(files).as("files of tests").isGreaterThan(100);
        return found;
    }

    private static int search(Path tests, Pattern pattern, List<String> found) throws IOException {
        try (Stream<Path> walk = Files.walk(tests)) {
            var sources = walk.filter(file -> file.toString().endsWith(".java")).toList();
            for (var source : sources) {
                try (Stream<String> lines = Files.lines(source)) {
                    lines.filter(line -> pattern.matcher(line).find())
                            .forEach(line -> found.add(source.getFileName() + ": " + line.strip()));
                }
            }
            return sources.size();
        }
    }
}
