package evy.hubs;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * A walk along the green threads of a hub, a short way at a time, so that the hub is never held up
 * for long. Who ends meanwhile is not met; who begins may be missed. Hub thread only.
 */
final class Survey {
    /* How long a step may take; a stack may add its own time. */
    private static final long STEP_NANOS = 2_000_000;

    /* How many are looked at between two looks at the clock. */
    private static final int ROUGHLY = 64;

    private final Hub hub;
    private final boolean withStacks;

    /* Whom the next step begins with. The hub moves it on if that one ends. */
    @Nullable Greenlet cursor;

    /** The next of the surveys under way on this hub. */
    @Nullable Survey next;

    private boolean begun;

    Survey(Hub hub, boolean withStacks) {
        this.hub = hub;
        this.withStacks = withStacks;
    }

    /** Looks at the next few. */
    List<Sighting> step() {
        if (!begun) {
            begun = true;
            hub.begin(this);
        }
        List<Sighting> seen = new ArrayList<>();
        long end = System.nanoTime() + STEP_NANOS;
        long now = hub.clock().nanos();
        Greenlet g = cursor;
        while (g != null) {
            seen.add(g.sight(now, withStacks));
            g = g.following;
            boolean look = withStacks || seen.size() % ROUGHLY == 0;
            if (look && System.nanoTime() - end > 0) {
                break;
            }
        }
        cursor = g;
        return seen;
    }

    boolean isOver() {
        return cursor == null;
    }

    /** Frees the hub of it. */
    void end() {
        cursor = null;
        hub.end(this);
    }
}
