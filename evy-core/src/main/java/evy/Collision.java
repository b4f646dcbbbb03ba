package evy;

import org.jspecify.annotations.Nullable;

/**
 * Two have tried to provide the value of one key of a {@link DagPool}: the second one gets this,
 * and the pool is as before.
 *
 * @source eventlet {@code dagpool.Collision}
 */
public final class Collision extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    Collision(@Nullable Object key, String objection) {
        super("DagPool: key '" + key + "': " + objection);
    }
}
