package evy.io;

import evy.hubs.Waiter;
import evy.internal.util.Interrupts;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Opens a FIFO, which blocks until somebody opens its other end, on a native thread.
 *
 * <p>If the one who wants it is torn away, the native thread is let go: this side opens the other
 * end itself for a moment.
 */
final class FifoOpening implements Runnable, Waiter.External, Waiter.Kind {
    private static final Closeable OVER = () -> {};

    private final File file;
    private final boolean writing;
    private final Waiter waiter = Waiter.current(this);

    // written before the wake, read after it
    private @Nullable Closeable opened;
    private @Nullable IOException failure;

    // any thread: the other end, opened to let the native thread go; OVER when that has ended
    private final AtomicReference<@Nullable Closeable> otherEnd = new AtomicReference<>();

    private FifoOpening(File file, boolean writing) {
        this.file = file;
        this.writing = writing;
    }

    static FileInputStream toRead(File file) throws IOException {
        return (FileInputStream) new FifoOpening(file, false).open();
    }

    static FileOutputStream toWrite(File file) throws IOException {
        return (FileOutputStream) new FifoOpening(file, true).open();
    }

    private Closeable open() throws IOException {
        StreamThreads.execute(this);
        boolean done = false;
        try {
            waiter.await();
            done = true;
        } catch (InterruptedException e) {
            throw Interrupts.asIOException(e);
        } finally {
            if (!done) {
                release();
            }
        }
        Closeable result = opened;
        if (result == null) {
            throw failure == null ? new IOException(this + " failed") : failure;
        }
        return result;
    }

    private void release() {
        try {
            Closeable end = new RandomAccessFile(file, "rw"); // both ends at once: never blocks
            if (!otherEnd.compareAndSet(null, end)) {
                end.close();
            }
        } catch (IOException e) {
            System.getLogger("evy.io")
                    .log(System.Logger.Level.DEBUG, this + ": waits on in the background", e);
        }
    }

    /* On a native thread. */
    @Override
    public void run() {
        try {
            opened = writing ? new FileOutputStream(file) : new FileInputStream(file);
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            failure = new IOException(e);
        }
        boolean taken = waiter.wake();
        Closeable end = otherEnd.getAndSet(OVER);
        try (end) {
            if (!taken && opened != null) {
                opened.close();
            }
        } catch (IOException e) {
            System.getLogger("evy.io").log(System.Logger.Level.DEBUG, toString(), e);
        }
    }

    @Override
    public String kind() {
        return "fifo";
    }

    @Override
    public String toString() {
        return "opening " + file + " to " + (writing ? "write" : "read");
    }
}
