package evy.debug;

import evy.hubs.Greenlet;
import evy.hubs.HubStatistics;

import java.io.IOException;
import java.time.Duration;

/** Writes a {@link Snapshot} for people. */
final class SnapshotText {
    /* Deeper ones are shown at this depth, with their own in front: lines must not grow for ever. */
    private static final int DEEPEST = 20;

    private final Appendable out;

    SnapshotText(Appendable out) {
        this.out = out;
    }

    void write(Snapshot snapshot) throws IOException {
        for (HubInfo hub : snapshot.hubs()) {
            out.append(line(hub));
        }
        out.append("GREEN THREADS: ").append(String.valueOf(snapshot.greenThreads().size()));
        out.append('\n');
        for (GreenThreadInfo thread : snapshot.greenThreads()) {
            out.append(lines(thread));
            Greenlet.countCall();
        }
    }

    /* By hand: what formats is loaded at first use, and the hub would stand still for it. */
    private static String line(HubInfo hub) {
        HubStatistics s = hub.statistics();
        StringBuilder text = new StringBuilder("hub '");
        text.append(hub.name()).append("' (").append(hub.kind()).append("): ");
        text.append(s.live()).append(" green threads, ").append(s.ready()).append(" ready, ");
        text.append(s.timers()).append(" timers, ").append(s.readers()).append(" readers, ");
        text.append(s.writers()).append(" writers, ").append(s.turns()).append(" turns");
        text.append(hub.answered() ? "" : "; BLOCKED, looked at from outside");
        return text.append('\n').toString();
    }

    private static String lines(GreenThreadInfo thread) {
        String indent = "  ".repeat(Math.min(thread.depth(), DEEPEST));
        StringBuilder text = new StringBuilder(indent);
        if (thread.depth() > DEEPEST) {
            text.append('(').append(thread.depth()).append(") ");
        }
        text.append('#').append(thread.id());
        if (!thread.name().isEmpty()) {
            text.append(" '").append(thread.name()).append('\'');
        }
        text.append(' ').append(thread.state()).append(" on ").append(thread.hub());
        if (thread.kind() != null) {
            text.append(", for ").append(Times.words(thread.idle()));
            text.append(", ").append(thread.kind());
            if (!thread.kind().equals(thread.waitsFor())) {
                text.append(": ").append(thread.waitsFor());
            }
        }
        Duration remaining = thread.remaining();
        if (remaining != null) {
            text.append(", until in ").append(Times.words(remaining));
        }
        text.append('\n');
        Stacks.append(thread.stack(), indent + "    ", text);
        if (!thread.spawnedAt().isEmpty()) {
            text.append(indent).append("    spawned\n");
            Stacks.append(thread.spawnedAt(), indent + "    ", text);
        }
        return text.toString();
    }
}
