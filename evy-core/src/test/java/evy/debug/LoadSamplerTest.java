package evy.debug;

import static org.assertj.core.api.Assertions.assertThat;

import evy.hubs.Hub;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** The thread that looks at the hubs while somebody asks. */
class LoadSamplerTest {
    @Test
    void read_nobodyAsksAnyMore_itsThreadEndsAndAnotherBegins() throws Exception {
        LoadSampler sampler = new LoadSampler(Duration.ofMillis(50));
        try (Hub hub = Hub.open()) {
            assertThat(sampler.read()).containsKey(hub);
            for (Thread thread : samplers()) {
                thread.join(20_000);
                assertThat(thread.isAlive()).isFalse();
            }

            assertThat(sampler.read()).containsKey(hub);
        }
    }

    @Test
    void read_hubClosed_isForgotten() throws Exception {
        LoadSampler sampler = new LoadSampler(Duration.ofSeconds(1));
        Hub hub = Hub.open();
        assertThat(sampler.read()).containsKey(hub);

        hub.close();

        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (sampler.read().containsKey(hub) && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        assertThat(sampler.read()).doesNotContainKey(hub);
    }

    private static List<Thread> samplers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("evy-load-sampler"))
                .toList();
    }
}
