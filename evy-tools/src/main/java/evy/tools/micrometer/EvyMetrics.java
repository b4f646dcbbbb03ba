package evy.tools.micrometer;

import evy.hubs.Hub;
import evy.hubs.HubStatistics;
import evy.tpool.Tpool;
import evy.tpool.TpoolStatistics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Binds the figures of all hubs, tagged {@code hub}, and of the tpool to a registry. Needs
 * Micrometer on the module or class path.
 *
 * {@snippet :
 * new EvyMetrics().bindTo(registry);
 * }
 *
 * <p>Hubs that open later appear, and those that close vanish, whenever {@code evy.hubs}, their
 * number, is read; so a reader that reads all sees a new hub the next time. Reading costs the hubs
 * nothing. Of several hubs of one name only the first is seen: give them different ones.
 *
 * @thread any
 */
public final class EvyMetrics implements MeterBinder {
    private static final String HUB = "hub";

    // guarded by this
    private final List<MeterRegistry> registries = new ArrayList<>();
    private final Map<Hub, List<Bound>> bound = new HashMap<>();

    /** Metrics of nothing yet. */
    public EvyMetrics() {}

    /* A meter, and where it is. */
    private record Bound(MeterRegistry registry, Meter meter) {}

    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        registries.add(registry);
        Gauge.builder("evy.hubs", this, EvyMetrics::count)
                .description("Hubs that are open")
                .baseUnit("hubs")
                .strongReference(true)
                .register(registry);
        tpool(registry, "size", "Native threads there may be", TpoolStatistics::size);
        tpool(registry, "threads", "Native threads", TpoolStatistics::threads);
        tpool(registry, "busy", "Native threads at a call", TpoolStatistics::busy);
        tpool(registry, "queued", "Calls that wait for a thread", TpoolStatistics::queued);
        for (Hub hub : Hub.all()) {
            bind(registry, hub);
        }
    }

    private static void tpool(
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<TpoolStatistics> figure) {
        Gauge.builder("evy.tpool." + name, () -> figure.applyAsDouble(Tpool.statistics()))
                .description(description)
                .baseUnit(name.equals("queued") ? BaseUnits.TASKS : BaseUnits.THREADS)
                .register(registry);
    }

    /* Also adds the meters of hubs that have opened, and removes those of hubs that have closed. */
    private synchronized int count() {
        List<Hub> open = Hub.all();
        for (Hub hub : open) {
            if (!bound.containsKey(hub)) {
                registries.forEach(registry -> bind(registry, hub));
            }
        }
        bound.entrySet()
                .removeIf(
                        entry -> {
                            boolean closed = !open.contains(entry.getKey());
                            if (closed) {
                                entry.getValue().forEach(b -> b.registry.remove(b.meter));
                            }
                            return closed;
                        });
        return open.size();
    }

    private void bind(MeterRegistry registry, Hub hub) {
        gauge(
                registry,
                hub,
                "green.threads",
                "Green threads begun and not ended",
                HubStatistics::live);
        gauge(registry, hub, "ready", "Tasks that wait for their turn", HubStatistics::ready);
        gauge(registry, hub, "timers", "Pending timers", HubStatistics::timers);
        gauge(registry, hub, "readers", "Listeners for reading", HubStatistics::readers);
        gauge(registry, hub, "writers", "Listeners for writing", HubStatistics::writers);
        counter(registry, hub, "spawned", "Green threads begun", HubStatistics::spawned);
        counter(registry, hub, "turns", "Turns of the loop", HubStatistics::turns);
        counter(registry, hub, "switches", "Times a task ran", HubStatistics::switches);
        counter(registry, hub, "polls", "Times descriptors were looked at", HubStatistics::polls);
        counter(registry, hub, "waits", "Times there was nothing to do", HubStatistics::waits);
        counter(registry, hub, "messages", "Tasks of other threads", HubStatistics::messages);
    }

    private void gauge(
            MeterRegistry registry,
            Hub hub,
            String name,
            String description,
            ToDoubleFunction<HubStatistics> figure) {
        note(
                registry,
                hub,
                Gauge.builder("evy.hub." + name, hub, h -> figure.applyAsDouble(h.statistics()))
                        .description(description)
                        .baseUnit(unit(name))
                        .tag(HUB, hub.name())
                        .register(registry));
    }

    private void counter(
            MeterRegistry registry,
            Hub hub,
            String name,
            String description,
            ToDoubleFunction<HubStatistics> figure) {
        note(
                registry,
                hub,
                FunctionCounter.builder(
                                "evy.hub." + name, hub, h -> figure.applyAsDouble(h.statistics()))
                        .description(description)
                        .baseUnit(unit(name))
                        .tag(HUB, hub.name())
                        .register(registry));
    }

    private static String unit(String name) {
        return switch (name) {
            case "green.threads", "spawned" -> BaseUnits.THREADS;
            case "ready", "switches", "messages" -> BaseUnits.TASKS;
            case "readers", "writers" -> "listeners";
            default -> name; // what is counted is its own unit
        };
    }

    private void note(MeterRegistry registry, Hub hub, Meter meter) {
        bound.computeIfAbsent(hub, _ -> new ArrayList<>()).add(new Bound(registry, meter));
    }
}
