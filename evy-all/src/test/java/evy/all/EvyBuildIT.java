package evy.all;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.concurrent.TimeUnit.SECONDS;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code evy} script when it has to build Evy first, with a Maven that we hold in our hands.
 */
class EvyBuildIT {
    private static final Path SCRIPT = Path.of(System.getProperty("evy.root"), "evy");

    @TempDir Path root;

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void copyScript() throws IOException {
        Files.copy(SCRIPT, root.resolve("evy"));
    }

    @AfterEach
    void endAll() throws Exception {
        for (Process evy : started) {
            evy.descendants().forEach(ProcessHandle::destroyForcibly);
            evy.destroyForcibly().waitFor();
        }
    }

    @Test
    void build_mavenFails_showsItsWordsAndLeavesNoLock() throws Exception {
        maven("echo no such artifact; exit 1");

        var evy = evy();

        assertThat(evy.waitFor(30, SECONDS)).isTrue();
        assertThat(evy.exitValue()).isEqualTo(2);
        assertThat(evy.errorReader().readAllAsString())
                .contains("no such artifact\n", "evy: Evy could not be built");
        assertThat(lock()).doesNotExist();
    }

    @Test
    void build_terminated_endsMavenAndLeavesNoLock() throws Exception {
        maven("exec sleep 1000");
        var evy = evy();
        var maven = nextMaven(evy);

        evy.destroy();

        assertThat(evy.waitFor(30, SECONDS)).isTrue();
        assertThat(evy.exitValue()).isEqualTo(143);
        maven.onExit().get(30, SECONDS);
        assertThat(lock()).doesNotExist();
    }

    @Test
    void build_twoAtOnce_theSecondWaitsForTheFirst() throws Exception {
        maven("exec sleep 1000");
        var first = evy();
        nextMaven(first);

        var second = evy();

        BufferedReader said = second.errorReader();
        assertThat(said.readLine())
                .isEqualTo(
                        "evy: waiting for process "
                                + first.pid()
                                + ", which builds Evy (if it does not, remove "
                                + lock().toRealPath()
                                + ")");
        assertThat(second.descendants().filter(EvyBuildIT::isMaven)).isEmpty();
        first.destroy();
        assertThat(said.readLine()).startsWith("evy: building Evy"); // as it is still not built
        nextMaven(second);
    }

    @Test
    void build_lockOfOneThatWasKilled_isNoHindrance() throws Exception {
        maven("exec sleep 1000");
        var first = evy();
        var orphan = nextMaven(first);
        first.destroyForcibly().waitFor();
        orphan.destroyForcibly();
        assertThat(lock()).exists();

        nextMaven(evy());
    }

    private void maven(String script) throws IOException {
        Path maven = Files.createDirectories(root.resolve("bin")).resolve("mvn");
        Files.writeString(maven, "#!/bin/sh\n" + script + "\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
    }

    private Process evy() throws IOException {
        var builder =
                new ProcessBuilder("sh", root.resolve("evy").toString(), "Program.java")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().merge("PATH", "", (path, _) -> root.resolve("bin") + ":" + path);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process evy = builder.start();
        started.add(evy);
        return evy;
    }

    private Path lock() {
        return root.resolve("target", "evy.building");
    }

    /* Polls: a process that starts tells nobody. */
    private static ProcessHandle nextMaven(Process evy) throws Exception {
        while (true) {
            var maven = evy.descendants().filter(EvyBuildIT::isMaven).findAny();
            if (maven.isPresent()) {
                return maven.get();
            }
            assertThat(evy.isAlive()).isTrue();
            Thread.sleep(5);
        }
    }

    private static boolean isMaven(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("/sleep")
                && List.of(process.info().arguments().orElse(new String[0]))
                        .equals(List.of("1000"));
    }
}
