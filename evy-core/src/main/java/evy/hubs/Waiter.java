package evy.hubs;

import evy.internal.util.Fields;
import evy.internal.vthread.Carrier;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * One wait of one thread, green or not: what every blocking call in Evy is made of.
 *
 * <p>Whoever wants to wait makes a waiter, hands it to whoever may {@link #wake} it, and calls
 * {@link #await}. A wait ends once, by whichever comes first: a wake, the time limit, an exception
 * thrown into the thread ({@link Greenlet#raise}) or an interrupt. The winner is decided by one
 * atomic step, so whoever hands something over with a wake learns from its result whether it has
 * been taken:
 *
 * {@snippet :
 * void handOver(Queue<Waiter> waiters) {
 *     for (var waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
 *         if (waiter.wake()) {
 *             return; // it has the permit now
 *         } // else it was killed or its time was over: the next one gets it
 *     }
 * }
 * }
 *
 * <p>Memory effects: what was done before {@code wake} happens-before the return of {@code await}.
 */
/*
 * States: WAITING -> WOKEN | EXPIRED | an exception, by compare-and-set; the last three are final. A
 * waiter is used for one wait only, so a late wake finds a final state and can never end the
 * thread's next wait. The park permit it may leave behind is harmless: every wait loops on its own
 * waiter's state.
 */
public final class Waiter {
    /** No limit to a wait, in nanoseconds. */
    public static final long FOREVER = Long.MAX_VALUE;

    /* States without an exception. Anything else in the state is the exception to be thrown. */
    private enum State {
        WAITING,
        WOKEN,
        EXPIRED
    }

    private static final VarHandle STATE =
            Fields.handle(MethodHandles.lookup(), "state", Object.class);

    private final Greenlet greenlet;
    private final Object reason;
    private volatile Object state = State.WAITING;

    // written before the state, read after it
    private @Nullable Object message;

    // its place in a WaitQueue, then among those a WaitLock has woken; guarded by the lock
    @Nullable WaitQueue queue;
    @Nullable Waiter previous;
    @Nullable Waiter next;

    private Waiter(Greenlet greenlet, Object reason) {
        this.greenlet = greenlet;
        this.reason = reason;
    }

    /**
     * Makes a waiter for the current thread.
     *
     * @param reason what is waited for, as listings and thread dumps show it; a {@link Descriptor}
     *     or an {@link External} can be woken from outside the program's green threads
     * @return a waiter that nobody knows yet
     * @throws IllegalStateException if the caller is a hub's callback, which must not block
     */
    public static Waiter current(Object reason) {
        return new Waiter(Greenlet.currentForWait(reason), reason);
    }

    /**
     * Ends the wait, begun or not. Never blocks.
     *
     * @thread any
     * @return true if this call ended it: the waiter has what it waited for; false if it ended
     *     before
     */
    public boolean wake() {
        return end(State.WOKEN);
    }

    /**
     * Ends the wait and gives the waiter something. Only one thread at a time may wake a waiter
     * with a message.
     *
     * @thread any
     * @param given what {@link #message} is to be when the wait has ended by this call
     * @return as {@link #wake()}; if false, nothing was given, and the message is what it was
     */
    public boolean wake(@Nullable Object given) {
        if (wakeWithoutResume(given)) {
            resume();
            return true;
        }
        return false;
    }

    /**
     * What the waiter was given by {@link #wake(Object)}, or what it {@linkplain #bring brought}
     * and was not replaced.
     *
     * @return null if there was nothing
     */
    public @Nullable Object message() {
        return message;
    }

    /**
     * Attaches what the waiter has to give to whoever wakes it.
     *
     * @thread the one that made this waiter, before it is known to others
     * @param brought what {@link #message} is to be
     */
    public void bring(Object brought) {
        message = brought;
    }

    /**
     * Asks whether the wait is still open.
     *
     * @return false once it has ended, by whatever
     */
    public boolean isWaiting() {
        return state == State.WAITING;
    }

    /**
     * What is waited for.
     *
     * @return as given to {@link #current}
     */
    public Object reason() {
        return reason;
    }

    /**
     * Waits without limit.
     *
     * @throws InterruptedException if the thread was interrupted; its interrupt status is cleared
     */
    public void await() throws InterruptedException {
        await(FOREVER);
    }

    /**
     * Waits until woken or until the time is over.
     *
     * <p>Throws whatever is thrown into the thread: a kill, a {@link Cancellation}. Whoever handed
     * out this waiter must take it back when the call ends by anything but true.
     *
     * @checkpoint always, unless woken already
     * @thread the one that made this waiter
     * @param nanos longest wait in nanoseconds from now; zero or less only looks, {@link #FOREVER}
     *     waits without limit
     * @return true if woken, false if the time was over first
     * @throws InterruptedException if the thread was interrupted; its interrupt status is cleared
     */
    public boolean await(long nanos) throws InterruptedException {
        if (state == State.WAITING && greenlet.hasPending()) {
            greenlet.abortIfPending(this);
        }
        if (state == State.WAITING) {
            if (nanos <= 0) {
                expire();
            } else {
                block(nanos);
            }
        }
        return outcome();
    }

    /** Ends the wait by its time limit. */
    boolean expire() {
        return end(State.EXPIRED);
    }

    /**
     * Ends the wait by an exception. Hub thread, or the waiting thread, or under the greenlet's
     * lock.
     */
    boolean abort(Throwable t) {
        return end(t);
    }

    private boolean end(Object how) {
        if (decide(how)) {
            resume();
            return true;
        }
        return false;
    }

    private boolean decide(Object how) {
        return state == State.WAITING && STATE.compareAndSet(this, State.WAITING, how);
    }

    /** Lets the thread run, whose wait has ended. */
    void resume() {
        LockSupport.unpark(greenlet.thread());
    }

    /**
     * As {@link #wake()}, but the thread is not told yet: {@link #resume} is to follow, in any
     * case.
     */
    boolean wakeWithoutResume() {
        return decide(State.WOKEN);
    }

    /** As {@link #wake(Object)}, but without {@link #resume}. */
    boolean wakeWithoutResume(@Nullable Object given) {
        Object kept = message;
        message = given;
        if (decide(State.WOKEN)) {
            return true;
        }
        message = kept;
        return false;
    }

    private void block(long nanos) throws InterruptedException {
        Greenlet me = greenlet;
        me.beginWait(this);
        try {
            if (nanos == FOREVER) {
                park(reason);
            } else if (me.isForeign()) {
                parkUntil(System.nanoTime() + nanos);
            } else {
                parkWithTimer(me.hub(), nanos);
            }
        } finally {
            me.endWait();
        }
    }

    private void park(Object blocker) throws InterruptedException {
        while (state == State.WAITING) {
            LockSupport.park(blocker);
            checkInterrupt();
        }
    }

    private void parkUntil(long deadline) throws InterruptedException {
        while (state == State.WAITING) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                expire();
            } else {
                LockSupport.parkNanos(reason, left);
                checkInterrupt();
            }
        }
    }

    private void parkWithTimer(Hub hub, long nanos) throws InterruptedException {
        Timer timer = new Limit(hub, this);
        hub.addTimer(timer, nanos);
        try {
            park(timer); // so that listings find how long it may still take
        } finally {
            timer.cancel();
        }
    }

    private void checkInterrupt() throws InterruptedException {
        if (state == State.WAITING
                && Thread.interrupted()
                && !abort(new InterruptedException("interrupted while waiting for " + reason))) {
            Thread.currentThread()
                    .interrupt(); // woken at the same moment: the next wait tells of it
        }
    }

    private boolean outcome() throws InterruptedException {
        Object how = state;
        if (how instanceof Throwable t) {
            greenlet.noteRaised(t);
            throw Greenlet.<InterruptedException>thrown(t);
        }
        return how == State.WOKEN;
    }

    @Override
    public String toString() {
        String how =
                switch (state) {
                    case State.WAITING -> "waits for ";
                    case State.WOKEN -> "was woken from ";
                    case State.EXPIRED -> "gave up waiting for ";
                    default -> "was torn from ";
                };
        return greenlet + " " + how + reason;
    }

    static IllegalStateException refuse(Object reason) {
        return new IllegalStateException(
                Carrier.current().getName()
                        + ": a hub's callback must not block (it would wait for "
                        + reason
                        + "), the whole hub would stand still; spawn a green thread for it");
    }

    /**
     * Marks the reason of a wait that something outside all green threads will end: a native
     * thread, a signal, another process. Keeps the deadlock report from crying wolf.
     */
    public interface External {}

    /** A reason that says in a word what kind it is of, for listings that group by it. */
    public interface Kind {
        /** {@return such as {@code queue}; without it the name of the class does} */
        String kind();
    }

    /** The time limit of a wait. */
    private static final class Limit extends Timer {
        private final Waiter waiter;

        Limit(Hub hub, Waiter waiter) {
            super(hub);
            this.waiter = waiter;
        }

        @Override
        void fire() {
            waiter.expire();
        }

        @Override
        Object action() {
            return waiter;
        }

        @Override
        public String describe() {
            return "time limit of " + waiter;
        }
    }
}
