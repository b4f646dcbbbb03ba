package evy.tpool;

/**
 * The figures of {@link Tpool} at one moment.
 *
 * @param size how many native threads there may be
 * @param threads how many there are
 * @param busy how many of them are at a call
 * @param queued calls that wait for a thread
 */
public record TpoolStatistics(int size, int threads, int busy, int queued) {}
