package evy.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.hubs.Hub;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** The watchdog, with looks made by hand at times made up. */
class WatchdogTest {
    private static final long MILLI = 1_000_000;
    private static final Duration RESOLUTION = Duration.ofMillis(100);
    private static final long TICK = 25 * MILLI;

    private final List<HubBlock> found = new CopyOnWriteArrayList<>();
    private final Hub hub = Hub.open();
    private long now = 1;
    private long gcMillis;
    private final Watchdog watchdog = new Watchdog(RESOLUTION, this::note, () -> gcMillis);

    private void note(HubBlock block) {
        if (block.hub().equals(hub.name()) || block.hub().equals("*")) {
            found.add(block);
        }
    }

    @AfterEach
    void close() {
        hub.close();
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            now += TICK;
            watchdog.look(now);
        }
    }

    /** Keeps the hub from its loop until it is released, and does nothing but compute there. */
    private CountDownLatch block() {
        CountDownLatch released = new CountDownLatch(1);
        AtomicBoolean blocking = new AtomicBoolean();
        Evy.spawn(
                hub,
                () -> {
                    blocking.set(true);
                    while (released.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                });
        while (!blocking.get()) {
            Thread.onSpinWait();
        }
        return released;
    }

    @Test
    void look_hubThatMoves_findsNothing() {
        watchdog.begin(now);
        for (int i = 0; i < 20; i++) {
            hub.letAllRun();
            look(1);
        }

        assertThat(found).isEmpty();
    }

    @Test
    void look_blockedLongerThanResolution_isFoundOnceAndEnds() {
        watchdog.begin(now);
        CountDownLatch released = block();
        try {
            look(20);
        } finally {
            released.countDown();
        }
        hub.letAllRun();
        look(1);

        assertThat(found).hasSize(2);
        HubBlock first = found.getFirst();
        assertThat(first.over()).isFalse();
        assertThat(first.cause()).isEqualTo(BlockCause.COMPUTING);
        assertThat(first.blocked()).isBetween(RESOLUTION, RESOLUTION.multipliedBy(2));
        assertThat(first.place()).startsWith(WatchdogTest.class.getName());
        assertThat(first.times()).isOne();
        HubBlock last = found.getLast();
        assertThat(last.over()).isTrue();
        assertThat(last.blocked()).isEqualTo(Duration.ofNanos(20 * TICK));
        assertThat(last.total()).isEqualTo(last.blocked());
    }

    @Test
    void look_sameTwice_isOneGroup() {
        watchdog.begin(now);
        for (int i = 0; i < 2; i++) {
            CountDownLatch released = block();
            look(8);
            released.countDown();
            hub.letAllRun();
            look(1);
        }

        assertThat(watchdog.groups()).filteredOn(b -> b.hub().equals(hub.name())).hasSize(1);
        assertThat(found.getLast().times()).isEqualTo(2);
        assertThat(found.getLast().total()).isEqualTo(Duration.ofNanos(16 * TICK));
        assertThat(watchdog.groups()).allMatch(b -> b.greenThread() == null);
    }

    @Test
    void look_thatComesLate_isAPauseAndNobodyIsBlamed() {
        watchdog.begin(now);
        CountDownLatch released = block();
        try {
            look(2);
            now += 1000 * MILLI;
            watchdog.look(now);
        } finally {
            released.countDown();
        }

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().cause()).isEqualTo(BlockCause.PAUSE);
        assertThat(found.getFirst().blocked()).isEqualTo(Duration.ofNanos(1000 * MILLI - TICK));
        assertThat(found.getFirst().hub()).isEqualTo("*");
    }

    @Test
    void look_lateAfterMuchCollectedBefore_isNoPauseByTheCollector() {
        watchdog.begin(now);
        for (int i = 0; i < 20; i++) {
            gcMillis += 20; // short ones, none of them a pause to tell of
            hub.letAllRun();
            look(1);
        }
        now += 400 * MILLI;
        look(1);
        gcMillis += 380;
        now += 400 * MILLI;
        look(1);

        assertThat(found)
                .extracting(HubBlock::place)
                .containsExactly("JVM or machine.pause", "garbage collector.pause");
    }

    @Test
    void look_hubClosedMeanwhile_isForgotten() {
        watchdog.begin(now);
        CountDownLatch released = block();
        look(8);
        released.countDown();
        hub.close();
        look(1);

        assertThat(found.getLast().over()).isTrue();
    }

    @Test
    void new_resolutionNotAboveZero_isRefused() {
        assertThatThrownBy(() -> new Watchdog(Duration.ZERO, BlockAction.LOG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resolution must be > 0: PT0S");
        assertThatThrownBy(() -> new Watchdog(Duration.ofMillis(-1), BlockAction.LOG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-0.001");
    }
}
