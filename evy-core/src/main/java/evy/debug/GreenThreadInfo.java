package evy.debug;

import evy.hubs.GreenThreadState;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * What a green thread did when it was looked at.
 *
 * @param id of its {@link Thread}
 * @param name of its thread; empty if it has none
 * @param state what it did
 * @param hub the name of the hub it runs on
 * @param parent id of the green thread that spawned it; 0 if none did, or if that has ended
 * @param depth how many of its forebears are alive
 * @param kind in a word, what it waits for, such as {@code read}, {@code sleep}, {@code queue},
 *     {@code semaphore}, {@code join}, {@code lock}; null if it does not wait
 * @param waitsFor what it waits for, with its number, address or figures; null if it does not wait
 * @param idle since when it has not run, to about a millisecond; for one that waits, how long it
 *     has waited
 * @param remaining until it starts, or gives up its wait; null if there is no limit, or not one of
 *     Evy's
 * @param stack the innermost frame first; empty unless asked for
 * @param spawnedAt the stack of its spawner, the innermost frame first; empty unless {@link
 *     Debug#spawnStacks} was on then
 */
public record GreenThreadInfo(
        long id,
        String name,
        GreenThreadState state,
        String hub,
        long parent,
        int depth,
        @Nullable String kind,
        @Nullable String waitsFor,
        Duration idle,
        @Nullable Duration remaining,
        List<StackTraceElement> stack,
        List<StackTraceElement> spawnedAt) {
    /** Copies the lists. */
    public GreenThreadInfo {
        stack = List.copyOf(stack);
        spawnedAt = List.copyOf(spawnedAt);
    }
}
