package evy;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Iterates over the results of green threads in the order they were started.
 *
 * @param <T> type of the results
 * @thread one at a time
 */
// both: read by for loops and, as in Python, by hand beside another iterator; it is there once only
@SuppressWarnings("IterableAndIterator")
abstract class ResultIterator<T extends @Nullable Object> implements Iterator<T>, Iterable<T> {
    private @Nullable GreenThread<T> ahead;

    /** The next green thread, waited for; null at the end. */
    abstract @Nullable GreenThread<T> take();

    /**
     * Itself: the results are there to be iterated once.
     *
     * @return this
     */
    @Override
    public final Iterator<T> iterator() {
        return this;
    }

    /**
     * Asks whether there is another result.
     *
     * @checkpoint if it is not known yet
     * @return false at the end
     */
    @Override
    public boolean hasNext() {
        if (ahead == null) {
            ahead = take();
        }
        return ahead != null;
    }

    /**
     * The next result. A timeout or kill while it waits loses nothing: it is next again.
     *
     * <p>Throws the very exception the function threw; the iteration may go on.
     *
     * @checkpoint if it is not there yet
     * @return what the function returned
     * @throws NoSuchElementException at the end
     */
    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more results");
        }
        GreenThread<T> next = ahead;
        assert next != null;
        next.awaitEnd();
        ahead = null;
        return next.join();
    }

    /** Gives up what was looked at but not consumed. */
    @Nullable GreenThread<T> dropAhead() {
        GreenThread<T> dropped = ahead;
        ahead = null;
        return dropped;
    }
}
