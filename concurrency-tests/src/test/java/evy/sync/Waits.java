package evy.sync;

import java.time.Duration;

/** Time limits of waits that somebody is sure to end. */
final class Waits {
    /** Longer than any pause of a machine. */
    static final Duration LONG = Duration.ofSeconds(20);

    /** For a twin, which sleeps to the end of it: short enough to see many. */
    static final long VISIBLE_NANOS = 5_000_000;

    private Waits() {}
}
