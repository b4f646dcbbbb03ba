package evy.tools.backdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.util.concurrent.TimeUnit.SECONDS;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.testkit.internal.ChildCoverage;

import jdk.jshell.JShell;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The back door as users go through it: by {@code evy backdoor}, telnet, netcat and Python. */
@ExtendWith(LeakCheckExtension.class)
class BackdoorToolsIT {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String TOKEN = "correct-horse-battery";

    /** Has time for what a client leaves behind that ends its input at once. */
    private static final BackdoorOptions PATIENT =
            BackdoorOptions.DEFAULT.withDrainTimeout(Duration.ofMinutes(1));

    @TempDir Path folder;

    /** The first JShell starts a thread that stays. */
    @BeforeAll
    static void startIndexer() {
        try (var jshell = JShell.builder().executionEngine("local").build()) {
            assertThat(jshell.sourceCodeAnalysis()).isNotNull();
        }
    }

    @Test
    @Spec("BD1")
    void evyBackdoor_linesFromAPipe_showsWhatComesOfThem() throws Exception {
        try (var door = Door.open(Map.of("answer", 42), PATIENT)) {
            var client = builder(evy("backdoor", "127.0.0.1:" + door.port())).start();
            write(client, "answer + 1\n");

            assertThat(end(client)).isZero();
            assertThat(shown()).contains("Java", ">>> $1 ==> 43\n>>> ");
        }
    }

    @Test
    void evyBackdoor_interrupted_stopsTheSnippetAndGoesOn() throws Exception {
        assumeTrue(!isInterruptIgnored(), "SIGINT is ignored, as in a shell's background job");
        try (var door = Door.open(Map.of())) {
            var client = builder(evy("backdoor", String.valueOf(door.port()))).start();
            var typed = client.getOutputStream();
            typed.write("{ println(\"on\"); while (true) {} }\n".getBytes(StandardCharsets.UTF_8));
            typed.flush();
            awaitShown("on\n");
            assertThat(client.isAlive()).isTrue();

            new ProcessBuilder("kill", "-INT", String.valueOf(client.pid())).start().waitFor();

            awaitShown("|  stopped\n>>> ");
            typed.write("exit\n".getBytes(StandardCharsets.UTF_8));
            typed.flush();
            assertThat(client.waitFor(50, SECONDS)).isTrue();
            assertThat(client.exitValue()).isZero();
        }
    }

    @Test
    @Spec("BD5")
    void evyBackdoor_tokenInEnvironment_getsIn() throws Exception {
        try (var door = Door.open(Map.of(), PATIENT.withToken(TOKEN))) {
            var builder = builder(evy("backdoor", ":" + door.port()));
            builder.environment().put("EVY_BACKDOOR_TOKEN", TOKEN);
            var client = builder.start();
            write(client, "1 + 1\n");

            assertThat(end(client)).isZero();
            assertThat(shown()).contains("$1 ==> 2");
        }
    }

    @Test
    void evyBackdoor_nobodyThere_saysSo() throws Exception {
        var client = builder(evy("backdoor", folder.resolve("none").toString())).start();

        assertThat(end(client)).isEqualTo(2);
        assertThat(shown()).startsWith("evy: backdoor " + folder.resolve("none") + ": ");
    }

    /** A program from source: its classes are in memory only, and snippets can name them. */
    @Test
    @Spec("BD1")
    void evyRun_programFromSource_hasItsClassesInSessions() throws Exception {
        var source = folder.resolve("com/acme/App.java");
        Files.createDirectories(source.getParent());
        Files.writeString(
                source,
                """
                package com.acme;
                public class App {
                    public record Room(String name) {}
                    public int visits;
                    static void main() throws Exception {
                        var door = evy.Evy.listen("localhost", 0);
                        System.out.println("port " + door.getLocalPort() + ".");
                        evy.tools.backdoor.Backdoor.serve(door, java.util.Map.of("app", new App()));
                    }
                }
                """);
        var program = builder(evy(source.toString())).start();
        try {
            awaitShown(".\n");
            var port = shown().replaceAll("(?s).*port (\\d+)\\.\n.*", "$1");
            try (var talk = new Talk(new java.net.Socket("localhost", Integer.parseInt(port)))) {
                talk.untilPrompt();

                assertThat(talk.say("app.visits = 4")).doesNotContain("Error");
                assertThat(talk.say("app.visits")).endsWith(" ==> 4\n");
                assertThat(talk.say("new com.acme.App.Room(\"hall\")"))
                        .endsWith(" ==> Room[name=hall]\n");
            }
        } finally {
            program.destroyForcibly().waitFor();
        }
    }

    @Test
    @Spec("BD2")
    void python_socket_holdsADialogue() throws Exception {
        try (var door = Door.open(Map.of())) {
            var client = tool("python3", "-c", PYTHON, String.valueOf(door.port()));

            assertThat(end(client)).as(shown()).isZero();
            assertThat(shown()).contains("(JShell)\n>>> hi\n>>> 3\n");
        }
    }

    private static final String PYTHON =
            """
            import socket, sys
            s = socket.create_connection(("localhost", int(sys.argv[1])))
            f = s.makefile("rwb")
            f.write(b'print("hi")\\r\\nprintln(1 + 2)\\r\\nexit()\\r\\n')
            f.flush()
            sys.stdout.write(f.read().decode())
            """;

    @Test
    @Spec({"BD1", "BD2"})
    void telnet_dialogue_isHeld() throws Exception {
        try (var door = Door.open(Map.of())) {
            var client = tool("telnet", "127.0.0.1", String.valueOf(door.port()));
            var typed = client.getOutputStream();
            awaitShown(">>> ");
            typed.write("print(\"hi\")\nexit\n".getBytes(StandardCharsets.UTF_8));
            typed.flush();

            awaitShown(">>> hi");
            client.waitFor(20, SECONDS);
            client.destroyForcibly();
        }
    }

    @Test
    @Spec("BD2")
    void netcat_dialogue_isHeld() throws Exception {
        try (var door = Door.open(Map.of(), PATIENT)) {
            var client = tool("nc", "127.0.0.1", String.valueOf(door.port()));
            write(client, "print(\"hi\")\nexit\n");

            end(client);
            assertThat(shown()).contains(">>> hi\n>>> ");
        }
    }

    /** The command without its script, which would build Evy if sources are newer than jars. */
    private static String[] evy(String... arguments) {
        return Stream.of(
                        Stream.of(JAVA),
                        ChildCoverage.flags().stream(),
                        Stream.of(
                                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "evy.tools.Main"),
                        Stream.of(arguments))
                .flatMap(words -> words)
                .toArray(String[]::new);
    }

    /* Children inherit that, and cannot be interrupted. */
    private static boolean isInterruptIgnored() throws IOException {
        var status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(8), 16) & 2) != 0);
    }

    private Process tool(String... command) throws IOException {
        var path = System.getenv().getOrDefault("PATH", "");
        var isThere =
                List.of(path.split(File.pathSeparator)).stream()
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command[0])));
        assumeTrue(isThere, command[0] + " is not installed");
        return builder(command).start();
    }

    private ProcessBuilder builder(String... command) {
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        return builder.redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile());
    }

    private static void write(Process client, String text) throws IOException {
        try (var typed = client.getOutputStream()) {
            typed.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static int end(Process client) throws InterruptedException {
        var ended = client.waitFor(50, SECONDS);
        client.destroyForcibly();
        assertThat(ended).isTrue();
        return client.exitValue();
    }

    private String shown() throws IOException {
        return Files.readString(folder.resolve("out"));
    }

    private void awaitShown(String text) throws Exception {
        while (!shown().contains(text)) {
            Thread.sleep(20); // a file tells nobody that it grew
        }
    }
}
