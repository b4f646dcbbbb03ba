/**
 * The low-level API: hubs, what runs on them, what they wait for. Programs seldom need more of it
 * than {@link evy.hubs.HubGroup}, to use several cores.
 *
 * <p>A {@link evy.hubs.Hub} is one platform thread that runs {@linkplain evy.hubs.Greenlet green
 * threads} one at a time and, when none can run, waits for timers and descriptors. To wait is to
 * make a {@link evy.hubs.Waiter}, give it to whoever will wake it, and call {@link
 * evy.hubs.Waiter#await}; everything that blocks in Evy is built on that. {@link
 * evy.hubs.WaitQueue} is for primitives of one's own, {@link evy.hubs.Descriptor} for descriptors
 * that other code opened.
 *
 * {@snippet :
 * try (var hubs = HubGroup.open(2)) { // one a core
 *     for (var hub : hubs) {
 *         Evy.spawn(hub, () -> IO.println(Hub.current())).join();
 *     }
 * }
 * }
 *
 * <p>See {@code docs/architecture.md}, and {@code docs/guide/spawning.md} for where things run.
 */
@NullMarked
package evy.hubs;

import org.jspecify.annotations.NullMarked;
