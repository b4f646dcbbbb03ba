package evy.hubs;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/**
 * What a green thread did when a {@linkplain Hub#survey survey} came by. Holds what was found as it
 * is; putting it into words is left to who asks, away from the hub.
 */
public final class Sighting {
    private final Greenlet greenlet;
    private final @Nullable Greenlet parent;
    private final GreenThreadState state;
    private final @Nullable Waiter waiter;
    private final @Nullable Object blocker;
    private final long idleNanos;
    private final long remainingNanos;
    private final StackTraceElement @Nullable [] stack;

    Sighting(
            Greenlet greenlet,
            @Nullable Greenlet parent,
            GreenThreadState state,
            @Nullable Waiter waiter,
            @Nullable Object blocker,
            long idleNanos,
            long remainingNanos,
            StackTraceElement @Nullable [] stack) {
        this.greenlet = greenlet;
        this.parent = parent;
        this.state = state;
        this.waiter = waiter;
        this.blocker = blocker;
        this.idleNanos = idleNanos;
        this.remainingNanos = remainingNanos;
        this.stack = stack;
    }

    /** {@return the green thread} */
    public Greenlet greenlet() {
        return greenlet;
    }

    /** {@return who spawned it; null if nobody green did, or that one has ended} */
    public @Nullable Greenlet parent() {
        return parent;
    }

    /** {@return what it did} */
    public GreenThreadState state() {
        return state;
    }

    /** {@return its wait in a call of Evy's; null if it was in none} */
    public @Nullable Waiter waiter() {
        return waiter;
    }

    /** {@return what the JDK says it was blocked by; null in a call of Evy's, or if unknown} */
    public @Nullable Object blocker() {
        return blocker;
    }

    /** {@return since when it has not run, in nanoseconds, to about a millisecond} */
    public long idleNanos() {
        return idleNanos;
    }

    /** {@return time left until it starts or gives up its wait in Evy; -1 if there is no limit} */
    public long remainingNanos() {
        return remainingNanos;
    }

    /** {@return its stack, the innermost frame first; empty unless it was asked for} */
    public List<StackTraceElement> stack() {
        return stack == null ? List.of() : Arrays.asList(stack);
    }

    @Override
    public String toString() {
        return greenlet + " " + state;
    }
}
