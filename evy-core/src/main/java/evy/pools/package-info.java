/** Pools of things that are dear to make and can serve one at a time. */
@NullMarked
package evy.pools;

import org.jspecify.annotations.NullMarked;
