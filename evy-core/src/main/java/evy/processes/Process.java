package evy.processes;

import evy.Evy;
import evy.hubs.Hub;
import evy.io.GreenPipe;
import evy.io.GreenProcess;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A child process that is talked to: what it is written is its input, what is read from it is its
 * output, the error output included.
 *
 * {@snippet :
 * try (var calculator = new Process("bc", "-q")) {
 *     calculator.write("6 * 7\n");
 *     IO.println(calculator.readLine());
 * }
 * }
 *
 * <p>Reading at the end of the output, and writing to a process that has ended, throws {@link
 * DeadProcess}.
 *
 * @thread any; one reader and one writer at a time
 * @source eventlet {@code processes.Process}
 */
@SuppressWarnings("AvoidCommonTypeNames") // the manual's name
public final class Process implements Closeable {
    private final GreenProcess process;

    /**
     * Starts a process.
     *
     * @checkpoint always
     * @param command the program
     * @param arguments its arguments
     * @throws IOException if it cannot be started
     */
    public Process(String command, String... arguments) throws IOException {
        this(command, List.of(arguments), null);
    }

    /**
     * Starts a process.
     *
     * @checkpoint always
     * @param command the program
     * @param arguments its arguments
     * @param deadCallback runs once, in a green thread of the current hub, when the process has
     *     ended; null for none
     * @throws IOException if it cannot be started
     */
    public Process(String command, List<String> arguments, @Nullable Runnable deadCallback)
            throws IOException {
        List<String> all = new ArrayList<>(arguments);
        all.addFirst(command);
        this.process = GreenProcess.start(new ProcessBuilder(all).redirectErrorStream(true));
        if (deadCallback != null) {
            Hub hub = Hub.current();
            var _ =
                    process.onExit()
                            .thenRun(() -> hub.execute(() -> Evy.spawnN(deadCallback::run)));
        }
    }

    /**
     * Reads all that it writes until it ends.
     *
     * @checkpoint always
     * @return at least one byte
     * @throws DeadProcess if there is nothing more
     * @throws IOException if it was closed
     */
    public byte[] read() throws IOException {
        return alive(process.stdout().readAll());
    }

    /**
     * Reads some bytes, waiting for at least one.
     *
     * @checkpoint always
     * @param size how many at most, at least 1
     * @return 1 to {@code size} bytes
     * @throws DeadProcess if there is nothing more
     * @throws IOException if it was closed
     * @throws IllegalArgumentException if {@code size} is less than 1
     */
    public byte[] read(int size) throws IOException {
        if (size < 1) {
            throw new IllegalArgumentException("size must be >= 1: " + size);
        }
        byte[] some = new byte[Math.min(size, GreenPipe.DEFAULT_BUFFER_SIZE)];
        int n = process.stdout().read(some, 0, some.length);
        return alive(n < 0 ? new byte[0] : Arrays.copyOf(some, n));
    }

    /**
     * The same as {@link #read(int)}.
     *
     * @checkpoint always
     * @param size how many at most, at least 1
     * @return 1 to {@code size} bytes
     * @throws IOException as {@link #read(int)}
     */
    public byte[] recv(int size) throws IOException {
        return read(size);
    }

    private byte[] alive(byte[] data) throws DeadProcess {
        if (data.length == 0) {
            throw dead();
        }
        return data;
    }

    private DeadProcess dead() {
        return new DeadProcess(this + " has ended");
    }

    /**
     * Reads a line.
     *
     * @checkpoint always
     * @return the line without its end
     * @throws DeadProcess if there is nothing more
     * @throws IOException if it was closed
     */
    public String readLine() throws IOException {
        String line = process.stdout().readLine();
        if (line == null) {
            throw dead();
        }
        return line;
    }

    /**
     * Writes all of the bytes.
     *
     * @checkpoint always
     * @param data its input
     * @throws DeadProcess if it has ended or reads no more
     * @throws IOException if its input was closed here
     */
    public void write(byte[] data) throws IOException {
        try {
            process.stdin().write(data);
        } catch (IOException e) {
            if (process.stdin().isClosed()) {
                throw e;
            }
            DeadProcess dead = dead();
            dead.initCause(e);
            throw dead;
        }
    }

    /**
     * Writes text, as UTF-8; otherwise as {@link #write(byte[])}.
     *
     * @checkpoint always
     * @param text its input
     * @throws IOException as {@link #write(byte[])}
     */
    public void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The same as {@link #write(byte[])}.
     *
     * @checkpoint always
     * @param data its input
     * @throws IOException as {@link #write(byte[])}
     */
    public void sendAll(byte[] data) throws IOException {
        write(data);
    }

    /** {@return its output as a file} */
    public GreenPipe makeFile() {
        return process.stdout();
    }

    /**
     * Ends its input, which lets most programs end.
     *
     * @throws IOException if the system reports one
     */
    public void closeStdin() throws IOException {
        process.stdin().close();
    }

    /** Asks it to end (SIGTERM). */
    public void kill() {
        process.kill();
    }

    /** {@return the number that the system knows it by} */
    public long pid() {
        return process.pid();
    }

    /** {@return true once it has ended} */
    public boolean isDead() {
        return !process.isAlive();
    }

    /**
     * Waits for its end.
     *
     * @checkpoint always, unless it has ended
     * @return its exit value, also if it ended long ago
     * @throws InterruptedException if the thread was interrupted
     */
    public int await() throws InterruptedException {
        return process.waitFor();
    }

    /** Closes its streams and asks it to end (SIGTERM). */
    @Override
    public void close() throws IOException {
        try (process) {
            process.kill();
        }
    }

    @Override
    public String toString() {
        return process.toString();
    }
}
