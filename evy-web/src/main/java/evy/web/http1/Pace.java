package evy.web.http1;

/**
 * How slow a peer may be, in nanoseconds.
 *
 * @param stall longest wait for any one receive, and for 64 KiB to be taken
 * @param head longest time from the first byte of a head to its last
 * @param bytesPerSecond what a body must bring on average once {@code stall} is over; 0 for any
 */
public record Pace(long stall, long head, long bytesPerSecond) {
    /** How long a body may have been waited for in all when so many bytes have come. */
    long patience(long received) {
        if (bytesPerSecond == 0) {
            return Long.MAX_VALUE;
        }
        return stall + (long) (received * (1e9 / bytesPerSecond));
    }
}
