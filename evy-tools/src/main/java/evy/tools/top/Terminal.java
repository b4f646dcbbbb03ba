package evy.tools.top;

import evy.internal.os.SystemSignal;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The terminal this program runs in, as a screen that is drawn as a whole, and keys that arrive one
 * by one. Whatever way the program ends, but SIGKILL, the terminal is as it was before.
 *
 * <p>{@code stty} does what Java cannot; all else is sequences that every terminal of today knows.
 * A library would bring native code, and the descriptions of terminals that nobody has any more.
 */
final class Terminal implements AutoCloseable {
    private static final File DEVICE = new File("/dev/tty");
    private static final long PATIENCE_MILLIS = 1_000;

    private static final String OPEN = "\033[?1049h\033[?25l"; // another screen, no cursor
    private static final String CLOSE = "\033[0m\033[?25h\033[?1049l";
    private static final String HOME = "\033[H";
    private static final String END_OF_LINE = "\033[K";
    private static final String REST_OF_SCREEN = "\033[J";

    private final boolean colours;
    private final String before;
    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private final Thread atExit = new Thread(this::restore, "evy-top-restore");
    private final @Nullable SystemSignal resized;

    // guarded by the lock
    private final ReentrantLock lock = new ReentrantLock();
    private boolean restored;

    // the drawing thread's, but for the flag
    private volatile boolean sizeKnown;
    private int rows;
    private int columns;

    /**
     * Takes the terminal.
     *
     * @param keys gets what each key sends, on a thread of its own; an empty text at the end
     * @param redraw called when the size has changed
     * @throws IOException if there is none, or {@code stty} is missing; it is left as it was
     */
    Terminal(boolean colours, Consumer<String> keys, Runnable redraw) throws IOException {
        this.colours = colours;
        this.before = stty("-g");
        Runtime.getRuntime().addShutdownHook(atExit);
        // Ctrl-C stays a signal, so that it works whatever this program is at; Ctrl-Z and Ctrl-S
        // would leave the terminal to others as it is
        stty("-icanon", "-echo", "-ixon", "susp", "undef", "min", "1", "time", "0");
        write(OPEN);
        resized = onResize(redraw);
        Thread.ofPlatform().daemon().name("evy-top-keys").start(() -> read(keys));
    }

    private @Nullable SystemSignal onResize(Runnable redraw) {
        try {
            return SystemSignal.take(
                    "WINCH",
                    _ -> {
                        sizeKnown = false;
                        redraw.run();
                    });
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            return null; // then each drawing asks for the size
        }
    }

    private static void read(Consumer<String> keys) {
        try (InputStream in = new FileInputStream(DEVICE)) {
            var buffer = new byte[256];
            for (var n = in.read(buffer); n > 0; n = in.read(buffer)) {
                deliver(new String(buffer, 0, n, StandardCharsets.UTF_8), keys);
            }
        } catch (IOException e) {
            keys.accept(""); // the terminal is gone
            return;
        }
        keys.accept("");
    }

    /* What comes in one piece and begins with Esc is one key, or a paste; others are typed fast. */
    private static void deliver(String piece, Consumer<String> keys) {
        if (piece.startsWith("\033")) {
            keys.accept(piece);
        } else {
            piece.codePoints().mapToObj(Character::toString).forEach(keys);
        }
    }

    /** How many lines there are. */
    int rows() throws IOException {
        if (!sizeKnown) {
            sizeKnown = resized != null;
            var size = stty("size").split(" ", -1);
            rows = size.length == 2 ? number(size[0], 24) : 24;
            columns = size.length == 2 ? number(size[1], 80) : 80;
        }
        return rows;
    }

    private static int number(String text, int usual) {
        try {
            var number = Integer.parseInt(text);
            return number > 0 ? number : usual;
        } catch (NumberFormatException e) {
            return usual;
        }
    }

    /** Shows these lines, and nothing else. */
    void draw(List<Line> lines) throws IOException {
        var height = rows();
        var text = new StringBuilder(HOME);
        for (var i = 0; i < Math.min(height, lines.size()); i++) {
            text.append(i == 0 ? "" : "\r\n");
            text.append(lines.get(i).rendered(columns, colours)).append(END_OF_LINE);
        }
        if (lines.size() < height) {
            text.append(lines.isEmpty() ? "" : "\r\n").append(REST_OF_SCREEN);
        }
        write(text.toString());
    }

    private void write(String text) throws IOException {
        lock.lock();
        try {
            if (!restored) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
        } finally {
            lock.unlock();
        }
    }

    /* Also if a drawing hangs in a terminal that takes nothing: the JVM has to end. */
    private void restore() {
        var locked = false;
        try {
            locked = lock.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            if (!restored) {
                restored = true;
                out.write(CLOSE.getBytes(StandardCharsets.UTF_8));
                stty(before);
            }
        } catch (IOException e) {
            return; // the terminal is gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (locked) {
                lock.unlock();
            }
        }
    }

    @Override
    public void close() {
        if (resized != null) {
            resized.close();
        }
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            return; // it runs already
        }
    }

    private static String stty(String... arguments) throws IOException {
        var command = new java.util.ArrayList<>(List.of("stty"));
        command.addAll(List.of(arguments));
        var process =
                new ProcessBuilder(command).redirectInput(DEVICE).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return said.strip();
    }
}
