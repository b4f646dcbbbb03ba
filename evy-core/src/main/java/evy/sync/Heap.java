package evy.sync;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/**
 * A shelf from which the least element comes out first; of equal ones that which was added first.
 *
 * @param <E> type of the elements
 */
final class Heap<E> implements Shelf<E> {
    private final Comparator<? super E> order;
    private final PriorityQueue<Entry<E>> entries;
    private long added;

    Heap(Comparator<? super E> order) {
        this.order = order;
        this.entries =
                new PriorityQueue<>(
                        (a, b) -> {
                            int byElement = order.compare(a.element, b.element);
                            return byElement != 0 ? byElement : Long.compare(a.number, b.number);
                        });
    }

    @Override
    @SuppressWarnings("SelfComparison") // a type that has no order is refused from the start
    public void add(E e, boolean first) {
        if (entries.isEmpty()) {
            int _ = order.compare(e, e);
        }
        entries.add(new Entry<>(e, added++));
    }

    @Override
    public @Nullable E poll(boolean last) {
        Entry<E> least = entries.poll();
        return least == null ? null : least.element;
    }

    @Override
    public @Nullable E peek(boolean last) {
        Entry<E> least = entries.peek();
        return least == null ? null : least.element;
    }

    @Override
    public void removeIf(Predicate<Object> filter) {
        entries.removeIf(entry -> filter.test(entry.element));
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public Object[] toArray() {
        List<Object> elements = new ArrayList<>(entries.size());
        for (Entry<E> entry : entries) {
            elements.add(entry.element);
        }
        return elements.toArray();
    }

    @Override
    public Iterator<E> elements(boolean descending) {
        Iterator<Entry<E>> all = entries.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public E next() {
                return all.next().element;
            }

            @Override
            public void remove() {
                all.remove();
            }
        };
    }

    private record Entry<E>(E element, long number) {}
}
