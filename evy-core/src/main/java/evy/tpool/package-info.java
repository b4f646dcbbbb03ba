/**
 * Native threads for what cannot be green: code that computes for long, and calls of C that block.
 *
 * {@snippet :
 * long sum = Tpool.execute(() -> LongStream.range(0, 1_000_000_000).sum()); // others run meanwhile
 * }
 *
 * <p>Begin with {@link evy.tpool.Tpool#execute}. {@link evy.tpool.Proxy} stands for an object whose
 * every call is to be made so. There are 20 threads unless {@code EVY_THREADPOOL_SIZE} says
 * otherwise.
 *
 * <p>Guides: {@code docs/guide/spawning.md}, {@code docs/guide/files-and-processes.md}.
 */
@NullMarked
package evy.tpool;

import org.jspecify.annotations.NullMarked;
