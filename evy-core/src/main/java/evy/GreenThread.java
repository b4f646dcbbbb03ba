package evy;

import evy.hubs.Cancellation;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Waiter;
import evy.internal.util.Fields;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A green thread with a result. Made by {@link Evy#spawn}.
 *
 * <p>Any number of threads, green or not, may {@link #join} it, before or after its end; all get
 * the same value or the same exception object. As a {@link Future} it says the same in the JDK's
 * way.
 *
 * @param <T> type of the result
 * @source eventlet {@code greenthread.GreenThread}
 */
/*
 * Who waits for the end and whom to tell of it stand in one stack, `followers`. The ending thread
 * publishes the outcome, then takes the stack until it finds it empty, telling the followers in the
 * order they came, and last puts ENDED in its place; who comes after that helps himself.
 */
public class GreenThread<T extends @Nullable Object> extends Greenlet implements Future<T> {
    private static final Object NONE = new Object();
    private static final Follower ENDED = new Follower(null, null);

    private static final VarHandle FOLLOWERS =
            Fields.handle(MethodHandles.lookup(), "followers", Follower.class);

    static {
        // a thread may fail for want of a descriptor, and then its class could not be read
        Class<?> _ = Failure.class;
    }

    private @Nullable Callable<? extends T> body;
    private volatile @Nullable Object outcome = NONE;
    private volatile @Nullable Follower followers;

    GreenThread(Hub hub, Callable<? extends T> body) {
        super(hub, null);
        this.body = body;
    }

    static <T extends @Nullable Object> GreenThread<T> spawn(Hub hub, Callable<? extends T> body) {
        GreenThread<T> thread = new GreenThread<>(hub, body);
        thread.start();
        return thread;
    }

    static <T extends @Nullable Object> GreenThread<T> spawnAfter(
            Duration delay, Callable<? extends T> body) {
        GreenThread<T> thread = new GreenThread<>(Hub.current(), body);
        long nanos = Hub.saturatedNanos(delay);
        if (nanos <= 0) {
            thread.start();
        } else {
            thread.startAfter(nanos, () -> true);
        }
        return thread;
    }

    static <T extends @Nullable Object> GreenThread<T> spawnAfterLocal(
            Duration delay, Callable<? extends T> body) {
        Greenlet spawner = Greenlet.current();
        GreenThread<T> thread = new GreenThread<>(Hub.current(), body);
        thread.startAfter(Hub.saturatedNanos(delay), () -> !spawner.isDead());
        return thread;
    }

    @Override
    protected final void run() throws Exception {
        Callable<? extends T> call = body;
        assert call != null;
        outcome = call.call();
    }

    @Override
    protected final void ended(@Nullable Throwable failure) {
        body = null; // a result may be kept long; what made it need not be
        reportIfWanted(failure);
        try {
            settled(failure);
        } catch (Throwable t) {
            report(t); // the followers must be told
        }
        if (failure != null) {
            outcome = new Failure(failure);
        } else if (outcome == NONE) {
            outcome = null;
        }
        do {
            for (Follower f = takeFollowers(); f != null; f = f.next) {
                tell(f);
            }
        } while (!FOLLOWERS.compareAndSet(this, null, ENDED));
        released();
    }

    @Override
    protected final boolean isQuiet(Throwable failure) {
        return failure instanceof GreenThreadExit || super.isQuiet(failure);
    }

    /** Called first, before anybody can see a failure. */
    void settled(@Nullable Throwable failure) {}

    /** Called last, when everybody has been told. */
    void released() {}

    private @Nullable Follower takeFollowers() {
        Follower newest = (Follower) FOLLOWERS.getAndSet(this, null);
        Follower oldestFirst = null;
        while (newest != null) {
            Follower following = newest.next;
            newest.next = oldestFirst;
            oldestFirst = newest;
            newest = following;
        }
        return oldestFirst;
    }

    private void tell(Follower follower) {
        Consumer<Object> link = follower.link;
        if (follower.waiter != null) {
            follower.waiter.wake();
        } else if (link != null) {
            callLink(link);
        }
    }

    private void callLink(Consumer<? super GreenThread<T>> link) {
        try {
            link.accept(this);
        } catch (Throwable t) {
            report(t);
        }
    }

    /** Adds a follower; false if the thread has ended and nobody will tell it. */
    private boolean follow(Follower follower) {
        Follower top;
        do {
            top = followers;
            if (top == ENDED) {
                return false;
            }
            // joins that gave up leave nothing behind that grows
            while (top != null && top.isStale()) {
                Follower below = top.next;
                FOLLOWERS.compareAndSet(this, top, below);
                top = followers;
            }
            if (top == ENDED) {
                return false;
            }
            follower.next = top;
        } while (!FOLLOWERS.compareAndSet(this, top, follower));
        return true;
    }

    /**
     * Waits for the end.
     *
     * <p>Throws the very exception it ended with, checked or not; {@link GreenThreadExit} if it was
     * killed.
     *
     * @checkpoint if it has not ended yet
     * @thread any but a hub's callback, unless it has ended
     * @return its result
     */
    @SuppressWarnings("NullAway") // null only if T allows it
    public final T join() {
        awaitEnd();
        return valueOrThrow();
    }

    /** Waits for the end and leaves the result alone. */
    final void awaitEnd() {
        if (outcome == NONE) {
            try {
                awaitEnd(Waiter.FOREVER);
            } catch (InterruptedException e) {
                throw Waits.exit(e);
            }
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"})
    private T valueOrThrow() {
        Object o = outcome;
        if (o instanceof Failure f) {
            failureSeen();
            throw Greenlet.<RuntimeException>thrown(f.exception);
        }
        return (T) o;
    }

    /** Called when the current thread is about to have the failure thrown. */
    void failureSeen() {}

    private boolean awaitEnd(long nanos) throws InterruptedException {
        Waiter waiter = Waiter.current(this);
        return !follow(new Follower(waiter, null)) || waiter.await(nanos) || isDone();
    }

    /**
     * Has a function called when this thread ends, in its own context and before it is reported
     * dead; at once, by the caller, if it has ended. Several are called in the order they were
     * linked. What one throws goes to the hub's exception handler and stops no other.
     *
     * @thread any
     * @param link gets this thread; {@link #join} on it returns, or throws, at once
     */
    @SuppressWarnings("unchecked")
    public final void link(Consumer<? super GreenThread<T>> link) {
        if (!follow(new Follower(null, (Consumer<Object>) (Consumer<?>) link))) {
            callLink(link);
        }
    }

    /**
     * Takes a link back.
     *
     * @thread any
     * @param link as given to {@link #link}: the same object
     * @return true if it was there and will not be called
     */
    public final boolean unlink(Consumer<? super GreenThread<T>> link) {
        for (Follower f = followers; f != null && f != ENDED; f = f.next) {
            if (f.link == link && f.forget()) {
                return true;
            }
        }
        return false;
    }

    /**
     * A future for code that wants callbacks. It completes as this thread ends; a kill cancels it,
     * and cancelling it kills this thread.
     *
     * @thread any
     * @return a new future
     */
    public final CompletableFuture<T> toCompletableFuture() {
        return Futures.of(this);
    }

    /**
     * Kills this thread with a {@link GreenThreadExit}, as {@link Greenlet#kill}.
     *
     * @checkpoint if it is alive
     */
    public final void kill() {
        kill(new GreenThreadExit());
    }

    /** Prevents the body from running if it has not begun; otherwise does nothing. */
    public final void cancel() {
        cancel(new GreenThreadExit());
    }

    /**
     * Cancels as a {@link Future} does: a thread that has not begun never will; one that runs is
     * killed if {@code mayInterrupt}. Does not wait.
     *
     * @param mayInterrupt true to kill it if it runs
     * @return false if it has a result already
     */
    @Override
    public final boolean cancel(boolean mayInterrupt) {
        if (isDone()) {
            return false;
        }
        if (mayInterrupt) {
            raise(new GreenThreadExit());
            return true;
        }
        return cancel(new GreenThreadExit());
    }

    /** True if it was killed. */
    @Override
    public final boolean isCancelled() {
        return outcome instanceof Failure f && isCancellation(f.exception);
    }

    private static boolean isCancellation(Throwable t) {
        return t instanceof Cancellation && !(t instanceof Timeout);
    }

    /** True once it has its result or failure. */
    @Override
    public final boolean isDone() {
        return outcome != NONE;
    }

    @Override
    public final T get() throws InterruptedException, ExecutionException {
        if (outcome == NONE) {
            awaitEnd(Waiter.FOREVER);
        }
        return valueOrWrap();
    }

    @Override
    public final T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        long nanos = unit.toNanos(timeout);
        if (outcome == NONE && !awaitEnd(nanos)) {
            throw new TimeoutException(
                    this
                            + ": no result after "
                            + timeout
                            + " "
                            + unit.name().toLowerCase(Locale.ROOT));
        }
        return valueOrWrap();
    }

    @SuppressWarnings({"unchecked", "NullAway"})
    private T valueOrWrap() throws ExecutionException {
        Object o = outcome;
        if (o instanceof Failure f) {
            failureSeen();
            if (isCancellation(f.exception)) {
                CancellationException e = new CancellationException(this + " was killed");
                e.initCause(f.exception);
                throw e;
            }
            throw new ExecutionException(f.exception);
        }
        return (T) o;
    }

    /** Starts it: for the pools. */
    final void begin() {
        start();
    }

    /** Runs the body on the caller's stack; for a pool's member that finds its pool full. */
    final void runHere() {
        runInPlace();
    }

    /** A failed outcome. */
    private static final class Failure {
        final Throwable exception;

        Failure(Throwable exception) {
            this.exception = exception;
        }
    }

    /** One who is to be told of the end: a waiter or a link. */
    private static final class Follower {
        final @Nullable Waiter waiter;
        private volatile @Nullable Consumer<Object> link;
        @Nullable Follower next;

        Follower(@Nullable Waiter waiter, @Nullable Consumer<Object> link) {
            this.waiter = waiter;
            this.link = link;
        }

        boolean isStale() {
            return waiter == null ? link == null : !waiter.isWaiting();
        }

        synchronized boolean forget() {
            boolean known = link != null;
            link = null;
            return known;
        }
    }
}
