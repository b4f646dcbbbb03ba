package evy.tools.profiler;

import java.util.SplittableRandom;

/**
 * Picks some of many things, not more than so many a second however many come, and in such a way
 * that the weights of those picked sum up to the amounts of all.
 */
/*
 * A thing whose amount is at least the interval is always picked, and has its own weight. Of smaller
 * ones the one is picked that makes the sum since the last pick reach a random goal, which is the
 * interval on average; it stands for one interval. So each unit of the amount has the same chance, and a
 * pattern in what comes cannot be in step with the picking. When too many are picked within a window
 * the interval doubles at once; when few are, it halves.
 */
final class Picker {
    private static final long WINDOW_NANOS = 100_000_000;
    private static final int MANY = 16;
    private static final int FEW = 4;

    private final SplittableRandom random;
    private final long shortest;

    private long interval;
    private long left;
    private long windowEnd;
    private int picked;

    /**
     * Makes one that picks everything at first.
     *
     * @param shortest the interval where few things come
     */
    Picker(long shortest, long seed) {
        this.shortest = shortest;
        this.interval = shortest;
        this.random = new SplittableRandom(seed);
        this.left = goal();
    }

    /** How much the thing stands for; 0 if it is not picked. */
    long pick(long amount, long now) {
        if (now - windowEnd >= 0) {
            nextWindow(now);
        }
        long weight = weigh(amount);
        if (weight > 0 && ++picked % MANY == 0) {
            interval *= 2;
        }
        return weight;
    }

    private long weigh(long amount) {
        if (amount >= interval) {
            return amount;
        }
        left -= amount;
        if (left > 0) {
            return 0;
        }
        left = goal();
        return interval;
    }

    /* At least 1, on average the interval. */
    private long goal() {
        return interval == 1 ? 1 : 1 + random.nextLong(2 * interval - 1);
    }

    private void nextWindow(long now) {
        if (picked < FEW && interval > shortest) {
            interval = Math.max(shortest, interval / 2);
            left = Math.min(left, goal());
        }
        picked = 0;
        windowEnd = now + WINDOW_NANOS;
    }
}
