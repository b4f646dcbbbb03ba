package evy.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** An example that runs in a process of its own, started through {@code ./evy}. */
final class Example implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("evy.root"));
    private static final int PATIENCE_MILLIS = 50_000;

    private final Process process;
    private final Thread reader;

    // guarded by this
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    private Example(Process process) {
        this.process = process;
        this.reader = Thread.ofPlatform().name("example-output").start(this::read);
    }

    /** Starts one: the file's name without {@code .java}, and its arguments. */
    static Example start(String name, String... args) throws IOException {
        var words = new ArrayList<>(List.of("examples/" + name + ".java"));
        words.addAll(List.of(args));
        return command(words);
    }

    /** Starts what these arguments of {@code ./evy} say. */
    static Example command(List<String> words) throws IOException {
        return command(words, Map.of());
    }

    /** The same, with more variables in its environment. */
    static Example command(List<String> words, Map<String, String> environment) throws IOException {
        var command = new ArrayList<>(List.of(ROOT.resolve("evy").toString()));
        command.addAll(words);
        var builder =
                new ProcessBuilder(command).directory(ROOT.toFile()).redirectErrorStream(true);
        builder.environment().put("EVY_JAVA_HOME", System.getProperty("java.home"));
        // halves the processor's time of a start; examples/smoke.sh has no options, as users have
        // none
        builder.environment().put("EVY_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        var hub = System.getProperty("evy.hub");
        if (hub != null) {
            builder.environment().put("EVY_HUB", hub);
        }
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        return new Example(process);
    }

    /** Starts a server on any free port. */
    static Example serve(String name, String... args) throws IOException {
        var all = new ArrayList<>(List.of("0"));
        all.addAll(List.of(args));
        return start(name, all.toArray(String[]::new));
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (this) {
                    lines.add(line);
                    notifyAll();
                }
            }
        } catch (IOException e) {
            // the process was stopped while it was read from; that is an end, too
        } finally {
            synchronized (this) {
                ended = true;
                notifyAll();
            }
        }
    }

    /** Waits for a line in which the pattern is found. */
    MatchResult await(String pattern) throws InterruptedException {
        return await(pattern, 1);
    }

    /** Waits for the nth such line. */
    synchronized MatchResult await(String pattern, int nth) throws InterruptedException {
        var compiled = Pattern.compile(pattern);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        int seen = 0;
        for (int i = 0; ; i++) {
            while (i == lines.size()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (ended || left <= 0) {
                    throw new AssertionError(
                            "no line %d like '%s' in:%n%s".formatted(nth, pattern, output()));
                }
                wait(left);
            }
            var matcher = compiled.matcher(lines.get(i));
            if (matcher.find() && ++seen == nth) {
                return matcher.toMatchResult();
            }
        }
    }

    /** The port it says that it listens on. */
    int port() throws InterruptedException {
        return Integer.parseInt(await("^listening on \\S*:(\\d+)").group(1));
    }

    /** A connection to its port, whose reads are not for ever. */
    Socket connect() throws IOException, InterruptedException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** A server of the test's own for an example to connect to. */
    static ServerSocket listen() throws IOException {
        var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        server.setSoTimeout(PATIENCE_MILLIS);
        return server;
    }

    /** Asks it to end, as systems do when they shut down: by SIGTERM. */
    void terminate() {
        process.toHandle().destroy(); // Process's own also closes what it prints to
    }

    /** Waits for the end; gives the exit status. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running, after it said:\n" + output());
        }
        reader.join();
        return process.exitValue();
    }

    /** All it has printed. */
    synchronized String output() {
        return String.join("\n", lines);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
        reader.join();
    }
}
