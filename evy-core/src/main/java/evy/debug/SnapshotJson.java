package evy.debug;

import evy.hubs.Greenlet;
import evy.hubs.HubStatistics;

import java.io.IOException;

/** Writes a {@link Snapshot} for programs. */
final class SnapshotJson {
    private final JsonWriter out;

    SnapshotJson(Appendable out) {
        this.out = new JsonWriter(out);
    }

    void write(Snapshot snapshot) throws IOException {
        out.open('{').name("hubs").open('[');
        for (HubInfo hub : snapshot.hubs()) {
            write(hub);
        }
        out.close(']').name("green_threads").open('[');
        for (GreenThreadInfo thread : snapshot.greenThreads()) {
            write(thread);
            Greenlet.countCall();
        }
        out.close(']').close('}');
    }

    private void write(HubInfo hub) throws IOException {
        HubStatistics s = hub.statistics();
        out.open('{')
                .member("name", hub.name())
                .member("kind", hub.kind())
                .member("answered", hub.answered())
                .member("live", s.live())
                .member("peak", s.peak())
                .member("spawned", s.spawned())
                .member("ready", s.ready())
                .member("timers", s.timers())
                .member("readers", s.readers())
                .member("writers", s.writers())
                .member("turns", s.turns())
                .member("switches", s.switches())
                .member("polls", s.polls())
                .member("waits", s.waits())
                .member("messages", s.messages())
                .close('}');
    }

    private void write(GreenThreadInfo thread) throws IOException {
        out.open('{')
                .member("id", thread.id())
                .member("name", thread.name())
                .member("state", thread.state())
                .member("hub", thread.hub())
                .member("parent", thread.parent() == 0 ? null : thread.parent())
                .member("depth", thread.depth())
                .member("kind", thread.kind())
                .member("waits_for", thread.waitsFor())
                .member("idle_ms", thread.idle())
                .member("remaining_ms", thread.remaining());
        if (!thread.stack().isEmpty()) {
            out.strings("stack", thread.stack());
        }
        if (!thread.spawnedAt().isEmpty()) {
            out.strings("spawned_at", thread.spawnedAt());
        }
        out.close('}');
    }
}
