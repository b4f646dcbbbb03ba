package evy.pools;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.WaitQueue;
import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;

/**
 * A number of things that are dear to make and serve one at a time, such as connections: {@link
 * #get} takes a free one, makes one if there may be more, and otherwise waits until one is {@link
 * #put} back.
 *
 * {@snippet :
 * var connections = new Pool<>(4, () -> Evy.connect("backend", 7000));
 * try (var lease = connections.item()) {
 *     lease.get().getOutputStream().write(request);
 * }
 * }
 *
 * <p>Items are made by the one who needs them, without any lock held; making may block, and a
 * failure surfaces there and costs no place. Who waits is served in the order of arrival. Items
 * that are {@link AutoCloseable} are closed when the pool has no more use for them.
 *
 * @param <T> type of the items
 * @thread any
 * @source eventlet {@code pools.Pool}
 */
/*
 * Invariant, whenever the lock is free: if somebody waits, no item is free and there are as many as
 * there may be. `size` counts items that are free, out, or being made; a waiter is woken with an
 * item, or with MAKE and a place to make one for itself.
 */
public class Pool<T> {
    /** Most items of a pool that is not told how many. */
    public static final int DEFAULT_SIZE = 4;

    private static final Object MAKE = new Object();

    private final @Nullable Callable<? extends T> factory;
    private final boolean lifo;
    private final WaitQueue waiters = new WaitQueue();

    // guarded by waiters
    private final ArrayDeque<T> free = new ArrayDeque<>();
    private int size;
    private int maxSize;

    /** A pool of {@value #DEFAULT_SIZE} for a subclass that overrides {@link #create}. */
    protected Pool() {
        this(PoolOptions.DEFAULT);
    }

    /**
     * A pool for a subclass that overrides {@link #create}. Items of {@link PoolOptions#minSize}
     * are created here, before the subclass's own constructor has run.
     *
     * @param options size and order
     */
    @SuppressWarnings("this-escape") // as said
    protected Pool(PoolOptions options) {
        this(null, options);
    }

    /**
     * A pool of up to a given number of items, those put back first used first.
     *
     * @param maxSize most items there may be
     * @param factory makes an item
     * @throws IllegalArgumentException if {@code maxSize} is negative
     */
    public Pool(int maxSize, Callable<? extends T> factory) {
        this(PoolOptions.DEFAULT.withMaxSize(maxSize), factory);
    }

    /**
     * A pool.
     *
     * <p>Throws what the factory throws when it makes the first items.
     *
     * @param options size and order
     * @param factory makes an item
     */
    @SuppressWarnings("this-escape") // fills itself by its factory
    public Pool(PoolOptions options, Callable<? extends T> factory) {
        this(Objects.requireNonNull(factory, "factory"), options);
    }

    private Pool(@Nullable Callable<? extends T> factory, PoolOptions options) {
        this.factory = factory;
        this.lifo = options.order() == PoolOptions.Order.LIFO;
        this.maxSize = options.maxSize();
        boolean filled = false;
        try {
            while (size < options.minSize()) {
                free.add(checkedCreate());
                size++;
            }
            filled = true;
        } finally {
            if (!filled) {
                clear(); // nobody will ever have this pool
            }
        }
    }

    /**
     * Makes an item. May block and may throw; what it throws surfaces from {@link #get}.
     *
     * @return a new item, not null
     * @throws Exception if it cannot be made
     * @throws UnsupportedOperationException if the pool has no factory and this is not overridden
     */
    protected T create() throws Exception {
        if (factory == null) {
            throw new UnsupportedOperationException(
                    getClass().getName()
                            + ": override create(), or give the pool's constructor a factory");
        }
        return factory.call();
    }

    /**
     * Disposes of an item that the pool has no more use for: its place was taken away by {@link
     * #resize}, the pool was {@linkplain #clear cleared}, or it was {@linkplain #discard
     * discarded}. Closes it if it is {@link AutoCloseable}. What it throws surfaces from those
     * calls when all is done.
     *
     * @param item an item nobody else has
     * @throws Exception if it cannot be disposed of
     */
    protected void dispose(T item) throws Exception {
        if (item instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    /**
     * Takes an item: a free one, or a new one, or else the next that is put back.
     *
     * <p>Throws the very exception that {@link #create} threw, checked or not.
     *
     * @checkpoint if it must wait, or if {@link #create} is one
     * @return an item, to be {@link #put} back
     * @throws InterruptedException if interrupted while waiting; nothing has been taken then
     */
    public T get() throws InterruptedException {
        T item = get(Waiter.FOREVER);
        assert item != null;
        return item;
    }

    /**
     * Takes an item, waiting, but not for ever; otherwise as {@link #get()}.
     *
     * @checkpoint if it must wait and {@code timeout} is positive, or if {@link #create} is one
     * @param timeout longest wait for an item that is out; the time to make one does not count
     * @return an item, to be {@link #put} back
     * @throws TimeoutException if none was put back in that time
     * @throws InterruptedException if interrupted while waiting; nothing has been taken then
     */
    public T get(Duration timeout) throws InterruptedException, TimeoutException {
        T item = get(Hub.saturatedNanos(timeout));
        if (item == null) {
            throw new TimeoutException(this + ": no item became free in " + timeout);
        }
        return item;
    }

    @SuppressWarnings("unchecked") // a waiter is given items only, and MAKE
    private @Nullable T get(long nanos) throws InterruptedException {
        Waiter waiter = null;
        waiters.lock();
        try {
            T item = free.poll();
            if (item != null) {
                return item;
            }
            if (size < maxSize) {
                size++;
            } else if (nanos <= 0) {
                return null;
            } else {
                waiter = waiters.enter(this);
            }
        } finally {
            waiters.unlock();
        }
        if (waiter != null) {
            if (!waiters.await(waiter, nanos)) {
                return null;
            }
            Object given = waiter.message();
            if (given != MAKE) {
                return (T) given;
            }
        }
        return make();
    }

    private T make() {
        boolean made = false;
        try {
            T item = checkedCreate();
            made = true;
            return item;
        } finally {
            if (!made) {
                waiters.lock();
                try {
                    size--;
                    passPlacesOn();
                } finally {
                    waiters.unlock();
                }
            }
        }
    }

    private T checkedCreate() {
        try {
            return Objects.requireNonNull(create(), () -> this + ": create() returned null");
        } catch (Exception e) {
            throw Greenlet.<RuntimeException>thrown(e);
        }
    }

    /**
     * Takes an item and returns what puts it back: for {@code try} with resources.
     *
     * @checkpoint as {@link #get()}
     * @return to be closed once
     * @throws InterruptedException as {@link #get()}
     */
    public Lease<T> item() throws InterruptedException {
        return new Lease<>(this, get());
    }

    /**
     * Puts an item back: to the one who has waited longest, if anybody waits. It need not be the
     * one that was taken, but there must be no more of them. Never blocks, unless the pool has
     * become smaller and disposing of the item blocks.
     *
     * @param item an item that is out
     * @throws IllegalStateException if no item is out
     */
    public void put(T item) {
        Objects.requireNonNull(item, "item");
        waiters.lock();
        try {
            checkOut("put");
            if (size <= maxSize) {
                if (!waiters.wakeFirst(item)) {
                    shelve(item);
                }
                return;
            }
            size--;
        } finally {
            waiters.unlock();
        }
        disposeAll(List.of(item));
    }

    private void shelve(T item) {
        if (lifo) {
            free.addFirst(item);
        } else {
            free.addLast(item);
        }
    }

    /**
     * Takes an item that is broken out of the pool, and disposes of it. There is room for a new one
     * then.
     *
     * @param item an item that is out
     * @throws IllegalStateException if no item is out
     */
    public void discard(T item) {
        Objects.requireNonNull(item, "item");
        waiters.lock();
        try {
            checkOut("discard");
            size--;
            passPlacesOn();
        } finally {
            waiters.unlock();
        }
        disposeAll(List.of(item));
    }

    private void checkOut(String what) {
        if (size == free.size()) {
            throw new IllegalStateException(
                    describe() + ": " + what + " of an item, but none is out");
        }
    }

    /* Lets those who wait make items where there is room for more. */
    private void passPlacesOn() {
        while (size < maxSize && waiters.wakeFirst(MAKE)) {
            size++;
        }
    }

    /**
     * Changes how many items there may be. Who waits may make new ones at once; free ones that are
     * too many are disposed of, those that are out when they are put back.
     *
     * @param newMaxSize most items there may be
     * @throws IllegalArgumentException if {@code newMaxSize} is negative
     */
    public void resize(int newMaxSize) {
        PoolOptions.checkMaxSize(newMaxSize);
        List<T> surplus = new ArrayList<>();
        waiters.lock();
        try {
            maxSize = newMaxSize;
            passPlacesOn();
            while (size > maxSize && !free.isEmpty()) {
                surplus.add(free.removeLast());
                size--;
            }
        } finally {
            waiters.unlock();
        }
        disposeAll(surplus);
    }

    /** Disposes of all free items; new ones are made when they are needed. */
    public void clear() {
        List<T> all;
        waiters.lock();
        try {
            all = new ArrayList<>(free);
            size -= free.size();
            free.clear();
        } finally {
            waiters.unlock();
        }
        disposeAll(all);
    }

    private void disposeAll(List<T> items) {
        Throwable failure = null;
        for (T item : items) {
            try {
                dispose(item);
            } catch (Throwable t) {
                if (failure == null) {
                    failure = t;
                } else if (failure != t) {
                    failure.addSuppressed(t);
                }
            }
        }
        if (failure != null) {
            throw Greenlet.<RuntimeException>thrown(failure);
        }
    }

    /** {@return most items there may be} */
    public int maxSize() {
        waiters.lock();
        try {
            return maxSize;
        } finally {
            waiters.unlock();
        }
    }

    /**
     * How many items can be had without waiting for one to be put back.
     *
     * @return free ones and those that can be made; negative if too many are out since the pool
     *     became smaller
     */
    public int free() {
        waiters.lock();
        try {
            return maxSize - out();
        } finally {
            waiters.unlock();
        }
    }

    private int out() {
        return size - free.size();
    }

    /** {@return how many wait for an item} */
    public int waiting() {
        waiters.lock();
        try {
            return waiters.size();
        } finally {
            waiters.unlock();
        }
    }

    @Override
    public String toString() {
        waiters.lock();
        try {
            return describe();
        } finally {
            waiters.unlock();
        }
    }

    private String describe() {
        return getClass().getSimpleName()
                + "[maxSize="
                + maxSize
                + ", out="
                + out()
                + ", idle="
                + free.size()
                + ", waiting="
                + waiters.size()
                + "]";
    }
}
