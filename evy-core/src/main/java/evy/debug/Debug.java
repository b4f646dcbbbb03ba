package evy.debug;

import evy.hubs.Descriptor;
import evy.hubs.Greenlet;
import evy.hubs.Listener;
import evy.hubs.Timer;
import evy.io.Signals;
import evy.tpool.Tpool;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/**
 * Looks into a running program: its green threads, listeners, timers, and blocked hubs. Everything
 * can be turned on and off while the program runs, and costs next to nothing while it is off.
 *
 * {@snippet :
 * IO.println(Debug.greenThreads().text());
 * Debug.hubBlockingDetection(true, Duration.ofMillis(100));
 * Debug.dumpOnSignal("USR2"); // kill -USR2 PID
 * }
 *
 * @thread all methods any; those that look at hubs wait for them, and a hub's callback must not
 *     call them
 * @source eventlet {@code debug}
 */
public final class Debug {
    /** The name by which {@link #registerMBean} registers. */
    public static final String MBEAN_NAME = "evy:type=Debug";

    private static final Duration USUAL_RESOLUTION = Duration.ofSeconds(1);

    private static final Object WATCHDOG_LOCK = new Object();
    // written under the lock
    private static volatile @Nullable Watchdog watchdog;

    private Debug() {}

    /**
     * Looks at all green threads of all hubs. No hub is held up for more than a few milliseconds at
     * a time. Virtual threads that a green one has started by the JDK's means are not listed.
     *
     * @checkpoint always
     * @return what was found, without stacks
     */
    public static Snapshot greenThreads() {
        return greenThreads(false);
    }

    /**
     * Looks at all green threads of all hubs.
     *
     * @checkpoint always
     * @param withStacks true to take their stacks, some ten microseconds each
     * @return what was found
     */
    public static Snapshot greenThreads(boolean withStacks) {
        return Snapshot.take(withStacks);
    }

    /**
     * The program at a glance, with the 20 green threads that have waited longest; otherwise as
     * {@link #overview(OverviewQuery)}.
     *
     * @checkpoint always
     * @return what was found
     * @throws InterruptedException if the thread was interrupted
     */
    public static Overview overview() throws InterruptedException {
        return overview(OverviewQuery.DEFAULT);
    }

    /**
     * The program at a glance. While somebody asks for it, and ten seconds more, a thread looks at
     * the hubs a hundred times a second; the first who asks waits a fifth of a second for it.
     *
     * @checkpoint always
     * @param query which green threads to list
     * @return what was found
     * @throws InterruptedException if the thread was interrupted
     */
    public static Overview overview(OverviewQuery query) throws InterruptedException {
        return new OverviewCensus(query).take();
    }

    /**
     * Lists who waits for descriptors, or has callbacks made, under {@code READERS:} and {@code
     * WRITERS:}.
     *
     * @checkpoint always
     * @return text
     */
    public static String formatHubListeners() {
        return Listings.listeners();
    }

    /**
     * Lists the same as {@link #formatHubListeners}.
     *
     * @checkpoint always
     * @return a JSON array
     */
    public static String hubListenersJson() {
        return Listings.listenersJson();
    }

    /**
     * Lists the pending timers of all hubs under {@code TIMERS:}, the first to fire first.
     *
     * @checkpoint always
     * @return text
     */
    public static String formatHubTimers() {
        return Listings.timers();
    }

    /**
     * Lists the same as {@link #formatHubTimers}.
     *
     * @checkpoint always
     * @return a JSON array
     */
    public static String hubTimersJson() {
        return Listings.timersJson();
    }

    /**
     * Lists the platform threads of the program under {@code THREADS:}, with what they are to Evy.
     *
     * @return text
     */
    public static String formatThreadsInfo() {
        return Listings.threads();
    }

    /**
     * Lists the same as {@link #formatThreadsInfo}.
     *
     * @return a JSON array
     */
    public static String threadsInfoJson() {
        return Listings.threadsJson();
    }

    /**
     * Lists where hubs were blocked, the worst place first, under {@code BLOCKS:}.
     *
     * @return text
     */
    public static String formatHubBlocks() {
        StringBuilder text = new StringBuilder("BLOCKS:\n");
        for (HubBlock block : hubBlocks()) {
            text.append(block.text().strip()).append('\n');
        }
        return text.toString();
    }

    /**
     * Lists the same as {@link #formatHubBlocks}.
     *
     * @return a JSON array
     */
    public static String hubBlocksJson() {
        return Listings.blocksJson(hubBlocks());
    }

    /**
     * All there is to know.
     *
     * @checkpoint always
     * @return text: the green threads with their stacks, listeners, timers, threads, blocks
     */
    public static String dump() {
        return "Evy at "
                + Instant.now()
                + ", process "
                + ProcessHandle.current().pid()
                + "\n"
                + greenThreads(true).text()
                + formatHubListeners()
                + formatHubTimers()
                + formatThreadsInfo()
                + formatHubBlocks();
    }

    /**
     * Traces what the program runs, line by line, to standard output. As {@link
     * #spew(SpewOptions)}.
     *
     * @checkpoint always
     * @param names packages and classes, as {@code com.acme}; none for all code of the program
     * @throws IllegalStateException without the agent; the message says how to start it
     * @throws IllegalArgumentException if a name is of the JDK or of Evy
     */
    public static void spew(String... names) {
        spew(SpewOptions.of(names));
    }

    /**
     * Traces what the program runs, line by line: {@code #40 'report' com.acme.Report:12: total +=
     * row.amount();}, and with values a line of {@code name=value} for the variables that it uses,
     * as they are before it.
     *
     * <p>Also what is loaded already is traced, from the next call of a method on. What is printed
     * is printed by a thread of its own: a slow terminal holds up nobody, but lines are left out,
     * and counted. A trace that is on ends, and this one takes its place.
     *
     * @checkpoint always
     * @param options what to trace, and where to
     * @throws IllegalStateException without the agent; the message says how to start it
     * @throws IllegalArgumentException if a name is of the JDK or of Evy
     * @throws java.io.UncheckedIOException if the file to print to cannot be written
     * @source eventlet {@code debug.spew}
     */
    public static void spew(SpewOptions options) {
        LineTracer tracer = tracer();
        if (tracer == null) {
            throw new IllegalStateException(LineTracer.NEEDS_AGENT);
        }
        tracer.start(options);
    }

    /**
     * Ends the trace that {@link #spew(SpewOptions)} began, if there is one: classes get their own
     * code back, and what was noted is printed.
     *
     * @checkpoint always
     */
    public static void unspew() {
        LineTracer tracer = tracer();
        if (tracer != null) {
            tracer.stop();
        }
    }

    private static @Nullable LineTracer tracer() {
        return ServiceLoader.load(LineTracer.class, Debug.class.getClassLoader())
                .findFirst()
                .orElse(null);
    }

    /**
     * Says whether green threads made from now on remember where they were spawned.
     *
     * @param on false is the default
     */
    public static void spawnStacks(boolean on) {
        Greenlet.keepOrigins(on);
    }

    /**
     * Says whether listeners made from now on remember where they were registered.
     *
     * @param on false is the default
     */
    public static void hubListenerStacks(boolean on) {
        Listener.keepStacks(on);
    }

    /**
     * Says whether timers made from now on remember where they were scheduled.
     *
     * @param on false is the default
     */
    public static void hubTimerStacks(boolean on) {
        Timer.keepStacks(on);
    }

    /**
     * Says whether the hubs' exception handlers, which print, get every failure of a green thread.
     *
     * @param on false, the default, for those only that nobody else gets; to have none printed give
     *     the hub another {@linkplain evy.hubs.Hub#setExceptionHandler handler}
     */
    public static void hubExceptions(boolean on) {
        Greenlet.reportAllFailures(on);
    }

    /**
     * Says whether exceptions of native calls are printed as well as thrown.
     *
     * @param on false is the default
     */
    public static void tpoolExceptions(boolean on) {
        Tpool.setExceptionsPrinted(on);
    }

    /**
     * Says whether a second green thread that wants to read, or to write, what another waits for is
     * refused, for descriptors made from now on.
     *
     * @param on true is the default
     */
    public static void hubPreventMultipleReaders(boolean on) {
        Descriptor.allowSharingForAll(!on);
    }

    /**
     * Turns the watchdog on or off: a hub that has not returned to its loop for a second is logged,
     * with the stack of who holds it up.
     *
     * @param on false is the default
     */
    public static void hubBlockingDetection(boolean on) {
        hubBlockingDetection(on, USUAL_RESOLUTION);
    }

    /**
     * Turns the watchdog on or off: logs what it finds.
     *
     * @param on false is the default
     * @param resolution how long a hub may be away from its loop; it is noticed up to a quarter
     *     later, at most 500 looks are made in a second
     * @throws IllegalArgumentException if {@code resolution} is not above zero
     */
    public static void hubBlockingDetection(boolean on, Duration resolution) {
        Watchdog next = new Watchdog(resolution, BlockAction.LOG);
        replaceWatchdog(on ? next : null);
    }

    /**
     * Turns the watchdog on.
     *
     * @param resolution how long a hub may be away from its loop; it is noticed up to a quarter
     *     later, at most 500 looks are made in a second
     * @param action what to do about it
     * @throws IllegalArgumentException if {@code resolution} is not above zero
     */
    public static void hubBlockingDetection(Duration resolution, BlockAction action) {
        replaceWatchdog(new Watchdog(resolution, action));
    }

    private static void replaceWatchdog(@Nullable Watchdog next) {
        synchronized (WATCHDOG_LOCK) {
            Watchdog before = watchdog;
            if (before != null) {
                before.stop();
            }
            watchdog = next;
            if (next != null) {
                next.start();
            }
        }
    }

    /** {@return whether the watchdog is on} */
    public static boolean isWatching() {
        return watchdog != null;
    }

    /**
     * Where hubs were blocked since the watchdog was turned on: of each place the latest block,
     * with how often and how long in all.
     *
     * @return the worst first; empty if the watchdog is off
     */
    public static List<HubBlock> hubBlocks() {
        Watchdog current = watchdog;
        return current == null ? List.of() : current.groups();
    }

    /**
     * Prints a {@link #dump} to standard error whenever a signal comes, also while hubs are
     * blocked.
     *
     * @param signal such as USR2; the JVM keeps QUIT and USR1 to itself
     * @return to stop it by
     * @throws IllegalArgumentException if there is no such signal, or it cannot be had
     * @throws UnsupportedOperationException if the module {@code jdk.unsupported} is missing
     */
    public static Signals.Registration dumpOnSignal(String signal) {
        return dumpOnSignal(signal, Debug::print);
    }

    /**
     * Makes a {@link #dump} whenever a signal comes.
     *
     * @param signal such as USR2
     * @param sink gets it, on a platform thread
     * @return to stop it by
     * @throws IllegalArgumentException if there is no such signal, or it cannot be had
     * @throws UnsupportedOperationException if the module {@code jdk.unsupported} is missing
     */
    public static Signals.Registration dumpOnSignal(String signal, Consumer<String> sink) {
        return Signals.onPlatformThread(signal, name -> sink.accept(dump()));
    }

    @SuppressWarnings("SystemOut") // where thread dumps go
    private static void print(String dump) {
        System.err.print(dump);
        System.err.flush();
    }

    /**
     * Registers a {@link DebugMXBean} with the platform's MBean server, for jconsole and the like.
     *
     * @return to unregister it by
     * @throws IllegalStateException if one is registered already
     * @throws NoClassDefFoundError if the module {@code java.management} is missing
     */
    public static AutoCloseable registerMBean() {
        return DebugBean.register();
    }
}
