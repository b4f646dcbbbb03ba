package evy.debug;

import evy.hubs.GreenThreadState;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * A green thread in an {@link Overview}.
 *
 * @param id of its {@link Thread}
 * @param name of its thread; empty if it has none
 * @param state what it did
 * @param hub the name of the hub it runs on
 * @param busy the part of the last two seconds, 0 to 1, in which it ran
 * @param idle since when it has not run, to about a millisecond
 * @param remaining until it starts, or gives up its wait; null if there is no limit, or not one of
 *     Evy's
 * @param kind in a word, what it waits for; null if it does not wait
 * @param waitsFor what it waits for; null if it does not wait
 */
public record GreenThreadLoad(
        long id,
        String name,
        GreenThreadState state,
        String hub,
        double busy,
        Duration idle,
        @Nullable Duration remaining,
        @Nullable String kind,
        @Nullable String waitsFor) {}
