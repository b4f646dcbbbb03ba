package evy;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Keys of a {@link DagPool} with their values, each as soon as it arrives. Iterated once.
 *
 * <p>What is there already comes first, in the order it was asked for, then the rest in the order
 * of its arrival. The iteration ends when all has come that was asked for.
 *
 * <p>A timeout or kill while it waits loses nothing: the iteration may go on.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 * @thread one at a time
 */
// both: read by for loops and by hand, as a task may want some of its inputs first
@SuppressWarnings("IterableAndIterator")
public final class DagArrivals<K extends @Nullable Object, V extends @Nullable Object>
        implements Iterator<Map.Entry<K, V>>, Iterable<Map.Entry<K, V>> {
    /** Which arrivals are given to the consumer; the others pass unseen. */
    enum Choice {
        ALL,
        SUCCESSES,
        FAILURES
    }

    private final DagInbox<K, V> inbox;
    private final Choice choice;
    private Map.@Nullable Entry<K, V> ahead;

    DagArrivals(DagInbox<K, V> inbox, Choice choice) {
        this.inbox = inbox;
        this.choice = choice;
    }

    /**
     * Itself: the arrivals are there to be iterated once.
     *
     * @return this
     */
    @Override
    public Iterator<Map.Entry<K, V>> iterator() {
        return this;
    }

    /**
     * Asks whether there is another one.
     *
     * @checkpoint if none is there and more are to come
     * @return false at the end
     */
    @Override
    public boolean hasNext() {
        while (ahead == null) {
            Map.Entry<K, V> arrival = inbox.take();
            if (arrival == null) {
                return false;
            }
            if (isChosen(arrival.getValue())) {
                ahead = arrival;
            }
        }
        return true;
    }

    private boolean isChosen(@Nullable Object value) {
        return switch (choice) {
            case ALL -> true;
            case SUCCESSES -> !(value instanceof PropagateError);
            case FAILURES -> value instanceof PropagateError;
        };
    }

    /**
     * The next key and its value.
     *
     * @checkpoint if none is there and more are to come
     * @return an entry that does not change
     * @throws PropagateError if it is a failure, unless failures were asked for; the iteration may
     *     go on
     * @throws NoSuchElementException at the end
     */
    @Override
    public Map.Entry<K, V> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all that was asked for has arrived");
        }
        Map.Entry<K, V> arrival = ahead;
        assert arrival != null;
        ahead = null;
        if (choice == Choice.ALL) {
            PropagateError.valueOrThrow(arrival.getValue());
        }
        return arrival;
    }

    /**
     * Waits for all that is left.
     *
     * @checkpoint if something is to come
     * @return the keys and their values, in the order of the iteration
     * @throws PropagateError as soon as a failure arrives, unless failures were asked for
     */
    public Map<K, V> toMap() {
        Map<K, V> map = new LinkedHashMap<>();
        while (hasNext()) {
            Map.Entry<K, V> arrival = next();
            map.put(arrival.getKey(), arrival.getValue());
        }
        return map;
    }
}
