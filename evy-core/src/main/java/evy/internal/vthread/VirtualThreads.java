package evy.internal.vthread;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Virtual threads with a scheduler of our own.
 *
 * <p>The way in is looked for once, best first; on JDK 25 there is one, {@link
 * ThreadBuildersAccess}. A later JDK's public API becomes a rung above it. If none works, nothing
 * green can start, and {@link #problem} says what to do.
 */
public final class VirtualThreads {
    /** The flag that opens {@code java.lang}, for programs on the class path. */
    public static final String CLASS_PATH_FLAG = "--add-opens java.base/java.lang=ALL-UNNAMED";

    private static final long SELF_TEST_SECONDS = 10;

    private static final @Nullable SchedulerAccess ACCESS;
    private static final @Nullable String PROBLEM;

    static {
        SchedulerAccess access = null;
        String problem = null;
        try {
            access = new ThreadBuildersAccess();
        } catch (LinkageError e) {
            problem = explain(e);
        }
        ACCESS = access;
        PROBLEM = problem;
    }

    private VirtualThreads() {}

    /**
     * Makes a virtual thread, not started, that {@code scheduler} runs.
     *
     * @throws IllegalStateException if the JDK does not let us; the message says what to add
     */
    public static Thread unstarted(Executor scheduler, @Nullable String name, Runnable body) {
        SchedulerAccess access = ACCESS;
        if (access == null) {
            throw new IllegalStateException(PROBLEM);
        }
        return access.unstarted(scheduler, name, body);
    }

    /** The platform thread that carries the current thread: a field read once compiled. */
    public static Thread currentCarrier() {
        SchedulerAccess access = ACCESS;
        return access == null ? Thread.currentThread() : access.currentCarrier();
    }

    /** Why no green thread can start here, with the flag to add; null if all is well. */
    public static @Nullable String problem() {
        return PROBLEM;
    }

    /**
     * Starts a virtual thread on a scheduler of our own and sees that it runs there, parks and
     * comes back.
     *
     * @return null if it worked, else what went wrong, in one line
     */
    public static @Nullable String selfTest() {
        if (PROBLEM != null) {
            return PROBLEM;
        }
        var tasks = new LinkedBlockingQueue<Runnable>();
        Thread[] seen = new Thread[2];
        Thread thread =
                unstarted(
                        tasks::add,
                        "evy-self-test",
                        () -> {
                            seen[0] = currentCarrier();
                            Thread.yield();
                            seen[1] = currentCarrier();
                        });
        thread.start();
        try {
            for (int i = 0; i < 2; i++) {
                Runnable task = tasks.poll(SELF_TEST_SECONDS, TimeUnit.SECONDS);
                if (task == null) {
                    return "a virtual thread was not handed to its scheduler";
                }
                task.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
        Thread me = currentCarrier();
        return thread.isAlive() || seen[0] != me || seen[1] != me
                ? "a virtual thread did not run on the thread its scheduler gave it"
                : null;
    }

    private static String explain(LinkageError e) {
        Throwable cause = e.getCause();
        if (cause instanceof IllegalAccessException) {
            Module module = VirtualThreads.class.getModule();
            String flag =
                    module.isNamed()
                            ? "--add-opens java.base/java.lang=" + module.getName()
                            : CLASS_PATH_FLAG;
            return "Evy needs java.lang opened to make green threads; start java with "
                    + flag
                    + " (or run the program with ./evy)";
        }
        return "Evy cannot make green threads on Java "
                + Runtime.version()
                + ", which lacks "
                + (cause == null ? e : cause.getMessage())
                + "; use JDK 25";
    }
}
