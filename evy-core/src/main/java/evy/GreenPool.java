package evy;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.internal.util.SpinLock;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A limit to how many green threads run at once: who spawns into a full pool waits for a free slot.
 *
 * <p>A member of the pool that finds it full runs the function itself, in place, instead of waiting
 * for a slot that it may hold up. Only direct members are known: a green thread that a member
 * spawned outside the pool waits like any other, and can deadlock with it on a full pool.
 *
 * <p>As an {@link java.util.concurrent.ExecutorService} it runs tasks on green threads, and {@link
 * #close} waits for them.
 *
 * @thread any; tasks run on the spawner's hub, or the default hub
 * @source eventlet {@code greenpool.GreenPool}
 */
public final class GreenPool extends AbstractExecutorService {
    /** The size of a pool made without one. */
    public static final int DEFAULT_SIZE = 1000;

    private final Slots slots;
    private final SpinLock lock = new SpinLock();

    // guarded by lock
    private final Set<Greenlet> members = Collections.newSetFromMap(new IdentityHashMap<>());

    private volatile boolean shutdown;
    private volatile boolean killing;

    /** A pool of {@value #DEFAULT_SIZE}. */
    public GreenPool() {
        this(DEFAULT_SIZE);
    }

    /**
     * A pool of a given size.
     *
     * @param size how many may run at once; 0 makes every spawn wait until the pool is resized
     * @throws IllegalArgumentException if {@code size} is negative
     */
    public GreenPool(int size) {
        this.slots = new Slots(this, checked(size));
    }

    private static int checked(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("pool size must be >= 0: " + size);
        }
        return size;
    }

    /**
     * Runs a function in a green thread of the pool.
     *
     * @checkpoint if the pool is full
     * @param <T> type of the result
     * @param body the function
     * @return to get the result by; its failure is seen there only
     * @throws RejectedExecutionException after {@link #shutdown}
     */
    public <T extends @Nullable Object> GreenThread<T> spawn(Callable<? extends T> body) {
        return spawn(body, isMember());
    }

    /**
     * Does something in a green thread of the pool; otherwise as {@link #spawn(Callable)}.
     *
     * @checkpoint if the pool is full
     * @param body what to do
     * @return to wait for its end by
     */
    public GreenThread<@Nullable Void> spawn(Body<?> body) {
        return spawn(Evy.returningNull(body));
    }

    <T extends @Nullable Object> GreenThread<T> spawn(
            Callable<? extends T> body, boolean asMember) {
        Objects.requireNonNull(body, "body");
        if (!enter(asMember)) {
            GreenThread<T> inPlace = new GreenThread<>(Hub.current(), body);
            inPlace.runHere();
            return inPlace;
        }
        Member<T> member = null;
        try {
            member = new Member<>(Hub.current(), body);
            member.begin();
            killIfTooLate(member);
            return member;
        } catch (RuntimeException | Error e) {
            leave(member);
            throw e;
        }
    }

    /**
     * Does something in a green thread of the pool, without a result. An exception that ends it
     * goes to the hub's exception handler.
     *
     * @checkpoint if the pool is full
     * @param body what to do
     * @throws RejectedExecutionException after {@link #shutdown}
     */
    public void spawnN(Body<?> body) {
        if (!enter(isMember())) {
            new DetachedMember(Hub.current(), body).runHere();
            return;
        }
        DetachedMember member = null;
        try {
            member = new DetachedMember(Hub.current(), body);
            member.begin();
            killIfTooLate(member);
        } catch (RuntimeException | Error e) {
            leave(member);
            throw e;
        }
    }

    /** Takes a slot; false if the caller is a member of the full pool. */
    private boolean enter(boolean asMember) {
        if (shutdown) {
            throw refusal();
        }
        if (slots.tryAcquire()) {
            return true;
        }
        if (asMember) {
            return false;
        }
        if (!slots.acquire()) {
            throw refusal();
        }
        return true;
    }

    private RejectedExecutionException refusal() {
        return new RejectedExecutionException(this + ": spawn after shutdown");
    }

    /* It had its slot, but was not yet among the members, when all of them were killed. */
    private void killIfTooLate(Greenlet member) {
        if (killing) {
            member.raise(new GreenThreadExit());
        }
    }

    private void leave(@Nullable Greenlet member) {
        if (member != null) {
            lock.lock();
            try {
                members.remove(member);
            } finally {
                lock.unlock();
            }
        }
        slots.release();
    }

    private void addMember(Greenlet member) {
        lock.lock();
        try {
            members.add(member);
        } finally {
            lock.unlock();
        }
    }

    private boolean isMember(@Nullable Greenlet greenlet) {
        lock.lock();
        try {
            return members.contains(greenlet);
        } finally {
            lock.unlock();
        }
    }

    /** True if the current green thread was spawned by this pool. */
    boolean isMember() {
        Greenlet me = Greenlet.currentOrNull();
        return me != null && isMember(me);
    }

    /**
     * Calls a function for each element, as many at once as the pool has free slots, and gives the
     * results in the order of the elements.
     *
     * <p>Elements are taken from {@code input} only as results are consumed: at most {@link #size}
     * results wait, so the input may be infinite. An exception of the function is thrown by {@code
     * next} at its element's place, and the iteration may go on; one of the input, when all before
     * it are through. {@link Results#close} ends it early.
     *
     * @checkpoint never; the results' {@code hasNext} and {@code next} wait
     * @param <A> type of the elements
     * @param <T> type of the results
     * @param function null for the elements themselves
     * @param input the elements
     * @return the results, to be iterated once
     */
    public <A extends @Nullable Object, T extends @Nullable Object> Results<T> imap(
            @Nullable Function<? super A, ? extends T> function, Iterable<? extends A> input) {
        Function<? super A, ? extends T> f = function == null ? identity() : function;
        return Results.start(this, () -> calls(f, input.iterator()));
    }

    /**
     * Calls a function for each pair of elements, up to the end of the shorter input; otherwise as
     * {@link #imap(Function, Iterable)}.
     *
     * @checkpoint never; the results' {@code hasNext} and {@code next} wait
     * @param <A> type of the first elements
     * @param <B> type of the second elements
     * @param <T> type of the results
     * @param function null for the pairs themselves
     * @param first the first elements
     * @param second the second elements
     * @return the results, to be iterated once
     */
    public <A, B, T extends @Nullable Object> Results<T> imap(
            @Nullable Function2<? super A, ? super B, ? extends T> function,
            Iterable<? extends A> first,
            Iterable<? extends B> second) {
        Iterable<Map.Entry<A, B>> pairs = () -> new Zip<>(first.iterator(), second.iterator());
        return this.<A, B, T>starmap(function, pairs);
    }

    /**
     * Calls a function for each pair; otherwise as {@link #imap(Function, Iterable)}.
     *
     * @checkpoint never; the results' {@code hasNext} and {@code next} wait
     * @param <A> type of the keys
     * @param <B> type of the values
     * @param <T> type of the results
     * @param function null for the pairs themselves
     * @param input the pairs
     * @return the results, to be iterated once
     */
    public <A, B, T extends @Nullable Object> Results<T> starmap(
            @Nullable Function2<? super A, ? super B, ? extends T> function,
            Iterable<? extends Map.Entry<? extends A, ? extends B>> input) {
        if (function == null) {
            return imap((Function<Object, T>) null, input);
        }
        return imap(pair -> function.apply(pair.getKey(), pair.getValue()), input);
    }

    @SuppressWarnings("unchecked") // no function: the caller says that A is T
    private static <A extends @Nullable Object, T extends @Nullable Object>
            Function<A, T> identity() {
        return a -> (T) a;
    }

    private static <A extends @Nullable Object, T extends @Nullable Object>
            Iterator<Callable<T>> calls(
                    Function<? super A, ? extends T> function, Iterator<? extends A> input) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return input.hasNext();
            }

            @Override
            public Callable<T> next() {
                A argument = input.next();
                return () -> function.apply(argument);
            }
        };
    }

    /**
     * Waits until nothing runs and nobody waits to spawn.
     *
     * @checkpoint if something runs
     * @throws IllegalStateException if called by a member, which would wait for itself
     */
    public void waitAll() {
        if (isMember()) {
            throw new IllegalStateException(
                    this
                            + ": waitAll() was called by one of its members, which would wait for"
                            + " itself");
        }
        slots.awaitIdle();
    }

    /**
     * Changes the size. What runs goes on; those who wait to spawn get new slots at once.
     *
     * @param size how many may run at once
     * @throws IllegalArgumentException if {@code size} is negative
     */
    public void resize(int size) {
        slots.resize(checked(size));
    }

    /** {@return how many may run at once} */
    public int size() {
        return slots.size();
    }

    /** {@return how many run} */
    public int running() {
        return slots.taken();
    }

    /** {@return how many more may run; negative after the pool was made smaller than what runs} */
    public int free() {
        return slots.size() - slots.taken();
    }

    /** {@return how many callers wait to spawn} */
    public int waiting() {
        return slots.liveWaiters();
    }

    @Override
    public void execute(Runnable task) {
        spawnN(new Task(Objects.requireNonNull(task, "task")));
    }

    @Override
    public <T extends @Nullable Object> GreenThread<T> submit(Callable<T> task) {
        return spawn(task);
    }

    /** Refuses what comes from now on; what runs goes on. */
    @Override
    public void shutdown() {
        shutdown = true;
        slots.close();
    }

    /**
     * Refuses what comes from now on and those who wait to spawn, and kills what runs.
     *
     * @checkpoint if members run on another hub
     * @return the tasks given to {@link #execute} that had not begun
     */
    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        killing = true;
        slots.refuseWaiters();
        List<Greenlet> all;
        lock.lock();
        try {
            all = new ArrayList<>(members);
        } finally {
            lock.unlock();
        }
        List<Runnable> notBegun = new ArrayList<>();
        Greenlet me = Greenlet.currentOrNull();
        for (Greenlet member : all) {
            boolean prevented = member != me && member.raiseOrPrevent(new GreenThreadExit());
            if (prevented
                    && member instanceof DetachedMember detached
                    && detached.body instanceof Task task) {
                notBegun.add(task.runnable);
            }
        }
        return notBegun;
    }

    /** What {@link #execute} was given. */
    private record Task(Runnable runnable) implements Body<RuntimeException> {
        @Override
        public void run() {
            runnable.run();
        }
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown && slots.isIdle();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return slots.awaitEnd(unit.toNanos(timeout));
    }

    @Override
    public String toString() {
        return "GreenPool[size="
                + size()
                + ", running="
                + running()
                + ", waiting="
                + waiting()
                + (shutdown ? ", shut down" : "")
                + "]";
    }

    /**
     * A function that may throw.
     *
     * @param <A> type of the argument
     * @param <T> type of the result
     */
    @FunctionalInterface
    public interface Function<A extends @Nullable Object, T extends @Nullable Object> {
        /**
         * Applies it.
         *
         * @param argument the argument
         * @return the result
         * @throws Exception thrown again where the result is asked for
         */
        T apply(A argument) throws Exception;
    }

    /**
     * A function of two arguments that may throw.
     *
     * @param <A> type of the first argument
     * @param <B> type of the second argument
     * @param <T> type of the result
     */
    @FunctionalInterface
    public interface Function2<
            A extends @Nullable Object, B extends @Nullable Object, T extends @Nullable Object> {
        /**
         * Applies it.
         *
         * @param first the first argument
         * @param second the second argument
         * @return the result
         * @throws Exception thrown again where the result is asked for
         */
        T apply(A first, B second) throws Exception;
    }

    private record Zip<A, B>(Iterator<? extends A> first, Iterator<? extends B> second)
            implements Iterator<Map.Entry<A, B>> {
        @Override
        public boolean hasNext() {
            return first.hasNext() && second.hasNext();
        }

        @Override
        public Map.Entry<A, B> next() {
            return Map.entry(first.next(), second.next());
        }
    }

    /** A member with a result. */
    private final class Member<T extends @Nullable Object> extends GreenThread<T> {
        Member(Hub hub, Callable<? extends T> body) {
            super(hub, body);
            addMember(this);
        }

        @Override
        void released() {
            leave(this);
        }
    }

    /** A member without one. */
    private final class DetachedMember extends Detached {
        DetachedMember(Hub hub, Body<?> body) {
            super(hub, body);
        }

        void begin() {
            addMember(this);
            start();
        }

        void runHere() {
            runInPlace();
        }

        @Override
        protected void ended(@Nullable Throwable failure) {
            try {
                super.ended(failure);
            } finally {
                if (isMember(this)) {
                    leave(this);
                }
            }
        }
    }
}
