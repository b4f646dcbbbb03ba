package evy.pools;

import org.jspecify.annotations.Nullable;

/**
 * An item taken out of a {@link Pool}, put back by {@link #close}.
 *
 * @param <T> type of the item
 * @thread any, one at a time
 */
public final class Lease<T> implements AutoCloseable {
    private final Pool<T> pool;
    private @Nullable T item;

    Lease(Pool<T> pool, T item) {
        this.pool = pool;
        this.item = item;
    }

    /**
     * The item.
     *
     * @return the same while the lease is open
     * @throws IllegalStateException after {@link #close} or {@link #discard}
     */
    public T get() {
        T current = item;
        if (current == null) {
            throw new IllegalStateException(
                    "the lease is over: its item is back in " + pool + " and may be another's");
        }
        return current;
    }

    /** Puts the item back. Does nothing the second time. */
    @Override
    public void close() {
        T current = item;
        if (current != null) {
            item = null;
            pool.put(current);
        }
    }

    /** Takes the item out of the pool for good, because it is broken. */
    public void discard() {
        T current = get();
        item = null;
        pool.discard(current);
    }

    @Override
    public String toString() {
        return "Lease[" + (item == null ? "over" : item) + "]";
    }
}
