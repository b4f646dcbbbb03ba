package evy.zmq;

import evy.hubs.Hub;
import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/**
 * One of the two directions of a socket: who has the turn in it, and the place where that one
 * waits.
 *
 * @thread any but a hub's callback
 */
final class Side implements Waiter.External {
    final QueueLock turn = new QueueLock(this);
    final BlockedThread blocked = new BlockedThread();

    private final String purpose;
    private final Readiness readiness;

    /**
     * Makes a side.
     *
     * @param purpose what is done here, as listings show it
     * @param readiness says when to look again, by waking {@link #blocked}
     */
    Side(String purpose, Readiness readiness) {
        this.purpose = purpose;
        this.readiness = readiness;
    }

    /**
     * Tries until it succeeds, when its turn has come. What the last try does is not undone by a
     * kill: nothing waits after it.
     *
     * @param nanos longest wait
     * @param attempt never waits; null if it has to be made again
     * @return null if the time was over
     * @throws ZmqException if the thread is interrupted
     */
    <T> @Nullable T await(long nanos, Supplier<? extends @Nullable T> attempt) {
        long deadline = nanos == Waiter.FOREVER ? 0 : deadline(nanos);
        try {
            if (!turn.acquire(nanos)) {
                return null;
            }
            try {
                return attemptInTurn(nanos, deadline, attempt);
            } finally {
                blocked.leave();
                turn.release();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private <T> @Nullable T attemptInTurn(
            long nanos, long deadline, Supplier<? extends @Nullable T> attempt)
            throws InterruptedException {
        T result = attempt.get();
        while (result == null) {
            // first the place, then the look: what comes in between wakes it
            blocked.block(this);
            readiness.listen();
            result = attempt.get();
            if (result == null && !blocked.await(left(nanos, deadline))) {
                return null;
            }
        }
        return result;
    }

    /** {@return a moment on the clock of the current thread's hub} */
    static long deadline(long nanos) {
        return now() + Math.min(nanos, Long.MAX_VALUE / 2);
    }

    /** {@return what is left until then} */
    static long left(long nanos, long deadline) {
        return nanos == Waiter.FOREVER ? nanos : deadline - now();
    }

    private static long now() {
        Hub hub = Hub.currentOrNull();
        return hub == null ? System.nanoTime() : hub.clock().nanos();
    }

    static ZmqException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ZmqException(ZmqError.EINTR, "interrupted while waiting", e);
    }

    @Override
    public String toString() {
        return purpose;
    }
}
