package evy.hubs;

/**
 * The time a hub lives by. Monotonic: stepping the wall clock neither delays nor fires timers.
 *
 * @source Agrona's {@code NanoClock}; Trio's {@code Clock}
 */
public interface Clock {
    /**
     * The time now.
     *
     * @return nanoseconds since some fixed moment; compare by subtraction
     */
    long nanos();

    /**
     * Told by the hub, on its thread, that nothing can run before {@code nanos} have passed. A
     * clock that keeps time by itself returns false; a virtual one may move on and return true, and
     * the hub then goes on without waiting.
     *
     * @param nanos time to the next timer; negative if there is none
     * @return true if the time has been moved
     */
    default boolean idle(long nanos) {
        return false;
    }

    /**
     * The system's monotonic clock.
     *
     * @return {@link System#nanoTime}
     */
    static Clock system() {
        return System::nanoTime;
    }
}
