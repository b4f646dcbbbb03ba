package evy.io;

import evy.hubs.Hub;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** How long a socket's operations may wait, as one number of nanoseconds. */
final class SocketTimeouts {
    /** No limit. */
    static final long NONE = -1;

    /** Never wait: non-blocking mode. */
    static final long NON_BLOCKING = 0;

    private static volatile long defaultNanos = NONE;

    private SocketTimeouts() {}

    static long fromDuration(@Nullable Duration timeout) {
        if (timeout == null) {
            return NONE;
        }
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must be >= 0: " + timeout);
        }
        return Hub.saturatedNanos(timeout);
    }

    static @Nullable Duration toDuration(long nanos) {
        return nanos == NONE ? null : Duration.ofNanos(nanos);
    }

    static long defaultNanos() {
        return defaultNanos;
    }

    static void setDefault(@Nullable Duration timeout) {
        defaultNanos = fromDuration(timeout);
    }
}
