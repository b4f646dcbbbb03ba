package evy.tools.profiler;

import java.time.Duration;

/**
 * What a hub did.
 *
 * @param name of its thread
 * @param greenThreads how many it ran
 * @param switches how often one of them was switched out
 * @param observed how long it was looked at
 * @param running how long green threads had it
 * @param loop CPU time of its own: polling, timers, callbacks; from samples
 */
public record HubTime(
        String name,
        long greenThreads,
        long switches,
        Duration observed,
        Duration running,
        Duration loop) {}
