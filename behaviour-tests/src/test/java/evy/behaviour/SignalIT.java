package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.Evy;
import evy.hubs.Greenlet;
import evy.hubs.HubOptions;
import evy.io.GreenProcess;
import evy.io.Signals;
import evy.sync.Event;
import evy.testkit.LeakCheckExtension;
import evy.testkit.internal.ChildCoverage;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

@ExtendWith(LeakCheckExtension.class)
class SignalIT {
    @BeforeAll
    static void requirePrograms() {
        assumeTrue(ProcessTest.isThere("kill"), "needs the program kill");
    }

    /** Starts a main class of the tests in a JVM of its own, with this one's kind of hub. */
    static GreenProcess java(Class<?> main, String... arguments) throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx64m",
                                "-ea"));
        command.addAll(ChildCoverage.flags());
        String kind = System.getProperty(HubOptions.KIND_PROPERTY);
        if (kind != null) {
            command.add("-D" + HubOptions.KIND_PROPERTY + "=" + kind);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        return GreenProcess.start(builder);
    }

    private static void send(String signal, GreenProcess child)
            throws IOException, InterruptedException {
        GreenProcess.checkCall("kill", "-" + signal, String.valueOf(child.pid()));
    }

    /** What the child does, by its first argument. */
    static final class Program {
        private Program() {}

        public static void main(String... arguments) throws Exception {
            switch (arguments[0]) {
                case "several" -> Evy.run(Program::several);
                case "restore" -> Evy.run(Program::restore);
                case "await" -> Evy.run(Program::await);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }

        private static void await() throws Exception {
            Evy.spawn(() -> say("ready")); // runs when this waits
            say("got " + Signals.await("TERM", "SIGHUP"));
        }

        private static void say(String line) {
            System.out.println(line);
            System.out.flush();
        }

        private static void several() throws Exception {
            var done = new Event<String>();
            Signals.on("TERM", s -> say("first " + s + " green " + isGreen()));
            Signals.on("SIGTERM", s -> done.send("second " + s));
            Signals.on("HUP", s -> say("hup"));
            say("ready");
            say(done.await());
        }

        private static boolean isGreen() {
            return Greenlet.currentOrNull() != null;
        }

        private static void restore() throws Exception {
            var told = new Event<String>();
            var one = Signals.on("TERM", told::send);
            var two = Signals.on("TERM", s -> {});
            two.close();
            say("ready");
            say("told " + told.await());
            one.close();
            one.close();
            say("closed");
            new Event<String>().await();
        }
    }

    @Test
    void on_severalHandlers_eachRunsInAGreenThread() throws Exception {
        Evy.run(
                () -> {
                    try (var child = java(Program.class, "several")) {
                        assertThat(child.stdout().readLine()).isEqualTo("ready");
                        send("HUP", child);
                        assertThat(child.stdout().readLine()).isEqualTo("hup");

                        send("TERM", child);

                        assertThat(child.stdout().readLine()).isEqualTo("first TERM green true");
                        assertThat(child.stdout().readLine()).isEqualTo("second TERM");
                        assertThat(child.waitFor()).isZero();
                    }
                });
    }

    @Test
    void close_lastHandler_bringsBackWhatTheJvmDoes() throws Exception {
        Evy.run(
                () -> {
                    try (var child = java(Program.class, "restore")) {
                        assertThat(child.stdout().readLine()).isEqualTo("ready");
                        send("TERM", child);
                        assertThat(child.stdout().readLine()).isEqualTo("told TERM");
                        assertThat(child.stdout().readLine()).isEqualTo("closed");

                        send("TERM", child);

                        assertThat(child.waitFor()).isEqualTo(128 + 15);
                    }
                });
    }

    @Test
    void await_eitherSignal_returnsItsNameAndNoDeadlockIsReported() throws Exception {
        Evy.run(
                () -> {
                    try (var child = java(Program.class, "await")) {
                        assertThat(child.stdout().readLine()).isEqualTo("ready");
                        Evy.sleep(Duration.ofSeconds(2)); // longer than the report takes
                        send("HUP", child);

                        assertThat(child.stdout().readText()).isEqualTo("got HUP\n");
                        assertThat(child.waitFor()).isZero();
                    }
                });
    }

    @Test
    void on_signalThatCannotBeHad_isNamed() {
        for (String name : List.of("NOSUCH", "KILL", "SIGKILL")) {
            assertThatThrownBy(() -> Signals.on(name, s -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(name.replace("SIG", ""));
        }
        assertThatThrownBy(() -> Signals.await()).isInstanceOf(IllegalArgumentException.class);
    }
}
