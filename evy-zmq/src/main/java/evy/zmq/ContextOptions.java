package evy.zmq;

import java.time.Duration;

/**
 * How a {@link Context} works.
 *
 * @param ioThreads platform threads that do its input and output; one is good for about a gigabyte
 *     a second, 0 will do for {@code inproc} alone
 * @param maxSockets most sockets at a time; each takes four descriptors
 * @param ipv6 true if its sockets use IPv6, too, unless they say otherwise
 * @param closeLimit longest that {@link Context#close()} waits for messages to leave
 */
public record ContextOptions(int ioThreads, int maxSockets, boolean ipv6, Duration closeLimit) {
    /** One I/O thread, 8192 sockets, IPv4, at most 2 s for closing. */
    public static final ContextOptions DEFAULT =
            new ContextOptions(1, 8192, false, Duration.ofSeconds(2));

    private static final int MOST_SOCKETS = 1_000_000;

    /**
     * Checks them.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public ContextOptions {
        if (ioThreads < 0) {
            throw new IllegalArgumentException("ioThreads must be >= 0: " + ioThreads);
        }
        if (maxSockets < 1 || maxSockets > MOST_SOCKETS) {
            throw new IllegalArgumentException(
                    "maxSockets must be in [1, " + MOST_SOCKETS + "]: " + maxSockets);
        }
        if (closeLimit.isNegative()) {
            throw new IllegalArgumentException("closeLimit must be >= 0: " + closeLimit);
        }
    }

    /**
     * The same with another number of I/O threads.
     *
     * @param number of platform threads, at least 0
     * @return new options
     */
    public ContextOptions withIoThreads(int number) {
        return new ContextOptions(number, maxSockets, ipv6, closeLimit);
    }

    /**
     * The same with another number of sockets.
     *
     * @param number most at a time, at least 1
     * @return new options
     */
    public ContextOptions withMaxSockets(int number) {
        return new ContextOptions(ioThreads, number, ipv6, closeLimit);
    }

    /**
     * The same with or without IPv6.
     *
     * @param use true for IPv6 beside IPv4
     * @return new options
     */
    public ContextOptions withIpv6(boolean use) {
        return new ContextOptions(ioThreads, maxSockets, use, closeLimit);
    }

    /**
     * The same with another limit to {@link Context#close()}.
     *
     * @param limit longest wait; zero or positive
     * @return new options
     */
    public ContextOptions withCloseLimit(Duration limit) {
        return new ContextOptions(ioThreads, maxSockets, ipv6, limit);
    }
}
