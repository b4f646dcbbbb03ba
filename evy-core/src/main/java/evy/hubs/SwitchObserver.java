package evy.hubs;

/**
 * Is told whenever a hub switches from or to a green thread, for profilers and tracers; see {@link
 * Hub#observeSwitches}. What it does comes on top of each switch.
 *
 * <p>Between {@code suspends} and {@code resumes} a green thread stands still: its stack, its
 * {@linkplain Greenlet#waiter wait} and the blocker of its thread are those of the call that
 * suspended it. They may be looked at in {@code resumes}, too, when it is known how long that took.
 *
 * @thread all methods the hub's, outside of any green thread; they must not block. What they throw
 *     goes to the hub's exception handler
 */
public interface SwitchObserver {
    /**
     * A green thread is about to run for the first time.
     *
     * @param greenlet the green thread
     */
    void begins(Greenlet greenlet);

    /**
     * A green thread that was suspended is about to go on.
     *
     * @param greenlet the green thread
     */
    void resumes(Greenlet greenlet);

    /**
     * A green thread has stopped running: it waits, or it has given way to others.
     *
     * @param greenlet the green thread
     */
    void suspends(Greenlet greenlet);

    /**
     * A green thread has run for the last time.
     *
     * @param greenlet the green thread
     */
    void ends(Greenlet greenlet);
}
