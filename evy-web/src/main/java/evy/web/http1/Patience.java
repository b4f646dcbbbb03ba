package evy.web.http1;

import java.net.SocketTimeoutException;

/** A time limit that begins with the first wait: what needs no wait does not look at the clock. */
final class Patience {
    private final long nanos;
    private long end;
    private boolean begun;

    Patience(long nanos) {
        this.nanos = nanos;
    }

    /** How long to wait at most now. */
    long left() throws SocketTimeoutException {
        if (!begun) {
            begun = true;
            end = System.nanoTime() + nanos;
            return nanos;
        }
        long left = end - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("not complete after " + nanos / 1_000_000 + " ms");
        }
        return left;
    }
}
