/**
 * A profiler that knows green threads: who computes, who waits, and for what.
 *
 * {@snippet :
 * var options = ProfilerOptions.DEFAULT.withHtml(Output.to(Path.of("profile.html")));
 * Profiler.attach(options, Duration.ofSeconds(30));
 * }
 *
 * <p>Begin with {@link evy.tools.profiler.Profiler}; {@code ./evy profile} needs no code at all.
 *
 * <p>Guide: {@code docs/guide/profiling.md}.
 */
@NullMarked
package evy.tools.profiler;

import org.jspecify.annotations.NullMarked;
