package evy.io;

import evy.hubs.Hub;
import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A child process whose streams and whose end are waited for without holding up the hub: everything
 * a {@link Process} does, and the words of Python's {@code subprocess}.
 *
 * {@snippet :
 * try (var sort = GreenProcess.start("sort", "-n")) {
 *     var answer = sort.communicate("10\n9\n".getBytes());
 *     IO.println(new String(answer.output()));
 * }
 * }
 *
 * <p>A green thread that is killed or timed out while it reads, writes or waits leaves the process
 * alone. {@link #close} closes the streams; the process is not ended by that, but most end when
 * their input does.
 *
 * <p>On hubs that poll numbers (Linux) the streams are pipes that the hub polls. Elsewhere a native
 * thread blocks in each read or write under way, and closing a stream lets that thread go only when
 * the child writes, reads or ends.
 *
 * @thread any
 * @source Python {@code subprocess.Popen}; eventlet {@code green.subprocess}
 */
public final class GreenProcess extends Process implements AutoCloseable {
    private final List<String> command;
    private final Process process;
    private final GreenPipe stdin;
    private final GreenPipe stdout;
    private final GreenPipe stderr;
    private final ExitWatch exit;

    // the one in communicate() only
    private byte @Nullable [] input;
    private long inputStart;

    GreenProcess(
            List<String> command,
            Process process,
            GreenPipe stdin,
            GreenPipe stdout,
            GreenPipe stderr) {
        this.command = List.copyOf(command);
        this.process = process;
        this.stdin = stdin;
        this.stdout = stdout;
        this.stderr = stderr;
        this.exit = new ExitWatch(process);
    }

    /**
     * Starts a process.
     *
     * @checkpoint always; a kill or timeout meanwhile leaves no process behind
     * @param command program and arguments
     * @return the running process; close it
     * @throws IOException if the program cannot be started
     */
    public static GreenProcess start(String... command) throws IOException {
        return start(new ProcessBuilder(command));
    }

    /**
     * Starts a process with the command, directory, environment and redirections of a builder,
     * which stays as it is. Streams that are redirected are empty here, as the JDK's.
     *
     * @checkpoint always; a kill or timeout meanwhile leaves no process behind
     * @param builder how
     * @return the running process; close it
     * @throws IOException if the program cannot be started
     */
    public static GreenProcess start(ProcessBuilder builder) throws IOException {
        return ProcessLauncher.start(builder);
    }

    /**
     * Runs a program with this program's own standard streams, and waits for its end. If torn while
     * it waits, the process is killed.
     *
     * @checkpoint always
     * @param command program and arguments
     * @return its exit value
     * @throws IOException if it cannot be started
     * @throws InterruptedException if the thread was interrupted
     */
    public static int call(String... command) throws IOException, InterruptedException {
        GreenProcess process = start(new ProcessBuilder(command).inheritIO());
        return process.finish(process::waitFor);
    }

    /**
     * Runs a program as {@link #call}, and insists on its success.
     *
     * @checkpoint always
     * @param command program and arguments
     * @throws ProcessFailedException if its exit value is not 0
     * @throws IOException if it cannot be started
     * @throws InterruptedException if the thread was interrupted
     */
    public static void checkCall(String... command) throws IOException, InterruptedException {
        int value = call(command);
        if (value != 0) {
            throw new ProcessFailedException(List.of(command), value, new byte[0], new byte[0]);
        }
    }

    /**
     * Runs a program without input, and insists on its success. If torn meanwhile, the process is
     * killed.
     *
     * @checkpoint always
     * @param command program and arguments
     * @return what it wrote to its standard output
     * @throws ProcessFailedException if its exit value is not 0; has what it wrote
     * @throws IOException if it cannot be started
     * @throws InterruptedException if the thread was interrupted
     */
    public static byte[] checkOutput(String... command) throws IOException, InterruptedException {
        GreenProcess process = start(command);
        Output output = process.finish(() -> process.communicate(new byte[0]));
        if (output.exitValue() != 0) {
            throw new ProcessFailedException(
                    List.of(command), output.exitValue(), output.output(), output.error());
        }
        return output.output();
    }

    /** What ends with a process. */
    private interface Last<T> {
        T run() throws IOException, InterruptedException;
    }

    private <T> T finish(Last<T> last) throws IOException, InterruptedException {
        try (this) {
            return last.run();
        } finally {
            killForcibly(); // does nothing to one that has ended
        }
    }

    /**
     * What a process has written, and how it ended.
     *
     * @param output its standard output
     * @param error its standard error
     * @param exitValue its exit value
     */
    @SuppressWarnings("ArrayRecordComponent") // as everywhere in I/O
    public record Output(byte[] output, byte[] error, int exitValue) {}

    /** {@return program and arguments} */
    public List<String> command() {
        return command;
    }

    /** {@return where its input goes} */
    public GreenPipe stdin() {
        return stdin;
    }

    /** {@return where its output comes from} */
    public GreenPipe stdout() {
        return stdout;
    }

    /** {@return where its error output comes from} */
    public GreenPipe stderr() {
        return stderr;
    }

    @Override
    public OutputStream getOutputStream() {
        return stdin.outputStream();
    }

    @Override
    public InputStream getInputStream() {
        return stdout.inputStream();
    }

    @Override
    public InputStream getErrorStream() {
        return stderr.inputStream();
    }

    /**
     * Sends text as input; otherwise as {@link #communicate(byte[])}.
     *
     * @checkpoint always
     * @param text the input
     * @param charset its encoding
     * @return what the process has written
     * @throws IOException as {@link #communicate(byte[])}
     * @throws InterruptedException if the thread was interrupted
     */
    public Output communicate(String text, Charset charset)
            throws IOException, InterruptedException {
        return communicate(text.getBytes(charset));
    }

    /**
     * Sends input and reads both outputs, all at the same time, until they end; then waits for the
     * end of the process. A process that does not read all of its input is no error.
     *
     * <p>If it is torn by a timeout or kill, the process stays alive and nothing is lost: call it
     * again, with null, and it goes on.
     *
     * @checkpoint always
     * @param data the input; null for none, or to go on with what was given before
     * @return what the process has written
     * @throws IOException if reading fails, or a stream is closed meanwhile
     * @throws InterruptedException if the thread was interrupted
     * @throws IllegalStateException if input was given before, or another party reads or writes
     */
    public Output communicate(byte @Nullable [] data) throws IOException, InterruptedException {
        if (data != null) {
            setInput(data);
        }
        StreamTask feeder = StreamTask.start("feed", this, this::feed);
        StreamTask drainer = StreamTask.start("drain", this, () -> stderr.readAhead());
        try {
            stdout.readAhead();
            drainer.join();
            feeder.join();
            int exitValue = waitFor();
            return new Output(stdout.readAll(), stderr.readAll(), exitValue);
        } finally {
            drainer.stop();
            feeder.stop();
        }
    }

    private void setInput(byte[] data) {
        if (input != null) {
            throw new IllegalStateException(
                    this + ": has got its input already; communicate(null) goes on with it");
        }
        input = data.clone();
        inputStart = stdin.raw().accepted();
    }

    private void feed() throws IOException {
        byte[] data = input;
        try {
            if (data != null) {
                int sent = (int) (stdin.raw().accepted() - inputStart);
                stdin.write(data, sent, data.length - sent);
            }
        } catch (IOException e) {
            // it reads no more, or was closed here
        }
        stdin.close(); // not if torn: then it goes on later
    }

    /**
     * Waits for the end.
     *
     * @checkpoint always, unless it has ended
     * @return its exit value
     */
    @Override
    public int waitFor() throws InterruptedException {
        exit.await(Waiter.FOREVER);
        return process.exitValue();
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        return exit.await(unit.toNanos(timeout));
    }

    /**
     * Waits for the end, but not for ever.
     *
     * @checkpoint always, unless it has ended
     * @param timeout longest wait; zero or negative only looks
     * @return true if it has ended
     */
    @Override
    public boolean waitFor(Duration timeout) throws InterruptedException {
        return exit.await(Hub.saturatedNanos(timeout));
    }

    @Override
    public int exitValue() {
        return process.exitValue();
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    /* The JDK's own destroy() closes the streams, too, which may block. */

    /** Asks the process to end (SIGTERM). Its streams stay open. Does nothing if it has ended. */
    @Override
    public void destroy() {
        process.toHandle().destroy();
    }

    /** Ends the process (SIGKILL). Its streams stay open. Does nothing if it has ended. */
    @Override
    public GreenProcess destroyForcibly() {
        process.toHandle().destroyForcibly();
        return this;
    }

    /** The same as {@link #destroy}. */
    public void kill() {
        destroy();
    }

    /** The same as {@link #destroyForcibly}. */
    public void killForcibly() {
        destroyForcibly();
    }

    /**
     * Ends the process and all that it has started, directly or not (SIGKILL). What is started in
     * this very moment, or has lost its parent before, is missed.
     *
     * @checkpoint always
     * @throws IOException if they cannot be listed
     */
    public void killTree() throws IOException {
        List<ProcessHandle> below = Offload.call(() -> process.descendants().toList());
        destroyForcibly();
        for (ProcessHandle handle : below) {
            handle.destroyForcibly();
        }
    }

    @Override
    public boolean supportsNormalTermination() {
        return process.supportsNormalTermination();
    }

    @Override
    public ProcessHandle toHandle() {
        return process.toHandle();
    }

    @Override
    public ProcessHandle.Info info() {
        return process.info();
    }

    @Override
    public Stream<ProcessHandle> children() {
        return process.children();
    }

    @Override
    public Stream<ProcessHandle> descendants() {
        return process.descendants();
    }

    @Override
    public CompletableFuture<Process> onExit() {
        return process.onExit().thenApply(ended -> this);
    }

    /** Closes the streams; who waits for one is woken. The process is left to itself. */
    @Override
    public void close() throws IOException {
        try (stdin;
                stdout) {
            stderr.close();
        }
    }

    @Override
    public String toString() {
        return "process " + pid() + " " + command;
    }
}
