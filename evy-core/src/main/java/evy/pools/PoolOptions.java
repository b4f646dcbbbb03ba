package evy.pools;

import java.util.Objects;

/**
 * How big a {@link Pool} is and which free item is used next. Immutable; {@code
 * PoolOptions.DEFAULT.withMaxSize(8)} changes one thing.
 *
 * @param minSize how many items are made with the pool
 * @param maxSize most items there may be
 * @param order which free item is used next
 */
public record PoolOptions(int minSize, int maxSize, Order order) {
    /** Made on demand, up to {@value Pool#DEFAULT_SIZE}, used in turn. */
    public static final PoolOptions DEFAULT = new PoolOptions(0, Pool.DEFAULT_SIZE, Order.FIFO);

    /** Which free item is used next. */
    public enum Order {
        /** The one that has been free longest: all are used in turn. */
        FIFO,

        /** The one that was put back last: few are used while there is little to do. */
        LIFO
    }

    /** Checks the sizes. */
    public PoolOptions {
        checkMaxSize(maxSize);
        if (minSize < 0 || minSize > maxSize) {
            throw new IllegalArgumentException(
                    "minSize must be in [0, maxSize " + maxSize + "]: " + minSize);
        }
        Objects.requireNonNull(order, "order");
    }

    static void checkMaxSize(int maxSize) {
        if (maxSize < 0) {
            throw new IllegalArgumentException("maxSize must be >= 0: " + maxSize);
        }
    }

    /**
     * The same with some items made with the pool.
     *
     * @param newMinSize how many
     * @return the new options
     */
    public PoolOptions withMinSize(int newMinSize) {
        return new PoolOptions(newMinSize, maxSize, order);
    }

    /**
     * The same with another bound.
     *
     * @param newMaxSize most items there may be
     * @return the new options
     */
    public PoolOptions withMaxSize(int newMaxSize) {
        return new PoolOptions(minSize, newMaxSize, order);
    }

    /**
     * The same with another order of use.
     *
     * @param newOrder which free item is used next
     * @return the new options
     */
    public PoolOptions withOrder(Order newOrder) {
        return new PoolOptions(minSize, maxSize, newOrder);
    }
}
