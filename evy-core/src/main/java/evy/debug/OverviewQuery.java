package evy.debug;

import java.util.Objects;

/**
 * Which green threads an {@link Overview} lists. All of them are counted, whatever is listed.
 *
 * @param rows most to list
 * @param order which of them, and in which order
 * @param filter only those that have this in their name, state, hub or wait, in any case; empty for
 *     all
 */
public record OverviewQuery(int rows, Order order, String filter) {
    /** Most rows that can be asked for. */
    public static final int MAX_ROWS = 1_000;

    /** The 20 that have waited longest. */
    public static final OverviewQuery DEFAULT = new OverviewQuery(20, Order.WAITING, "");

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if {@code rows} is not in 0 to {@value #MAX_ROWS}
     */
    public OverviewQuery {
        if (rows < 0 || rows > MAX_ROWS) {
            throw new IllegalArgumentException("rows must be in 0 to " + MAX_ROWS + ": " + rows);
        }
        Objects.requireNonNull(order, "order");
        Objects.requireNonNull(filter, "filter");
    }

    /** Who comes first. */
    public enum Order {
        /** Those that have waited longest. */
        WAITING,
        /** Those that were found running most often. */
        BUSY,
        /** Those that began last. */
        NEWEST
    }
}
