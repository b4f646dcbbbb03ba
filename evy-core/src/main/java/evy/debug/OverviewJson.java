package evy.debug;

import evy.hubs.HubStatistics;
import evy.tpool.TpoolStatistics;

import java.io.IOException;
import java.util.Map;

/** Writes an {@link Overview} for programs. */
final class OverviewJson {
    private final JsonWriter out;

    OverviewJson(Appendable out) {
        this.out = new JsonWriter(out);
    }

    void write(Overview overview) throws IOException {
        out.open('{').member("time", overview.time());
        write(overview.process());
        out.name("hubs").open('[');
        for (HubLoad hub : overview.hubs()) {
            write(hub);
        }
        out.close(']');
        counts("states", overview.states());
        counts("kinds", overview.kinds());
        out.name("green_threads").open('[');
        for (GreenThreadLoad thread : overview.greenThreads()) {
            write(thread);
        }
        out.close(']').member("matching", overview.matching());
        write(overview.tpool());
        out.name("blocks").open('[');
        for (HubBlock block : overview.blocks()) {
            write(out, block);
        }
        out.close(']').member("watched", overview.watched()).close('}');
    }

    private void counts(String name, Map<?, Long> counts) throws IOException {
        out.name(name).open('{');
        for (Map.Entry<?, Long> count : counts.entrySet()) {
            out.member(count.getKey().toString(), count.getValue());
        }
        out.close('}');
    }

    private void write(ProcessLoad process) throws IOException {
        out.name("process")
                .open('{')
                .member("pid", process.pid())
                .member("name", process.name())
                .member("uptime_ms", process.uptime())
                .member("cpu_ms", process.cpu())
                .member("gc_ms", process.gc())
                .member("heap_used", process.heapUsed())
                .member("heap_max", process.heapMax())
                .close('}');
    }

    private void write(HubLoad load) throws IOException {
        HubStatistics s = load.hub().statistics();
        out.open('{')
                .member("name", load.hub().name())
                .member("kind", load.hub().kind())
                .member("answered", load.hub().answered())
                .member("busy", load.busy())
                .member("lag_ms", load.lag())
                .member("longest_lag_ms", load.longestLag())
                .member("cpu_ms", load.cpu())
                .member("live", s.live())
                .member("peak", s.peak())
                .member("spawned", s.spawned())
                .member("ready", s.ready())
                .member("timers", s.timers())
                .member("readers", s.readers())
                .member("writers", s.writers())
                .member("turns", s.turns())
                .member("switches", s.switches())
                .member("messages", s.messages())
                .close('}');
    }

    private void write(GreenThreadLoad thread) throws IOException {
        out.open('{')
                .member("id", thread.id())
                .member("name", thread.name())
                .member("state", thread.state())
                .member("hub", thread.hub())
                .member("busy", thread.busy())
                .member("idle_ms", thread.idle())
                .member("remaining_ms", thread.remaining())
                .member("kind", thread.kind())
                .member("waits_for", thread.waitsFor())
                .close('}');
    }

    private void write(TpoolStatistics tpool) throws IOException {
        out.name("tpool")
                .open('{')
                .member("size", tpool.size())
                .member("threads", tpool.threads())
                .member("busy", tpool.busy())
                .member("queued", tpool.queued())
                .close('}');
    }

    static void write(JsonWriter out, HubBlock block) throws IOException {
        out.open('{')
                .member("hub", block.hub())
                .member("cause", block.cause())
                .member("place", block.place())
                .member("over", block.over())
                .member("blocked_ms", block.blocked())
                .member("times", block.times())
                .member("total_ms", block.total());
        out.strings("stack", block.stack()).close('}');
    }
}
