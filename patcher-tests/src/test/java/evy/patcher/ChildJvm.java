package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import evy.hubs.HubOptions;
import evy.testkit.internal.ChildCoverage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that runs a program of the tests, with the agent or without. */
final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final Path out;
    private final Path err;

    private ChildJvm(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** The agent's jar, as the build made it. */
    static Path jar() {
        String jar = System.getProperty("evy.agent");
        assertThat(jar).as("property evy.agent").isNotNull();
        assertThat(Path.of(jar)).exists();
        return Path.of(jar);
    }

    /** Runs a program with the agent and this JVM's kind of hub. */
    static ChildJvm patched(Class<?> program, String... arguments) throws IOException {
        return patchedBy("", program, arguments);
    }

    /** Runs a program with the agent, an argument for it and this JVM's kind of hub. */
    static ChildJvm patchedBy(String groups, Class<?> program, String... arguments)
            throws IOException {
        String agent = "-javaagent:" + jar() + (groups.isEmpty() ? "" : "=" + groups);
        return withFlags(List.of(agent), program, arguments);
    }

    /** Runs a program without the agent, with flags as for Evy alone. */
    static ChildJvm plain(Class<?> program, String... arguments) throws IOException {
        return withFlags(
                List.of(
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED"),
                program,
                arguments);
    }

    /** Runs a program with flags of the caller's and this JVM's kind of hub. */
    static ChildJvm withFlags(List<String> flags, Class<?> program, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(program.getName());
        Collections.addAll(command, arguments);
        return java(command);
    }

    /** Runs java with these arguments and this JVM's kind of hub. */
    static ChildJvm java(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ChildCoverage.flags());
        Collections.addAll(
                command, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "-ea");
        String kind = System.getProperty(HubOptions.KIND_PROPERTY);
        if (kind != null) {
            command.add("-D" + HubOptions.KIND_PROPERTY + "=" + kind);
        }
        command.addAll(arguments);
        Path out = Files.createTempFile("evy-child", ".out");
        Path err = Files.createTempFile("evy-child", ".err");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        return new ChildJvm(builder.start(), out, err);
    }

    /** What it has printed so far. */
    String out() {
        return read(out);
    }

    /** What it has complained of so far. */
    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for its end. */
    int exit() throws InterruptedException {
        assertThat(process.waitFor(40, TimeUnit.SECONDS))
                .as("ends; stdout: %s, stderr: %s", out(), err())
                .isTrue();
        return process.exitValue();
    }

    /** Waits for a good end, without complaints, and gives what it printed. */
    String outOfSuccess() throws InterruptedException {
        int code = exit();
        assertThat(err()).as("stdout: %s", out()).isEmpty();
        assertThat(code).as("stdout: %s", out()).isZero();
        return out();
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly();
        process.waitFor(20, TimeUnit.SECONDS);
        process.getOutputStream().close();
        process.getInputStream().close();
        process.getErrorStream().close();
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
    }
}
