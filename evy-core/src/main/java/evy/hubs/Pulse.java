package evy.hubs;

import org.jspecify.annotations.Nullable;

/**
 * A sign of life of a hub. If two in a row have the same {@code beats} and the hub is not asleep,
 * it has been at the same stretch of a green thread, or at the same callback, all the time between.
 *
 * @param beats grows with every task and every turn
 * @param asleep it waits for something to do
 * @param running whose stretch it is; null in a callback, and for a virtual thread that a green one
 *     has started
 */
public record Pulse(long beats, boolean asleep, @Nullable Greenlet running) {}
