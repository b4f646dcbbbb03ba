package evy.tools.profiler;

import java.time.Duration;

/**
 * What a green thread did. All but the CPU time is exact.
 *
 * @param id of its {@link Thread}
 * @param name of its thread; empty if it has none
 * @param hub the name of the hub it ran on
 * @param switches how often it was switched out, its end included
 * @param running by the clock, how long it had its hub; more than its CPU time if it was pinned in
 *     a wait, or the machine had other things to do
 * @param waiting by the clock, how long it was switched out, until it had its hub again
 * @param cpu from samples
 */
public record GreenThreadTime(
        long id,
        String name,
        String hub,
        long switches,
        Duration running,
        Duration waiting,
        Duration cpu) {}
