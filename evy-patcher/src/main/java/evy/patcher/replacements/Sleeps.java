package evy.patcher.replacements;

import evy.hubs.Hub;
import evy.hubs.Waiter;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The methods of {@link Thread} that wait for a time: on a green thread a timer of its hub. */
public final class Sleeps {
    /** What a thread waits for in here. */
    static final Object REASON = "sleep";

    private static final int NANOS_PER_MILLI = 1_000_000;

    private Sleeps() {}

    /**
     * As {@link Thread#sleep(long)}.
     *
     * @param millis see there
     * @throws InterruptedException see there
     */
    public static void sleep(long millis) throws InterruptedException {
        if (millis > 0 && Current.isGreen()) {
            sleepNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        } else {
            Thread.sleep(millis);
        }
    }

    /**
     * As {@link Thread#sleep(long, int)}.
     *
     * @param millis see there
     * @param nanos see there
     * @throws InterruptedException see there
     */
    public static void sleep(long millis, int nanos) throws InterruptedException {
        boolean valid = millis > 0 && nanos >= 0 && nanos < NANOS_PER_MILLI;
        if (valid && Current.isGreen()) {
            sleepNanos(Hub.saturatedNanos(Duration.ofMillis(millis).plusNanos(nanos)));
        } else {
            Thread.sleep(millis, nanos);
        }
    }

    /**
     * As {@link Thread#sleep(Duration)}.
     *
     * @param duration see there
     * @throws InterruptedException see there
     */
    public static void sleep(Duration duration) throws InterruptedException {
        if (duration.isPositive() && Current.isGreen()) {
            sleepNanos(Hub.saturatedNanos(duration));
        } else {
            Thread.sleep(duration);
        }
    }

    static void sleepNanos(long nanos) throws InterruptedException {
        try {
            boolean woken = Waiter.current(REASON).await(nanos);
            assert !woken : "nobody knows this waiter";
        } catch (InterruptedException e) {
            InterruptedException asTheJdks = new InterruptedException("sleep interrupted");
            asTheJdks.initCause(e);
            throw asTheJdks;
        }
    }
}
