package evy.sync;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.Predicate;

/**
 * A shelf with two ends.
 *
 * @param <E> type of the elements
 */
final class Line<E> implements Shelf<E> {
    private final ArrayDeque<E> elements = new ArrayDeque<>();
    private final boolean lifo;

    /**
     * Makes an empty one.
     *
     * @param lifo true if what was added last comes out first
     */
    Line(boolean lifo) {
        this.lifo = lifo;
    }

    @Override
    public void add(E e, boolean first) {
        if (first || lifo) {
            elements.addFirst(e);
        } else {
            elements.addLast(e);
        }
    }

    @Override
    public @Nullable E poll(boolean last) {
        return last ? elements.pollLast() : elements.pollFirst();
    }

    @Override
    public @Nullable E peek(boolean last) {
        return last ? elements.peekLast() : elements.peekFirst();
    }

    @Override
    public void removeIf(Predicate<Object> filter) {
        elements.removeIf(filter);
    }

    @Override
    public int size() {
        return elements.size();
    }

    @Override
    public Object[] toArray() {
        return elements.toArray();
    }

    @Override
    public Iterator<E> elements(boolean descending) {
        return descending ? elements.descendingIterator() : elements.iterator();
    }
}
