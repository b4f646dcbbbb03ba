package evy.internal.vthread;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;

/** A way of making virtual threads that a given executor schedules. */
interface SchedulerAccess {
    /**
     * Makes a virtual thread whose continuation is submitted to {@code scheduler} whenever it can
     * run.
     *
     * @param scheduler must not block, must not reject
     * @param name null for an empty name
     * @param body what the thread runs
     * @return the thread, not started
     */
    Thread unstarted(Executor scheduler, @Nullable String name, Runnable body);

    /** The platform thread that carries the current thread: itself, if it is a platform thread. */
    Thread currentCarrier();
}
