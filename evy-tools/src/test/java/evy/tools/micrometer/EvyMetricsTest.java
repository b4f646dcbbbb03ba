package evy.tools.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.hubs.Hub;
import evy.hubs.HubOptions;
import evy.sync.Event;
import evy.testkit.LeakCheckExtension;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The metrics, in a registry. */
@ExtendWith(LeakCheckExtension.class)
class EvyMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void bindTo_hubWithGreenThreads_countsThem() {
        Event<Void> end = new Event<>();
        try (Hub hub = Hub.open(HubOptions.DEFAULT.named("measured"))) {
            Evy.spawn(hub, () -> end.await());
            var second = Evy.spawn(hub, () -> end.await());
            hub.letAllRun();

            new EvyMetrics().bindTo(registry);

            assertThat(gauge("green.threads", "measured")).isEqualTo(2);
            end.send(null);
            second.join();
            var spawned = registry.get("evy.hub.spawned").tag("hub", "measured").functionCounter();
            assertThat(spawned.count()).isEqualTo(2);
            assertThat(registry.get("evy.tpool.size").gauge().value()).isPositive();
        }
    }

    @Test
    void evyHubs_hubOpensAndCloses_itsMetersComeAndGo() {
        new EvyMetrics().bindTo(registry);
        try (Hub hub = Hub.open(HubOptions.DEFAULT.named("later"))) {
            double open = registry.get("evy.hubs").gauge().value();

            assertThat(open).isPositive();
            assertThat(gauge("ready", hub.name())).isZero();
        }

        double left = registry.get("evy.hubs").gauge().value();

        assertThat(left).isEqualTo(Hub.all().size());
        assertThat(registry.find("evy.hub.ready").tag("hub", "later").gauge()).isNull();
    }

    @Test
    void bindTo_everyMeter_hasUnitAndDescription() {
        try (Hub hub = Hub.open()) {
            assertThat(hub.isClosing()).isFalse();
            new EvyMetrics().bindTo(registry);

            assertThat(registry.getMeters())
                    .extracting(Meter::getId)
                    .hasSizeGreaterThanOrEqualTo(16)
                    .allMatch(id -> id.getDescription() != null && id.getBaseUnit() != null)
                    .allMatch(id -> id.getName().matches("evy(\\.[a-z]+)+"));
        }
    }

    private double gauge(String name, String hub) {
        return registry.get("evy.hub." + name).tag("hub", hub).gauge().value();
    }
}
