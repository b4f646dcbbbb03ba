package evy.db;

/**
 * The figures of a {@link ConnectionPool} over JMX; see {@link PoolStatistics} for what they mean.
 */
public interface ConnectionPoolMXBean {
    /** {@return connections there are: idle, out, being made and being closed} */
    int getTotal();

    /** {@return connections that wait in the pool} */
    int getIdle();

    /** {@return connections that are out} */
    int getActive();

    /** {@return connections being made} */
    int getConnecting();

    /** {@return connections being closed} */
    int getClosing();

    /** {@return callers that wait for a connection} */
    int getWaiting();

    /** {@return how often a connection was handed out} */
    long getBorrowed();

    /** {@return connections made} */
    long getCreated();

    /** {@return connections closed} */
    long getClosed();

    /** {@return connections found to be broken} */
    long getBroken();

    /** {@return handles that were dropped and taken back} */
    long getLeaked();

    /** {@return attempts to connect that failed} */
    long getConnectFailures();

    /** {@return callers that gave up waiting} */
    long getTimeouts();

    /** {@return most connections there may be} */
    int getMaxSize();

    /**
     * Changes how many connections there may be.
     *
     * @param maxSize at least 1
     */
    void setMaxSize(int maxSize);

    /** Closes all idle connections. */
    void clear();
}
