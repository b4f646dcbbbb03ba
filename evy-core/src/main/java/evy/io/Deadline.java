package evy.io;

import evy.hubs.Waiter;

import java.net.SocketTimeoutException;

/** The one time limit of a call that may wait several times. The clock is read only if it waits. */
final class Deadline {
    private final String operation;
    private final long timeoutNanos;
    private long startNanos;
    private boolean started;

    /**
     * A limit from now on.
     *
     * @param operation for the message
     * @param timeoutNanos one of {@link SocketTimeouts}' or positive
     */
    Deadline(String operation, long timeoutNanos) {
        this.operation = operation;
        this.timeoutNanos = timeoutNanos;
    }

    /** How long the call may wait now. */
    long left() throws WouldBlockException, SocketTimeoutException {
        if (timeoutNanos == SocketTimeouts.NONE) {
            return Waiter.FOREVER;
        }
        if (timeoutNanos == SocketTimeouts.NON_BLOCKING) {
            throw new WouldBlockException(operation);
        }
        if (!started) {
            started = true;
            startNanos = System.nanoTime();
            return timeoutNanos;
        }
        long left = timeoutNanos - (System.nanoTime() - startNanos);
        if (left <= 0) {
            throw timedOut();
        }
        return left;
    }

    SocketTimeoutException timedOut() {
        return new SocketTimeoutException(operation + " timed out");
    }
}
