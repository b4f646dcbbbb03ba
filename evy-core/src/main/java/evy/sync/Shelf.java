package evy.sync;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.function.Predicate;

/**
 * Where a queue keeps the elements that nobody has taken yet, and in which order they come out. Not
 * thread-safe: the queue's lock guards it.
 *
 * @param <E> type of the elements
 */
interface Shelf<E> {
    /** Adds an element: where the order says, or next to be taken if {@code first}. */
    void add(E e, boolean first);

    /** Takes the next element, or the one furthest from it if {@code last}. */
    @Nullable E poll(boolean last);

    /** Looks at what {@link #poll} would take. */
    @Nullable E peek(boolean last);

    void removeIf(Predicate<Object> filter);

    int size();

    /** The elements in the order of {@link #elements}, for a snapshot. */
    Object[] toArray();

    /** All elements, the first one first as far as there is an order. */
    Iterator<E> elements(boolean descending);
}
