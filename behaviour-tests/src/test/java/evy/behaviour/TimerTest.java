package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import evy.Evy;
import evy.GreenThread;
import evy.hubs.Hub;
import evy.hubs.Timer;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Timers: order, cancelling, ownership, memory. */
@ExtendWith(LeakCheckExtension.class)
class TimerTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /* eventlet: tests/hub_test.py TestScheduleCall.test_ordering */
    @Test
    @Spec("HUB4")
    void schedule_differentDelays_fireByDeadline() throws Exception {
        try (ManualHub manual = ManualHub.open()) {
            List<Integer> order = new ArrayList<>();
            Duration delay = Duration.ofMillis(10);

            manual.run(
                    () -> {
                        manual.hub().schedule(delay.multipliedBy(2), () -> order.add(3));
                        manual.hub().schedule(delay, () -> order.add(1));
                        manual.hub().schedule(delay, () -> order.add(2));
                        Evy.sleep(delay.multipliedBy(3));
                    });

            assertThat(order).containsExactly(1, 2, 3);
        }
    }

    @Test
    @Spec("HUB4")
    void schedule_sameDeadline_fireInOrderOfScheduling() throws Exception {
        try (ManualHub manual = ManualHub.open()) {
            List<Integer> order = new ArrayList<>();
            List<Integer> expected = new ArrayList<>();

            manual.run(
                    () -> {
                        for (int i = 0; i < 300; i++) {
                            int number = i;
                            expected.add(i);
                            manual.hub().schedule(MINUTE, () -> order.add(number));
                        }
                        Evy.sleep(MINUTE.plusNanos(1));
                    });

            assertThat(order).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20_071_113, 987_654_321})
    @Spec({"HUB4", "HUB9"})
    void schedule_manyAndThirdOfThemCancelled_restFiresInOrder(long seed) throws Exception {
        record Planned(int number, int delay) {}

        Random random = new Random(seed);
        try (ManualHub manual = ManualHub.open()) {
            List<Planned> planned = new ArrayList<>();
            List<Integer> order = new ArrayList<>();

            manual.run(
                    () -> {
                        List<Timer> timers = new ArrayList<>();
                        for (int i = 0; i < 1_000; i++) {
                            Planned next = new Planned(i, random.nextInt(200));
                            planned.add(next);
                            timers.add(
                                    manual.hub()
                                            .schedule(
                                                    Duration.ofMillis(next.delay),
                                                    () -> order.add(next.number)));
                        }
                        for (int i = 999; i >= 0; i--) {
                            if (random.nextInt(3) == 0) {
                                timers.get(i).cancel();
                                planned.remove(i);
                            }
                        }
                        Evy.sleep(MINUTE);
                    });

            List<Integer> expected =
                    planned.stream()
                            .sorted(Comparator.comparingInt(Planned::delay))
                            .map(Planned::number)
                            .toList();
            assertThat(order).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    @Spec("HUB4")
    void schedule_negativeOrHugeDelay_isAtOnceOrNever() throws Exception {
        try (ManualHub manual = ManualHub.open()) {
            List<String> order = new ArrayList<>();

            manual.run(
                    () -> {
                        Hub hub = manual.hub();
                        Timer never =
                                hub.schedule(
                                        Duration.ofSeconds(Long.MAX_VALUE),
                                        () -> order.add("huge"));
                        hub.schedule(Duration.ZERO, () -> order.add("zero"));
                        hub.schedule(Duration.ofSeconds(-5), () -> order.add("negative"));
                        Evy.sleep(Duration.ofDays(365));
                        never.cancel();
                    });

            assertThat(order).containsExactlyInAnyOrder("zero", "negative");
        }
    }

    @Test
    @Spec("HUB6")
    void scheduleLocal_ownerHasEnded_doesNotFire() throws Exception {
        try (ManualHub manual = ManualHub.open()) {
            List<String> fired = new ArrayList<>();

            manual.run(
                    () -> {
                        Evy.spawn(
                                        () -> {
                                            manual.hub()
                                                    .scheduleLocal(
                                                            MINUTE, () -> fired.add("orphan"));
                                            manual.hub()
                                                    .schedule(MINUTE, () -> fired.add("global"));
                                        })
                                .join();
                        manual.hub().scheduleLocal(MINUTE, () -> fired.add("owner alive"));
                        Evy.sleep(MINUTE.multipliedBy(2));
                    });

            assertThat(fired).containsExactly("global", "owner alive");
        }
    }

    @Test
    @Spec("HUB6")
    void spawnAfterLocal_ownerHasEnded_endsWithoutRunning() throws Exception {
        try (ManualHub manual = ManualHub.open()) {
            List<String> ran = new ArrayList<>();

            GreenThread<?> orphan =
                    manual.call(
                            () ->
                                    Evy.spawn(
                                                    () -> {
                                                        Evy.spawnAfter(
                                                                MINUTE, () -> ran.add("global"));
                                                        return Evy.spawnAfterLocal(
                                                                MINUTE, () -> ran.add("local"));
                                                    })
                                            .join());
            manual.run(() -> Evy.sleep(MINUTE.multipliedBy(2)));

            assertThat(ran).containsExactly("global");
            assertThat(orphan.isDead()).isTrue();
        }
    }

    @Test
    @Spec("HUB8")
    void cancel_beforeItFires_preventsTheCall() throws Exception {
        try (ManualHub manual = ManualHub.open()) {
            AtomicInteger fired = new AtomicInteger();

            manual.run(
                    () -> {
                        Timer timer = manual.hub().schedule(MINUTE, fired::incrementAndGet);
                        assertThat(timer.isPending()).isTrue();
                        assertThat(timer.remaining()).isEqualTo(MINUTE);
                        assertThat(manual.hub().pendingTimers()).containsExactly(timer);

                        timer.cancel();
                        timer.cancel();

                        assertThat(timer.isPending()).isFalse();
                        assertThat(manual.hub().pendingTimers()).isEmpty();
                        Evy.sleep(MINUTE.multipliedBy(2));
                    });

            assertThat(fired).hasValue(0);
        }
    }

    @Test
    @Spec("HUB8")
    void cancel_afterItFired_isSafeAndHarmsNoOther() throws Exception {
        try (ManualHub manual = ManualHub.open()) {
            AtomicInteger fired = new AtomicInteger();

            manual.run(
                    () -> {
                        Timer first = manual.hub().schedule(MINUTE, fired::incrementAndGet);
                        manual.hub().schedule(MINUTE.multipliedBy(2), fired::incrementAndGet);
                        Evy.sleep(MINUTE);

                        assertThat(first.isPending()).isFalse();
                        assertThatCode(first::cancel).doesNotThrowAnyException();
                        assertThat(first.remaining()).isLessThanOrEqualTo(Duration.ZERO);
                        Evy.sleep(MINUTE.multipliedBy(2));
                    });

            assertThat(fired).hasValue(2);
        }
    }

    @Test
    @Spec("HUB8")
    void cancel_byItselfOrByOneDueAtTheSameTime_isHeeded() throws Exception {
        try (ManualHub manual = ManualHub.open()) {
            List<String> fired = new ArrayList<>();

            manual.run(
                    () -> {
                        Timer[] timers = new Timer[2];
                        timers[0] =
                                manual.hub()
                                        .schedule(
                                                MINUTE,
                                                () -> {
                                                    fired.add("first");
                                                    timers[0].cancel();
                                                    timers[1].cancel();
                                                });
                        timers[1] = manual.hub().schedule(MINUTE, () -> fired.add("second"));
                        Evy.sleep(MINUTE.multipliedBy(2));
                    });

            assertThat(fired).containsExactly("first");
        }
    }

    @Test
    @Spec("HUB8")
    void scheduleAndCancel_fromAnotherThread_areHeeded() throws Exception {
        try (ManualHub manual = ManualHub.open()) {
            manual.clock().setJumping(false);
            List<String> fired = new ArrayList<>();
            Timer kept = manual.hub().schedule(MINUTE, () -> fired.add("kept"));
            Timer cancelled = manual.hub().schedule(MINUTE, () -> fired.add("cancelled"));
            Timer cancelledLate = manual.hub().schedule(MINUTE, () -> fired.add("cancelled late"));

            cancelled.cancel();
            manual.letAllRun();
            cancelledLate.cancel();
            manual.letAllRun();

            assertThat(manual.hub().pendingTimers()).containsExactly(kept);

            manual.advance(MINUTE);

            assertThat(fired).containsExactly("kept");
            assertThat(kept.isPending()).isFalse();
        }
    }

    @Test
    @Spec("HUB8")
    void toString_tellsWhatItWaitsFor() throws Exception {
        try (ManualHub manual = ManualHub.open()) {
            Runnable action =
                    new Runnable() {
                        @Override
                        public void run() {}

                        @Override
                        public String toString() {
                            return "the action";
                        }
                    };

            manual.run(
                    () -> {
                        Timer timer = manual.hub().schedule(MINUTE, action);
                        assertThat(timer).asString().contains("PT1M").contains("the action");

                        timer.cancel();
                        assertThat(timer).asString().contains("done");
                    });
        }
    }

    /* eventlet: tests/hub_test.py TestTimerCleanup; here a cancelled timer leaves at once. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Spec("HUB9")
    void cancel_twoThousandOneByOne_leavesNone(boolean yielding) throws Exception {
        Evy.run(
                () -> {
                    Hub hub = Hub.current();
                    int before = hub.statistics().timers();

                    for (int i = 0; i < 2_000; i++) {
                        Timer timer = hub.schedule(MINUTE, () -> {});
                        if (yielding) {
                            Evy.yield();
                        }
                        timer.cancel();
                    }

                    assertThat(hub.statistics().timers()).isEqualTo(before);
                });
    }

    @Test
    @Spec("HUB9")
    void cancel_thirdOfThreeThousand_leavesTheOthersThenNone() throws Exception {
        Evy.run(
                () -> {
                    Hub hub = Hub.current();
                    int before = hub.statistics().timers();
                    List<Timer> timers = new ArrayList<>();
                    for (int i = 0; i < 3_000; i++) {
                        timers.add(hub.schedule(MINUTE, () -> {}));
                    }

                    for (int i = 0; i < 3_000; i += 3) {
                        timers.get(i).cancel();
                    }
                    assertThat(hub.statistics().timers()).isEqualTo(before + 2_000);

                    timers.forEach(Timer::cancel);
                    assertThat(hub.statistics().timers()).isEqualTo(before);
                });
    }
}
