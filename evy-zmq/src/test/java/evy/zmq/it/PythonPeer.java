package evy.zmq.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import evy.sync.GreenQueue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process of Python with libzmq that does what it is told, line by line; {@code peer.py} says
 * what it knows beyond Python and {@code zmq}. Waits are green on a green thread.
 */
final class PythonPeer implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;

    /** The first on the PATH may be one without Debian's packages. */
    private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");

    private final Process process;
    private final OutputStream in;
    private final Thread reader;
    private final GreenQueue<String> replies = new GreenQueue<>();

    private PythonPeer(Process process) {
        this.process = process;
        this.in = process.getOutputStream();
        this.reader = Thread.ofPlatform().name("python-output").start(this::read);
    }

    /** Starts one, or skips the test if there is no Python with libzmq. */
    static PythonPeer start() throws IOException {
        String script;
        try (InputStream resource = PythonPeer.class.getResourceAsStream("peer.py")) {
            script = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
        Process process =
                new ProcessBuilder(Python.needed(), "-u", "-c", script)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        return new PythonPeer(process);
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                replies.put(line);
            }
            replies.put("! it has ended");
        } catch (IOException e) {
            replies.add("! " + e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Tells it a line of Python and does not wait for the answer. */
    void begin(String line, Object... arguments) throws IOException {
        in.write((line.formatted(arguments) + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    /** Waits for the answer to the first line without one. */
    String await() throws InterruptedException {
        String reply = replies.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(reply).as("Python's answer").isNotNull().startsWith("=");
        return reply.substring(1).strip();
    }

    /** Waits for the answer that says what went wrong. */
    String awaitError() throws InterruptedException {
        String reply = replies.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(reply).as("Python's answer").isNotNull().startsWith("! ");
        return reply.substring(2);
    }

    /** Tells it a line of Python and waits for its value. */
    String ask(String line, Object... arguments) throws IOException, InterruptedException {
        begin(line, arguments);
        return await();
    }

    /** Dies at once, like a machine whose plug was pulled, but for its connections: they end. */
    void kill() throws InterruptedException {
        process.destroyForcibly(); // SIGKILL
        process.waitFor();
    }

    /** Goes on or stands still: SIGCONT or SIGSTOP. */
    void stall(boolean still) throws IOException, InterruptedException {
        String signal = still ? "-STOP" : "-CONT";
        Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroyForcibly();
        process.waitFor();
        reader.join();
        try {
            in.close();
        } catch (IOException e) {
            assert e.getMessage() != null; // what it was told last it did not read
        }
    }

    /** Where a Python with libzmq is, or why there is none; found once. */
    private record Python(String path, String whyNot) {
        private static final Python FOUND = find();

        /** Its path; the test is skipped if there is none. */
        static String needed() {
            return FOUND.path.isEmpty()
                    ? abort("no Python with libzmq (Debian's python3-zmq): " + FOUND.whyNot)
                    : FOUND.path;
        }

        private static Python find() {
            List<String> whyNot = new ArrayList<>();
            for (String candidate : PYTHONS) {
                try {
                    String complaint = tryImport(candidate);
                    if (complaint.isEmpty()) {
                        return new Python(candidate, "");
                    }
                    whyNot.add(candidate + ": " + complaint);
                } catch (IOException | InterruptedException e) {
                    whyNot.add(e.getMessage());
                }
            }
            return new Python("", String.join("; ", whyNot));
        }

        /* Empty if it has libzmq, else the last line of the complaint. */
        private static String tryImport(String python) throws IOException, InterruptedException {
            Path output = Files.createTempFile("evy-python", ".log");
            try {
                Process process =
                        new ProcessBuilder(python, "-c", "import zmq")
                                .redirectErrorStream(true)
                                .redirectOutput(output.toFile())
                                .start();
                process.getOutputStream().close();
                int status = process.waitFor();
                return status == 0
                        ? ""
                        : Files.readString(output).strip().replaceAll("(?s).*\n", "");
            } finally {
                Files.delete(output);
            }
        }
    }
}
