/**
 * Seeing inside a running program: what its green threads do and wait for, who listens to what,
 * which timers are pending, and who holds up a hub.
 *
 * {@snippet :
 * IO.println(Debug.greenThreads().text()); // a tree: who spawned whom, and what each waits for
 * Debug.hubBlockingDetection(true); // from now on a watchdog names who holds up a hub
 * }
 *
 * <p>Begin with {@link evy.debug.Debug}. Nothing here costs anything until it is asked for.
 *
 * <p>Guide: {@code docs/guide/debugging.md}.
 */
@NullMarked
package evy.debug;

import org.jspecify.annotations.NullMarked;
