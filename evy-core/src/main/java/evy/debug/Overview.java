package evy.debug;

import evy.hubs.GreenThreadState;
import evy.tpool.TpoolStatistics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A program at a glance: its hubs and how busy they are, its green threads by what they do, and
 * some of them one by one. What {@code evy top} shows.
 *
 * @param time when it was taken
 * @param process what the whole program takes
 * @param hubs the oldest first
 * @param states how many green threads there are of each state
 * @param kinds how many wait for what, by the kind of wait, the most first
 * @param greenThreads those that were asked for
 * @param matching how many there are of the kind that was asked for
 * @param tpool the native threads
 * @param blocks where hubs were blocked, the worst place first, {@value #MAX_BLOCKS} at most
 * @param watched false if the watchdog is off, so that there are no blocks to tell of
 */
public record Overview(
        Instant time,
        ProcessLoad process,
        List<HubLoad> hubs,
        Map<GreenThreadState, Long> states,
        Map<String, Long> kinds,
        List<GreenThreadLoad> greenThreads,
        long matching,
        TpoolStatistics tpool,
        List<HubBlock> blocks,
        boolean watched) {
    /** Most places that blocks are told of. */
    public static final int MAX_BLOCKS = 20;

    /** Copies the lists and maps. */
    public Overview {
        hubs = List.copyOf(hubs);
        states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
        kinds = Collections.unmodifiableMap(new LinkedHashMap<>(kinds));
        greenThreads = List.copyOf(greenThreads);
        blocks = List.copyOf(blocks);
    }

    /** {@return a few lines, and one for each of the green threads asked for} */
    public String text() {
        return OverviewText.of(this);
    }

    /** {@return a JSON object} */
    public String json() {
        StringBuilder text = new StringBuilder();
        try {
            new OverviewJson(text).write(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
