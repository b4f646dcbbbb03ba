package evy.sync;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.WaitQueue;
import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.AbstractQueue;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * What all queues here have in common: waiting, bounds, hand-over, closing. In which order elements
 * come out is up to their {@link Shelf}.
 *
 * @param <E> type of the elements
 */
/*
 * Invariants, whenever the lock is free: if a taker waits, the shelf is empty and no putter waits; if
 * a putter waits, there is no room. Whoever changes one side serves the other before the lock is
 * free again, so elements and room go to those who have waited longest.
 *
 * A putter brings its element as its waiter's message, and is woken when it is on the shelf or with
 * a taker. A taker is woken with its element. CLOSED takes the place of either when the queue is
 * closed.
 */
abstract class WaitingQueue<E> extends AbstractQueue<E> implements BlockingQueue<E>, AutoCloseable {
    /** The {@code maxSize} of a queue without a bound. */
    public static final int UNBOUNDED = -1;

    private static final Object CLOSED = new Object();

    /** The takers; its lock guards everything. */
    final WaitQueue takers = new WaitQueue();

    private final WaitQueue putters = new WaitQueue(takers);
    private final Shelf<E> shelf;
    private final Object wantedElement = new Wanted("an element of", this);
    private final Object wantedRoom = new Wanted("room in", this);

    // guarded by takers
    private int maxSize;
    private boolean closed;

    WaitingQueue(int maxSize, Shelf<E> shelf) {
        this.maxSize = Math.max(maxSize, UNBOUNDED);
        this.shelf = shelf;
    }

    /** Called when an element has come in, on the shelf or into a taker's hands. Lock held. */
    void arrived() {}

    /** Called when elements have been taken out and thrown away. Lock held. */
    void dropped(int count) {}

    /**
     * Puts an element, waiting for room. In a queue of size 0: waiting until somebody takes it.
     *
     * @checkpoint if there is no room; lets others run also when it hands over in a queue of size
     *     0, and once in many calls
     * @param e the element
     * @throws InterruptedException if interrupted while waiting; the element is not in the queue
     *     then
     * @throws QueueClosedException if the queue is closed, or is while this waits
     */
    @Override
    public void put(E e) throws InterruptedException {
        put(e, false, Waiter.FOREVER);
    }

    /**
     * Puts an element if there is room for it now. In a queue of size 0: if somebody waits for it.
     *
     * @param e the element
     * @return false if there was no room
     * @throws QueueClosedException if the queue is closed
     */
    @Override
    public boolean offer(E e) {
        return offer(e, false);
    }

    /**
     * Puts an element, waiting for room, but not for ever.
     *
     * @checkpoint if there is no room and {@code timeout} is positive
     * @param e the element
     * @param timeout longest wait; zero or less does not wait
     * @param unit its unit
     * @return false if there was no room in that time; the element is not in the queue then
     * @throws InterruptedException if interrupted while waiting; as above
     * @throws QueueClosedException if the queue is closed, or is while this waits
     */
    @Override
    public boolean offer(E e, long timeout, TimeUnit unit) throws InterruptedException {
        return put(e, false, unit.toNanos(timeout));
    }

    /**
     * As {@link #offer(Object, long, TimeUnit)}.
     *
     * @checkpoint if there is no room and {@code timeout} is positive
     * @param e the element
     * @param timeout longest wait; zero or less does not wait
     * @return false if there was no room in that time; the element is not in the queue then
     * @throws InterruptedException if interrupted while waiting; as above
     * @throws QueueClosedException if the queue is closed, or is while this waits
     */
    public boolean offer(E e, Duration timeout) throws InterruptedException {
        return put(e, false, Hub.saturatedNanos(timeout));
    }

    /**
     * Takes the next element, waiting for it.
     *
     * @checkpoint if there is none; lets others run also once in many calls
     * @return the element
     * @throws InterruptedException if interrupted while waiting; no element is lost
     * @throws QueueClosedException if the queue is closed and empty, or is while this waits
     */
    @Override
    @SuppressWarnings("NullAway") // without limit of time there is an element in the end
    public E take() throws InterruptedException {
        return take(false, Waiter.FOREVER);
    }

    /**
     * Takes the next element if there is one. In a queue of size 0: if somebody waits to put it.
     *
     * @return null if there is none
     */
    @Override
    public @Nullable E poll() {
        return poll(false);
    }

    /**
     * Takes the next element, waiting for it, but not for ever.
     *
     * @checkpoint if there is none and {@code timeout} is positive
     * @param timeout longest wait; zero or less does not wait
     * @param unit its unit
     * @return null if there was none in that time
     * @throws InterruptedException if interrupted while waiting; no element is lost
     * @throws QueueClosedException if the queue is closed and empty and {@code timeout} is
     *     positive, or is while this waits
     */
    @Override
    public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
        return take(false, unit.toNanos(timeout));
    }

    /**
     * As {@link #poll(long, TimeUnit)}.
     *
     * @checkpoint if there is none and {@code timeout} is positive
     * @param timeout longest wait; zero or less does not wait
     * @return null if there was none in that time
     * @throws InterruptedException if interrupted while waiting; no element is lost
     * @throws QueueClosedException if the queue is closed and empty and {@code timeout} is
     *     positive, or is while this waits
     */
    public @Nullable E poll(Duration timeout) throws InterruptedException {
        return take(false, Hub.saturatedNanos(timeout));
    }

    /**
     * Looks at the next element without taking it.
     *
     * @return null if there is none, as in a queue of size 0
     */
    @Override
    public @Nullable E peek() {
        return peek(false);
    }

    final boolean put(E e, boolean first, long nanos) throws InterruptedException {
        Objects.requireNonNull(e, "element");
        Waiter waiter;
        boolean handedOver;
        takers.lock();
        try {
            if (tryPut(e, first)) {
                waiter = null;
                handedOver = maxSize == 0;
            } else if (nanos <= 0) {
                return false;
            } else {
                waiter = putters.enter(wantedRoom);
                waiter.bring(first ? new ToFront(e) : e);
                handedOver = false;
            }
        } finally {
            takers.unlock();
        }
        if (waiter != null) {
            return awaitRoom(waiter, nanos);
        }
        if (handedOver) {
            Greenlet.giveTurn(); // the put is over when the taker has it
        } else {
            Greenlet.countCall();
        }
        return true;
    }

    private boolean awaitRoom(Waiter waiter, long nanos) throws InterruptedException {
        if (!putters.await(waiter, nanos)) {
            return false;
        }
        Object outcome = outcome(waiter);
        if (outcome == CLOSED) {
            throw refusal();
        }
        if (outcome instanceof Unordered(var why)) {
            throw Greenlet.<RuntimeException>thrown(why);
        }
        return true;
    }

    /* Under the lock: whoever woke the putter may still be about to say how it went. */
    private @Nullable Object outcome(Waiter putter) {
        takers.lock();
        try {
            return putter.message();
        } finally {
            takers.unlock();
        }
    }

    final boolean offer(E e, boolean first) {
        Objects.requireNonNull(e, "element");
        takers.lock();
        try {
            return tryPut(e, first);
        } finally {
            takers.unlock();
        }
    }

    private boolean tryPut(E e, boolean first) {
        if (closed) {
            throw refusal();
        }
        if (!takers.wakeFirst(e)) {
            if (!hasRoom()) {
                return false;
            }
            shelf.add(e, first);
        }
        arrived();
        return true;
    }

    private boolean hasRoom() {
        return maxSize < 0 || shelf.size() < maxSize;
    }

    @SuppressWarnings("unchecked") // a taker is given elements only, and CLOSED
    final @Nullable E take(boolean last, long nanos) throws InterruptedException {
        Waiter waiter;
        E e;
        takers.lock();
        try {
            e = tryTake(last);
            if (e != null) {
                waiter = null;
            } else if (nanos <= 0) {
                return null;
            } else if (closed) {
                throw refusal();
            } else {
                waiter = takers.enter(wantedElement);
            }
        } finally {
            takers.unlock();
        }
        if (waiter == null) {
            Greenlet.countCall();
            return e;
        }
        if (!takers.await(waiter, nanos)) {
            return null;
        }
        Object given = waiter.message();
        if (given == CLOSED) {
            throw refusal();
        }
        return (E) given;
    }

    final @Nullable E poll(boolean last) {
        takers.lock();
        try {
            return tryTake(last);
        } finally {
            takers.unlock();
        }
    }

    private @Nullable E tryTake(boolean last) {
        E e = shelf.poll(last);
        if (e != null) {
            admit();
            return e;
        }
        Waiter putter = putters.wakeFirst();
        if (putter == null) {
            return null;
        }
        arrived();
        return brought(putter);
    }

    /* Lets those in who wait for the room there is now. */
    private void admit() {
        while (hasRoom()) {
            Waiter putter = putters.wakeFirst();
            if (putter == null) {
                return;
            }
            try {
                shelf.add(brought(putter), putter.message() instanceof ToFront);
            } catch (RuntimeException | Error e) { // of the order: the putter's affair, not ours
                putter.bring(new Unordered(e));
                continue;
            }
            arrived();
        }
    }

    @SuppressWarnings("unchecked") // a putter brings an element, wrapped or not
    private E brought(Waiter putter) {
        Object message = putter.message();
        return (E) Objects.requireNonNull(message instanceof ToFront(var e) ? e : message);
    }

    final @Nullable E peek(boolean last) {
        takers.lock();
        try {
            return shelf.peek(last);
        } finally {
            takers.unlock();
        }
    }

    private QueueClosedException refusal() {
        return new QueueClosedException(describe() + " is closed");
    }

    /**
     * Closes the queue: nothing more goes in, what is in can still be taken. Those who wait to put
     * are refused, and so are those who wait for an element, for none can come. Idempotent.
     *
     * @thread any
     */
    @Override
    public void close() {
        takers.lock();
        try {
            closed = true;
            putters.wakeAll(CLOSED);
            takers.wakeAll(CLOSED);
        } finally {
            takers.unlock();
        }
    }

    /** {@return true after {@link #close}} */
    public boolean isClosed() {
        takers.lock();
        try {
            return closed;
        } finally {
            takers.unlock();
        }
    }

    /**
     * Changes how many elements there may be. Those who wait to put get new room at once; elements
     * that are there stay, even if they are too many now.
     *
     * @param newMaxSize 0 to hand over only, negative for no bound
     */
    public void resize(int newMaxSize) {
        takers.lock();
        try {
            maxSize = Math.max(newMaxSize, UNBOUNDED);
            admit();
        } finally {
            takers.unlock();
        }
    }

    /** {@return how many elements there may be; {@value #UNBOUNDED} for any number} */
    public int maxSize() {
        takers.lock();
        try {
            return maxSize;
        } finally {
            takers.unlock();
        }
    }

    /** {@return true if a put would wait; always in a queue of size 0} */
    public boolean isFull() {
        takers.lock();
        try {
            return !hasRoom();
        } finally {
            takers.unlock();
        }
    }

    /** {@return how many wait to put} */
    public int putting() {
        takers.lock();
        try {
            return putters.size();
        } finally {
            takers.unlock();
        }
    }

    /** {@return how many wait for an element} */
    public int getting() {
        takers.lock();
        try {
            return takers.size();
        } finally {
            takers.unlock();
        }
    }

    /** {@return how many elements there are, without those that wait to be put} */
    @Override
    public int size() {
        takers.lock();
        try {
            return shelf.size();
        } finally {
            takers.unlock();
        }
    }

    @Override
    public int remainingCapacity() {
        takers.lock();
        try {
            return maxSize < 0 ? Integer.MAX_VALUE : Math.max(0, maxSize - shelf.size());
        } finally {
            takers.unlock();
        }
    }

    @Override
    public int drainTo(Collection<? super E> c) {
        return drainTo(c, Integer.MAX_VALUE);
    }

    @Override
    public int drainTo(Collection<? super E> c, int maxElements) {
        Objects.requireNonNull(c, "collection");
        if (c == this) {
            throw new IllegalArgumentException(
                    "a queue cannot be drained to itself: " + describe());
        }
        int drained = 0;
        while (drained < maxElements) {
            E e = poll();
            if (e == null) {
                break;
            }
            c.add(e);
            drained++;
        }
        return drained;
    }

    /** Throws away all elements. Those who wait to put get the room. */
    @Override
    public void clear() {
        takers.lock();
        try {
            int count = shelf.size();
            while (shelf.poll(false) != null) {
                // the next one
            }
            dropped(count);
            admit();
        } finally {
            takers.unlock();
        }
    }

    // Searching calls equals() of the elements, which is not ours: on a snapshot, without the lock.

    @Override
    public boolean contains(@Nullable Object o) {
        return o != null && Arrays.asList(toArray()).contains(o);
    }

    @Override
    public boolean remove(@Nullable Object o) {
        return o != null && removeFound(o, false);
    }

    final boolean removeFound(Object o, boolean fromEnd) {
        while (true) {
            Object found = null;
            for (Object e : snapshot()) {
                if (o.equals(e)) {
                    found = e;
                    if (!fromEnd) {
                        break;
                    }
                }
            }
            if (found == null) {
                return false;
            }
            if (removeSame(found, fromEnd)) {
                return true;
            } // else somebody else took it meanwhile: look again
        }
    }

    final boolean removeSame(Object same, boolean fromEnd) {
        return removeSame(same, fromEnd, 0);
    }

    /* The same object may be in the queue several times: passes over so many of it. */
    private boolean removeSame(Object same, boolean fromEnd, int passOver) {
        int passed = 0;
        takers.lock();
        try {
            for (Iterator<E> all = shelf.elements(fromEnd); all.hasNext(); ) {
                if (all.next() == same && passed++ == passOver) {
                    all.remove();
                    dropped(1);
                    admit();
                    return true;
                }
            }
            return false;
        } finally {
            takers.unlock();
        }
    }

    @Override
    public boolean removeIf(Predicate<? super E> filter) {
        return removeEach(Objects.requireNonNull(filter, "filter"));
    }

    @Override
    public boolean removeAll(Collection<?> c) {
        return removeEach(Objects.requireNonNull(c, "collection")::contains);
    }

    @Override
    public boolean retainAll(Collection<?> c) {
        Objects.requireNonNull(c, "collection");
        return removeEach(e -> !c.contains(e));
    }

    @SuppressWarnings("unchecked") // only elements are in a snapshot
    private boolean removeEach(Predicate<? super E> filter) {
        Set<Object> unwanted = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Object e : snapshot()) {
            if (filter.test((E) e)) {
                unwanted.add(e);
            }
        }
        takers.lock();
        try {
            int before = shelf.size();
            shelf.removeIf(unwanted::contains);
            int count = before - shelf.size();
            dropped(count);
            admit();
            return count > 0;
        } finally {
            takers.unlock();
        }
    }

    /** Iterates over the elements there are when it is made; never fails. */
    @Override
    public Iterator<E> iterator() {
        return new Snapshot(snapshot(), false);
    }

    @Override
    public Spliterator<E> spliterator() {
        return Spliterators.spliterator(
                snapshot(), Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE);
    }

    private Object[] snapshot() {
        takers.lock();
        try {
            return shelf.toArray();
        } finally {
            takers.unlock();
        }
    }

    @Override
    public Object[] toArray() {
        return snapshot();
    }

    @Override
    @SuppressWarnings({"unchecked", "SuspiciousSystemArraycopy", "NullAway"}) // as specified
    public <T extends @Nullable Object> T[] toArray(T[] a) {
        Object[] elements = snapshot();
        if (a.length < elements.length) {
            return (T[]) Arrays.copyOf(elements, elements.length, a.getClass());
        }
        System.arraycopy(elements, 0, a, 0, elements.length);
        if (a.length > elements.length) {
            a[elements.length] = null;
        }
        return a;
    }

    final Iterator<E> descendingSnapshot() {
        Object[] elements = snapshot();
        for (int i = 0, j = elements.length - 1; i < j; i++, j--) {
            Object e = elements[i];
            elements[i] = elements[j];
            elements[j] = e;
        }
        return new Snapshot(elements, true);
    }

    /* Not toString(), which shows the elements and their toString(). */
    final String describe() {
        takers.lock();
        try {
            return getClass().getSimpleName()
                    + "[size="
                    + shelf.size()
                    + ", maxSize="
                    + (maxSize < 0 ? "unbounded" : maxSize)
                    + ", getting="
                    + takers.size()
                    + ", putting="
                    + putters.size()
                    + "]";
        } finally {
            takers.unlock();
        }
    }

    /** An element that is to be put at the front. */
    private record ToFront(Object element) {}

    /** What the order of the elements threw when a putter was let in. */
    private record Unordered(Throwable why) {}

    /** What is waited for. */
    private record Wanted(String what, WaitingQueue<?> queue) implements Waiter.Kind {
        @Override
        public String kind() {
            return "queue";
        }

        @Override
        public String toString() {
            return what + " " + queue.describe();
        }
    }

    private final class Snapshot implements Iterator<E> {
        private final @Nullable Object[] elements;
        private final boolean descending;
        private int next;
        private boolean removable;

        Snapshot(@Nullable Object[] elements, boolean descending) {
            this.elements = elements;
            this.descending = descending;
        }

        @Override
        public boolean hasNext() {
            return next < elements.length;
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway"}) // null are only those behind, once removed
        public E next() {
            if (next >= elements.length) {
                throw new NoSuchElementException("no more elements");
            }
            removable = true;
            return (E) elements[next++];
        }

        @Override
        public void remove() {
            if (!removable) {
                throw new IllegalStateException("remove() must follow a next()");
            }
            removable = false;
            Object same = Objects.requireNonNull(elements[next - 1]);
            elements[next - 1] = null;
            boolean _ = removeSame(same, true, sameBehind(same));
        }

        /* Those behind it, seen from the front of the queue: what is taken meanwhile is before. */
        private int sameBehind(Object same) {
            int count = 0;
            int end = descending ? next : elements.length;
            for (int i = descending ? 0 : next; i < end; i++) {
                if (elements[i] == same) {
                    count++;
                }
            }
            return count;
        }
    }
}
