/**
 * How a place of the JDK is patched: what it must look like, what is woven in, and what came of it.
 */
@NullMarked
package evy.patcher.weave;

import org.jspecify.annotations.NullMarked;
