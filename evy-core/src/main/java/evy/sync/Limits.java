package evy.sync;

import evy.hubs.Hub;

import java.time.Duration;

/** Time limits of calls that refuse negative ones. */
final class Limits {
    private Limits() {}

    static long nanos(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must be >= 0: " + timeout);
        }
        return Hub.saturatedNanos(timeout);
    }
}
