package evy.testkit;

import evy.hubs.Clock;

import java.time.Duration;

/**
 * Time that moves only when it is told to, or when a hub has nothing else to do.
 *
 * <p>By default it jumps: a hub that could only wait for its next timer finds that the moment has
 * come, so that a test that sleeps for an hour takes no time. It knows nothing of what other
 * threads or the network are about: use it for tests of green threads among themselves.
 */
public final class ManualClock implements Clock {
    private volatile boolean jumping = true;

    // guarded by this
    private long now;

    /** A clock at zero that jumps. */
    public ManualClock() {}

    @Override
    public synchronized long nanos() {
        return now;
    }

    @Override
    public synchronized boolean idle(long nanos) {
        if (!jumping || nanos <= 0) {
            return false;
        }
        now += nanos;
        return true;
    }

    /**
     * Chooses whether time jumps when the hub is idle.
     *
     * @param jump false to move it by {@link #advance} alone
     */
    public void setJumping(boolean jump) {
        jumping = jump;
    }

    /**
     * Moves the time. A hub that waits does not notice by itself: see {@link ManualHub#advance}.
     *
     * @param duration zero or positive
     * @throws IllegalArgumentException if {@code duration} is negative
     */
    public synchronized void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time cannot go back: " + duration);
        }
        now += duration.toNanos();
    }

    /**
     * The time since the clock was made.
     *
     * @return zero or positive
     */
    public Duration elapsed() {
        return Duration.ofNanos(nanos());
    }
}
