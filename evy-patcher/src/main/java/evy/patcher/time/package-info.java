/** Waits of the JDK that end by themselves are timed by the hub. */
@NullMarked
package evy.patcher.time;

import org.jspecify.annotations.NullMarked;
