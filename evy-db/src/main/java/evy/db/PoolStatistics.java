package evy.db;

import java.time.Duration;

/**
 * What a {@link ConnectionPool} is doing and has done, at one moment.
 *
 * @param total connections there are: idle, out, being made and being closed
 * @param idle connections that wait in the pool
 * @param active connections that are out
 * @param connecting connections being made
 * @param closing connections being closed
 * @param waiting callers that wait for a connection
 * @param borrowed how often a connection was handed out
 * @param created connections made
 * @param closed connections closed, for whatever reason
 * @param broken those of them that were found to be broken
 * @param leaked handles that were dropped without being returned, and were taken back
 * @param connectFailures attempts to connect that failed
 * @param timeouts callers that gave up waiting
 * @param waited how long callers have waited, all together
 */
public record PoolStatistics(
        int total,
        int idle,
        int active,
        int connecting,
        int closing,
        int waiting,
        long borrowed,
        long created,
        long closed,
        long broken,
        long leaked,
        long connectFailures,
        long timeouts,
        Duration waited) {}
