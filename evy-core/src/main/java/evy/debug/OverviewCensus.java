package evy.debug;

import evy.hubs.GreenThreadState;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Sighting;
import evy.tpool.Tpool;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;

/** Takes an {@link Overview}: counts all green threads, and keeps no more than are asked for. */
final class OverviewCensus {
    private final OverviewQuery query;
    private final String filter;
    private final Comparator<Candidate> order;
    private final EnumMap<GreenThreadState, Long> states = new EnumMap<>(GreenThreadState.class);
    private final Map<String, Long> kinds = new HashMap<>();
    private final IdentityHashMap<Object, String> words = new IdentityHashMap<>();
    private final List<HubLoad> hubs = new ArrayList<>();

    /* The least wanted first, to be replaced. */
    private final PriorityQueue<Candidate> wanted;
    private long matching;

    OverviewCensus(OverviewQuery query) {
        this.query = query;
        this.filter = query.filter().toLowerCase(Locale.ROOT);
        this.order = orderOf(query.order());
        this.wanted = new PriorityQueue<>(order.reversed());
    }

    private static Comparator<Candidate> orderOf(OverviewQuery.Order order) {
        Comparator<Candidate> oldest = Comparator.comparingLong(Candidate::id);
        Comparator<Candidate> longest =
                Comparator.<Candidate>comparingLong(c -> c.seen.idleNanos()).reversed();
        return switch (order) {
            case WAITING -> longest.thenComparing(oldest);
            case BUSY ->
                    Comparator.comparingDouble(Candidate::busy)
                            .reversed()
                            .thenComparing(longest.reversed())
                            .thenComparing(oldest);
            case NEWEST -> oldest.reversed();
        };
    }

    Overview take() throws InterruptedException {
        Map<Hub, LoadWindow.Reading> loads = LoadSampler.SHARED.read();
        LoadWindow.Reading none =
                new LoadWindow.Reading(0, Duration.ZERO, Duration.ZERO, Map.of()); // a new hub
        for (Hub hub : Hub.all()) {
            LoadWindow.Reading load = loads.getOrDefault(hub, none);
            boolean answered = hub.survey(false, seen -> found(seen, load));
            HubInfo info = new HubInfo(hub.name(), hub.kind(), answered, hub.statistics());
            Duration cpu = ThreadCpu.of(hub.carrier());
            hubs.add(new HubLoad(info, load.busy(), load.lag(), load.longestLag(), cpu));
        }
        List<HubBlock> blocks = Debug.hubBlocks();
        return new Overview(
                Instant.now(),
                ProcessLoad.take(),
                hubs,
                states,
                mostFirst(kinds),
                rows(),
                matching,
                Tpool.statistics(),
                blocks.subList(0, Math.min(blocks.size(), Overview.MAX_BLOCKS)),
                Debug.isWatching());
    }

    private void found(Sighting seen, LoadWindow.Reading load) {
        states.merge(seen.state(), 1L, Long::sum);
        String kind = Awaited.kind(seen);
        if (kind != null) {
            kinds.merge(kind, 1L, Long::sum);
        }
        double busy = load.shares().getOrDefault(seen.greenlet().thread().threadId(), 0.0);
        Candidate candidate = new Candidate(seen, busy);
        if (matches(candidate)) {
            matching++;
            keep(candidate);
        }
        Greenlet.countCall();
    }

    private void keep(Candidate candidate) {
        if (wanted.size() < query.rows()) {
            wanted.add(candidate);
            return;
        }
        Candidate least = wanted.peek();
        if (least != null && order.compare(candidate, least) < 0) {
            wanted.remove();
            wanted.add(candidate);
        }
    }

    private boolean matches(Candidate candidate) {
        if (filter.isEmpty()) {
            return true;
        }
        GreenThreadLoad row = describe(candidate);
        return contains(row.name())
                || contains(row.state().name())
                || contains(row.hub())
                || contains(row.kind())
                || contains(row.waitsFor())
                || ("#" + row.id()).equals(filter);
    }

    private boolean contains(@Nullable String text) {
        return text != null && text.toLowerCase(Locale.ROOT).contains(filter);
    }

    private List<GreenThreadLoad> rows() {
        List<Candidate> chosen = new ArrayList<>(wanted);
        chosen.sort(order);
        List<GreenThreadLoad> rows = new ArrayList<>(chosen.size());
        for (Candidate candidate : chosen) {
            rows.add(describe(candidate));
            Greenlet.countCall();
        }
        return rows;
    }

    private GreenThreadLoad describe(Candidate candidate) {
        Sighting seen = candidate.seen;
        Greenlet greenlet = seen.greenlet();
        Awaited awaited = Awaited.of(seen, words);
        long remaining = seen.remainingNanos();
        return new GreenThreadLoad(
                candidate.id(),
                greenlet.thread().getName(),
                seen.state(),
                greenlet.hub().name(),
                candidate.busy,
                Duration.ofNanos(seen.idleNanos()),
                remaining < 0 ? null : Duration.ofNanos(remaining),
                awaited == null ? null : awaited.kind(),
                awaited == null ? null : awaited.what());
    }

    private static Map<String, Long> mostFirst(Map<String, Long> kinds) {
        Map<String, Long> sorted = new LinkedHashMap<>();
        kinds.entrySet().stream()
                .sorted(
                        Map.Entry.<String, Long>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    /** One that may be listed. */
    private record Candidate(Sighting seen, double busy) {
        long id() {
            return seen.greenlet().thread().threadId();
        }
    }
}
