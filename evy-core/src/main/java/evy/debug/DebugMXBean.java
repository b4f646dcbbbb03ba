package evy.debug;

/**
 * What {@link Debug} offers to JMX, as {@code evy:type=Debug}: see {@link Debug#registerMBean}. All
 * in text, so that any client shows it.
 */
public interface DebugMXBean {
    /**
     * The green threads as a tree.
     *
     * @param stacks true for their stacks
     * @return text
     */
    String greenThreads(boolean stacks);

    /**
     * The green threads as JSON.
     *
     * @param stacks true for their stacks
     * @return JSON
     */
    String greenThreadsJson(boolean stacks);

    /**
     * The program at a glance, as JSON; see {@link Debug#overview(OverviewQuery)}.
     *
     * @param rows most green threads to list
     * @param order {@code WAITING}, {@code BUSY} or {@code NEWEST}
     * @param filter what those listed have in their name, state, hub or wait; empty for all
     * @return JSON
     * @throws InterruptedException if the thread was interrupted
     */
    String overviewJson(int rows, String order, String filter) throws InterruptedException;

    /** {@return who listens to what} */
    String getHubListeners();

    /** {@return the pending timers} */
    String getHubTimers();

    /** {@return the platform threads} */
    String getThreads();

    /** {@return where hubs were blocked since the watchdog was turned on} */
    String getHubBlocks();

    /** {@return all of it, with stacks} */
    String dump();

    /**
     * Turns the watchdog on, to log what it finds, or off.
     *
     * @param on true for on
     * @param resolutionMillis how long a hub may be away from its loop; above 0 if on
     */
    void hubBlockingDetection(boolean on, long resolutionMillis);

    /**
     * As {@link Debug#hubListenerStacks}.
     *
     * @param on true to note them
     */
    void hubListenerStacks(boolean on);

    /**
     * As {@link Debug#hubTimerStacks}.
     *
     * @param on true to note them
     */
    void hubTimerStacks(boolean on);

    /**
     * As {@link Debug#spawnStacks}.
     *
     * @param on true to note them
     */
    void spawnStacks(boolean on);

    /**
     * As {@link Debug#hubExceptions}.
     *
     * @param on true to print them all
     */
    void hubExceptions(boolean on);

    /**
     * As {@link Debug#tpoolExceptions}.
     *
     * @param on true to print them
     */
    void tpoolExceptions(boolean on);
}
