package evy.tools.profiler;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a {@link Profiler} measures and where the results go. Immutable; {@code
 * ProfilerOptions.DEFAULT.withHtml(Output.to(path))} changes one thing.
 *
 * @param period CPU time between two samples of a thread, 1 ms to 1 s
 * @param timeBlocking true to charge functions the time that green threads wait in them, too
 * @param percentages true to print times as percentages, too
 * @param threads true to keep the stacks of each thread apart
 * @param summary gets a text; null for none
 * @param collapsed gets a line for each stack, with microseconds, as flame graph tools read it;
 *     null for none
 * @param html gets a page with a flame graph; null for none
 * @param trace gets each stretch of each green thread, in the Trace Event Format that Perfetto and
 *     Chromium show, while the program runs; null for none
 */
public record ProfilerOptions(
        Duration period,
        boolean timeBlocking,
        boolean percentages,
        boolean threads,
        @Nullable Output summary,
        @Nullable Output collapsed,
        @Nullable Output html,
        @Nullable Output trace) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofSeconds(1);

    /** CPU time every 10 ms; no output. */
    public static final ProfilerOptions DEFAULT =
            new ProfilerOptions(Duration.ofMillis(10), false, true, false, null, null, null, null);

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if one makes no sense; the message says which
     */
    public ProfilerOptions {
        Objects.requireNonNull(period, "period");
        if (period.compareTo(SHORTEST) < 0 || period.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("period must be in 1 ms to 1 s: " + period);
        }
        Set<Path> files = new HashSet<>();
        Stream.of(summary, collapsed, html, trace)
                .filter(Objects::nonNull)
                .map(Output::file)
                .filter(Objects::nonNull)
                .forEach(
                        file -> {
                            if (!files.add(file.toAbsolutePath().normalize())) {
                                throw new IllegalArgumentException("two outputs to " + file);
                            }
                        });
    }

    /**
     * The same with another period.
     *
     * @param newPeriod CPU time between two samples of a thread, 1 ms to 1 s
     * @return the new options
     */
    public ProfilerOptions withPeriod(Duration newPeriod) {
        return new ProfilerOptions(
                newPeriod, timeBlocking, percentages, threads, summary, collapsed, html, trace);
    }

    /**
     * The same with or without waits in the times of functions. The page has both.
     *
     * @param on false is the default
     * @return the new options
     */
    public ProfilerOptions withTimeBlocking(boolean on) {
        return new ProfilerOptions(
                period, on, percentages, threads, summary, collapsed, html, trace);
    }

    /**
     * The same with or without percentages in the summary.
     *
     * @param on true is the default
     * @return the new options
     */
    public ProfilerOptions withPercentages(boolean on) {
        return new ProfilerOptions(
                period, timeBlocking, on, threads, summary, collapsed, html, trace);
    }

    /**
     * The same with the stacks of each thread by themselves, below its name and number.
     *
     * @param on false is the default
     * @return the new options
     */
    public ProfilerOptions withThreads(boolean on) {
        return new ProfilerOptions(
                period, timeBlocking, percentages, on, summary, collapsed, html, trace);
    }

    /**
     * The same with another place for the summary.
     *
     * @param output null for none
     * @return the new options
     */
    public ProfilerOptions withSummary(@Nullable Output output) {
        return new ProfilerOptions(
                period, timeBlocking, percentages, threads, output, collapsed, html, trace);
    }

    /**
     * The same with another place for the collapsed stacks.
     *
     * @param output null for none
     * @return the new options
     */
    public ProfilerOptions withCollapsed(@Nullable Output output) {
        return new ProfilerOptions(
                period, timeBlocking, percentages, threads, summary, output, html, trace);
    }

    /**
     * The same with another place for the page.
     *
     * @param output null for none
     * @return the new options
     */
    public ProfilerOptions withHtml(@Nullable Output output) {
        return new ProfilerOptions(
                period, timeBlocking, percentages, threads, summary, collapsed, output, trace);
    }

    /**
     * The same with another place for the trace: some 100 bytes a switch.
     *
     * @param output null for none
     * @return the new options
     */
    public ProfilerOptions withTrace(@Nullable Output output) {
        return new ProfilerOptions(
                period, timeBlocking, percentages, threads, summary, collapsed, html, output);
    }

    /** The outputs there are. */
    Stream<Output> outputs() {
        return Stream.of(summary, collapsed, html, trace).filter(Objects::nonNull);
    }
}
