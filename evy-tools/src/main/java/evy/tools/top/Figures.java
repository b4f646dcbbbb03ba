package evy.tools.top;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An {@link evy.debug.Overview}, as its JSON says it. What a program with another Evy leaves out is
 * zero or empty. Durations are in milliseconds.
 *
 * @param process the whole program
 * @param hubs the oldest first
 * @param states how many green threads of each state
 * @param kinds how many wait for what
 * @param greenThreads those asked for
 * @param matching how many there are of those asked for
 * @param tpool the native threads
 * @param blocks where hubs were blocked
 * @param watched whether the watchdog is on
 */
record Figures(
        OfProcess process,
        List<OfHub> hubs,
        Map<String, Long> states,
        Map<String, Long> kinds,
        List<OfGreenThread> greenThreads,
        long matching,
        OfTpool tpool,
        List<OfBlock> blocks,
        boolean watched) {
    private static final Gson GSON =
            new GsonBuilder()
                    .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
                    .create();

    Figures {
        Objects.requireNonNull(process, "process");
        Objects.requireNonNull(hubs, "hubs");
        Objects.requireNonNull(states, "states");
        Objects.requireNonNull(kinds, "kinds");
        Objects.requireNonNull(greenThreads, "green_threads");
        Objects.requireNonNull(tpool, "tpool");
        Objects.requireNonNull(blocks, "blocks");
    }

    /** Reads JSON. */
    static Figures of(String json) throws IOException {
        try {
            return Objects.requireNonNull(GSON.fromJson(json, Figures.class));
        } catch (RuntimeException e) {
            throw new IOException("the answer is no overview that this Evy knows", e);
        }
    }

    /** How many green threads there are. */
    long live() {
        return states.values().stream().mapToLong(Long::longValue).sum();
    }

    /** As {@link evy.debug.ProcessLoad}. */
    record OfProcess(
            long pid,
            @Nullable String name,
            double uptimeMs,
            double cpuMs,
            double gcMs,
            long heapUsed,
            long heapMax) {}

    /** As {@link evy.debug.HubLoad}. */
    record OfHub(
            String name,
            String kind,
            boolean answered,
            double busy,
            double lagMs,
            double longestLagMs,
            @Nullable Double cpuMs,
            long live,
            long spawned,
            long ready,
            long timers,
            long readers,
            long writers,
            long turns,
            long switches) {
        OfHub {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(kind, "kind");
        }
    }

    /** As {@link evy.debug.GreenThreadLoad}. */
    record OfGreenThread(
            long id,
            String name,
            String state,
            String hub,
            double busy,
            double idleMs,
            @Nullable Double remainingMs,
            @Nullable String kind,
            @Nullable String waitsFor) {
        OfGreenThread {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(hub, "hub");
        }
    }

    /** As {@link evy.tpool.TpoolStatistics}. */
    record OfTpool(int size, int threads, int busy, int queued) {}

    /** As {@link evy.debug.HubBlock}. */
    record OfBlock(
            String hub,
            String cause,
            String place,
            boolean over,
            double blockedMs,
            long times,
            double totalMs) {
        OfBlock {
            Objects.requireNonNull(hub, "hub");
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(place, "place");
        }
    }
}
