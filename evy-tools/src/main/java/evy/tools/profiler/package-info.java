/** A profiler that knows green threads: who computes, who waits, and for what. */
@NullMarked
package evy.tools.profiler;

import org.jspecify.annotations.NullMarked;
