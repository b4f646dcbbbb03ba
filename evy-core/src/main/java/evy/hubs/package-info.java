/**
 * The low-level API: hubs, what runs on them, what they wait for.
 *
 * <p>A {@link evy.hubs.Hub} is one platform thread that runs {@linkplain evy.hubs.Greenlet green
 * threads} one at a time and, when none can run, waits for timers and descriptors. To wait is to
 * make a {@link evy.hubs.Waiter}, give it to whoever will wake it, and call {@link
 * evy.hubs.Waiter#await}; everything that blocks in Evy is built on that.
 */
@NullMarked
package evy.hubs;

import org.jspecify.annotations.NullMarked;
