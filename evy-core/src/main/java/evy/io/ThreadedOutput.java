package evy.io;

import evy.hubs.Greenlet;
import evy.hubs.WaitQueue;
import evy.hubs.Waiter;
import evy.internal.util.Interrupts;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Writes to a blocking stream on native threads, one piece after the other. A piece whose writer
 * was killed is still written, before the next.
 */
final class ThreadedOutput implements RawStream, Waiter.External, Waiter.Kind {
    private static final int LARGEST_PIECE = 64 * 1024;

    private final String name;
    private final OutputStream out;
    private final WaitQueue waiters = new WaitQueue();

    // guarded by waiters
    private boolean writing;
    private boolean closed;
    private boolean broken;
    private long accepted;
    private @Nullable IOException failure;

    ThreadedOutput(String name, OutputStream out) {
        this.name = name;
        this.out = out;
    }

    @Override
    public int write(byte[] buffer, int offset, int length) throws IOException {
        Greenlet.checkRaised();
        // a copy, as the caller may be torn away from this call and use its array for other things
        int size = Math.min(length, LARGEST_PIECE);
        byte[] piece = Arrays.copyOfRange(buffer, offset, offset + size);
        Waiter waiter;
        while ((waiter = begin(piece.length)) != null) {
            await(waiter);
        }
        start(piece);
        while ((waiter = turn()) != null) {
            await(waiter);
        }
        return size;
    }

    /* Null if it is this writer's turn, else to be awaited. */
    private @Nullable Waiter begin(int size) throws IOException {
        waiters.lock();
        try {
            Waiter waiter = turn();
            if (waiter == null) {
                writing = true;
                accepted += size;
            }
            return waiter;
        } finally {
            waiters.unlock();
        }
    }

    /* Null if nothing is being written. */
    private @Nullable Waiter turn() throws IOException {
        waiters.lock();
        try {
            if (closed) {
                throw new IOException(name + " is closed");
            }
            if (writing) {
                return waiters.enter(this);
            }
            IOException e = failure;
            if (e != null) {
                failure = null;
                throw new IOException(e.getMessage(), e);
            }
            return null;
        } finally {
            waiters.unlock();
        }
    }

    private void await(Waiter waiter) throws IOException {
        try {
            waiters.await(waiter, Waiter.FOREVER);
        } catch (InterruptedException e) {
            throw Interrupts.asIOException(e);
        }
    }

    private void start(byte[] piece) {
        try {
            StreamThreads.execute(() -> writePiece(piece));
        } catch (RuntimeException | Error e) {
            written(new IOException(e)); // no thread to be had
        }
    }

    /* On a native thread. */
    private void writePiece(byte[] piece) {
        IOException thrown = null;
        try {
            out.write(piece);
            out.flush();
        } catch (IOException e) {
            thrown = e;
        } catch (Throwable t) {
            thrown = new IOException(t);
        }
        if (written(thrown)) {
            closeQuietly();
        }
    }

    /* True if it was closed meanwhile, which left the closing to this thread. */
    private boolean written(@Nullable IOException thrown) {
        waiters.lock();
        try {
            writing = false;
            failure = thrown;
            broken = broken || thrown != null;
            waiters.wakeAll(null);
            return closed;
        } finally {
            waiters.unlock();
        }
    }

    private void closeQuietly() {
        try {
            out.close();
        } catch (IOException e) {
            System.getLogger("evy.io").log(System.Logger.Level.DEBUG, name, e);
        }
    }

    @Override
    public long accepted() {
        waiters.lock();
        try {
            return accepted;
        } finally {
            waiters.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        boolean quietly;
        waiters.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            quietly = broken;
            if (writing) {
                waiters.wakeAll(null); // closing waits for what is being written; nobody else does
                return;
            }
        } finally {
            waiters.unlock();
        }
        if (quietly) {
            closeQuietly(); // it would only complain of what could not be written
        } else {
            out.close();
        }
    }

    @Override
    public String kind() {
        return "stream";
    }

    @Override
    public String toString() {
        return name;
    }
}
