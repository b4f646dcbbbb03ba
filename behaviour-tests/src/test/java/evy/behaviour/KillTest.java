package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.GreenPool;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

/** Killing and cancelling green threads. */
@ExtendWith(LeakCheckExtension.class)
class KillTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final ManualHub manual = ManualHub.open();
    private final List<Throwable> reports = Collections.synchronizedList(new ArrayList<>());

    KillTest() {
        manual.hub().setExceptionHandler((greenlet, exception) -> reports.add(exception));
    }

    @AfterEach
    void closeEmptyHub() {
        manual.letAllRun();
        var left = manual.hub().statistics();
        manual.close();

        assertThat(reports).as("reports").isEmpty();
        assertThat(left.live()).as("green threads left").isZero();
        assertThat(left.timers()).as("timers left").isZero();
    }

    @Spec({"GT12", "GT6"})
    @Test
    void kill_notStarted_neverRunsIsDeadAndTellsAll() {
        manual.run(
                () -> {
                    var seen = new ArrayList<Object>();
                    var thread = Evy.spawn(() -> seen.add("body"));
                    thread.link(seen::add);

                    Evy.kill(thread);

                    assertThat(thread.isDead()).isTrue();
                    assertThat(catchThrowable(thread::join)).isInstanceOf(GreenThreadExit.class);
                    assertThat(seen).containsExactly(thread);
                });
    }

    @Spec("GT12")
    @Test
    void kill_twice_secondDoesNothing() {
        manual.run(
                () -> {
                    var first = new GreenThreadExit("first");
                    var thread = Evy.spawn(() -> 22);

                    Evy.kill(thread, first);
                    Evy.kill(thread, new GreenThreadExit("second"));
                    thread.kill();

                    assertThat(catchThrowable(thread::join)).isSameAs(first);
                });
    }

    @Spec("GT12")
    @Test
    void kill_detachedNotStarted_neverRunsAndIsDead() {
        manual.run(
                () -> {
                    var seen = new ArrayList<Object>();
                    Greenlet handle = Evy.spawnN(() -> seen.add("body"));

                    Evy.kill(handle);
                    Evy.kill(handle);
                    Evy.yield();

                    assertThat(handle.isDead()).isTrue();
                    assertThat(seen).isEmpty();
                });
    }

    @Spec("GT12")
    @Test
    void kill_delayed_neverRunsAndLeavesNoTimer() {
        manual.run(
                () -> {
                    var seen = new ArrayList<Object>();
                    var thread = Evy.spawnAfter(SECOND, () -> seen.add("body"));
                    thread.link(seen::add);

                    thread.kill();
                    int timers = manual.hub().statistics().timers();
                    boolean dead = thread.isDead();
                    Evy.sleep(HOUR);

                    assertThat(timers).isZero();
                    assertThat(dead).isTrue();
                    assertThat(seen).containsExactly(thread);
                    assertThat(catchThrowable(thread::join)).isInstanceOf(GreenThreadExit.class);
                });
    }

    @Spec("GT13")
    @Test
    void kill_blocked_handlerHasRunUpToItsNextBlockWhenItReturns() {
        manual.run(
                () -> {
                    var seen = new ArrayList<String>();
                    var thread = Evy.spawn(() -> startExceptFinished(seen));
                    Evy.yield();

                    Evy.kill(thread);
                    seen.add("killed");
                    thread.join();

                    assertThat(seen).containsExactly("start", "except", "killed", "finished");
                });
    }

    @Spec("GT13")
    @Test
    void kill_yielding_handlerHasRunWhenItReturns() {
        manual.run(
                () -> {
                    var seen = new ArrayList<String>();
                    var thread =
                            Evy.spawn(
                                    () -> {
                                        try {
                                            while (true) {
                                                Evy.yield();
                                            }
                                        } catch (GreenThreadExit exit) {
                                            seen.add("except");
                                        }
                                    });
                    Evy.yield();

                    Evy.kill(thread);

                    assertThat(seen).containsExactly("except");
                    assertThat(thread.isDead()).isTrue();
                });
    }

    @Spec("GT13")
    @Test
    void kill_fromAPlatformThreadAndFromAnotherHub_handlerHasRunWhenItReturns() throws Exception {
        List<String> fromPlatform = Collections.synchronizedList(new ArrayList<>());
        List<String> fromHub = Collections.synchronizedList(new ArrayList<>());
        manual.clock().setJumping(false);
        var first = Evy.spawn(manual.hub(), () -> startExceptFinished(fromPlatform));
        var second = Evy.spawn(manual.hub(), () -> startExceptFinished(fromHub));
        manual.letAllRun();

        Evy.kill(first);
        var seenFirst = List.copyOf(fromPlatform);
        var seenSecond =
                Evy.run(
                        () -> {
                            Evy.kill(second);
                            return List.copyOf(fromHub);
                        });

        assertThat(seenFirst).containsExactly("start", "except");
        assertThat(seenSecond).containsExactly("start", "except");
        manual.clock().setJumping(true);
        manual.advance(HOUR);
        first.join();
        second.join();
        assertThat(fromPlatform).endsWith("finished");
        assertThat(fromHub).endsWith("finished");
    }

    private static void startExceptFinished(List<String> seen) {
        try {
            seen.add("start");
            Evy.sleep(HOUR);
        } catch (GreenThreadExit exit) {
            seen.add("except");
            Evy.sleep(SECOND);
            seen.add("finished");
        }
    }

    @Spec("GT14")
    @Test
    void kill_targetCatchesIt_livesOnAndGivesItsResult() {
        manual.run(
                () -> {
                    var thread =
                            Evy.spawn(
                                    () -> {
                                        try {
                                            Evy.sleep(HOUR);
                                        } catch (GreenThreadExit exit) {
                                            Evy.sleep(SECOND);
                                        }
                                        return 22;
                                    });
                    Evy.yield();

                    thread.kill();
                    boolean deadAtOnce = thread.isDead();

                    assertThat(deadAtOnce).isFalse();
                    assertThat(thread.join()).isEqualTo(22);
                    assertThat(manual.clock().elapsed()).isEqualTo(SECOND);
                });
    }

    @Spec({"GT15", "GT6"})
    @Test
    void kill_withAnException_thatVeryObjectIsThrownThere() {
        manual.run(
                () -> {
                    var checked = new IOException("given to kill");
                    var seen = new ArrayList<Throwable>();
                    var thread =
                            Evy.spawn(
                                    () -> {
                                        try {
                                            Evy.sleep(HOUR);
                                        } catch (Throwable t) {
                                            seen.add(t);
                                            throw t;
                                        }
                                    });
                    Evy.yield();

                    Evy.kill(thread, checked);

                    assertThat(seen).containsExactly(checked);
                    assertThat(catchThrowable(thread::join)).isSameAs(checked);
                });
    }

    @Spec({"GT15", "GT12"})
    @Test
    void kill_notStartedWithAnException_endsWithThatVeryObject() {
        manual.run(
                () -> {
                    var checked = new IOException("given to kill");
                    var seen = new ArrayList<Object>();
                    var thread = Evy.spawn(() -> seen.add("body"));

                    Evy.kill(thread, checked);

                    assertThat(seen).isEmpty();
                    assertThat(thread.isDead()).isTrue();
                    assertThat(catchThrowable(thread::join)).isSameAs(checked);
                });
    }

    @Spec("GT16")
    @Test
    void kill_itself_isThrownInPlace() {
        manual.run(
                () -> {
                    var seen = new ArrayList<String>();
                    var exit = new GreenThreadExit("myself");
                    var thread =
                            Evy.spawn(
                                    () -> {
                                        seen.add("before");
                                        Evy.kill(Evy.current(), exit);
                                        seen.add("after");
                                    });

                    assertThat(catchThrowable(thread::join)).isSameAs(exit);
                    assertThat(seen).containsExactly("before");
                });
    }

    @Spec("GT17")
    @Test
    void kill_dead_doesNothingAndDoesNotYield() {
        manual.run(
                () -> {
                    var dead = Evy.spawn(() -> 22);
                    dead.join();
                    Evy.yield();
                    var seen = new ArrayList<String>();
                    Evy.spawn(() -> seen.add("other"));

                    Evy.kill(dead);
                    var seenAfterKill = List.copyOf(seen);
                    Evy.yield();

                    assertThat(dead.join()).isEqualTo(22);
                    assertThat(seenAfterKill).isEmpty();
                    assertThat(seen).containsExactly("other");
                });
    }

    @Spec("GT18")
    @Test
    void cancel_started_hasNoEffect() {
        manual.run(
                () -> {
                    var thread =
                            Evy.spawn(
                                    () -> {
                                        Evy.sleep(SECOND);
                                        return 22;
                                    });
                    Evy.yield();

                    Evy.cancel(thread);
                    thread.cancel();

                    assertThat(thread.join()).isEqualTo(22);
                    assertThat(manual.clock().elapsed()).isEqualTo(SECOND);
                });
    }

    @Spec("GT18")
    @Test
    void cancel_notStarted_isLikeKill() {
        manual.run(
                () -> {
                    var seen = new ArrayList<Object>();
                    var thread = Evy.spawn(() -> seen.add("body"));
                    var detached = Evy.spawnN(() -> seen.add("detached body"));
                    thread.link(seen::add);

                    Evy.cancel(thread);
                    Evy.cancel(detached);
                    Evy.yield();

                    assertThat(thread.isDead()).isTrue();
                    assertThat(detached.isDead()).isTrue();
                    assertThat(seen).containsExactly(thread);
                    assertThat(catchThrowable(thread::join)).isInstanceOf(GreenThreadExit.class);
                });
    }

    @Spec("GT18")
    @Test
    void cancel_fromAPlatformThread_startedOneGivesItsResult() {
        manual.clock().setJumping(false);
        var gate = new CountDownLatch(1);
        var waiting = Evy.spawn(manual.hub(), () -> await(gate));
        var delayed = Evy.spawn(manual.hub(), () -> Evy.spawnAfter(HOUR, () -> 22)).join();
        manual.letAllRun();

        waiting.cancel();
        delayed.cancel();
        manual.letAllRun();
        gate.countDown();

        assertThat(waiting.join()).isEqualTo(22);
        manual.letAllRun();
        assertThat(delayed.isDone()).isTrue();
    }

    private static int await(CountDownLatch gate) throws InterruptedException {
        gate.await();
        return 22;
    }

    @Spec("GT19")
    @Test
    void spawnAfterZero_oneYieldLater_hasStartedSoCancelHasNoEffect() {
        manual.run(
                () -> {
                    var thread = Evy.spawnAfter(Duration.ZERO, KillTest::sleepAndReturn22);

                    Evy.sleep(Duration.ZERO);
                    thread.cancel();

                    assertThat(catchThrowable(thread::join)).isNull();
                    assertThat(thread.join()).isEqualTo(22);
                });
    }

    @Spec("GT19")
    @Test
    void spawnAfterZero_oneYieldLater_killWorks() {
        manual.run(
                () -> {
                    var thread = Evy.spawnAfter(Duration.ZERO, KillTest::sleepAndReturn22);

                    Evy.sleep(Duration.ZERO);
                    thread.kill();

                    assertThat(thread.isDead()).isTrue();
                    assertThat(catchThrowable(thread::join)).isInstanceOf(GreenThreadExit.class);
                });
    }

    private static int sleepAndReturn22() {
        Evy.sleep(SECOND);
        return 22;
    }

    @Spec("GT26")
    @Test
    void exit_endsAThread_nothingIsReported() {
        manual.run(
                () -> {
                    var pool = new GreenPool(2);
                    Greenlet killed = Evy.spawnN(() -> Evy.sleep(HOUR));
                    Evy.spawnN(
                            () -> {
                                throw new GreenThreadExit();
                            });
                    pool.spawnN(
                            () -> {
                                throw new GreenThreadExit("a member");
                            });
                    var member = pool.spawn(KillTest::sleepForEver);
                    Evy.yield();

                    Evy.kill(killed);
                    member.kill();
                    pool.waitAll();

                    assertThat(killed.isDead()).isTrue();
                    assertThat(pool.free()).isEqualTo(2);
                });

        assertThat(reports).isEmpty();
    }

    @Spec("GT6")
    @Test
    void join_killedWhileOthersWait_allGetTheSameExit() throws Exception {
        GreenThread<Integer> thread = Evy.spawn(Hub.getDefault(), KillTest::sleepForEver);
        var green = Evy.spawn(manual.hub(), () -> catchThrowable(thread::join));
        var platform = new FutureTask<>(() -> catchThrowable(thread::join));
        Thread.ofPlatform().start(platform);
        manual.letAllRun();

        thread.kill();

        assertThat(green.join()).isInstanceOf(GreenThreadExit.class).isSameAs(platform.get());
    }

    private static int sleepForEver() {
        Evy.sleep(Duration.ofDays(10_000));
        return 0;
    }
}
