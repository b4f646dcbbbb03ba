package evy.debug;

import evy.hubs.HubStatistics;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes an {@link Overview} for people. */
final class OverviewText {
    private static final int PERCENT = 100;

    private OverviewText() {}

    static String of(Overview overview) {
        StringBuilder text = new StringBuilder();
        ProcessLoad process = overview.process();
        text.append(
                "process %d %s: up %s, cpu %s, gc %s, heap %d of %d MiB%n"
                        .formatted(
                                process.pid(),
                                process.name(),
                                Times.words(process.uptime()),
                                Times.words(process.cpu()),
                                Times.words(process.gc()),
                                process.heapUsed() >> 20,
                                process.heapMax() >> 20));
        overview.hubs().forEach(hub -> text.append(line(hub)));
        text.append(
                "tpool: %d of %d threads, %d busy, %d calls queued%n"
                        .formatted(
                                overview.tpool().threads(),
                                overview.tpool().size(),
                                overview.tpool().busy(),
                                overview.tpool().queued()));
        text.append("by state: ").append(counts(overview.states())).append('\n');
        text.append("by wait: ").append(counts(overview.kinds())).append('\n');
        overview.greenThreads().forEach(thread -> text.append(line(thread)));
        if (overview.watched()) {
            overview.blocks()
                    .forEach(
                            block ->
                                    text.append(block.text().lines().findFirst().orElse(""))
                                            .append('\n'));
        } else {
            text.append("blocks: the watchdog is off\n");
        }
        return text.toString();
    }

    private static String line(HubLoad load) {
        HubStatistics s = load.hub().statistics();
        return String.format(
                Locale.ROOT,
                "hub '%s' (%s): busy %.0f%%, lag %s, at most %s, cpu %s, %d green threads, %d"
                        + " ready, %d timers, %d readers, %d writers, %d turns%s%n",
                load.hub().name(),
                load.hub().kind(),
                load.busy() * PERCENT,
                Times.words(load.lag()),
                Times.words(load.longestLag()),
                load.cpu() == null ? "?" : Times.words(load.cpu()),
                s.live(),
                s.ready(),
                s.timers(),
                s.readers(),
                s.writers(),
                s.turns(),
                load.hub().answered() ? "" : "; BLOCKED, looked at from outside");
    }

    private static String counts(Map<?, Long> counts) {
        return counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String line(GreenThreadLoad thread) {
        return String.format(
                Locale.ROOT,
                "#%d '%s' %s on %s, busy %.0f%%, for %s%s%n",
                thread.id(),
                thread.name(),
                thread.state(),
                thread.hub(),
                thread.busy() * PERCENT,
                Times.words(thread.idle()),
                thread.kind() == null ? "" : ", " + thread.kind() + ": " + thread.waitsFor());
    }
}
