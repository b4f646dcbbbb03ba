package evy.hubs;

import evy.internal.jfr.Flight;
import evy.internal.poll.Backend;
import evy.internal.poll.Poller;
import evy.internal.poll.Source;
import evy.internal.util.Fields;
import evy.internal.vthread.Carrier;
import evy.internal.vthread.VirtualThreads;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An event loop on one platform thread: runs its green threads one at a time, fires timers, waits
 * for descriptors.
 *
 * <p>Nobody needs to start one. {@link #current} is the hub of the current green thread, or else
 * the <em>default hub</em>, which starts when it is first asked for and lives on a daemon thread.
 *
 * <p>A turn of the loop: run what can run (a bounded number, first come, first served), take what
 * other threads handed in, fire the timers that are due, look at the descriptors, and wait there
 * only if nothing can run. What a callback schedules without delay runs in a later turn, so it
 * cannot starve the rest.
 *
 * @thread all methods any, unless they say otherwise
 */
public final class Hub implements AutoCloseable {
    /* Most tasks of a turn, and most between two looks at the descriptors while tasks are ready. */
    private static final int TASKS_PER_TURN = 128;

    /* While tasks are ready, the clock is read once in so many, ... */
    private static final int TASKS_PER_CLOCK_LOOK = 4;

    /* ... and the descriptors get their look after so long at the latest. */
    private static final long LONGEST_BETWEEN_POLLS_NANOS = 1_000_000;

    /* Longest sleep, so that a wake-up lost by a fault of the system heals (HUB11). */
    private static final long LONGEST_WAIT_NANOS = 60_000_000_000L;

    /** About a millisecond, as a power of two of nanoseconds: what waiting times are told in. */
    static final int TICK_SHIFT = 20;

    /* How long a survey waits for a hub that is at something else. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private static final Set<Hub> OPEN = ConcurrentHashMap.newKeySet();
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Object DEFAULT_LOCK = new Object();
    private static volatile @Nullable Hub defaultHub;
    private static volatile @Nullable Function<? super Hub, ? extends SwitchObserver> observers;

    private static final VarHandle ASLEEP =
            Fields.handle(MethodHandles.lookup(), "asleep", boolean.class);
    private static final VarHandle CLOSING =
            Fields.handle(MethodHandles.lookup(), "closing", boolean.class);
    private static final VarHandle READERS =
            Fields.handle(MethodHandles.lookup(), "readers", int.class);
    private static final VarHandle WRITERS =
            Fields.handle(MethodHandles.lookup(), "writers", int.class);

    private final Clock clock;
    private final Backend backend;
    private final Poller poller;
    private final HubThread thread;
    private final Greenlet dead;
    private final DeadlockDetector deadlocks = new DeadlockDetector(this);

    // any thread
    private final Inbox inbox = new Inbox();
    private volatile boolean asleep;
    private volatile boolean closing;
    private volatile boolean terminated;
    private volatile ExceptionHandler exceptionHandler;

    // hub thread only
    private final RunQueue ready;
    private final TimerQueue timers = new TimerQueue();
    private @Nullable Greenlet live;
    private @Nullable Survey surveys;
    private boolean killedAll;
    private int sincePoll;
    private long lastPoll;

    // any thread, atomic
    private volatile int readers;
    private volatile int writers;

    // hub thread writes, others read for statistics
    private long turns;
    private long switches;
    private long polls;
    private long waits;
    private long messages;
    private long spawned;
    private long liveCount;
    private long peak;

    private Hub(HubOptions options, Backend backend, Poller poller) {
        String name = options.name();
        this.clock = options.clock();
        this.backend = backend;
        this.poller = poller;
        this.ready = new RunQueue(options.order());
        this.exceptionHandler = options.exceptionHandler();
        this.thread =
                new HubThread(this, name != null ? name : "evy-hub-" + NUMBER.incrementAndGet());
        this.dead = new Greenlet.Dead(thread);
        this.lastPoll = clock.nanos();
    }

    /**
     * Opens a hub with the usual options.
     *
     * @return a running hub; close it
     * @throws HubError if no hub can work here; the message says why and what to do
     */
    public static Hub open() {
        return open(HubOptions.DEFAULT);
    }

    /**
     * Opens a hub: starts its thread.
     *
     * @param options how
     * @return a running hub; close it
     * @throws HubError if it cannot work here; the message says why and what to do
     */
    public static Hub open(HubOptions options) {
        String problem = VirtualThreads.problem();
        if (problem != null) {
            throw new HubError(problem, null);
        }
        Backend backend = options.backend();
        Hub hub;
        try {
            hub = new Hub(options, backend, backend.openPoller());
        } catch (IOException e) {
            throw new HubError("hub of kind '" + backend.name() + "': " + e.getMessage(), e);
        }
        OPEN.add(hub);
        hub.thread.start();
        return hub;
    }

    /**
     * The hubs that are open in this program, the oldest first.
     *
     * @return a new list
     */
    public static List<Hub> all() {
        List<Hub> all = new ArrayList<>(OPEN);
        all.sort(Comparator.comparingLong(hub -> hub.thread.threadId()));
        return all;
    }

    /**
     * The hub of the current thread: the one it runs on, or else the default hub.
     *
     * @return the hub
     * @throws HubError if the default hub has to be started and cannot
     */
    public static Hub current() {
        Hub hub = currentOrNull();
        return hub == null ? getDefault() : hub;
    }

    /**
     * The hub that runs the current thread.
     *
     * @return null if the current thread is not on a hub
     */
    public static @Nullable Hub currentOrNull() {
        return Carrier.current() instanceof HubThread h ? h.hub : null;
    }

    /**
     * The default hub, started if need be; a new one if it was closed.
     *
     * @return the default hub
     * @throws HubError if it has to be started and cannot
     */
    public static Hub getDefault() {
        Hub hub = defaultHub;
        return hub == null || hub.closing ? startDefault() : hub;
    }

    private static Hub startDefault() {
        synchronized (DEFAULT_LOCK) {
            Hub hub = defaultHub;
            if (hub == null || hub.closing) {
                hub = open();
                defaultHub = hub;
            }
            return hub;
        }
    }

    /** {@return true if the current thread, green or not, runs on this hub's thread} */
    public boolean isCurrent() {
        return Carrier.current() == thread;
    }

    /** True in a hub's callback: on the thread of a hub, but in no green thread. */
    static boolean inCallback() {
        return Carrier.current() instanceof HubThread h
                && h.current == null
                && Thread.currentThread() == h;
    }

    /** {@return the name of its thread} */
    public String name() {
        return thread.getName();
    }

    /** {@return {@code epoll} or {@code nio}} */
    public String kind() {
        return backend.name();
    }

    /** {@return the clock it lives by} */
    public Clock clock() {
        return clock;
    }

    /**
     * Sets who gets the exceptions of callbacks and of green threads without a result.
     *
     * @param handler who gets them
     */
    public void setExceptionHandler(ExceptionHandler handler) {
        exceptionHandler = handler;
    }

    /** {@return who gets the exceptions of callbacks and of green threads without a result} */
    public ExceptionHandler exceptionHandler() {
        return exceptionHandler;
    }

    /**
     * Makes a call on the hub's thread in one of its next turns, after everything that can run now.
     *
     * @param action must not block; what it throws goes to the exception handler
     */
    public void execute(Runnable action) {
        submit(new Task.Call(action));
    }

    /**
     * Makes a call on the hub's thread and waits for its result; in place if on that thread
     * already.
     *
     * @param <T> type of the result
     * @param action must not block
     * @return its result
     * @throws Exception what it throws
     */
    public <T extends @Nullable Object> T call(Callable<T> action) throws Exception {
        return isCurrent() ? action.call() : new RemoteCall<>(action).on(this);
    }

    /**
     * Makes a call on the hub's thread as {@link #call(Callable)}, unless the hub is blocked.
     *
     * @param <T> type of the result
     * @param action must not block
     * @param limit longest wait for the result
     * @return its result
     * @throws TimeoutException if the hub did not come to it in time; then the call is not made
     * @throws Exception what it throws
     */
    public <T extends @Nullable Object> T call(Callable<T> action, Duration limit)
            throws Exception {
        return isCurrent()
                ? action.call()
                : new RemoteCall<>(action).on(this, saturatedNanos(limit));
    }

    /**
     * Makes a call after a delay.
     *
     * @param delay zero or negative for the next turn
     * @param action must not block; what it throws goes to the exception handler
     * @return to cancel it by
     */
    public Timer schedule(Duration delay, Runnable action) {
        Timer timer = new Timer.Callback(this, action);
        addTimer(timer, saturatedNanos(delay));
        return timer;
    }

    /**
     * Makes a call after a delay if the green thread that asks for it is still alive then.
     *
     * @param delay zero or negative for the next turn
     * @param action must not block; what it throws goes to the exception handler
     * @return to cancel it by
     */
    public Timer scheduleLocal(Duration delay, Runnable action) {
        Greenlet owner = Greenlet.current();
        return schedule(
                delay,
                () -> {
                    if (!owner.isDead()) {
                        action.run();
                    }
                });
    }

    /**
     * Converts a duration to nanoseconds; one too long for that becomes {@link Waiter#FOREVER}.
     *
     * @param duration any
     * @return its nanoseconds
     */
    public static long saturatedNanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return duration.isNegative() ? 0 : Waiter.FOREVER;
        }
    }

    void addTimer(Timer timer, long nanos) {
        // far enough from overflow to be compared by subtraction
        long deadline = clock.nanos() + Math.min(nanos, Long.MAX_VALUE / 2);
        if (isCurrent()) {
            timers.add(timer, deadline);
        } else {
            timer.deadlineNanos = deadline;
            execute(() -> addLate(timer, deadline));
        }
    }

    private void addLate(Timer timer, long deadline) {
        if (timer.isPending()) {
            timers.add(timer, deadline);
        }
    }

    TimerQueue timers() {
        return timers;
    }

    Poller poller() {
        return poller;
    }

    /**
     * Puts a task into the run queue, by way of the inbox if from another thread. Never rejects.
     */
    void submit(Task task) {
        if (Carrier.current() == thread) {
            ready.add(task);
            return;
        }
        post(task);
    }

    /** As {@link #submit}, but one that is in the run queue already is not put there again. */
    void submitOnce(Task task) {
        if (Carrier.current() == thread) {
            ready.add(task);
        } else {
            post(new Task.Relay(task)); // it may be in the run queue, which only the hub can tell
        }
    }

    private void post(Task task) {
        inbox.push(task);
        if (asleep && ASLEEP.compareAndSet(this, true, false)) {
            poller.wakeup();
        }
        if (terminated) {
            strandNobody();
        }
    }

    /**
     * Waits until everything that can run on this hub now has had a turn.
     *
     * @checkpoint always
     */
    public void letAllRun() {
        Waiter waiter = Waiter.current("a turn of " + this);
        // the second step comes after whatever the first one's predecessors made ready
        execute(() -> ready.add(new Task.Call(waiter::wake)));
        try {
            waiter.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The loop. */
    void loop() {
        initJdkPoller();
        observeAsTold();
        while (!(isOver() && ready.isEmpty() && inbox.isEmpty())) {
            try {
                turn();
            } catch (Throwable t) {
                report(null, t);
            }
        }
        terminated = true;
        OPEN.remove(this);
        poller.close();
        strandNobody();
    }

    /*
     * The first JDK socket that blocks on a virtual thread starts the JDK's own poller threads, which
     * would inherit that thread's scheduler: this hub. Started from here they stay off it.
     */
    private static void initJdkPoller() {
        try {
            Class.forName("sun.nio.ch.Poller");
        } catch (ClassNotFoundException | LinkageError e) {
            return; // another JDK, without it
        }
    }

    private boolean isOver() {
        return killedAll && liveCount == 0;
    }

    private void turn() throws IOException {
        turns++;
        if (Flight.recordsTurns()) {
            long before = switches;
            Object event = Flight.beginTurn();
            act();
            Flight.endTurn(event, name(), switches - before);
        } else {
            act();
        }
        poll();
    }

    /* What a turn does before it waits. */
    private void act() {
        runReady();
        takeInbox();
        fireTimers();
    }

    /**
     * Does what can be done of a turn by a green thread that waits and cannot be switched, as under
     * a class initialiser: callbacks, timers, and a poll of up to the given time. Other green
     * threads have to wait. Without it nobody would ever wake the thread, as whoever does so would
     * have to run on this hub's thread.
     *
     * @thread the hub's, in a green thread
     * @param nanos longest wait for the poller; one of kind {@code nio} just looks
     * @throws IllegalStateException if called anywhere else
     */
    public void standIn(long nanos) {
        if (!isCurrent() || !Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    this + ": only a green thread of its own can stand in for it");
        }
        Greenlet pinned = thread.current;
        thread.current = null;
        try {
            takeInbox();
            runCallbacks();
            fireTimers();
            sleepInPoller(Math.min(nanos, untilNextTimer()));
        } catch (IOException e) {
            report(null, e);
        } finally {
            thread.current = pinned;
        }
    }

    private void runCallbacks() {
        for (int left = ready.size(); left > 0; left--) {
            Task task = ready.poll();
            if (task == null) {
                return;
            }
            if (task.isCallback()) {
                run(task);
            } else {
                ready.add(task); // in their order, behind each other
            }
        }
    }

    /* Those that are ready now; what they make ready comes in the next turn. */
    private void runReady() {
        int left = Math.min(ready.size(), TASKS_PER_TURN);
        while (left-- > 0) {
            Task task = ready.poll();
            if (task == null) {
                return;
            }
            run(task);
            if (++sincePoll % TASKS_PER_CLOCK_LOOK == 0 && isPollOverdue()) {
                return;
            }
        }
    }

    private boolean isPollOverdue() {
        return clock.nanos() - lastPoll > LONGEST_BETWEEN_POLLS_NANOS;
    }

    private void run(Task task) {
        switches++;
        try {
            task.run(thread);
        } catch (Throwable t) {
            report(null, t);
        }
    }

    private void takeInbox() {
        Task task = inbox.takeAll();
        while (task != null) {
            Task following = task.next;
            task.next = null;
            messages++;
            ready.add(task);
            task = following;
        }
    }

    private void fireTimers() {
        int left = timers.size();
        if (left == 0) {
            return;
        }
        // not more than there were: a timer that schedules another must not hold up the turn
        for (long now = clock.nanos(); left > 0 && timers.isDue(now); left--) {
            try {
                timers.removeFirst().expire();
            } catch (Throwable t) {
                report(null, t);
            }
        }
    }

    private void poll() throws IOException {
        long nanos = ready.isEmpty() ? untilNextTimer() : 0;
        if (nanos != 0 && (isOver() || clock.idle(timers.size() == 0 ? -1 : nanos))) {
            nanos = 0;
        }
        if (nanos == 0) {
            look();
            return;
        }
        if (timers.size() == 0 && readers + writers == 0 && liveCount > 0) {
            nanos = Math.min(nanos, deadlocks.idle());
        }
        sleepInPoller(nanos);
    }

    private void sleepInPoller(long nanos) throws IOException {
        asleep = true;
        if (inbox.isEmpty()) {
            polls++;
            waits++;
            poller.poll(nanos);
        }
        asleep = false;
        polled();
    }

    /* While tasks are ready; a system call for each of a few tasks would cost more than they do. */
    private void look() throws IOException {
        boolean due =
                sincePoll >= TASKS_PER_TURN
                        || ready.isEmpty()
                        || (sincePoll % TASKS_PER_CLOCK_LOOK == 0 && isPollOverdue());
        if (due && readers + writers > 0) {
            polls++;
            poller.poll(0);
        }
        if (due) {
            polled();
        }
    }

    private void polled() {
        sincePoll = 0;
        lastPoll = clock.nanos();
    }

    private long untilNextTimer() {
        if (timers.size() == 0) {
            return LONGEST_WAIT_NANOS;
        }
        long left = timers.firstDeadline() - clock.nanos();
        return Math.max(0, Math.min(left, LONGEST_WAIT_NANOS));
    }

    /** Hands an exception that nobody else gets to the handler. */
    void report(@Nullable Greenlet greenlet, Throwable t) {
        try {
            exceptionHandler.uncaught(greenlet, t);
        } catch (Throwable failedToo) {
            // the handler itself is broken, or memory is out: there is nobody left to tell
            return;
        }
    }

    void register(Greenlet greenlet) {
        Greenlet first = live;
        greenlet.following = first;
        if (first != null) {
            first.previous = greenlet;
        }
        live = greenlet;
        spawned++;
        liveCount++;
        if (liveCount > peak) {
            peak = liveCount;
        }
        if (closing) {
            greenlet.raise(new HubClosed(this));
        }
    }

    /** Called by a green thread as its last act. */
    void retire(Greenlet greenlet) {
        for (Survey survey = surveys; survey != null; survey = survey.next) {
            if (survey.cursor == greenlet) {
                survey.cursor = greenlet.following;
            }
        }
        Greenlet before = greenlet.previous;
        Greenlet after = greenlet.following;
        if (before == null) {
            live = after;
        } else {
            before.following = after;
        }
        if (after != null) {
            after.previous = before;
        }
        greenlet.previous = null;
        greenlet.following = null;
        liveCount--;
    }

    void countListener(boolean reading, int more) {
        (reading ? READERS : WRITERS).getAndAdd(this, more);
    }

    /**
     * The counters.
     *
     * @return a snapshot
     */
    public HubStatistics statistics() {
        return new HubStatistics(
                turns,
                switches,
                polls,
                waits,
                messages,
                spawned,
                liveCount,
                peak,
                ready.size(),
                timers.size(),
                readers,
                writers);
    }

    /**
     * The green threads that have begun and not ended, the latest first.
     *
     * @checkpoint if not on the hub's own thread
     * @return a new list
     */
    public List<Greenlet> greenlets() {
        return callQuietly(
                () -> {
                    List<Greenlet> all = new ArrayList<>();
                    for (Greenlet g = live; g != null; g = g.following) {
                        all.add(g);
                    }
                    return all;
                });
    }

    /**
     * The pending timers, the first to fire first.
     *
     * @checkpoint if not on the hub's own thread
     * @return a new list
     */
    public List<Timer> pendingTimers() {
        return inOrder(callQuietly(timers::list));
    }

    /**
     * The pending timers as {@link #pendingTimers()}, unless the hub is blocked.
     *
     * @param limit longest wait for the hub
     * @return a new list
     * @throws TimeoutException if the hub did not answer in time
     */
    public List<Timer> pendingTimers(Duration limit) throws TimeoutException {
        return inOrder(ask(timers::list, limit));
    }

    private static List<Timer> inOrder(List<Timer> all) {
        // away from the hub, which may have others to serve: what is compared never changes
        all.sort(
                (a, b) -> {
                    int byTime = Long.signum(a.deadlineNanos - b.deadlineNanos);
                    return byTime != 0 ? byTime : Long.compare(a.sequence, b.sequence);
                });
        return all;
    }

    /**
     * The listeners of the descriptors that are at home here, those who wait as well as callbacks.
     *
     * @checkpoint if not on the hub's own thread
     * @return a new list
     */
    public List<Listener> listeners() {
        return listenersOf(callQuietly(poller::sources));
    }

    /**
     * The listeners as {@link #listeners()}, unless the hub is blocked.
     *
     * @param limit longest wait for the hub
     * @return a new list
     * @throws TimeoutException if the hub did not answer in time
     */
    public List<Listener> listeners(Duration limit) throws TimeoutException {
        return listenersOf(ask(poller::sources, limit));
    }

    private static List<Listener> listenersOf(List<Source> sources) {
        List<Listener> all = new ArrayList<>();
        for (Source source : sources) {
            Descriptor.addListeners(source, all);
        }
        return all;
    }

    private <T> T ask(Callable<T> action, Duration limit) throws TimeoutException {
        try {
            return call(action, limit);
        } catch (TimeoutException e) {
            throw e;
        } catch (Exception e) {
            throw Greenlet.<RuntimeException>thrown(e);
        }
    }

    /**
     * Looks at every green thread, without holding up the hub for more than a few milliseconds at a
     * time. A hub that is blocked and does not answer is looked at from outside; then some may be
     * missed, and what is said of one may be a little off.
     *
     * @checkpoint always, but in a callback of this hub
     * @param withStacks true to take their stacks, some ten microseconds each
     * @param observer gets what was seen, on the caller's thread
     * @return false if the hub did not answer
     * @throws IllegalStateException if called in another hub's callback, which must not block
     */
    public boolean survey(boolean withStacks, Consumer<? super Sighting> observer) {
        Survey survey = new Survey(this, withStacks);
        try {
            do {
                ask(survey::step, PATIENCE).forEach(observer);
                Greenlet.giveTurn();
            } while (!survey.isOver());
        } catch (TimeoutException e) {
            surveyFromOutside(observer);
            return false;
        } finally {
            execute(survey::end);
        }
        return true;
    }

    private void surveyFromOutside(Consumer<? super Sighting> observer) {
        long now = clock.nanos();
        long left = liveCount; // the links may lead in a circle while they are changed
        for (Greenlet g = live; g != null && left-- > 0; g = g.following) {
            observer.accept(g.sight(now, false));
        }
    }

    void begin(Survey survey) {
        survey.cursor = live;
        survey.next = surveys;
        surveys = survey;
    }

    void end(Survey survey) {
        Survey before = null;
        for (Survey s = surveys; s != null; before = s, s = s.next) {
            if (s == survey) {
                if (before == null) {
                    surveys = s.next;
                } else {
                    before.next = s.next;
                }
            }
        }
    }

    /**
     * Has the switches of all hubs observed, of those that are open and of those that open later,
     * until the next call. Each hub begins, or stops, in its next turn; one that is blocked, later.
     *
     * @param observe gives a hub its observer, on that hub's thread; may be asked twice for the
     *     same hub; null for no observers, the default
     */
    public static void observeSwitches(
            @Nullable Function<? super Hub, ? extends SwitchObserver> observe) {
        observers = observe;
        for (Hub hub : OPEN) { // one that opens now looks for itself
            hub.execute(hub::observeAsTold);
        }
    }

    private void observeAsTold() {
        var observe = observers;
        thread.observer = observe == null ? null : observe.apply(this);
    }

    /**
     * A sign of life, from outside and at no cost to the hub.
     *
     * @return what it is at
     */
    public Pulse pulse() {
        return new Pulse(turns + switches, asleep, thread.current);
    }

    /** {@return the platform thread that runs it} */
    public Thread carrier() {
        return thread;
    }

    /** The time of the last poll in ticks: what waiting times are counted from, at no cost. */
    int tick() {
        return ticks(lastPoll);
    }

    static int ticks(long nanos) {
        return (int) (nanos >> TICK_SHIFT);
    }

    /** Stands for its green threads that have ended. */
    Greenlet dead() {
        return dead;
    }

    private <T> T callQuietly(Callable<T> action) {
        try {
            return call(action);
        } catch (Exception e) {
            throw Greenlet.<RuntimeException>thrown(e);
        }
    }

    /**
     * Begins to close: every green thread gets {@link HubClosed} thrown where it blocks, and when
     * the last has ended, the hub's thread ends. Returns at once. What is spawned until then is
     * closed likewise; what comes later for a thread of this hub runs on the default hub.
     */
    public void shutdown() {
        if (CLOSING.compareAndSet(this, false, true)) {
            execute(this::killAll);
        }
    }

    private void killAll() {
        killedAll = true;
        Greenlet next = live;
        while (next != null) {
            Greenlet greenlet = next;
            next = greenlet.following;
            greenlet.raise(new HubClosed(this));
        }
    }

    /**
     * Closes the hub and waits until its thread has ended. A green thread that catches {@link
     * HubClosed} and goes on is waited for.
     *
     * @checkpoint always
     * @throws IllegalStateException if called on the hub's own thread; use {@link #shutdown} there
     */
    @Override
    public void close() {
        if (isCurrent()) {
            throw new IllegalStateException(
                    this + ": close() would wait for the thread it is called on; use shutdown()");
        }
        shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return true once {@link #shutdown} or {@link #close} was called} */
    public boolean isClosing() {
        return closing;
    }

    /* What still comes in after the end runs elsewhere. */
    private void strandNobody() {
        Task task = inbox.takeAll();
        while (task != null) {
            Task following = task.next;
            task.next = null;
            getDefault().submit(task);
            task = following;
        }
    }

    /** True if it waits for other threads only: no timer, no listener, nothing to run. */
    boolean hasNothingToDo() {
        return asleep && timers.size() == 0 && readers + writers == 0;
    }

    /** True once its thread serves nobody any more. */
    boolean isTerminated() {
        return terminated;
    }

    HubThread thread() {
        return thread;
    }

    @Override
    public String toString() {
        return "hub '" + name() + "'";
    }
}
