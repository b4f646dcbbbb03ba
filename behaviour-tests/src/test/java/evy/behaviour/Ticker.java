package evy.behaviour;

import evy.Evy;
import evy.GreenThread;

import java.time.Duration;

/** Sleeps a millisecond again and again, and notes how long the hub kept it from it at worst. */
final class Ticker implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(1);

    private final GreenThread<Void> thread;
    private long last;
    private long longestNanos;

    private Ticker() {
        last = System.nanoTime();
        thread = Evy.spawn(this::tick);
    }

    /** Starts one on the current hub. */
    static Ticker start() {
        return new Ticker();
    }

    private Void tick() {
        while (true) {
            Evy.sleep(PERIOD);
            note();
        }
    }

    private void note() {
        long now = System.nanoTime();
        longestNanos = Math.max(longestNanos, now - last);
        last = now;
    }

    /**
     * The longest time between two ticks since this was last asked, the one that lasts included.
     */
    Duration longestGap() {
        note();
        long longest = longestNanos;
        longestNanos = 0;
        return Duration.ofNanos(longest);
    }

    @Override
    public void close() {
        thread.kill();
    }
}
