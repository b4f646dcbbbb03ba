package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import evy.hubs.HubOptions;
import evy.testkit.internal.ChildCoverage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that runs one of {@link RobustnessPrograms}. */
final class RobustnessChild implements AutoCloseable {
    static final String ADD_OPENS = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    private final Process process;
    private final Path out;
    private final Path err;

    private RobustnessChild(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts a program with the flags it takes and this JVM's kind of hub. */
    static RobustnessChild start(String program, String... more) throws IOException {
        List<String> flags = new ArrayList<>(List.of(ADD_OPENS));
        String kind = System.getProperty(HubOptions.KIND_PROPERTY);
        if (kind != null) {
            flags.add("-D" + HubOptions.KIND_PROPERTY + "=" + kind);
        }
        Collections.addAll(flags, more);
        return launch(new ProcessBuilder(command(program, flags)));
    }

    /** Starts a program with no flags but those given. */
    static RobustnessChild bare(String program, String... flags) throws IOException {
        return launch(new ProcessBuilder(command(program, List.of(flags))));
    }

    /** Starts a program with an environment variable and no kind of hub chosen by property. */
    static RobustnessChild withVariable(String program, String name, String value)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(program, List.of(ADD_OPENS)));
        builder.environment().put(name, value);
        return launch(builder);
    }

    /** Starts a program that may have so many descriptors open. */
    static RobustnessChild limited(int descriptors, String program) throws IOException {
        String kind = System.getProperty(HubOptions.KIND_PROPERTY, "nio");
        List<String> flags = List.of(ADD_OPENS, "-D" + HubOptions.KIND_PROPERTY + "=" + kind);
        List<String> command =
                new ArrayList<>(
                        List.of("sh", "-c", "ulimit -n " + descriptors + " && exec \"$@\"", "sh"));
        command.addAll(command(program, flags));
        return launch(new ProcessBuilder(command));
    }

    private static List<String> command(String program, List<String> flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ChildCoverage.flags());
        Collections.addAll(
                command,
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-ea");
        command.addAll(flags);
        Collections.addAll(
                command,
                "-cp",
                System.getProperty("java.class.path"),
                RobustnessPrograms.class.getName(),
                program);
        return command;
    }

    private static RobustnessChild launch(ProcessBuilder builder) throws IOException {
        Path out = Files.createTempFile("evy-child", ".out");
        Path err = Files.createTempFile("evy-child", ".err");
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        return new RobustnessChild(builder.start(), out, err);
    }

    long pid() {
        return process.pid();
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

    /** Waits until it has printed a text. */
    void awaitOut(String text) {
        NetFixtures.awaitTrue(
                text + " on stdout", () -> out().contains(text) || !process.isAlive());
        assertThat(out()).as("stderr: %s", err()).contains(text);
    }

    /** Waits until it has complained of something. */
    void awaitErr(String text) {
        NetFixtures.awaitTrue(
                text + " on stderr", () -> err().contains(text) || !process.isAlive());
        assertThat(err()).contains(text);
    }

    /** Sends it a line. */
    void tell(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    /** Sends it a signal. */
    void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).start();
        assertThat(kill.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
        closePipes(kill);
    }

    static void closePipes(Process process) throws IOException {
        process.getOutputStream().close();
        process.getInputStream().close();
        process.getErrorStream().close();
    }

    /** Waits for its end. */
    int exit() throws InterruptedException {
        assertThat(process.waitFor(40, TimeUnit.SECONDS))
                .as("ends; stdout: %s, stderr: %s", out(), err())
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() throws Exception {
        process.destroy(); // so that what it covered is counted
        if (!process.waitFor(2, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        process.waitFor(20, TimeUnit.SECONDS);
        closePipes(process);
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
    }
}
