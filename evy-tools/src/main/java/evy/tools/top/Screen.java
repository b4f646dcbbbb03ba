package evy.tools.top;

import evy.tools.top.Line.Style;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts a {@link View} into lines: what is wrong first, then hubs, sums, and green threads. */
final class Screen {
    private static final double MILLIS_PER_SECOND = 1_000;
    private static final double HIGH = 0.8;
    private static final double LAG_WARNING_MILLIS = 20;
    private static final double LAG_ALARM_MILLIS = 100;
    private static final double SILENCE_MILLIS = 3_000;
    private static final int FEW_BLOCKS = 3;
    private static final int UNLIMITED = Integer.MAX_VALUE;

    private static final String HELP =
            """

            HUBS
              BUSY     part of the last 2 s in which the hub was not waiting for something to do
              CPU      processor time of its thread; BUSY without CPU: a call blocks the hub
              LAG, MAX how long what is ready waits for its turn: median and worst of the last 2 s
              TURN/S   turns of the loop     RUN/S  stretches of green threads and callbacks
              LIVE, READY, TIMER, READ, WRIT  green threads, those that can run, pending timers,
                       listeners for reading and writing
              BLOCKED  it does not return to its loop; the watchdog says where
            GREEN THREADS
              BUSY     part of the last 2 s in which it ran     FOR  since when it has not run

            KEYS
              w b n    longest waiting, busiest, newest first
              /        show only those with a text in their line; Esc shows all again
              space    hold the picture, and go on               q  quit

            Any key goes back.
            """;

    private final View view;
    private final String target;
    private final List<Line> lines = new ArrayList<>();

    private Screen(View view, String target) {
        this.view = view;
        this.target = target;
    }

    /**
     * What is to be seen.
     *
     * @param height most lines
     * @param now on {@link System#nanoTime}
     */
    static List<Line> of(View view, String target, int height, long now) {
        var screen = new Screen(view, target);
        screen.build(height, now);
        return screen.lines.subList(0, Math.min(height, screen.lines.size()));
    }

    /** All there is, for a script: no title line of keys, no limit. */
    static List<Line> all(View view, String target) {
        var screen = new Screen(view, target);
        var reading = view.latest();
        if (reading != null) {
            screen.process(reading);
            screen.figures(reading, UNLIMITED);
        }
        return screen.lines;
    }

    private void build(int height, long now) {
        var reading = view.latest();
        title(reading, now);
        if (view.isHelp()) {
            HELP.lines().forEach(line -> lines.add(Line.of(line)));
        } else if (reading != null) {
            figures(reading, height);
        }
    }

    private void title(@Nullable Reading reading, long now) {
        if (reading == null) {
            lines.add(Line.of(Style.BOLD, "evy top " + target));
        } else {
            process(reading);
        }
        var typed = view.typed();
        var problem = view.problem();
        var silent = view.silentMillis(now);
        if (typed != null) {
            lines.add(
                    Line.of(Style.BOLD, "filter: " + typed + "_")
                            .add("  Enter takes it, Esc leaves it"));
        } else if (problem != null) {
            lines.add(
                    Line.of(Style.ALARM, problem)
                            .add(reading == null ? "" : "; these are old figures"));
        } else if (silent > SILENCE_MILLIS) {
            lines.add(Line.of(Style.ALARM, "no answer for " + Text.millis(silent)));
        } else if (view.isPaused()) {
            lines.add(Line.of(Style.WARNING, "held; space goes on"));
        } else {
            lines.add(
                    Line.of(Style.DIM, "q quit  h help  / filter  space hold  w b n ")
                            .add(listed()));
        }
    }

    private String listed() {
        var reading = view.latest();
        var filter = view.filter();
        return view.order().words()
                + (filter.isEmpty() || reading == null
                        ? ""
                        : "; %d with '%s'".formatted(reading.figures().matching(), filter));
    }

    private void process(Reading reading) {
        var process = reading.figures().process();
        var cpu = reading.rate(Figures.OfProcess::cpuMs) / MILLIS_PER_SECOND;
        var gc = reading.rate(Figures.OfProcess::gcMs) / MILLIS_PER_SECOND;
        lines.add(
                Line.of(Style.BOLD, "process %d %s".formatted(process.pid(), name(process)))
                        .add("  up " + Text.millis(process.uptimeMs()))
                        .add("  cpu " + percent(cpu))
                        .add(gc > HIGH / 4 ? Style.ALARM : Style.PLAIN, "  gc " + percent(gc))
                        .add(
                                "  heap %d of %d MiB"
                                        .formatted(
                                                process.heapUsed() >> 20, process.heapMax() >> 20))
                        .add(Style.DIM, "  by " + target));
    }

    private static String name(Figures.OfProcess process) {
        var name = process.name();
        return name == null ? "" : name;
    }

    private void figures(Reading reading, int height) {
        hubs(reading, Math.max(1, height / 3));
        sums(reading.figures());
        blocks(reading.figures());
        greenThreads(reading.figures());
    }

    private void hubs(Reading reading, int most) {
        lines.add(
                Line.of(
                        Style.TITLE,
                        "%-16s %-5s %5s %5s %8s %8s %6s %6s %6s %5s %5s %5s %4s"
                                .formatted(
                                        "HUB", "KIND", "BUSY", "CPU", "LAG", "MAX", "TURN/S",
                                        "RUN/S", "LIVE", "READY", "TIMER", "READ", "WRIT")));
        var hubs = reading.figures().hubs();
        hubs.stream().limit(most).forEach(hub -> lines.add(line(reading, hub)));
        if (hubs.size() > most) {
            lines.add(Line.of("and " + (hubs.size() - most) + " more hubs"));
        }
        if (hubs.isEmpty()) {
            lines.add(Line.of("no hub is open"));
        }
    }

    private static Line line(Reading reading, Figures.OfHub hub) {
        var cpu =
                reading.rate(hub, h -> h.cpuMs() == null ? Double.NaN : h.cpuMs())
                        / MILLIS_PER_SECOND;
        var line =
                Line.of(hub.answered() ? Style.PLAIN : Style.ALARM, "%-16s".formatted(hub.name()))
                        .add(" %-5s".formatted(hub.kind()))
                        .add(
                                hub.busy() >= HIGH ? Style.WARNING : Style.PLAIN,
                                " %5s".formatted(Text.percent(hub.busy())))
                        .add(" %5s".formatted(percent(cpu)))
                        .add(lagStyle(hub.lagMs()), " %8s".formatted(Text.millis(hub.lagMs())))
                        .add(
                                lagStyle(hub.longestLagMs()),
                                " %8s".formatted(Text.millis(hub.longestLagMs())))
                        .add(" %6s".formatted(count(reading.rate(hub, Figures.OfHub::turns))))
                        .add(" %6s".formatted(count(reading.rate(hub, Figures.OfHub::switches))))
                        .add(
                                " %6s %5s %5s %5s %4s"
                                        .formatted(
                                                Text.count((double) hub.live()),
                                                Text.count((double) hub.ready()),
                                                Text.count((double) hub.timers()),
                                                Text.count((double) hub.readers()),
                                                Text.count((double) hub.writers())));
        return hub.answered() ? line : line.add(Style.ALARM, " BLOCKED");
    }

    private static Style lagStyle(double millis) {
        if (millis >= LAG_ALARM_MILLIS) {
            return Style.ALARM;
        }
        return millis >= LAG_WARNING_MILLIS ? Style.WARNING : Style.PLAIN;
    }

    private void sums(Figures figures) {
        var tpool = figures.tpool();
        lines.add(
                Line.of(Style.BOLD, "%-14s".formatted("Native threads"))
                        .add(" %d busy of %d".formatted(tpool.busy(), tpool.size()))
                        .add(
                                tpool.queued() > 0 ? Style.ALARM : Style.PLAIN,
                                ", %d calls queued".formatted(tpool.queued())));
        lines.add(
                Line.of(Style.BOLD, "%-14s".formatted("Green threads"))
                        .add(" " + figures.live() + ": " + counts(figures.states())));
        if (!figures.kinds().isEmpty()) {
            lines.add(
                    Line.of(Style.BOLD, "%-14s".formatted("They wait for"))
                            .add(" " + counts(figures.kinds())));
        }
    }

    private static String counts(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private void blocks(Figures figures) {
        var title = "%-14s ".formatted("Blocked hubs");
        if (!figures.watched()) {
            lines.add(
                    Line.of(Style.BOLD, title)
                            .add("not watched; Debug.hubBlockingDetection(true) turns it on"));
        } else if (figures.blocks().isEmpty()) {
            lines.add(Line.of(Style.BOLD, title).add("none"));
        }
        for (var block : figures.blocks().stream().limit(FEW_BLOCKS).toList()) {
            lines.add(
                    Line.of(Style.BOLD, title)
                            .add(
                                    block.over() ? Style.WARNING : Style.ALARM,
                                    "%s in %s, %d times, %s in all, %s %s, on %s"
                                            .formatted(
                                                    block.cause(),
                                                    block.place(),
                                                    block.times(),
                                                    Text.millis(block.totalMs()),
                                                    block.over() ? "last" : "now for",
                                                    Text.millis(block.blockedMs()),
                                                    block.hub())));
            title = " ".repeat(title.length());
        }
    }

    private void greenThreads(Figures figures) {
        lines.add(
                Line.of(
                        Style.TITLE,
                        "%7s %-20s %-14s %-8s %5s %8s  %s"
                                .formatted(
                                        "ID",
                                        "GREEN THREAD",
                                        "HUB",
                                        "STATE",
                                        "BUSY",
                                        "FOR",
                                        "WAITS FOR")));
        figures.greenThreads().forEach(thread -> lines.add(line(thread)));
    }

    private static Line line(Figures.OfGreenThread thread) {
        var wait = new StringBuilder();
        if (thread.kind() != null) {
            wait.append(thread.kind());
            if (thread.waitsFor() != null && !thread.waitsFor().equals(thread.kind())) {
                wait.append(": ").append(thread.waitsFor());
            }
        }
        if (thread.remainingMs() != null) {
            wait.append(", until in ").append(Text.millis(thread.remainingMs()));
        }
        return Line.of("%7d %-20s %-14s ".formatted(thread.id(), thread.name(), thread.hub()))
                .add("%-8s ".formatted(thread.state().toLowerCase(Locale.ROOT)))
                .add(
                        thread.busy() >= HIGH / 4 ? Style.WARNING : Style.PLAIN,
                        "%5s".formatted(Text.percent(thread.busy())))
                .add(" %8s  %s".formatted(Text.millis(thread.idleMs()), wait));
    }

    private static String percent(double part) {
        return Double.isNaN(part) ? "-" : Text.percent(part);
    }

    private static String count(double number) {
        return Double.isNaN(number) ? "-" : Text.count(number);
    }
}
