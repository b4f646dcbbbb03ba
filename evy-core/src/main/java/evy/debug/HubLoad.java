package evy.debug;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * A hub, and how busy it was in the last two seconds.
 *
 * @param hub the hub and its counters
 * @param busy the part of the time, 0 to 1, in which it was not waiting for something to do
 * @param lag how long what became ready had to wait for its turn, the median; zero while the hub
 *     waits for something to do
 * @param longestLag the longest of those, also one that is not over
 * @param cpu processor time that its thread has used since it began; null if the JVM cannot tell
 */
public record HubLoad(
        HubInfo hub, double busy, Duration lag, Duration longestLag, @Nullable Duration cpu) {}
