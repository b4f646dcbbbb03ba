package evy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code examples/README.md} and {@code docs/from-python.md} say of the examples is so. */
@Spec({"EX1", "EX2"})
class ReadmeIT {
    private static final Path ROOT = Path.of(System.getProperty("evy.root"));
    private static final Pattern ROW =
            Pattern.compile("^\\| `(\\./evy [^`]+)` \\| .* \\| `([^`]+)` \\|$", Pattern.MULTILINE);
    private static final Pattern PORT = Pattern.compile("(?<=[ :])\\d{4,5}(?= |$)");

    @Test
    void tables_everyFile_isListed() throws Exception {
        var readme = readme();

        try (Stream<Path> files = Files.list(ROOT.resolve("examples"))) {
            assertThat(files)
                    .extracting(file -> file.getFileName().toString())
                    .filteredOn(name -> name.matches(".*[.](java|html|sh)"))
                    .hasSizeGreaterThan(20)
                    .allSatisfy(name -> assertThat(readme).contains(name));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Clients", "TCP", "Web", "Chats and WebSockets", "ZeroMQ", "Databases"})
    void tables_everyCommand_runsAndPrintsWhatTheySay(String section) throws Exception {
        var text = readme().split("\n## " + section + "\n")[1].split("\n## ")[0];
        var ports = new HashMap<String, String>();
        var running = new ArrayList<Example>();
        try {
            for (var row = ROW.matcher(text); row.find(); ) {
                var words = List.of(free(row.group(1), ports).split(" "));
                var example = Example.command(words.subList(1, words.size()));
                running.add(example);
                example.await("^" + Pattern.quote(row.group(2).replaceFirst("\u2026.*", "")));
                noteRealPorts(row.group(1), example, ports);
            }
        } finally {
            running.forEach(Example::terminate); // all, also if waiting for one is interrupted
            for (var example : running) {
                example.close();
            }
        }
        assertThat(running).hasSize(text.split("\\Q| `./evy\\E", -1).length - 1);
    }

    /** The command with ports that are free: any for a server's, and that one for its clients. */
    private static String free(String command, Map<String, String> ports) {
        return PORT.matcher(command)
                .replaceAll(
                        port ->
                                ports.getOrDefault(
                                        port.group(), command.contains("exchange") ? "*" : "0"));
    }

    /** Takes note of the ports that it was given in place of those listed. */
    private static void noteRealPorts(String command, Example example, Map<String, String> ports) {
        Matcher listed = PORT.matcher(command);
        Matcher real =
                Pattern.compile("(?m)(?<=^listening on .{0,99}:|tcp://127.0.0.1:)\\d+")
                        .matcher(example.output());
        while (listed.find() && real.find()) {
            ports.putIfAbsent(listed.group(), real.group());
        }
    }

    @Test
    void fromPython_programs_areTheExamplesAsTheyAre() throws IOException {
        var page = Files.readString(ROOT.resolve("docs/from-python.md"));

        var named = Pattern.compile("### .*`examples/(\\w+)[.]java`").matcher(page);
        var names = named.results().map(heading -> heading.group(1)).toList();

        assertThat(names).contains("WebCrawler", "WebServer", "RecursiveCrawler", "WebSocketChat");
        for (var name : names) {
            var source = Files.readString(ROOT.resolve("examples/" + name + ".java"));
            var program = source.substring(source.indexOf("\nimport ") + 1);
            assertThat(page).contains("```java\n" + program + "```");
        }
    }

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("examples/README.md"));
    }
}
