package evy.hubs;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * A call that a hub makes when its time comes. Made by {@link Hub#schedule}; several with the same
 * deadline fire in the order they were scheduled.
 *
 * <p>Its state belongs to the hub's thread; {@link #cancel} may be called from any thread.
 */
public abstract class Timer {
    static final int NOT_QUEUED = -1;

    private final Hub hub;

    // hub thread only, but for the thread that makes the timer
    long deadlineNanos;
    long sequence;
    int position = NOT_QUEUED;
    private volatile boolean done;

    private static volatile boolean stacksKept;
    private final @Nullable Throwable madeAt = stacksKept ? new Throwable("scheduled here") : null;

    Timer(Hub hub) {
        this.hub = hub;
    }

    /**
     * Says whether it is noted, from now on, where each timer is made, for {@link #madeAt}. Costs a
     * stack walk for each.
     *
     * @param keep false, the default, not to
     * @source eventlet {@code debug.hub_timer_stacks}
     */
    public static void keepStacks(boolean keep) {
        stacksKept = keep;
    }

    /** {@return where it was made; null unless {@link #keepStacks} was on} */
    public final @Nullable Throwable madeAt() {
        return madeAt;
    }

    /** Runs on the hub's thread when the time has come. */
    abstract void fire();

    /**
     * Prevents the call, unless it has been made. Idempotent; the timer's memory is free at once.
     *
     * @thread any; from another than the hub's the call may be made meanwhile
     */
    public final void cancel() {
        if (done) {
            return;
        }
        if (hub.isCurrent()) {
            done = true;
            hub.timers().remove(this);
        } else {
            hub.execute(this::cancel);
        }
    }

    /**
     * Asks whether the call is still to come.
     *
     * @return true from scheduling until it fires or is cancelled
     */
    public final boolean isPending() {
        return !done;
    }

    /**
     * The time left.
     *
     * @return until the call, zero or negative if it is due or was made
     */
    public final Duration remaining() {
        return Duration.ofNanos(deadlineNanos - hub.clock().nanos());
    }

    /** Called by the hub when the timer is due; it is out of the queue already. */
    final void expire() {
        if (!done) {
            done = true;
            fire();
        }
    }

    /** What the timer does, for listings. */
    abstract Object action();

    /**
     * What the timer does, for listings.
     *
     * @return such as the name of the callback's class
     */
    public String describe() {
        return String.valueOf(action());
    }

    @Override
    public final String toString() {
        return "Timer[" + (done ? "done" : "in " + remaining()) + ", " + action() + "]";
    }

    /** A timer that makes a user's call. */
    static final class Callback extends Timer {
        private final Runnable action;

        Callback(Hub hub, Runnable action) {
            super(hub);
            this.action = action;
        }

        @Override
        void fire() {
            action.run();
        }

        @Override
        Object action() {
            return action;
        }
    }
}
