package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import evy.hubs.HubOptions;
import evy.testkit.internal.ChildCoverage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the tests in a JVM of its own, with the class path and kind of hub of this one. */
final class JavaProgram implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    // the test's thread only
    private final StringBuilder said = new StringBuilder();

    private JavaProgram(List<String> command) throws IOException {
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts one. */
    static JavaProgram start(String heap, Class<?> main, String... args) throws IOException {
        return new JavaProgram(command(heap, main, args));
    }

    /** Starts one that may have so many descriptors open. */
    static JavaProgram limited(int descriptors, Class<?> main, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("sh", "-c", "ulimit -n " + descriptors + " && exec \"$@\"", "sh"));
        command.addAll(command("128m", main, args));
        return new JavaProgram(command);
    }

    private static List<String> command(String heap, Class<?> main, String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ChildCoverage.flags());
        command.add("-Xmx" + heap);
        command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-ea");
        String kind = System.getProperty(HubOptions.KIND_PROPERTY);
        if (kind != null) {
            command.add("-D" + HubOptions.KIND_PROPERTY + "=" + kind);
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(args));
        return command;
    }

    /** Waits for a line that begins with a label, and returns what follows that. */
    String answer(String label) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.append(line).append('\n');
            if (line.startsWith(label + ": ")) {
                return line.substring(label.length() + 2);
            }
        }
        throw new AssertionError("it never said '" + label + "' but\n" + said);
    }

    /** Sends it a line. */
    void tell(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    /** Says that no more lines will come, waits for its end, and returns all that it has said. */
    String finish() throws IOException, InterruptedException {
        process.getOutputStream().close();
        out.lines().forEach(line -> said.append(line).append('\n'));
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said.toString()).isZero();
        return said.toString();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroyForcibly();
        process.waitFor(20, TimeUnit.SECONDS);
        out.close();
        process.getErrorStream().close();
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            assert e.getMessage() != null; // what it was told last it did not read
        }
    }
}
