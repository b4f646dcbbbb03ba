package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.hubs.Clock;
import evy.hubs.Descriptor;
import evy.hubs.ExceptionHandler;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.HubError;
import evy.hubs.HubOptions;
import evy.hubs.Listener;
import evy.hubs.Timer;
import evy.hubs.Waiter;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** The loop: kinds of hub, order, fairness, callbacks, life and death. */
@ExtendWith(LeakCheckExtension.class)
class HubTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    @ParameterizedTest
    @ValueSource(strings = {"libuv", "", "EPOLL", "epoll "})
    @Spec("HUB1")
    void open_unknownKind_throwsErrorThatNamesItAndTheKnownOnes(String kind) {
        HubOptions options = HubOptions.DEFAULT.ofKind(kind);

        assertThatThrownBy(() -> Hub.open(options))
                .isInstanceOf(HubError.class)
                .hasMessageContaining("'" + kind + "'")
                .hasMessageContaining("epoll, nio")
                .hasMessageContaining("EVY_HUB")
                .hasMessageContaining("-Devy.hub");
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    @Spec("HUB1")
    void open_knownKind_runsGreenThreadsOnItsOwnThread(String kind) throws Exception {
        try (Hub hub = Hub.open(HubOptions.DEFAULT.ofKind(kind).named("chosen"))) {
            List<Object> seen =
                    Evy.spawn(hub, () -> List.<Object>of(Hub.current(), hub.isCurrent())).join();

            assertThat(seen).containsExactly(hub, true);
            assertThat(hub.kind()).isEqualTo(kind);
            assertThat(hub.name()).isEqualTo("chosen");
            assertThat(hub.isCurrent()).isFalse();
        }
    }

    @Test
    @Spec("HUB1")
    void current_inAGreenThreadOfAnotherHub_isThatHubAndElseTheDefault() throws Exception {
        try (Hub other = Hub.open()) {
            Hub there = Evy.spawn(other, () -> Evy.spawn(Hub::current).join()).join();

            assertThat(there).isSameAs(other);
            assertThat(Hub.current()).isSameAs(Hub.getDefault());
            assertThat(Hub.currentOrNull()).isNull();
        }
    }

    @Test
    @Spec("HUB2")
    void await_inCallback_isRefusedAndHubGoesOn() throws Exception {
        try (Hub hub = Hub.open()) {
            assertThatThrownBy(
                            () ->
                                    hub.call(
                                            () -> {
                                                Evy.sleep(SECOND);
                                                return null;
                                            }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(hub.name())
                    .hasMessageContaining("callback must not block");

            assertThat(Evy.spawn(hub, () -> "alive").join()).isEqualTo("alive");
        }
    }

    @Test
    @Spec("HUB3")
    void close_onItsOwnThread_isRefused() throws Exception {
        try (Hub hub = Hub.open()) {
            GreenThread<Void> closer = Evy.spawn(hub, hub::close);

            assertThatThrownBy(closer::join)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(hub.toString())
                    .hasMessageContaining("shutdown()");
            assertThatThrownBy(
                            () ->
                                    hub.call(
                                            () -> {
                                                hub.close();
                                                return null;
                                            }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(hub.isClosing()).isFalse();
        }
    }

    @Test
    @Spec("HUB3")
    void close_greenThreadsWaiting_waitsForTheirEnd() {
        Hub hub = Hub.open();
        AtomicBoolean cleanedUp = new AtomicBoolean();
        GreenThread<Void> sleeper =
                Evy.spawn(
                        hub,
                        () -> {
                            try {
                                Evy.sleep(Duration.ofHours(1));
                            } finally {
                                Evy.yield();
                                cleanedUp.set(true);
                            }
                        });
        hub.letAllRun();

        hub.close();

        assertThat(cleanedUp).isTrue();
        assertThat(sleeper.isDone()).isTrue();
        assertThatCode(hub::close).doesNotThrowAnyException();
    }

    @Test
    @Spec("HUB3")
    void shutdown_onItsOwnThread_returnsAndLoopEnds() throws Exception {
        Hub hub = Hub.open();
        AtomicReference<Thread> loop = new AtomicReference<>();

        String result =
                Evy.spawn(
                                hub,
                                () -> {
                                    hub.execute(() -> loop.set(Thread.currentThread()));
                                    Evy.yield();
                                    hub.shutdown();
                                    return "returned";
                                })
                        .join();

        assertThat(result).isEqualTo("returned");
        loop.get().join(NetFixtures.LONG);
        assertThat(loop.get().isAlive()).isFalse();
    }

    @Test
    @Spec("HUB5")
    void schedule_withoutDelayInCallback_firesInALaterTurn() throws Exception {
        try (Hub hub = Hub.open()) {
            List<Long> turns = new CopyOnWriteArrayList<>();
            Waiter done = Waiter.current("the third call");

            hub.schedule(
                    Duration.ZERO,
                    () -> {
                        turns.add(hub.statistics().turns());
                        hub.schedule(
                                Duration.ZERO,
                                () -> {
                                    turns.add(hub.statistics().turns());
                                    done.wake();
                                });
                    });
            done.await();

            assertThat(turns).hasSize(2);
            assertThat(turns.get(1)).isGreaterThan(turns.get(0));
        }
    }

    @Test
    @Spec("HUB5")
    void executeAndSpawn_withoutDelay_runInOrderAfterTheCaller() throws Exception {
        try (ManualHub manual = ManualHub.open()) {
            List<String> order = new ArrayList<>();

            manual.run(
                    () -> {
                        Hub hub = manual.hub();
                        hub.execute(
                                () -> {
                                    order.add("call 1");
                                    hub.execute(() -> order.add("from call 1"));
                                });
                        Evy.spawnN(() -> order.add("thread 2"));
                        hub.execute(() -> order.add("call 3"));
                        Evy.spawnN(() -> order.add("thread 4"));
                        order.add("caller");
                        NetFixtures.settle();
                    });

            assertThat(order)
                    .containsExactly(
                            "caller", "call 1", "thread 2", "call 3", "thread 4", "from call 1");
        }
    }

    @Test
    @Spec("HUB5")
    void loop_busyWithEndlessWork_stillServesTimersAndSockets() throws Exception {
        Evy.run(
                () -> {
                    Hub hub = Hub.current();
                    AtomicBoolean stop = new AtomicBoolean();
                    for (int i = 0; i < 3; i++) {
                        endlessCalls(hub, stop);
                        endlessTimers(hub, stop);
                        endlessSpawns(stop);
                        Evy.spawnN(
                                () -> {
                                    while (!stop.get()) {
                                        Evy.yield();
                                    }
                                });
                    }
                    try (NetFixtures.Pair pair = NetFixtures.Pair.open()) {
                        GreenThread<byte[]> reader = Evy.spawn(() -> pair.server().recv(10));
                        NetFixtures.settle();
                        pair.client().sendAll(new byte[] {42});

                        assertThat(reader.join()).containsExactly(42);
                        Evy.sleep(Duration.ofMillis(1));
                    } finally {
                        stop.set(true);
                    }
                });
    }

    private static void endlessCalls(Hub hub, AtomicBoolean stop) {
        hub.execute(
                () -> {
                    if (!stop.get()) {
                        endlessCalls(hub, stop);
                    }
                });
    }

    private static void endlessTimers(Hub hub, AtomicBoolean stop) {
        hub.schedule(
                Duration.ZERO,
                () -> {
                    if (!stop.get()) {
                        endlessTimers(hub, stop);
                    }
                });
    }

    private static void endlessSpawns(AtomicBoolean stop) {
        Evy.spawnN(
                () -> {
                    if (!stop.get()) {
                        endlessSpawns(stop);
                    }
                });
    }

    @Test
    @Spec("HUB7")
    void callbacks_thatThrow_areReportedAndLoopGoesOn() throws Exception {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        ExceptionHandler handler = (greenlet, e) -> reported.add(e);
        try (Hub hub = Hub.open(HubOptions.DEFAULT.withExceptionHandler(handler))) {
            RuntimeException unchecked = new IllegalArgumentException("from execute");
            Error error = new AssertionError("from a timer");
            IOException checked = new IOException("sneaked out of a callback");
            Error virtualMachine = new InternalError("as if the machine were ill");

            hub.execute(
                    () -> {
                        throw unchecked;
                    });
            hub.schedule(
                    Duration.ZERO,
                    () -> {
                        throw error;
                    });
            hub.execute(
                    () -> {
                        throw Greenlet.<RuntimeException>thrown(checked);
                    });
            hub.schedule(
                    Duration.ZERO,
                    () -> {
                        throw virtualMachine;
                    });
            hub.letAllRun();
            hub.letAllRun();

            assertThat(reported)
                    .containsExactlyInAnyOrder(unchecked, error, checked, virtualMachine);
            assertThat(Evy.spawn(hub, () -> "alive").join()).isEqualTo("alive");
        }
    }

    @Test
    @Spec("HUB7")
    void listenerCallback_thatThrows_isReportedAndGoesOnListening() throws Exception {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        ExceptionHandler handler = (greenlet, e) -> reported.add(e);
        try (Hub hub = Hub.open(HubOptions.DEFAULT.withExceptionHandler(handler))) {
            Evy.spawn(
                            hub,
                            () -> {
                                try (NetFixtures.Pair pair = NetFixtures.Pair.open()) {
                                    Descriptor descriptor = pair.server().descriptor();
                                    Listener listener =
                                            descriptor.onReadable(
                                                    () -> {
                                                        throw new IllegalStateException("ill");
                                                    });
                                    pair.client().sendAll(new byte[] {1});
                                    NetFixtures.awaitTrue("a report", () -> !reported.isEmpty());
                                    listener.cancel();

                                    assertThat(pair.server().recv(1)).containsExactly(1);
                                }
                            })
                    .join();

            assertThat(reported).isNotEmpty().allMatch(e -> "ill".equals(e.getMessage()));
        }
    }

    @Test
    @Spec("HUB7")
    void exceptionHandler_thatThrows_doesNotHurtTheHub() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        ExceptionHandler handler =
                (greenlet, e) -> {
                    calls.incrementAndGet();
                    throw new IllegalStateException("the handler, too");
                };
        try (Hub hub = Hub.open(HubOptions.DEFAULT.withExceptionHandler(handler))) {
            hub.execute(
                    () -> {
                        throw new IllegalStateException("callback");
                    });
            Evy.spawn(
                            hub,
                            () -> {
                                Evy.spawnN(
                                        () -> {
                                            throw new IllegalStateException("green thread");
                                        });
                                Evy.yield();
                            })
                    .join();

            assertThat(calls).hasValue(2);
            assertThat(Evy.spawn(hub, () -> "alive").join()).isEqualTo("alive");
        }
    }

    @Test
    @Spec("HUB7")
    void exceptionHandler_byDefault_printsToStandardError() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (Hub hub = Hub.open(HubOptions.DEFAULT.named("printing"))) {
            hub.execute(
                    () -> {
                        throw new IllegalStateException("seen by nobody else");
                    });
            hub.letAllRun();
            hub.setExceptionHandler(ExceptionHandler.IGNORE);
            hub.execute(
                    () -> {
                        throw new IllegalStateException("seen by nobody at all");
                    });
            hub.letAllRun();
        } finally {
            System.setErr(before);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("a callback of printing")
                .contains("IllegalStateException: seen by nobody else")
                .doesNotContain("at all");
    }

    @Test
    @Spec("HUB10")
    void timers_liveByTheHubsClockAlone_notByAnyOther() throws Exception {
        try (ManualHub manual = ManualHub.open()) {
            manual.clock().setJumping(false);
            AtomicInteger fired = new AtomicInteger();

            manual.hub().schedule(Duration.ofMillis(1), fired::incrementAndGet);
            long end = System.nanoTime() + Duration.ofMillis(20).toNanos();
            while (System.nanoTime() - end < 0) {
                manual.letAllRun();
            }

            assertThat(fired).as("the wall's clock went on, the hub's did not").hasValue(0);

            manual.advance(Duration.ofMillis(1));

            assertThat(fired).hasValue(1);
        }
    }

    @Test
    @Spec("HUB10")
    void timers_clockOverflows_keepTheirOrder() throws Exception {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);
        Clock clock =
                new Clock() {
                    @Override
                    public long nanos() {
                        return now.get();
                    }

                    @Override
                    public boolean idle(long nanos) {
                        if (nanos > 0) {
                            now.addAndGet(nanos);
                        }
                        return nanos > 0;
                    }
                };
        try (Hub hub = Hub.open(HubOptions.DEFAULT.withClock(clock))) {
            List<Integer> order = new ArrayList<>();

            Evy.spawn(
                            hub,
                            () -> {
                                for (int micros : new int[] {3, 1, 4, 0, 2}) {
                                    hub.schedule(
                                            Duration.ofNanos(micros * 1_000L),
                                            () -> order.add(micros));
                                }
                                Evy.sleep(Duration.ofMillis(1));
                            })
                    .join();

            assertThat(order).containsExactly(0, 1, 2, 3, 4);
            assertThat(now.get()).isNegative();
        }
    }

    @Test
    @Spec("HUB11")
    void idle_withAFarTimer_sleepsNoLongerThanAMinute() throws Exception {
        AtomicLong longest = new AtomicLong();
        Clock clock =
                new Clock() {
                    @Override
                    public long nanos() {
                        return System.nanoTime();
                    }

                    @Override
                    public boolean idle(long nanos) {
                        longest.accumulateAndGet(nanos, Math::max);
                        return false;
                    }
                };
        try (Hub hub = Hub.open(HubOptions.DEFAULT.withClock(clock))) {
            Timer timer = hub.schedule(Duration.ofHours(1), () -> {});

            NetFixtures.awaitTrue("an idle hub", () -> longest.get() > 0);

            timer.cancel();
            assertThat(Duration.ofNanos(longest.get())).isBetween(SECOND, Duration.ofMinutes(1));
        }
    }

    @Test
    @Spec("HUB22")
    void caughtException_acrossSwitches_staysWithItsGreenThread() throws Exception {
        try (ManualHub manual = ManualHub.open()) {
            List<String> order = new ArrayList<>();

            manual.run(
                    () -> {
                        Evy.spawnN(() -> handleSlowly("first", order));
                        Evy.spawnN(() -> handleSlowly("second", order));
                        Evy.spawnN(() -> order.add("innocent"));
                        Evy.sleep(SECOND);
                    });

            assertThat(order)
                    .containsExactly("innocent", "first, cause first", "second, cause second");
        }
    }

    private static void handleSlowly(String name, List<String> order) {
        try {
            throw new IllegalStateException(name);
        } catch (IllegalStateException e) {
            try {
                Evy.yield();
                throw new IllegalArgumentException(name, e);
            } catch (IllegalArgumentException outer) {
                Evy.yield();
                order.add(outer.getMessage() + ", cause " + outer.getCause().getMessage());
            }
        }
    }

    @Test
    @Spec("HUB22")
    void interruptStatus_acrossSwitches_staysWithItsGreenThread() throws Exception {
        try (ManualHub manual = ManualHub.open()) {
            List<Boolean> seen = new ArrayList<>();

            manual.run(
                    () -> {
                        Thread.currentThread().interrupt();
                        GreenThread<Boolean> other =
                                Evy.spawn(() -> Thread.currentThread().isInterrupted());
                        manual.hub()
                                .execute(() -> seen.add(Thread.currentThread().isInterrupted()));
                        Evy.yield();
                        seen.add(Thread.interrupted());
                        seen.add(other.join());
                    });

            assertThat(seen).containsExactly(false, true, false);
        }
    }

    @Test
    @Spec({"HUB24", "HUB7"})
    void sleep_callbackThrowsMeanwhile_isNotShortened() throws Exception {
        try (ManualHub manual = ManualHub.open()) {
            manual.hub().setExceptionHandler(ExceptionHandler.IGNORE);

            manual.run(
                    () -> {
                        Evy.sleep(Duration.ofMillis(10));
                        manual.hub()
                                .schedule(
                                        Duration.ZERO,
                                        () -> {
                                            throw new IllegalStateException("between two sleeps");
                                        });
                        manual.hub()
                                .schedule(
                                        Duration.ofMillis(40),
                                        () -> {
                                            throw new IllegalStateException("in the second");
                                        });
                        Evy.sleep(Duration.ofMillis(100));
                    });

            assertThat(manual.clock().elapsed()).isEqualTo(Duration.ofMillis(110));
        }
    }

    @Test
    void standIn_threadThatKeepsTheHub_callbacksTimersAndPollerGoOn() throws Exception {
        Evy.run(
                () -> {
                    Hub hub = Hub.current();
                    List<String> seen = new CopyOnWriteArrayList<>();
                    try (NetFixtures.Pair pair = NetFixtures.Pair.open()) {
                        GreenThread<?> other = Evy.spawn(() -> seen.add("other"));
                        Listener readable =
                                pair.server().descriptor().onReadable(() -> seen.add("readable"));
                        hub.schedule(Duration.ofMillis(1), () -> seen.add("timer"));
                        pair.client().sendAll(new byte[] {1});
                        Thread outside =
                                Thread.ofPlatform()
                                        .start(() -> hub.execute(() -> seen.add("callback")));

                        while (!seen.containsAll(List.of("readable", "timer", "callback"))) {
                            hub.standIn(1_000_000);
                        }

                        assertThat(seen).doesNotContain("other");
                        other.join();
                        assertThat(seen).contains("other");
                        readable.cancel();
                        outside.join();
                    }
                });
    }

    @Test
    void standIn_elsewhere_throws() throws Exception {
        Hub hub = Hub.getDefault();

        assertThatThrownBy(() -> hub.standIn(0)).isInstanceOf(IllegalStateException.class);
        Throwable inCallback =
                hub.call(
                        () -> {
                            try {
                                hub.standIn(0);
                                return new AssertionError("stood in");
                            } catch (IllegalStateException e) {
                                return e;
                            }
                        });
        assertThat(inCallback).hasMessageContaining("green thread");
    }
}
