package evy.tools.profiler;

import java.time.Duration;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/** A {@link Profile} as text: its hubs, functions, green threads and waits. */
final class Summary {
    private static final int MOST_ROWS = 40;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Profile profile;
    private final boolean withWaits;
    private final boolean percentages;
    private final StringBuilder text = new StringBuilder();
    private final Formatter out = new Formatter(text, Locale.ROOT);

    Summary(Profile profile, boolean withWaits, boolean percentages) {
        this.profile = profile;
        this.withWaits = withWaits;
        this.percentages = percentages;
    }

    String text() {
        out.format(
                "Profile of %s: %d samples of %s, %d lost\n",
                seconds(profile.elapsed()),
                profile.samples(),
                profile.source(),
                profile.lostSamples());
        hubs();
        functions();
        greenThreads();
        waits();
        return text.toString();
    }

    private void hubs() {
        heading("HUBS");
        out.format(
                "%12s %12s %12s %12s  %s\n", "green thr.", "switches", "running", "own CPU", "hub");
        for (HubTime hub : profile.hubs()) {
            out.format(
                    "%12d %12d %12s %12s  %s\n",
                    hub.greenThreads(),
                    hub.switches(),
                    percent(hub.running(), hub.observed()),
                    seconds(hub.loop()),
                    hub.name());
        }
    }

    private void functions() {
        heading(withWaits ? "FUNCTIONS, CPU time and waits" : "FUNCTIONS, CPU time");
        List<FunctionTime> functions = profile.functions(withWaits);
        if (functions.isEmpty()) {
            out.format("nothing was sampled: no thread used as much as a period of CPU time\n");
            return;
        }
        Duration total =
                functions.stream().map(FunctionTime::own).reduce(Duration.ZERO, Duration::plus);
        out.format(
                "%8s %10s %s %s %s %12s %10s  %s\n",
                "samples",
                "switches",
                column("cumulative"),
                column("own"),
                column("child"),
                "per switch",
                "own/total",
                "call");
        for (FunctionTime f : functions.subList(0, Math.min(MOST_ROWS, functions.size()))) {
            out.format(
                    "%8d %10d %s %s %s %12s %10s  %s\n",
                    f.samples(),
                    f.switches(),
                    time(f.cumulative(), total),
                    time(f.own(), total),
                    time(f.child(), total),
                    perSwitch(f),
                    ratio(f.own(), total),
                    f.name());
        }
        more(functions.size());
    }

    private static String perSwitch(FunctionTime f) {
        return f.switches() == 0 ? "-" : millis(f.cumulative().dividedBy(f.switches()));
    }

    private void greenThreads() {
        heading("GREEN THREADS");
        out.format(
                "%10s %12s %12s %12s  %s\n",
                "switches", "CPU", "running", "waiting", "green thread");
        List<GreenThreadTime> threads = profile.greenThreads();
        for (GreenThreadTime t : threads.subList(0, Math.min(MOST_ROWS, threads.size()))) {
            out.format(
                    "%10d %12s %12s %12s  %s\n",
                    t.switches(),
                    seconds(t.cpu()),
                    seconds(t.running()),
                    seconds(t.waiting()),
                    t.id() == 0
                            ? "all others"
                            : "#%d %s on %s".formatted(t.id(), quoted(t.name()), t.hub()));
        }
        more(threads.size());
    }

    private static String quoted(String name) {
        return name.isEmpty() ? "(unnamed)" : "'" + name + "'";
    }

    private void waits() {
        heading("WAITS");
        out.format("%10s %12s %12s  %s\n", "switches", "waiting", "each", "for");
        List<WaitTime> waits = profile.waits();
        for (WaitTime w : waits.subList(0, Math.min(MOST_ROWS, waits.size()))) {
            out.format(
                    "%10d %12s %12s  %s\n",
                    w.switches(),
                    seconds(w.waiting()),
                    w.switches() == 0 ? "-" : millis(w.waiting().dividedBy(w.switches())),
                    w.what().equals(w.kind()) ? w.kind() : w.kind() + ": " + w.what());
        }
        more(waits.size());
    }

    private void more(int rows) {
        if (rows > MOST_ROWS) {
            out.format("... and %d more\n", rows - MOST_ROWS);
        }
    }

    private void heading(String words) {
        text.append('\n').append(words).append('\n');
    }

    private String column(String name) {
        return String.format(Locale.ROOT, percentages ? "%19s" : "%11s", name);
    }

    private String time(Duration part, Duration whole) {
        String time = String.format(Locale.ROOT, "%11s", seconds(part));
        return percentages ? time + String.format(Locale.ROOT, " %7s", percent(part, whole)) : time;
    }

    private static String percent(Duration part, Duration whole) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share(part, whole));
    }

    private static String ratio(Duration part, Duration whole) {
        return String.format(Locale.ROOT, "%.3f", share(part, whole));
    }

    private static double share(Duration part, Duration whole) {
        return whole.isZero() ? 0 : (double) part.toNanos() / whole.toNanos();
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f s", time.toNanos() / NANOS_PER_SECOND);
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.3f ms", time.toNanos() / NANOS_PER_MILLI);
    }
}
