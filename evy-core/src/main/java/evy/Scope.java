package evy;

import evy.hubs.Cancellation;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.WaitQueue;
import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Green threads that live no longer than a block of code: leaving the block waits for them, and the
 * failure of one kills the rest.
 *
 * {@snippet :
 * Summary summary(int id) {
 *     try (var scope = Evy.scope()) {
 *         var user = scope.spawn(() -> findUser(id));
 *         var order = scope.spawn(() -> fetchOrder(id));
 *         return new Summary(user.join(), order.join());
 *     }
 * }
 * }
 *
 * <p>The first exception that ends one of them is thrown out of the block, as that very object: at
 * the call that the block is blocked in or the next one that would block, or else when it is left.
 * One that was killed has not failed. A kill, timeout or interrupt that reaches the owner while it
 * leaves the block kills what still runs, and is thrown when all have ended.
 *
 * <p>A {@code try} does not let its resource know of an exception that leaves it, so those that run
 * then are waited for, not killed. {@link #run} and {@link #call} know: there the failure of the
 * block, too, kills the rest.
 *
 * @thread {@link #spawn} and {@link #kill} any while the block is open; {@link #close} its owner
 */
/*
 * The failure is thrown into the block once: by raising it into the owner, by a join of the failed
 * thread, or by close(). The owner must never get it after it has left. So it is raised on the
 * owner's own hub, where nothing runs beside the owner, and only while `owed`; for an owner that is
 * no green thread under the lock, which all who change `owed` hold.
 */
public final class Scope implements AutoCloseable {
    private final Greenlet owner = Greenlet.current();
    private final @Nullable Throwable raisedBefore = owner.watchRaised();
    private final WaitQueue enders = new WaitQueue();

    // guarded by enders
    private final Set<Child<?>> children = Collections.newSetFromMap(new IdentityHashMap<>());
    private @Nullable Throwable failure;
    private boolean leaving;
    private boolean ended;
    private boolean owed = true;
    private boolean raised;

    // owner only: the failure came while the owner waited for the rest to end
    private boolean caught;

    Scope() {}

    /**
     * Does something in a scope of its own and waits for what was spawned there. What the block
     * throws kills that, and is thrown on when all have ended.
     *
     * <p>Throws the very exception that ended a green thread of the scope, too.
     *
     * @checkpoint as the block; and if something runs when it is through
     * @param <X> what the block may throw
     * @param block gets the scope
     * @throws X as the block
     */
    public static <X extends Exception> void run(Block<X> block) throws X {
        call(
                scope -> {
                    block.run(scope);
                    return true;
                });
    }

    /**
     * Makes a call in a scope of its own; otherwise as {@link #run}.
     *
     * @checkpoint as the block; and if something runs when it is through
     * @param <T> type of the result
     * @param <X> what the block may throw
     * @param block gets the scope
     * @return what the block returned
     * @throws X as the block
     */
    public static <T extends @Nullable Object, X extends Exception> T call(Function<T, X> block)
            throws X {
        Scope scope = new Scope();
        T result;
        try {
            result = block.apply(scope);
        } catch (Throwable t) {
            throw Greenlet.<RuntimeException>thrown(scope.abandon(t));
        }
        scope.close();
        return result;
    }

    /**
     * Starts a green thread of this scope.
     *
     * <p>If one of the scope has failed, its failure is thrown if the caller is the owner.
     *
     * @param <T> type of the result
     * @param body what it does
     * @return to get its result by
     * @throws IllegalStateException if the scope has failed or is being left
     */
    public <T extends @Nullable Object> GreenThread<T> spawn(Callable<? extends T> body) {
        Child<T> child = new Child<>(this, body);
        if (!enter(child)) {
            throw refusal();
        }
        try {
            child.begin();
        } catch (RuntimeException | Error e) {
            left(child);
            throw e;
        }
        return child;
    }

    /**
     * Starts a green thread of this scope whose result is null; otherwise as {@link
     * #spawn(Callable)}.
     *
     * @param body what it does
     * @return to wait for its end by
     */
    public GreenThread<@Nullable Void> spawn(Body<?> body) {
        return spawn(Evy.returningNull(body));
    }

    private boolean enter(Child<?> child) {
        enders.lock();
        try {
            return !leaving && !ended && failure == null && children.add(child);
        } finally {
            enders.unlock();
        }
    }

    private RuntimeException refusal() {
        Throwable cause = failure();
        if (cause != null && Greenlet.current() == owner) {
            seen(cause);
            throw Greenlet.<RuntimeException>thrown(cause);
        }
        String why = cause == null ? "is being left" : "has failed";
        return new IllegalStateException(this + ": spawn in a scope that " + why, cause);
    }

    /**
     * Kills all that run, and that were not killed by this scope before: what they still do to
     * clean up is not disturbed. Does not wait for their end.
     */
    public void kill() {
        List<Child<?>> doomed = new ArrayList<>();
        Greenlet me = Greenlet.currentOrNull();
        enders.lock();
        try {
            for (Child<?> child : children) {
                if (!child.doomed && child != me) {
                    child.doomed = true;
                    doomed.add(child);
                }
            }
        } finally {
            enders.unlock();
        }
        for (Child<?> child : doomed) {
            child.raise(new GreenThreadExit("its scope is over"));
        }
    }

    /**
     * Waits until all that was spawned here has ended, and throws the failure of the one that
     * failed first, unless the block has got it already. Does nothing the second time.
     *
     * @checkpoint if something runs
     * @throws IllegalStateException if called by another than the owner
     */
    @Override
    public void close() {
        if (Greenlet.current() != owner) {
            throw new IllegalStateException(
                    this + " must be closed by its owner, not by " + Greenlet.current());
        }
        if (hasEnded()) {
            return;
        }
        Throwable raisedLast = owner.unwatchRaised();
        if (raisedLast instanceof Cancellation && raisedLast != raisedBefore) {
            leave(); // a kill or a timeout on its way out
        }
        Throwable torn = awaitChildren();
        Throwable due = takeFailure();
        if (torn == null) {
            torn = due;
        } else {
            suppress(torn, due);
        }
        if (torn != null) {
            throw Greenlet.<RuntimeException>thrown(torn);
        }
    }

    /** Ends it by an exception of the block; returns what is to be thrown. */
    private Throwable abandon(Throwable t) {
        owner.unwatchRaised();
        leave();
        Throwable torn = awaitChildren();
        Throwable due = takeFailure();
        if (torn != null) {
            owner.raise(torn); // a kill must not get lost
        }
        if (due != null && Greenlet.isInterruption(t)) {
            suppress(due, t); // the interrupt that stood for it in a JDK wait
            return due;
        }
        suppress(t, due);
        return t;
    }

    private void leave() {
        enders.lock();
        try {
            leaving = true;
        } finally {
            enders.unlock();
        }
        kill();
    }

    /** Waits until all have ended; returns what else than the failure was thrown into the owner. */
    private @Nullable Throwable awaitChildren() {
        Throwable torn = null;
        for (Waiter waiter = enterUnlessEnded(); waiter != null; waiter = enterUnlessEnded()) {
            try {
                boolean _ = enders.await(waiter, Waiter.FOREVER);
            } catch (Throwable t) {
                leave();
                Throwable cause = t instanceof InterruptedException e ? Waits.exit(e) : t;
                if (cause == failure()) {
                    caught = true;
                } else if (torn == null) {
                    torn = cause;
                } else if (cause instanceof GreenThreadExit) {
                    suppress(cause, torn); // a kill must not get lost
                    torn = cause;
                } else {
                    suppress(torn, cause);
                }
            }
        }
        return torn;
    }

    private @Nullable Waiter enterUnlessEnded() {
        enders.lock();
        try {
            if (children.isEmpty()) {
                ended = true;
                return null;
            }
            return enders.enter(this);
        } finally {
            enders.unlock();
        }
    }

    /** The failure if the block has not got it. After this nothing is raised any more. */
    private @Nullable Throwable takeFailure() {
        enders.lock();
        try {
            Throwable first = failure();
            boolean due = first != null && owed && (caught || !raised || owner.withdraw(first));
            owed = false;
            return due ? first : null;
        } finally {
            enders.unlock();
        }
    }

    private static void suppress(Throwable thrown, @Nullable Throwable other) {
        if (other != null && other != thrown) {
            thrown.addSuppressed(other);
        }
    }

    private @Nullable Throwable failure() {
        enders.lock();
        try {
            return failure;
        } finally {
            enders.unlock();
        }
    }

    private boolean hasEnded() {
        enders.lock();
        try {
            return ended;
        } finally {
            enders.unlock();
        }
    }

    private void failed(Throwable t) {
        enders.lock();
        try {
            if (failure != null) {
                suppress(failure, t);
                return;
            }
            failure = t;
        } finally {
            enders.unlock();
        }
        try {
            if (owner.isForeign() || owner.hub().isCurrent()) {
                raiseIntoOwner();
            } else {
                owner.hub().execute(this::raiseIntoOwner);
            }
        } finally {
            kill();
        }
    }

    private void raiseIntoOwner() {
        enders.lock();
        try {
            Throwable t = failure();
            if (owed && t != null) {
                raised = true;
                owner.raise(t);
            }
        } finally {
            enders.unlock();
        }
    }

    /* The owner is about to get it by a join. */
    private void seen(@Nullable Throwable t) {
        enders.lock();
        try {
            if (Greenlet.current() == owner && t == failure()) {
                owed = false;
                if (t != null && raised) {
                    boolean _ = owner.withdraw(t);
                }
            }
        } finally {
            enders.unlock();
        }
    }

    private void left(Child<?> child) {
        enders.lock();
        try {
            children.remove(child);
            if (children.isEmpty()) {
                enders.wakeAll(null);
            }
        } finally {
            enders.unlock();
        }
    }

    @Override
    public String toString() {
        enders.lock();
        try {
            return "Scope[running="
                    + children.size()
                    + (failure == null ? "" : ", failed")
                    + (ended ? ", ended" : leaving ? ", being left" : "")
                    + "]";
        } finally {
            enders.unlock();
        }
    }

    /**
     * What is done in a scope.
     *
     * @param <X> what it may throw
     */
    @FunctionalInterface
    public interface Block<X extends Exception> {
        /**
         * Does it.
         *
         * @param scope ends when this returns
         * @throws X to kill what runs in the scope
         */
        void run(Scope scope) throws X;
    }

    /**
     * A call that is made in a scope.
     *
     * @param <T> type of the result
     * @param <X> what it may throw
     */
    @FunctionalInterface
    public interface Function<T extends @Nullable Object, X extends Exception> {
        /**
         * Makes the call.
         *
         * @param scope ends when this returns
         * @return the result
         * @throws X to kill what runs in the scope
         */
        T apply(Scope scope) throws X;
    }

    /** A green thread of a scope. */
    private static final class Child<T extends @Nullable Object> extends GreenThread<T> {
        private final Scope scope;
        private volatile @Nullable Throwable failure;
        private boolean doomed; // guarded by enders

        Child(Scope scope, Callable<? extends T> body) {
            super(Hub.current(), body);
            this.scope = scope;
        }

        @Override
        void settled(@Nullable Throwable cause) {
            failure = cause;
            if (cause != null && !isQuiet(cause)) {
                scope.failed(cause);
            }
        }

        @Override
        void failureSeen() {
            scope.seen(failure);
        }

        @Override
        void released() {
            scope.left(this);
        }
    }
}
