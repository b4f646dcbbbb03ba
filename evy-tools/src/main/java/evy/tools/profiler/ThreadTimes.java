package evy.tools.profiler;

/**
 * What a green thread did while it was profiled; guarded by the lock of its {@link HubRecorder}.
 */
final class ThreadTimes {
    final long id;
    final String hub;

    /* As it was at the end: it is often given late. */
    String name = "";

    long switches;
    long runNanos;
    long waitNanos;

    /* When it was switched the last time. */
    long since;
    boolean running;

    ThreadTimes(long id, String hub) {
        this.id = id;
        this.hub = hub;
    }

    /** Takes in the times of another. */
    void add(ThreadTimes other) {
        switches += other.switches;
        runNanos += other.runNanos;
        waitNanos += other.waitNanos;
    }
}
