package evy.debug;

import evy.hubs.Hub;
import evy.hubs.Pulse;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The latest looks at a hub: whom it ran, and how late it came to what was handed in. Confined to
 * the {@link LoadSampler}'s lock, but for the hub's part of a probe.
 */
final class LoadWindow {
    private static final long ASLEEP = -1;

    private final Hub hub;
    private final long[] runners;
    private final long[] lags;
    private int looks;

    /* When the probe under way was handed in; what it finds is written by the hub. */
    private boolean probing;
    private long probedAt;
    private volatile long arrivedAt;

    LoadWindow(Hub hub, int size) {
        this.hub = hub;
        runners = new long[size];
        lags = new long[size];
    }

    /**
     * One look.
     *
     * @param now on {@link System#nanoTime}
     */
    void look(long now) {
        int at = looks++ % runners.length;
        Pulse pulse = hub.pulse();
        runners[at] = pulse.asleep() ? ASLEEP : idOf(pulse);
        lags[at] = lag(now);
        // one that waits for something to do is left alone: it would run what comes at once
        if (!probing && !pulse.asleep()) {
            probing = true;
            probedAt = now;
            arrivedAt = 0;
            hub.execute(this::arrive);
        }
    }

    private static long idOf(Pulse pulse) {
        return pulse.running() == null ? 0 : pulse.running().thread().threadId();
    }

    /* On the hub. */
    private void arrive() {
        arrivedAt = Math.max(1, System.nanoTime() - probedAt);
    }

    private long lag(long now) {
        if (!probing) {
            return 0;
        }
        long arrived = arrivedAt;
        if (arrived == 0) {
            return now - probedAt;
        }
        probing = false;
        return arrived;
    }

    /** What the looks add up to. */
    Reading read() {
        int count = Math.min(looks, runners.length);
        int busy = 0;
        Map<Long, Integer> ran = new HashMap<>();
        for (int i = 0; i < count; i++) {
            if (runners[i] != ASLEEP) {
                busy++;
                ran.merge(runners[i], 1, Integer::sum);
            }
        }
        Map<Long, Double> shares = new HashMap<>();
        int all = Math.max(1, count);
        ran.forEach((id, looksAtIt) -> shares.put(id, (double) looksAtIt / all));
        long[] sorted = Arrays.copyOf(lags, count);
        Arrays.sort(sorted);
        return new Reading(
                (double) busy / all,
                Duration.ofNanos(count == 0 ? 0 : sorted[count / 2]),
                Duration.ofNanos(count == 0 ? 0 : sorted[count - 1]),
                shares);
    }

    /**
     * The sum of the looks.
     *
     * @param busy part of the time it had something to do
     * @param lag the median
     * @param longestLag the maximum
     * @param shares the part of the time that each green thread ran, by the id of its thread
     */
    record Reading(double busy, Duration lag, Duration longestLag, Map<Long, Double> shares) {}
}
