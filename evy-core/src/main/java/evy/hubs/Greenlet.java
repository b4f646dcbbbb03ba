package evy.hubs;

import evy.internal.jfr.Flight;
import evy.internal.util.SpinLock;
import evy.internal.vthread.Carrier;
import evy.internal.vthread.VirtualThreads;

import org.jspecify.annotations.Nullable;

import java.io.InterruptedIOException;
import java.lang.invoke.VarHandle;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A green thread as its hub sees it: a virtual thread that runs on one hub only and is switched
 * only where it may block. What {@code spawnN} returns; {@code evy.GreenThread} adds a result to
 * it.
 *
 * <p>Every other thread has one, too, once it asks for {@link #current}: an identity that can be
 * waited with and killed, but runs nothing here.
 */
/*
 * Who owns what. A green thread is touched by its hub's thread only: between its own steps no other
 * code runs there but callbacks and other green threads of the hub. So `waiter`, `pending` and the
 * flags need no lock; whoever comes from outside posts to the hub. The identity of a foreign thread
 * runs beside its raisers, so it pairs two writes with two reads across a fence (publish the waiter,
 * then look at pending; publish pending, then look at the waiter) under its lock.
 *
 * Life: made -> [delayed by a timer ->] begun (registered, in the run queue) -> started (its body
 * runs) -> finished. A kill before `started` leaves an exception pending that `main` finds instead of
 * running the body, so links and waiters see the end in the thread's own context, as always.
 */
public abstract class Greenlet {
    private static final int CALLS_PER_TURN = 64;

    /* Whether it is noted where green threads are made. */
    private static volatile boolean originsKept;

    private static volatile boolean allReported;

    private final Thread thread;
    private final @Nullable Hub hub; // null for a foreign thread

    // hub thread only, for a foreign thread: guarded by lock where two threads meet
    private @Nullable Waiter waiter;
    private @Nullable Pending pending;
    private @Nullable Timer startTimer;
    private boolean registered;
    private boolean started;
    private boolean yielding;
    private int watching;
    private @Nullable Throwable lastRaised;

    // hub's list of live green threads, hub thread only
    @Nullable Greenlet previous;
    @Nullable Greenlet following;

    /* When it ran last, in units of Hub.tick(); what it has waited is counted from there. */
    private int lastRun;

    private @Nullable Origin origin;
    private volatile boolean finished;

    /**
     * Makes a green thread that does not run yet.
     *
     * @param hub the hub it will run on
     * @param name name of its {@link #thread}; null for none
     * @throws IllegalStateException if this JVM lets us make no green threads; the message says
     *     which flag to add
     */
    @SuppressWarnings("this-escape") // the thread is not started before the constructor ends
    protected Greenlet(Hub hub, @Nullable String name) {
        this.hub = hub;
        this.origin = currentOrigin();
        this.thread = VirtualThreads.unstarted(new Mount(this), name, this::main);
    }

    /** The identity of a thread that no hub runs as its own. */
    private Greenlet(Thread thread) {
        this.hub = null;
        this.thread = thread;
        this.started = true;
    }

    /** The dead one that stands for all of a hub's that have ended; see {@link Mount#clear}. */
    Greenlet(HubThread thread) {
        this.hub = thread.hub;
        this.thread = thread;
        this.finished = true;
    }

    private static @Nullable Origin currentOrigin() {
        Origin spawner =
                Carrier.current() instanceof HubThread h && h.current != null ? h.mount : null;
        return originsKept ? new KnownOrigin(spawner, new Throwable("spawned here")) : spawner;
    }

    /**
     * Says whether it is noted, from now on, where each green thread is made, for {@link
     * #spawnedAt}. Costs a stack walk at each spawn.
     *
     * @param keep false, the default, not to
     */
    public static void keepOrigins(boolean keep) {
        originsKept = keep;
    }

    /**
     * The current green thread, or the identity of the current thread if it is none.
     *
     * @return the same object every time for the same thread
     */
    public static Greenlet current() {
        Greenlet green = currentOrNull();
        return green == null ? Foreign.ofCurrentThread() : green;
    }

    /**
     * The current green thread.
     *
     * @return null if the current thread is not green, or is in a hub's callback
     */
    public static @Nullable Greenlet currentOrNull() {
        return Carrier.current() instanceof HubThread h ? h.current : null;
    }

    /**
     * Lets every other green thread that can run now have a turn first.
     *
     * <p>On a thread that is not green: waits until the default hub has given one to all that could
     * run there. In a hub's callback: does nothing.
     *
     * @checkpoint always, but in a hub's callback
     */
    public static void yieldNow() {
        Greenlet me = currentOrNull();
        if (me != null) {
            me.checkpoint();
            giveTurn();
            me.checkpoint();
        } else if (!Hub.inCallback()) {
            Hub.current().letAllRun();
        }
    }

    /**
     * Lets every other green thread that can run now have a turn first, as {@link #yieldNow}, but
     * throws nothing: for calls that have done their work already. Does nothing on a thread that is
     * not green and in a hub's callback.
     */
    public static void giveTurn() {
        Greenlet me = currentOrNull();
        if (me != null) {
            me.yielding = true;
            try {
                Thread.yield();
            } finally {
                me.yielding = false;
            }
        }
    }

    /**
     * Counts a call that might have had to wait and had not. After {@value #CALLS_PER_TURN} of them
     * in one go the current green thread {@linkplain #giveTurn gives the others a turn}, so that
     * threads that never find a reason to wait do not keep all others waiting.
     */
    public static void countCall() {
        if (Carrier.current() instanceof HubThread h && ++h.calls >= CALLS_PER_TURN) {
            giveTurn();
        }
    }

    /**
     * Throws what was raised into the current green thread and not thrown yet, and {@linkplain
     * #countCall counts the call}. For calls that may find that they need not block, so that they
     * are a checkpoint all the same.
     */
    public static void checkRaised() {
        if (Carrier.current() instanceof HubThread h) {
            Greenlet me = h.current;
            if (me != null) {
                if (++h.calls >= CALLS_PER_TURN) {
                    giveTurn();
                }
                me.checkpoint();
            }
        }
    }

    static Greenlet currentForWait(Object reason) {
        if (Carrier.current() instanceof HubThread h) {
            Greenlet green = h.current;
            if (green != null) {
                return green;
            }
            if (Thread.currentThread() == h) {
                throw Waiter.refuse(reason);
            }
        }
        return Foreign.ofCurrentThread();
    }

    /**
     * The body: what the green thread does.
     *
     * @throws Throwable anything; {@link #ended} gets it
     */
    protected abstract void run() throws Throwable;

    /**
     * Called once, in the thread's own context, when {@link #run} is over or was prevented by a
     * kill; the thread counts as alive until it returns. By default a failure that is not
     * {@linkplain #isQuiet quiet} goes to the hub's exception handler.
     *
     * @param failure what ended the body; null if it returned
     */
    protected void ended(@Nullable Throwable failure) {
        if (failure != null && !isQuiet(failure)) {
            hub().report(this, failure);
        }
    }

    /**
     * Asks whether a failure is an ordinary way to end that nobody needs to hear of: a kill.
     *
     * @param failure what ended the body
     * @return by default false but for the closing of the hub
     */
    protected boolean isQuiet(Throwable failure) {
        return failure instanceof HubClosed || failure instanceof NotStarted;
    }

    /**
     * Says whether every failure of a green thread goes to its hub's exception handler, also one
     * that whoever joins the thread gets anyway.
     *
     * @param all false, the default, for those only that nobody else gets
     * @source eventlet {@code debug.hub_exceptions}
     */
    public static void reportAllFailures(boolean all) {
        allReported = all;
    }

    /**
     * Reports a failure that somebody may get, if that is {@linkplain #reportAllFailures wanted}.
     *
     * @param failure what ended the body; null if it returned
     */
    protected final void reportIfWanted(@Nullable Throwable failure) {
        if (allReported && failure != null && !isQuiet(failure)) {
            report(failure);
        }
    }

    /**
     * Gives an exception that nobody else gets to the hub's exception handler.
     *
     * @param t the exception
     */
    protected final void report(Throwable t) {
        hub().report(this, t);
    }

    /**
     * The {@link Thread} it is: thread locals, debuggers, {@code Thread.currentThread()} know it.
     *
     * @return the same thread always
     */
    public final Thread thread() {
        return thread;
    }

    /**
     * {@return the hub it runs on; for a thread that is not green the one that keeps its timers}
     */
    public final Hub hub() {
        Hub own = hub;
        return own == null ? Hub.getDefault() : own;
    }

    /** {@return the green thread that spawned this one, if both are still alive} */
    public final @Nullable Greenlet parent() {
        Origin o = origin;
        Greenlet p = o == null ? null : o.spawner();
        return p == null || p.isDead() ? null : p;
    }

    /**
     * Where it was made.
     *
     * @return the stack of its spawner then; null unless {@link #keepOrigins} was on, and when it
     *     has ended
     */
    public final @Nullable Throwable spawnedAt() {
        Origin o = origin;
        return o == null ? null : o.where();
    }

    /** {@return true once it has ended} */
    public final boolean isDead() {
        return finished || (hub == null && !thread.isAlive());
    }

    /** {@return true for the identity of a thread that no hub runs as its own} */
    public final boolean isForeign() {
        return hub == null;
    }

    /**
     * What it waits for in an Evy call. From another thread: a moment's view.
     *
     * @return null if it does not wait
     */
    public final @Nullable Object waitsFor() {
        Waiter w = waiter;
        return w == null ? null : w.reason();
    }

    /** Starts it: it runs when those before it in the run queue have had their turn. Any thread. */
    protected final void start() {
        ensureOpen();
        if (hub().isCurrent()) {
            begin();
        } else {
            hub().execute(this::begin);
        }
    }

    /**
     * Starts it when the time has come.
     *
     * @param nanos delay from now
     * @param condition asked then; if false the thread is killed instead of started
     */
    protected final void startAfter(long nanos, BooleanSupplier condition) {
        ensureOpen();
        if (hub().isCurrent()) {
            delay(nanos, condition);
        } else {
            hub().execute(() -> delay(nanos, condition));
        }
    }

    private void ensureOpen() {
        if (hub().isClosing()) {
            throw new IllegalStateException(hub() + ": spawn after close");
        }
    }

    private void begin() {
        register();
        thread.start();
    }

    private void register() {
        registered = true;
        lastRun = hub().tick();
        hub().register(this);
        if (Flight.recordsSpawns()) {
            Greenlet spawner = parent();
            Flight.recordSpawn(
                    thread, hub().name(), spawner == null ? 0 : spawner.thread.threadId());
        }
    }

    /** What it does now, as far as can be told. Its hub's thread; or any, for a rough idea. */
    final Sighting sight(long now, boolean withStack) {
        Timer start = startTimer;
        Waiter w = waiter;
        Object blocker = LockSupport.getBlocker(thread);
        Timer limit = start != null ? start : blocker instanceof Timer t ? t : null;
        GreenThreadState state = stateNow(start != null);
        boolean waits = state == GreenThreadState.WAITING && w != null && w.isWaiting();
        return new Sighting(
                this,
                parent(),
                state,
                waits ? w : null,
                waits || limit != null ? null : blocker,
                Math.max(0, (long) (Hub.ticks(now) - lastRun) << Hub.TICK_SHIFT),
                limit == null ? -1 : Math.max(0, limit.deadlineNanos - now),
                withStack ? thread.getStackTrace() : null);
    }

    private GreenThreadState stateNow(boolean delayed) {
        if (delayed) {
            return GreenThreadState.DELAYED;
        }
        if (hub().thread().current == this) {
            return GreenThreadState.RUNNING;
        }
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> GreenThreadState.WAITING;
            case BLOCKED -> GreenThreadState.BLOCKED;
            default -> GreenThreadState.READY;
        };
    }

    private void delay(long nanos, BooleanSupplier condition) {
        Timer timer = new Timer.Callback(hub(), () -> startIf(condition));
        startTimer = timer;
        register();
        hub().addTimer(timer, nanos);
    }

    private void startIf(BooleanSupplier condition) {
        startTimer = null;
        if (!condition.getAsBoolean()) {
            addPending(new NotStarted());
        }
        thread.start();
    }

    /**
     * Throws an exception into this thread at the call it is blocked in, or the next one that may
     * block. A wait in Evy throws it; any other wait is interrupted, and the exception takes the
     * interrupt's place on the way out. A thread that has not started ends without running its
     * body. Returns without waiting for any of that.
     *
     * @thread any
     * @param t thrown as this very object
     */
    public void raise(Throwable t) {
        if (finished) {
            return;
        }
        if (Flight.recordsRaises()) {
            Flight.recordRaise(thread, t);
        }
        if (hub().isCurrent()) {
            deliver(t);
        } else {
            hub().execute(() -> deliver(t));
        }
    }

    /**
     * Throws an exception into this thread and lets it run: when the call returns, the target has
     * got the exception and has gone on to the next place it blocks at. Does nothing if it is dead.
     * A thread that kills itself gets the exception right here.
     *
     * @checkpoint if the target is alive; not in a hub's callback
     * @thread any
     * @param t thrown as this very object
     */
    public final void kill(Throwable t) {
        Greenlet me = current();
        if (me == this) {
            throw Greenlet.<RuntimeException>thrown(t);
        }
        if (isDead()) {
            return;
        }
        raise(t);
        if (Hub.inCallback()) {
            return;
        }
        if (hub().isCurrent() && !me.isForeign()) {
            yieldNow();
        } else {
            hub().letAllRun();
        }
    }

    /**
     * Ends this thread if its body has not started yet; otherwise does nothing.
     *
     * @thread any
     * @param t what it ends with
     * @return false if the body has started; from another hub's thread true means that it had not
     *     when this call was made
     */
    public final boolean cancel(Throwable t) {
        if (hub().isCurrent()) {
            return cancelHere(t);
        }
        if (started) { // for good, so this is certain
            return false;
        }
        hub().execute(() -> cancelHere(t));
        return true;
    }

    private boolean cancelHere(Throwable t) {
        if (started) {
            return false;
        }
        deliver(t);
        return true;
    }

    /**
     * Throws into this thread as {@link #raise}, and tells whether that prevented its body.
     *
     * @checkpoint if not on its hub
     * @param t thrown as this very object
     * @return true if the body had not begun, and never will
     */
    public final boolean raiseOrPrevent(Throwable t) {
        try {
            return hub().call(
                            () -> {
                                boolean prevented = cancelHere(t);
                                if (!prevented) {
                                    deliver(t);
                                }
                                return prevented;
                            });
        } catch (Exception e) {
            throw Greenlet.<RuntimeException>thrown(e);
        }
    }

    private void deliver(Throwable t) {
        if (finished) {
            return;
        }
        Waiter w = waiter;
        if (w != null && w.abort(t)) {
            return;
        }
        addPending(t);
        Timer timer = startTimer;
        if (timer != null) {
            startTimer = null;
            timer.cancel();
            thread.start();
        } else if (started && !yielding) {
            thread.interrupt();
        }
    }

    /**
     * Takes back an exception that was raised but not thrown yet, and the interrupt that came with
     * it.
     *
     * @thread this green thread
     * @param t as given to {@link #raise}
     * @return true if it was still to be thrown
     */
    public final boolean withdraw(Throwable t) {
        lock();
        try {
            if (t == lastRaised) {
                lastRaised = null;
            }
            return forget(t);
        } finally {
            unlock();
        }
    }

    final boolean forget(Throwable t) {
        lock();
        try {
            Pending before = null;
            for (Pending p = pending; p != null; p = p.next) {
                if (p.exception == t) {
                    if (before == null) {
                        pending = p.next;
                    } else {
                        before.next = p.next;
                    }
                    clearInterruptIfDone();
                    return true;
                }
                before = p;
            }
            return false;
        } finally {
            unlock();
        }
    }

    /** Throws what was raised into the current thread, if anything. */
    final void checkpoint() {
        if (pending != null) {
            Throwable raised = takePending();
            if (raised != null) {
                throw Greenlet.<RuntimeException>thrown(raised);
            }
        }
    }

    final boolean hasPending() {
        return pending != null;
    }

    final @Nullable Throwable takePending() {
        lock();
        try {
            Pending first = pending;
            if (first == null) {
                return null;
            }
            pending = first.next;
            clearInterruptIfDone();
            noteRaised(first.exception);
            return first.exception;
        } finally {
            unlock();
        }
    }

    /**
     * Has this thread remember what is raised into it, until {@link #unwatchRaised}. Nests.
     *
     * @thread this green thread
     * @return what it remembers already, from an outer watch: not raised under this one
     */
    public final @Nullable Throwable watchRaised() {
        watching++;
        return lastRaised;
    }

    /**
     * Ends what {@link #watchRaised} began.
     *
     * @thread this green thread
     * @return what was thrown last into this thread by {@link #raise} and was not {@linkplain
     *     #withdraw withdrawn} since, as a timeout is at the end of its block; null if nothing
     */
    public final @Nullable Throwable unwatchRaised() {
        Throwable raised = lastRaised;
        watching--;
        if (watching == 0) {
            lastRaised = null;
        }
        return raised;
    }

    /** Notes what was raised into a body that runs in place: it may be meant for the caller. */
    final void noteRaised(Throwable t) {
        if (watching > 0) {
            lastRaised = t;
        }
    }

    final void addPending(Throwable t) {
        lock();
        try {
            Pending added = new Pending(t);
            Pending last = pending;
            if (last == null) {
                pending = added;
                return;
            }
            while (last.next != null) {
                last = last.next;
            }
            last.next = added;
        } finally {
            unlock();
        }
    }

    /* A foreign thread's state has a lock; a green one's belongs to its hub's thread. */
    void lock() {}

    void unlock() {}

    private void clearInterruptIfDone() {
        if (pending == null && Thread.currentThread() == thread) {
            Thread.interrupted();
        }
    }

    final void beginWait(Waiter w) {
        waiter = w;
        if (hub == null) {
            VarHandle.fullFence();
            abortIfPending(w);
        }
    }

    final void abortIfPending(Waiter w) {
        lock();
        try {
            Pending first = pending;
            if (first != null && w.abort(first.exception)) {
                pending = first.next;
                clearInterruptIfDone();
            }
        } finally {
            unlock();
        }
    }

    final void endWait() {
        waiter = null;
    }

    /**
     * Its wait in a call of Evy's. From another thread: a moment's view.
     *
     * @return null if it is in none; one that is over, if it has not run since
     */
    public final @Nullable Waiter waiter() {
        return waiter;
    }

    private void main() {
        if (!registered) {
            register(); // started by its Thread.start()
        }
        try {
            live(this);
        } finally {
            hub().retire(this);
            if (Carrier.current() instanceof HubThread h && h.mount instanceof Mount own) {
                own.clear();
            }
        }
    }

    /**
     * Runs the body on the caller's stack instead of starting the thread. If it fails by what was
     * raised into the caller meanwhile, a kill or a timeout that is still open, that is thrown on.
     */
    protected final void runInPlace() {
        Greenlet caller = current();
        Throwable before = caller.lastRaised;
        caller.watching++;
        Throwable failure;
        try {
            failure = live(caller);
        } finally {
            caller.watching--;
        }
        boolean meantForCaller = failure != null && caller.lastRaised == failure;
        if (meantForCaller && caller.watching > 0) {
            throw Greenlet.<RuntimeException>thrown(failure); // noted for the next one out, too
        }
        caller.lastRaised = before;
        if (meantForCaller) {
            throw Greenlet.<RuntimeException>thrown(failure);
        }
    }

    private @Nullable Throwable live(Greenlet runner) {
        started = true;
        Throwable failure = null;
        try {
            checkpoint();
            run();
        } catch (Throwable t) {
            failure = runner.asRaised(t);
        }
        try {
            ended(failure);
        } catch (Throwable t) {
            hub().report(this, t);
        } finally {
            finished = true;
            origin = null;
            if (Flight.recordsEnds() && runner == this) {
                Flight.recordEnd(thread, hub().name(), failure);
            }
        }
        return failure;
    }

    /* An interrupt that stands for an exception raised into a JDK wait gives way to it here. */
    private Throwable asRaised(Throwable t) {
        if (pending == null || !mayBeInterruption(t)) {
            return t;
        }
        Throwable raised = takePending();
        if (raised == null) {
            return t; // a foreign thread's: it was thrown by its wait meanwhile
        }
        if (raised != t) {
            raised.addSuppressed(t);
        }
        return raised;
    }

    /**
     * Asks whether an exception may come of an interrupt: libraries turn it into exceptions of
     * their own. Only of use when an interrupt is known to have been sent.
     *
     * @param t any exception
     * @return false for what nobody makes of an interrupt
     */
    public static boolean mayBeInterruption(Throwable t) {
        return t instanceof Exception || isInterruption(t);
    }

    /**
     * Asks whether an exception is what an interrupted JDK call throws.
     *
     * @param t any exception
     * @return true for the JDK's interruption exceptions, also as a cause
     */
    public static boolean isInterruption(Throwable t) {
        for (Throwable e = t; e != null; e = e.getCause()) {
            if (e instanceof InterruptedException
                    || e instanceof ClosedByInterruptException
                    || (e instanceof InterruptedIOException
                            && !(e instanceof SocketTimeoutException))
                    || (e instanceof SocketException
                            && "Closed by interrupt".equals(e.getMessage()))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Prepares an exception to be thrown as it is, checked or not: {@code throw thrown(t)}.
     *
     * @param <X> what the compiler shall take it for
     * @param t the exception
     * @return never
     * @throws X always, as {@code t}
     */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public static <X extends Throwable> X thrown(@Nullable Throwable t) throws X {
        if (t == null) {
            throw new IllegalStateException("an exception was raised, but which is not known");
        }
        if (t instanceof Cancellation) {
            t.fillInStackTrace();
        }
        throw (X) t;
    }

    @Override
    public String toString() {
        String name = thread.getName();
        return (hub == null ? "thread " : "green thread ")
                + (name.isEmpty() ? "#" + thread.threadId() : "'" + name + "'");
    }

    /** Where a green thread comes from. */
    interface Origin {
        /** The one that made it; one that is dead if that has ended; null if none did. */
        @Nullable Greenlet spawner();

        /** Where that was, if it was noted. */
        @Nullable Throwable where();
    }

    /** An origin with its place in the program. */
    private record KnownOrigin(@Nullable Origin made, Throwable where) implements Origin {
        @Override
        public @Nullable Greenlet spawner() {
            return made == null ? null : made.spawner();
        }
    }

    /**
     * The scheduler of one green thread: knows whose continuation it is handed. Its children hold
     * on to it, not to the green thread, whose result and stack they need not keep alive.
     */
    private static final class Mount extends Task implements Executor, Origin {
        /* In the place of a continuation that is over. */
        private static final Runnable ENDED = Mount::nothing;

        private Greenlet greenlet;
        private @Nullable Runnable continuation;

        Mount(Greenlet greenlet) {
            this.greenlet = greenlet;
        }

        /*
         * Whoever takes the stack of a thread that can run has the JDK submit it once more. Here that
         * is found out by the run queue; from elsewhere something else is queued, as the mount itself
         * can be in one queue only. A thread that cannot run does nothing when it is run.
         */
        @Override
        public void execute(Runnable task) {
            Runnable own = continuation;
            if (own == null) {
                continuation = task; // the first call is the thread's own start
                own = task;
            }
            Hub hub = greenlet.hub();
            if (task != own) {
                hub.submit(new Resume(task)); // a virtual thread inherits its starter's scheduler
            } else {
                hub.submitOnce(this);
            }
        }

        @Override
        void run(HubThread thread) {
            Runnable task = continuation;
            assert task != null;
            Greenlet running = greenlet;
            // a hub that has closed passes what is left to another, where it is a guest
            thread.current = thread.hub == running.hub() ? running : null;
            thread.mount = this;
            thread.calls = 0;
            SwitchObserver observer = thread.observer;
            if (observer != null && !tellStart(observer, running)) {
                observer = null;
            }
            try {
                if (Flight.recordsSwitches()) {
                    Flight.recordSwitch(running.thread, thread.getName(), task);
                } else {
                    task.run();
                }
            } finally {
                thread.current = null;
                running.lastRun = thread.hub.tick();
                if (observer != null) {
                    tellStop(observer, running);
                }
            }
        }

        /* Returns false if it will not run at all: the JDK may submit it in vain. */
        private boolean tellStart(SwitchObserver observer, Greenlet running) {
            if (running.finished || running.thread.getState() != Thread.State.RUNNABLE) {
                return false;
            }
            // as if queued: if its stack is taken, the JDK submits it, but it is about to run
            // anyway
            next = this;
            try {
                if (running.started) {
                    observer.resumes(running);
                } else {
                    observer.begins(running);
                }
            } catch (Throwable t) {
                running.hub().report(null, t);
            } finally {
                next = null;
            }
            return true;
        }

        private static void tellStop(SwitchObserver observer, Greenlet running) {
            try {
                if (running.finished) {
                    observer.ends(running);
                } else {
                    observer.suspends(running);
                }
            } catch (Throwable t) {
                running.hub().report(null, t);
            }
        }

        @Override
        public Greenlet spawner() {
            return greenlet;
        }

        @Override
        public @Nullable Throwable where() {
            return null;
        }

        private static void nothing() {}

        /** Lets go of a thread that has ended; what its scheduler is still asked for goes on. */
        void clear() {
            greenlet = greenlet.hub().dead();
            continuation = ENDED;
        }
    }

    /** What all green threads are that have ended, for those they have spawned. */
    static final class Dead extends Greenlet {
        Dead(HubThread thread) {
            super(thread);
        }

        @Override
        protected void run() {
            throw new AssertionError("it is dead");
        }
    }

    /** An exception raised, to be thrown at the next blocking call. */
    private static final class Pending {
        final Throwable exception;
        @Nullable Pending next;

        Pending(Throwable exception) {
            this.exception = exception;
        }
    }

    /** Ends a thread whose condition to start did not hold. */
    private static final class NotStarted extends Cancellation {
        private static final long serialVersionUID = 1L;

        NotStarted() {
            super("the green thread that spawned it had ended");
        }
    }

    /** The identity of a platform thread, or of a virtual thread that has no hub of its own. */
    private static final class Foreign extends Greenlet {
        private static final ThreadLocal<Foreign> CURRENT =
                ThreadLocal.withInitial(() -> new Foreign(Thread.currentThread()));

        private final SpinLock lock = new SpinLock();

        Foreign(Thread thread) {
            super(thread);
        }

        @Override
        void lock() {
            lock.lock();
        }

        @Override
        void unlock() {
            lock.unlock();
        }

        static Greenlet ofCurrentThread() {
            return CURRENT.get();
        }

        @Override
        protected void run() {
            throw new AssertionError("a foreign thread is not run by Evy");
        }

        @Override
        public void raise(Throwable t) {
            lock();
            try {
                addPending(t);
                VarHandle.fullFence();
                Waiter w = waiter();
                if (w == null) {
                    thread().interrupt();
                } else if (w.abort(t)) {
                    forget(t);
                } else {
                    thread().interrupt();
                }
            } finally {
                unlock();
            }
        }
    }
}
