package evy.debug;

import java.time.Duration;
import java.util.Locale;

/** Durations for people. */
final class Times {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private Times() {}

    /** Such as {@code 12 ms}, {@code 3.250 s}, {@code PT1H2M}. */
    static String words(Duration duration) {
        if (duration.abs().compareTo(Duration.ofSeconds(1)) < 0) {
            return Math.round(duration.toNanos() / NANOS_PER_MILLI) + " ms";
        }
        if (duration.abs().compareTo(Duration.ofMinutes(2)) < 0) {
            return String.format(Locale.ROOT, "%.3f s", duration.toNanos() / NANOS_PER_SECOND);
        }
        return Duration.ofSeconds(duration.toSeconds()).toString();
    }
}
