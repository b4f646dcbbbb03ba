package evy.patcher.os;

import evy.hubs.Waiter;
import evy.patcher.weave.Green;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Opens a FIFO, which may take until somebody opens its other end.
 *
 * <p>If the one who wants it is torn away, this side opens the other end itself for a moment to get
 * the native thread back, and what that has opened is closed.
 */
final class FifoOpening implements Runnable, Waiter.External {
    private final Path path;
    private final MethodHandle original;
    private final Object[] arguments;

    // guarded by this
    private boolean ended;
    private boolean abandoned;
    private @Nullable Waiter patient;
    private @Nullable Closeable otherEnd;

    // written before `ended`, read after it
    private @Nullable Object result;
    private @Nullable Throwable failure;

    FifoOpening(Path path, MethodHandle original, Object[] arguments) {
        this.path = path;
        this.original = original;
        this.arguments = arguments;
    }

    @Nullable Object open() throws Throwable {
        Thread.ofPlatform().daemon().name("evy-fifo").start(this);
        boolean interrupted = false;
        try {
            for (Waiter waiter = waiter(); waiter != null; waiter = waiter()) {
                try {
                    waiter.await();
                } catch (InterruptedException e) {
                    interrupted = true; // the JDK takes no notice of it here
                }
            }
        } catch (Throwable torn) {
            abandon();
            throw torn;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        Throwable thrown = failure;
        if (thrown != null) {
            throw Traces.graft(thrown);
        }
        return result;
    }

    /* Null when there is nothing to wait for any more. */
    private synchronized @Nullable Waiter waiter() {
        patient = ended ? null : Waiter.current(this);
        return patient;
    }

    private synchronized void abandon() throws Exception {
        abandoned = true;
        if (ended) {
            dispose();
        } else {
            otherEnd = Green.original(() -> new RandomAccessFile(path.toFile(), "rw"));
        }
    }

    @Override
    public void run() {
        Object opened = null;
        Throwable thrown = null;
        try {
            opened = Originals.call(original, arguments);
        } catch (Throwable t) {
            thrown = t;
        }
        Waiter waiter;
        synchronized (this) {
            result = opened;
            failure = thrown;
            ended = true;
            waiter = patient;
            if (abandoned) {
                dispose();
            }
        }
        if (waiter != null) {
            waiter.wake();
        }
    }

    /* Nobody has what was opened. */
    private void dispose() {
        try {
            if (otherEnd != null) {
                otherEnd.close();
            }
            if (failure == null && arguments[0] instanceof Closeable stream) {
                stream.close();
            } else if (result instanceof Integer number) {
                JdkFiles.close(number);
            }
        } catch (IOException e) {
            System.getLogger("evy.patcher").log(System.Logger.Level.DEBUG, toString(), e);
        }
    }

    @Override
    public String toString() {
        return "opening of " + path;
    }
}
