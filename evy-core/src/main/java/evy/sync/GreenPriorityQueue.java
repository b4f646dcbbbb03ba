package evy.sync;

import java.util.Comparator;
import java.util.Spliterator;
import java.util.Spliterators;

/**
 * A queue between threads from which the least element comes out first; of equal ones that which
 * was put first.
 *
 * {@snippet :
 * record Job(int priority, Runnable work) {}
 * var jobs = new GreenPriorityQueue<Job>(Comparator.comparingInt(Job::priority));
 * }
 *
 * <p>If the queue is full, those who wait to put are let in as they came, whatever they bring. Who
 * takes an element says {@link #taskDone} when it is worked off; {@link #join} waits until all are.
 * In everything else as {@link LightQueue}, but for its two ends; iterators know no order.
 *
 * @param <E> type of the elements
 * @thread any; {@code offer}, {@code poll} and {@code peek} without a time limit also in a hub's
 *     callback. The comparator runs under the queue's lock: it must not block
 * @source eventlet {@code queue.PriorityQueue}
 */
public final class GreenPriorityQueue<E> extends JoinableQueue<E> {
    /** A queue without a bound, of elements that are {@link Comparable}. */
    public GreenPriorityQueue() {
        this(UNBOUNDED);
    }

    /**
     * A queue of elements that are {@link Comparable}; putting one that is not, or that cannot be
     * compared with the others, throws {@link ClassCastException}.
     *
     * @param maxSize most elements in the queue; 0 to hand over only, negative for no bound
     */
    @SuppressWarnings("unchecked") // a cast that fails says so when elements are compared
    public GreenPriorityQueue(int maxSize) {
        this(maxSize, (Comparator<E>) (Comparator<?>) Comparator.naturalOrder());
    }

    /**
     * A queue without a bound.
     *
     * @param order decides which element is least
     */
    public GreenPriorityQueue(Comparator<? super E> order) {
        this(UNBOUNDED, order);
    }

    /**
     * A queue with a bound.
     *
     * @param maxSize most elements in the queue; 0 to hand over only, negative for no bound
     * @param order decides which element is least
     */
    public GreenPriorityQueue(int maxSize, Comparator<? super E> order) {
        super(maxSize, new Heap<>(order));
    }

    @Override
    public Spliterator<E> spliterator() {
        return Spliterators.spliterator(toArray(), Spliterator.NONNULL | Spliterator.IMMUTABLE);
    }
}
