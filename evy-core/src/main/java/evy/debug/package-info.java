/**
 * Seeing inside a running program: what its green threads do and wait for, who listens to what,
 * which timers are pending, and who holds up a hub.
 *
 * <p>Start at {@link evy.debug.Debug}. Nothing here costs anything until it is asked for.
 */
@NullMarked
package evy.debug;

import org.jspecify.annotations.NullMarked;
