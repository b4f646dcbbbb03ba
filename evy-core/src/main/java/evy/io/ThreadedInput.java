package evy.io;

import evy.hubs.Greenlet;
import evy.hubs.WaitQueue;
import evy.hubs.Waiter;
import evy.internal.util.Interrupts;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a blocking stream on native threads. Reads ahead only when asked, and what a read brings
 * after its asker was killed is there for the next one.
 */
final class ThreadedInput implements RawStream, Waiter.External, Waiter.Kind {
    private static final int CHUNK = 8192;

    private final String name;
    private final InputStream in;
    private final WaitQueue waiters = new WaitQueue();

    // guarded by waiters; the array by whoever has raised `reading`
    private final byte[] chunk = new byte[CHUNK];
    private int start;
    private int end;
    private boolean reading;
    private boolean atEnd;
    private boolean closed;
    private @Nullable Throwable failure;

    ThreadedInput(String name, InputStream in) {
        this.name = name;
        this.in = in;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Greenlet.checkRaised();
        while (true) {
            boolean mustRead;
            Waiter waiter;
            waiters.lock();
            try {
                int n = take(buffer, offset, length);
                if (n != 0) {
                    return n;
                }
                waiter = waiters.enter(this);
                mustRead = !reading;
                reading = true;
            } finally {
                waiters.unlock();
            }
            await(waiter, mustRead);
        }
    }

    /* 0 if it has to wait. */
    private int take(byte[] buffer, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException(name + " is closed");
        }
        int n = Math.min(length, end - start);
        if (n > 0) {
            System.arraycopy(chunk, start, buffer, offset, n);
            start += n;
            return n;
        }
        Throwable t = failure;
        if (t != null) {
            failure = null;
            throw t instanceof IOException e
                    ? new IOException(e.getMessage(), e)
                    : new IOException(t);
        }
        return atEnd ? -1 : 0;
    }

    private void await(Waiter waiter, boolean mustRead) throws IOException {
        try {
            if (mustRead) {
                startReading();
            }
            waiters.await(waiter, Waiter.FOREVER);
        } catch (InterruptedException e) {
            throw Interrupts.asIOException(e);
        }
    }

    private void startReading() {
        try {
            StreamThreads.execute(this::fill);
        } catch (RuntimeException | Error e) {
            filled(0, e); // no thread to be had
        }
    }

    /* On a native thread. */
    private void fill() {
        int n = 0;
        Throwable thrown = null;
        try {
            n = in.read(chunk, 0, CHUNK);
        } catch (Throwable t) {
            thrown = t;
        }
        filled(n, thrown);
    }

    private void filled(int n, @Nullable Throwable thrown) {
        waiters.lock();
        try {
            reading = false;
            start = 0;
            end = Math.max(0, n);
            atEnd = n < 0;
            failure = thrown;
            waiters.wakeAll(null);
        } finally {
            waiters.unlock();
        }
    }

    @Override
    public int available() throws IOException {
        waiters.lock();
        try {
            if (end > start || reading) {
                return end - start;
            }
        } finally {
            waiters.unlock();
        }
        return in.available();
    }

    @Override
    public void close() throws IOException {
        waiters.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            waiters.wakeAll(null);
        } finally {
            waiters.unlock();
        }
        in.close();
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
