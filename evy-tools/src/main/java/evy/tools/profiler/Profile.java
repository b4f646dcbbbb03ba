package evy.tools.profiler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/**
 * What a {@link Profiler} has found. Immutable.
 *
 * @thread all methods any
 */
public final class Profile {
    private final Duration elapsed;
    private final String source;
    private final CallTree tree;
    private final long lostSamples;
    private final List<HubTime> hubs;
    private final List<GreenThreadTime> greenThreads;
    private final List<WaitTime> waits;

    Profile(
            Duration elapsed,
            String source,
            CallTree tree,
            long lostSamples,
            List<HubTime> hubs,
            List<GreenThreadTime> greenThreads,
            List<WaitTime> waits) {
        this.elapsed = elapsed;
        this.source = source;
        this.tree = tree;
        this.lostSamples = lostSamples;
        this.hubs = List.copyOf(hubs);
        this.greenThreads = List.copyOf(greenThreads);
        this.waits = List.copyOf(waits);
    }

    /** {@return how long the program was profiled} */
    public Duration elapsed() {
        return elapsed;
    }

    /** {@return how many samples of computing threads there are} */
    public long samples() {
        return tree.total().samples;
    }

    /**
     * How many samples the flight recorder has lost: those of threads at work within the JVM. Their
     * time is in {@code [stack not taken]}.
     *
     * @return the number
     */
    public long lostSamples() {
        return lostSamples;
    }

    /**
     * The functions that were seen.
     *
     * @param timeBlocking true to count the time that green threads waited in them, too
     * @return those with the most time of their own first
     */
    public List<FunctionTime> functions(boolean timeBlocking) {
        return FunctionTable.of(tree, timeBlocking);
    }

    /**
     * The green threads that ran while hubs were observed: the 10,000 that ran longest, and if
     * there were more, the rest in a last entry with id 0. Virtual threads that green ones have
     * started by the JDK's means are in that entry, too, with their CPU time.
     *
     * @return those that ran longest first
     */
    public List<GreenThreadTime> greenThreads() {
        return greenThreads;
    }

    /** {@return what green threads waited for, the longest first, at most 1000 entries} */
    public List<WaitTime> waits() {
        return waits;
    }

    /** {@return the hubs, the oldest first} */
    public List<HubTime> hubs() {
        return hubs;
    }

    /**
     * The summary.
     *
     * @param timeBlocking true to count the time that green threads waited
     * @param percentages true to print times as percentages, too
     * @return text
     */
    public String text(boolean timeBlocking, boolean percentages) {
        return new Summary(this, timeBlocking, percentages).text();
    }

    /**
     * Writes a line for each stack: its frames, the outermost first and with semicolons between,
     * and microseconds.
     *
     * @param out where to
     * @param timeBlocking true to write where green threads waited, too
     * @throws IOException if it cannot be written
     * @source Brendan Gregg's {@code stackcollapse}
     */
    public void writeCollapsed(Appendable out, boolean timeBlocking) throws IOException {
        new CollapsedStacks(out, timeBlocking).write(tree);
    }

    /** {@return what {@link #writeCollapsed} writes} */
    String collapsed(boolean timeBlocking) {
        StringBuilder text = new StringBuilder();
        try {
            writeCollapsed(text, timeBlocking);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /**
     * Writes a page with a flame graph that needs nothing else, no server and no network.
     *
     * @param out where to
     * @param timeBlocking true to show waits at first, too; the page has a switch for it
     * @throws IOException if it cannot be written
     */
    public void writeHtml(Appendable out, boolean timeBlocking) throws IOException {
        new FlamePage(out).write(this, tree, timeBlocking);
    }

    /** Says what a sample stands for. */
    String source() {
        return source;
    }

    @Override
    public String toString() {
        return "profile of " + elapsed + " with " + samples() + " samples";
    }
}
