package evy.tools.profiler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The green threads that were seen: those that ran longest one by one, up to a limit, the rest as a
 * sum. So a server that spawns one for each request can be profiled for days.
 */
final class ThreadLedger {
    private static final int MOST = 10_000;

    private final PriorityQueue<ThreadTimes> kept =
            new PriorityQueue<>(Comparator.comparingLong((ThreadTimes t) -> t.runNanos));
    private final ThreadTimes rest = new ThreadTimes(0, "");
    private long restCount;

    void add(ThreadTimes times) {
        kept.add(times);
        if (kept.size() > MOST) {
            rest.add(kept.remove());
            restCount++;
        }
    }

    void addAll(ThreadLedger other) {
        other.kept.forEach(this::add);
        rest.add(other.rest);
        restCount += other.restCount;
    }

    /** Those that ran longest, the first of them first. */
    List<ThreadTimes> longest() {
        List<ThreadTimes> all = new ArrayList<>(kept);
        all.sort(Comparator.comparingLong((ThreadTimes t) -> t.runNanos).reversed());
        return all;
    }

    /** All others together. */
    ThreadTimes rest() {
        return rest;
    }

    /** How many those are. */
    long restCount() {
        return restCount;
    }

    long size() {
        return kept.size() + restCount;
    }

    ThreadTimes sum() {
        ThreadTimes sum = new ThreadTimes(0, "");
        kept.forEach(sum::add);
        sum.add(rest);
        return sum;
    }
}
