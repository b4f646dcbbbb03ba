package evy.sync;

import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.TimeUnit;

/**
 * A queue between threads, first in, first out, with any number of elements, a bound, or none at
 * all: in a queue of size 0 a put waits until its element is taken.
 *
 * {@snippet :
 * var urls = new LightQueue<String>(100);
 * Evy.spawn(() -> {
 *     for (var url : crawl()) {
 *         urls.put(url);
 *     }
 *     urls.close();
 * });
 * while (true) {
 *     fetch(urls.take());
 * }
 * }
 *
 * <p>Who waits is served in the order of arrival, and an element that somebody waits for goes into
 * his hands. As a {@link BlockingDeque} it can be used from both ends. Iterators and bulk
 * operations see the elements of one moment; {@code null} is no element.
 *
 * <p>Memory effects: what was done before an element is put happens-before what follows its taking.
 *
 * @param <E> type of the elements
 * @thread any; {@code offer}, {@code poll} and {@code peek} without a time limit also in a hub's
 *     callback
 * @source eventlet {@code queue.LightQueue}
 */
public final class LightQueue<E> extends WaitingQueue<E> implements BlockingDeque<E> {
    /** A queue without a bound. */
    public LightQueue() {
        this(UNBOUNDED);
    }

    /**
     * A queue with a bound.
     *
     * @param maxSize most elements in the queue; 0 to hand over only, negative for no bound
     */
    public LightQueue(int maxSize) {
        super(maxSize, new Line<>(false));
    }

    // ---- the front: next to be taken

    @Override
    public void addFirst(E e) {
        if (!offerFirst(e)) {
            throw new IllegalStateException(describe() + " is full");
        }
    }

    @Override
    public boolean offerFirst(E e) {
        return offer(e, true);
    }

    @Override
    public void putFirst(E e) throws InterruptedException {
        put(e, true, Waiter.FOREVER);
    }

    @Override
    public boolean offerFirst(E e, long timeout, TimeUnit unit) throws InterruptedException {
        return put(e, true, unit.toNanos(timeout));
    }

    @Override
    public E takeFirst() throws InterruptedException {
        return take();
    }

    @Override
    public @Nullable E pollFirst() {
        return poll(false);
    }

    @Override
    public @Nullable E pollFirst(long timeout, TimeUnit unit) throws InterruptedException {
        return take(false, unit.toNanos(timeout));
    }

    @Override
    public E removeFirst() {
        return present(pollFirst());
    }

    @Override
    public E getFirst() {
        return present(peekFirst());
    }

    @Override
    public @Nullable E peekFirst() {
        return peek(false);
    }

    @Override
    public void push(E e) {
        addFirst(e);
    }

    @Override
    public E pop() {
        return removeFirst();
    }

    // ---- the back: where elements are put

    @Override
    public void addLast(E e) {
        if (!offerLast(e)) {
            throw new IllegalStateException(describe() + " is full");
        }
    }

    @Override
    public boolean offerLast(E e) {
        return offer(e, false);
    }

    @Override
    public void putLast(E e) throws InterruptedException {
        put(e, false, Waiter.FOREVER);
    }

    @Override
    public boolean offerLast(E e, long timeout, TimeUnit unit) throws InterruptedException {
        return put(e, false, unit.toNanos(timeout));
    }

    @Override
    @SuppressWarnings("NullAway") // without limit of time there is an element in the end
    public E takeLast() throws InterruptedException {
        return take(true, Waiter.FOREVER);
    }

    @Override
    public @Nullable E pollLast() {
        return poll(true);
    }

    @Override
    public @Nullable E pollLast(long timeout, TimeUnit unit) throws InterruptedException {
        return take(true, unit.toNanos(timeout));
    }

    @Override
    public E removeLast() {
        return present(pollLast());
    }

    @Override
    public E getLast() {
        return present(peekLast());
    }

    @Override
    public @Nullable E peekLast() {
        return peek(true);
    }

    private E present(@Nullable E e) {
        if (e == null) {
            throw new NoSuchElementException(describe() + " is empty");
        }
        return e;
    }

    // ---- elements by equality

    @Override
    public boolean removeFirstOccurrence(@Nullable Object o) {
        return remove(o);
    }

    @Override
    public boolean removeLastOccurrence(@Nullable Object o) {
        return o != null && removeFound(o, true);
    }

    @Override
    public Iterator<E> descendingIterator() {
        return descendingSnapshot();
    }
}
