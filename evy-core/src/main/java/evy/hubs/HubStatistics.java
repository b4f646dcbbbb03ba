package evy.hubs;

/**
 * A hub's counters at one moment. Read from another thread they may be a few steps apart.
 *
 * @param turns turns of the loop
 * @param switches times a green thread or a callback ran
 * @param polls times descriptors were looked at
 * @param waits polls that were allowed to block: the hub had nothing to do
 * @param messages tasks that came from other threads
 * @param spawned green threads begun
 * @param live green threads begun and not ended
 * @param peak most green threads alive at once
 * @param ready tasks in the run queue
 * @param timers pending timers
 * @param readers listeners for reading
 * @param writers listeners for writing
 */
public record HubStatistics(
        long turns,
        long switches,
        long polls,
        long waits,
        long messages,
        long spawned,
        long live,
        long peak,
        int ready,
        int timers,
        int readers,
        int writers) {}
