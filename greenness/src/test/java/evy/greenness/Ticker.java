package evy.greenness;

import java.time.Duration;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * Ticks every millisecond or so, and knows the longest time between two ticks: how long the thread
 * it runs on was kept from running.
 */
final class Ticker {
    private static final Duration MILLI = Duration.ofMillis(1);

    /** Waits for one tick. */
    @FunctionalInterface
    interface Tick {
        void await() throws InterruptedException;
    }

    private final LongAccumulator longestNanos = new LongAccumulator(Math::max, 0);
    private volatile boolean stopped;
    private volatile long lastNanos = System.nanoTime();
    private volatile long ticks;

    /** Ticks until {@link #stop}, on the thread that calls. */
    void run(Tick tick) throws InterruptedException {
        long last = System.nanoTime();
        long count = 0;
        while (!stopped) {
            tick.await();
            long now = System.nanoTime();
            longestNanos.accumulate(now - last);
            last = now;
            lastNanos = now;
            count++;
            ticks = count;
        }
    }

    void stop() {
        stopped = true;
    }

    /** {@return how often it has ticked} */
    long ticks() {
        return ticks;
    }

    /** {@return how long it has been silent} */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lastNanos);
    }

    /** {@return the longest gap since this was asked last, rounded up} */
    long takeLongestMillis() {
        return Duration.ofNanos(longestNanos.getThenReset()).plus(MILLI).minusNanos(1).toMillis();
    }
}
