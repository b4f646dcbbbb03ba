package evy.io.tls;

import evy.hubs.Waiter;
import evy.internal.util.Interrupts;
import evy.sync.Semaphore;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The one time limit of a call that may wait several times. The clock is read only if it waits. */
final class Limit {
    private final String operation;
    private final long nanos;
    private long startNanos;
    private boolean started;

    /**
     * A limit from now on.
     *
     * @param operation for the message
     * @param nanos positive; {@link Waiter#FOREVER} for none
     */
    Limit(String operation, long nanos) {
        this.operation = operation;
        this.nanos = nanos;
    }

    /** A limit that ends with this one, or sooner. */
    Limit sooner(String other, long otherNanos) throws SocketTimeoutException {
        long left = left();
        return left <= otherNanos ? this : new Limit(other, otherNanos);
    }

    /** How long the call may wait now; positive. */
    long left() throws SocketTimeoutException {
        if (nanos == Waiter.FOREVER) {
            return nanos;
        }
        if (!started) {
            started = true;
            startNanos = System.nanoTime();
            return nanos;
        }
        long left = nanos - (System.nanoTime() - startNanos);
        if (left <= 0) {
            throw timedOut();
        }
        return left;
    }

    /** The same for {@code setSoTimeout}: rounded up, 0 for no limit. */
    int leftMillis() throws SocketTimeoutException {
        long left = left();
        if (left == Waiter.FOREVER) {
            return 0;
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(left - 1) + 1;
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    /** Takes a permit, waiting for it no longer than this. */
    void acquire(Semaphore permits) throws IOException {
        if (permits.tryAcquire()) {
            return;
        }
        try {
            long left = left();
            if (left == Waiter.FOREVER) {
                permits.acquire();
            } else if (!permits.tryAcquire(Duration.ofNanos(left))) {
                throw timedOut();
            }
        } catch (InterruptedException e) {
            throw Interrupts.asIOException(e);
        }
    }

    SocketTimeoutException timedOut() {
        return new SocketTimeoutException(
                operation + " timed out after " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
    }
}
