package evy.internal.jfr;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;

/**
 * Records what happens for Java Flight Recorder. In a run-time image without the module {@code
 * jdk.jfr} nothing is recorded, and the classes of the events are never loaded.
 *
 * <p>Ask {@code records…} first: it is a constant for the compiler while no recording wants the
 * event, so that nothing is computed, nor allocated, for nobody.
 */
/*
 * The recorder of JDK 25 loses some events of a hub's own thread: the first after a green thread has
 * run on it. Seen with plain events, too: it takes its writer for that of the virtual thread.
 */
public final class Flight {
    private static final boolean PRESENT = isPresent();

    private Flight() {}

    private static boolean isPresent() {
        try {
            Class.forName("jdk.jfr.Event", false, Flight.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return false;
        }
        Module module = Flight.class.getModule();
        return !module.isNamed()
                || ModuleLayer.boot().findModule("jdk.jfr").map(module::canRead).orElse(false);
    }

    /** {@return whether anybody records the begin of green threads} */
    public static boolean recordsSpawns() {
        return PRESENT && SpawnEvent.PROBE.isEnabled();
    }

    /**
     * A green thread has begun.
     *
     * @param thread the new thread
     * @param hub where it will run
     * @param parent id of the one that spawned it, or 0
     */
    public static void recordSpawn(Thread thread, String hub, long parent) {
        SpawnEvent event = new SpawnEvent();
        event.greenThread = thread.threadId();
        event.name = thread.getName();
        event.hub = hub;
        event.parent = parent;
        event.commit();
    }

    /** {@return whether anybody records the end of green threads} */
    public static boolean recordsEnds() {
        return PRESENT && EndEvent.PROBE.isEnabled();
    }

    /**
     * A green thread has ended.
     *
     * @param thread the thread
     * @param hub where it ran
     * @param failure what ended it; null if it returned
     */
    public static void recordEnd(Thread thread, String hub, @Nullable Throwable failure) {
        EndEvent event = new EndEvent();
        event.greenThread = thread.threadId();
        event.name = thread.getName();
        event.hub = hub;
        event.failure = failure == null ? null : failure.toString();
        event.commit();
    }

    /** {@return whether anybody records each stretch of green threads} */
    public static boolean recordsSwitches() {
        return PRESENT && SwitchEvent.PROBE.isEnabled();
    }

    /**
     * Runs a green thread's next stretch.
     *
     * @param thread whose it is
     * @param hub where it runs
     * @param stretch what to run
     */
    public static void recordSwitch(Thread thread, String hub, Runnable stretch) {
        SwitchEvent event = new SwitchEvent();
        event.begin();
        try {
            stretch.run();
        } finally {
            event.end();
            if (event.shouldCommit()) {
                event.greenThread = thread.threadId();
                event.name = thread.getName();
                event.hub = hub;
                event.commit();
            }
        }
    }

    /** {@return whether anybody records the turns of hubs} */
    public static boolean recordsTurns() {
        return PRESENT && HubTurnEvent.PROBE.isEnabled();
    }

    /** {@return a turn that begins, for {@link #endTurn}} */
    public static Object beginTurn() {
        HubTurnEvent event = new HubTurnEvent();
        event.begin();
        return event;
    }

    /**
     * A turn has ended, but for its wait.
     *
     * @param begun from {@link #beginTurn}
     * @param hub the hub
     * @param tasks how many tasks it ran
     */
    public static void endTurn(Object begun, String hub, long tasks) {
        HubTurnEvent event = (HubTurnEvent) begun;
        event.end();
        if (event.shouldCommit()) {
            event.hub = hub;
            event.tasks = tasks;
            event.commit();
        }
    }

    /** {@return whether anybody records blocked hubs} */
    public static boolean recordsBlocks() {
        return PRESENT && HubBlockedEvent.PROBE.isEnabled();
    }

    /**
     * A hub was found not to return to its loop.
     *
     * @param hub the hub
     * @param greenThread who holds it up, or null
     * @param cause by what
     * @param nanos for how long so far
     * @param over whether that is over
     * @param stack where it is, one frame a line
     */
    public static void recordBlock(
            String hub,
            @Nullable Thread greenThread,
            String cause,
            long nanos,
            boolean over,
            String stack) {
        HubBlockedEvent event = new HubBlockedEvent();
        event.hub = hub;
        event.greenThread = greenThread == null ? 0 : greenThread.threadId();
        event.name = greenThread == null ? null : greenThread.getName();
        event.cause = cause;
        event.blocked = nanos;
        event.over = over;
        event.stack = stack;
        event.commit();
    }

    /** {@return whether anybody records native calls} */
    public static boolean recordsNativeCalls() {
        return PRESENT && NativeCallEvent.PROBE.isEnabled();
    }

    /** {@return a native call that begins, for {@link #endNativeCall}} */
    public static Object beginNativeCall() {
        NativeCallEvent event = new NativeCallEvent();
        event.begin();
        return event;
    }

    /**
     * A native call has ended.
     *
     * @param begun from {@link #beginNativeCall}
     * @param call what was called
     * @param caller who waits for it
     * @param queuedNanos how long it waited for a thread
     * @param failure what it threw; null if it returned
     */
    public static void endNativeCall(
            Object begun,
            Object call,
            Thread caller,
            long queuedNanos,
            @Nullable Throwable failure) {
        NativeCallEvent event = (NativeCallEvent) begun;
        event.end();
        if (event.shouldCommit()) {
            event.call = call.getClass().getName();
            event.greenThread = caller.threadId();
            event.queued = queuedNanos;
            event.failure = failure == null ? null : failure.toString();
            event.commit();
        }
    }

    /** {@return whether anybody records kills and timeouts} */
    public static boolean recordsRaises() {
        return PRESENT && RaiseEvent.PROBE.isEnabled();
    }

    /**
     * An exception is raised into a thread.
     *
     * @param target the thread
     * @param raised the exception
     */
    public static void recordRaise(Thread target, Throwable raised) {
        RaiseEvent event = new RaiseEvent();
        event.greenThread = target.threadId();
        event.name = target.getName();
        event.exception = raised.getClass().getName();
        event.message = raised.getMessage();
        event.commit();
    }

    /** {@return whether anybody records accepted connections} */
    public static boolean recordsAccepts() {
        return PRESENT && AcceptEvent.PROBE.isEnabled();
    }

    /**
     * A connection was accepted.
     *
     * @param local where
     * @param remote from whom
     */
    public static void recordAccept(@Nullable SocketAddress local, @Nullable SocketAddress remote) {
        AcceptEvent event = new AcceptEvent();
        event.local = String.valueOf(local);
        event.remote = String.valueOf(remote);
        event.commit();
    }
}
