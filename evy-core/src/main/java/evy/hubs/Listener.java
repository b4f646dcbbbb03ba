package evy.hubs;

import org.jspecify.annotations.Nullable;

/**
 * One party that listens for one direction of a {@link Descriptor}: a green thread that waits, for
 * one time, or a callback, until it is {@linkplain #cancel cancelled}.
 */
public final class Listener {
    private final Descriptor descriptor;
    private final boolean reading;
    private final Greenlet owner;
    // one of the two
    private final @Nullable Waiter waiter;
    private final @Nullable Runnable callback;

    /* The next older listener of the same direction. Changed under the descriptor's lock. */
    @Nullable Listener next;
    private volatile boolean cancelled;

    private static volatile boolean stacksKept;
    private final @Nullable Throwable madeAt = stacksKept ? new Throwable("registered here") : null;

    Listener(
            Descriptor descriptor,
            boolean reading,
            @Nullable Waiter waiter,
            @Nullable Runnable callback) {
        this.descriptor = descriptor;
        this.reading = reading;
        this.waiter = waiter;
        this.callback = callback;
        this.owner = Greenlet.current();
    }

    /**
     * Says whether it is noted, from now on, where each listener is made, for {@link #madeAt}.
     * Costs a stack walk for each.
     *
     * @param keep false, the default, not to
     * @source eventlet {@code debug.hub_listener_stacks}
     */
    public static void keepStacks(boolean keep) {
        stacksKept = keep;
    }

    /** {@return where it was made; null unless {@link #keepStacks} was on} */
    public @Nullable Throwable madeAt() {
        return madeAt;
    }

    /** {@return what is listened to} */
    public Descriptor descriptor() {
        return descriptor;
    }

    /** {@return true for reading, false for writing} */
    public boolean isReading() {
        return reading;
    }

    /** {@return who registered it} */
    public Greenlet owner() {
        return owner;
    }

    /**
     * Stops listening. Idempotent; a callback that is due in this very turn is not made any more.
     */
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            descriptor.remove(this);
        }
    }

    /** {@return true for a callback, which listens until it is cancelled} */
    public boolean isCallback() {
        return callback != null;
    }

    boolean isFor(Waiter other) {
        return waiter == other;
    }

    /** True while it may still be told. */
    boolean isLive() {
        return !cancelled && (waiter == null || waiter.isWaiting());
    }

    /** True if it goes on listening after it was told once. */
    boolean isLasting() {
        return waiter == null;
    }

    /** Tells the party. Hub thread, or the closer's. */
    void tell() {
        if (cancelled) {
            return;
        }
        if (waiter != null) {
            waiter.wake();
        } else if (callback != null) {
            callback.run();
        }
    }

    @Override
    public String toString() {
        return (reading ? "reader " : "writer ") + owner + " of " + descriptor;
    }
}
