package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Scope;
import evy.Timeout;
import evy.hubs.Hub;
import evy.sync.Event;
import evy.sync.LightQueue;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

@ExtendWith(LeakCheckExtension.class)
@AnyPoller
class ScopeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private static <T> T failing(Throwable failure) throws Exception {
        Evy.yield();
        if (failure instanceof Exception e) {
            throw e;
        }
        throw (Error) failure;
    }

    @Test
    void close_running_waitsForAll() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var ended = new ArrayList<Integer>();

                        try (var scope = Evy.scope()) {
                            for (int i = 1; i <= 3; i++) {
                                int number = i;
                                scope.spawn(
                                        () -> {
                                            Evy.sleep(SECOND.multipliedBy(number));
                                            ended.add(number);
                                        });
                            }
                            assertThat(ended).isEmpty();
                        }

                        assertThat(ended).containsExactly(1, 2, 3);
                    });
        }
    }

    @Test
    void close_nothingSpawned_returnsWithoutYielding() throws Exception {
        Evy.run(
                () -> {
                    boolean[] ran = {false};
                    Evy.spawn(() -> ran[0] = true);

                    var scope = Evy.scope();
                    scope.close();
                    scope.close();

                    assertThat(ran[0]).isFalse();
                });
    }

    @Test
    void spawn_results_areJoined() throws Exception {
        int sum =
                Evy.run(
                        () -> {
                            try (var scope = Evy.scope()) {
                                var a = scope.spawn(() -> 40);
                                var b = scope.spawn(() -> 2);
                                return a.join() + b.join();
                            }
                        });

        assertThat(sum).isEqualTo(42);
    }

    @Test
    void close_oneFails_killsTheRestAndThrowsThatVeryFailure() throws Exception {
        Evy.run(
                () -> {
                    var failure = new IOException("intended");
                    var endings = new ArrayList<String>();

                    var thrown =
                            catchThrowable(
                                    () -> {
                                        try (var scope = Evy.scope()) {
                                            scope.spawn(
                                                    () -> {
                                                        try {
                                                            Evy.sleep(HOUR);
                                                        } finally {
                                                            Evy.yield(); // ends in its own time
                                                            endings.add("killed");
                                                        }
                                                    });
                                            scope.spawn(() -> failing(failure));
                                        }
                                    });

                    assertThat(thrown).isSameAs(failure);
                    assertThat(endings).containsExactly("killed");
                });
    }

    @Test
    void body_blockedWhenOneFails_getsThatVeryFailure() throws Exception {
        Evy.run(
                () -> {
                    var failure = new IOException("intended");
                    var queue = new LightQueue<String>();

                    var thrown =
                            catchThrowable(
                                    () -> {
                                        try (var scope = Evy.scope()) {
                                            scope.spawn(() -> failing(failure)); // nobody puts now
                                            queue.take();
                                        }
                                    });

                    assertThat(thrown).isSameAs(failure);
                    assertThat(queue.getting()).isZero();
                    Evy.sleep(Duration.ofMillis(1)); // nothing comes after
                });
    }

    @Test
    void join_ofTheFailedOne_throwsItOnce() throws Exception {
        Evy.run(
                () -> {
                    for (var failure : List.of(new IOException("a"), new AssertionError("b"))) {
                        var waiting =
                                catchThrowable(
                                        () -> {
                                            try (var scope = Evy.scope()) {
                                                scope.spawn(() -> failing(failure)).join();
                                            }
                                        });
                        var ended =
                                catchThrowable(
                                        () -> {
                                            try (var scope = Evy.scope()) {
                                                var failed = scope.spawn(() -> failing(failure));
                                                while (!failed.isDone()) {
                                                    Thread.yield(); // no checkpoint
                                                }
                                                failed.join();
                                            }
                                        });

                        assertThat(waiting).isSameAs(failure);
                        assertThat(ended).isSameAs(failure);
                        assertThat(failure.getSuppressed()).isEmpty();
                    }
                });
    }

    @Test
    void join_failureHandledByTheBlock_isNotThrownAgain() throws Exception {
        Evy.run(
                () -> {
                    var handled = new ArrayList<String>();

                    try (var scope = Evy.scope()) {
                        var failing = scope.spawn(() -> failing(new IOException("intended")));
                        try {
                            failing.join();
                        } catch (Exception e) {
                            handled.add(e.getMessage());
                        }
                        Evy.yield();
                    }

                    assertThat(handled).containsExactly("intended");
                });
    }

    @Test
    void spawn_afterAFailure_throwsItToTheOwner() throws Exception {
        Evy.run(
                () -> {
                    var failure = new IOException("intended");

                    var thrown =
                            catchThrowable(
                                    () -> {
                                        try (var scope = Evy.scope()) {
                                            var failed = scope.spawn(() -> failing(failure));
                                            while (!failed.isDone()) {
                                                Thread.yield();
                                            }
                                            scope.spawn(() -> 1);
                                        }
                                    });

                    assertThat(thrown).isSameAs(failure);
                });
    }

    @Test
    void close_severalFail_theFirstCarriesTheOthers() throws Exception {
        Evy.run(
                () -> {
                    var first = new IOException("first");
                    var second = new IOException("second");

                    var thrown =
                            catchThrowable(
                                    () -> {
                                        try (var scope = Evy.scope()) {
                                            scope.spawn(() -> failing(first));
                                            scope.spawn( // begins before the first fails
                                                    () -> {
                                                        try {
                                                            Evy.sleep(HOUR);
                                                        } catch (GreenThreadExit e) {
                                                            throw second;
                                                        }
                                                    });
                                        }
                                    });

                    assertThat(thrown).isSameAs(first).hasSuppressedException(second);
                });
    }

    @Test
    void kill_oneOrAll_isNoFailure() throws Exception {
        Evy.run(
                () -> {
                    try (var scope = Evy.scope()) {
                        var ticker = scope.spawn(() -> Evy.sleep(HOUR));
                        scope.spawn(() -> Evy.sleep(HOUR));
                        scope.spawn(() -> Evy.sleep(HOUR));
                        Evy.yield();

                        ticker.kill();
                        scope.kill();
                    }
                });
    }

    @Test
    void timeout_aroundTheBlock_killsWhatRuns() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var killed = new AtomicInteger();

                        var inBody = Timeout.run(SECOND, () -> sleepers(killed, true));
                        var inClose = Timeout.run(SECOND, () -> sleepers(killed, false));

                        assertThat(inBody).isFalse();
                        assertThat(inClose).isFalse();
                        assertThat(killed).hasValue(4);
                    });
        }
    }

    private static void sleepers(AtomicInteger killed, boolean bodySleeps) {
        try (var scope = Evy.scope()) {
            for (int i = 0; i < 2; i++) {
                scope.spawn(
                        () -> {
                            try {
                                Evy.sleep(HOUR);
                            } catch (GreenThreadExit e) {
                                killed.incrementAndGet();
                                throw e;
                            }
                        });
            }
            if (bodySleeps) {
                Evy.sleep(HOUR);
            }
        }
    }

    @Test
    void timeout_endedInsideTheBlock_killsNothing() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        GreenThread<String> thread;
                        try (var scope = Evy.scope()) {
                            thread =
                                    scope.spawn(
                                            () -> {
                                                Evy.sleep(SECOND.multipliedBy(5));
                                                return "in peace";
                                            });
                            assertThat(Timeout.run(SECOND, () -> Evy.sleep(HOUR))).isFalse();
                        }

                        assertThat(thread.join()).isEqualTo("in peace");
                    });
        }
    }

    @Test
    void kill_ofTheOwner_killsWhatRunsAndIsNotLost() throws Exception {
        Evy.run(
                () -> {
                    for (boolean bodySleeps : new boolean[] {true, false}) {
                        var killed = new AtomicInteger();
                        var owner = Evy.spawn(() -> sleepers(killed, bodySleeps));
                        Evy.yield();
                        Evy.yield();

                        owner.kill();

                        assertThatThrownBy(owner::join).isInstanceOf(GreenThreadExit.class);
                        assertThat(killed).hasValue(2);
                    }
                });
    }

    @Test
    void kill_whileAFailureIsBeingCleanedUp_isNotLost() throws Exception {
        Evy.run(
                () -> {
                    var cleanUp = new Event<Void>();
                    var failure = new IOException("intended");
                    var owner =
                            Evy.spawn(
                                    () -> {
                                        try (var scope = Evy.scope()) {
                                            scope.spawn(
                                                    () -> {
                                                        try {
                                                            Evy.sleep(HOUR);
                                                        } finally {
                                                            cleanUp.await();
                                                        }
                                                    });
                                            scope.spawn(() -> failing(failure));
                                        }
                                        return null;
                                    });
                    GreenPoolTest.awaitUntil("it cleans up", () -> cleanUp.waiting() == 1);

                    owner.kill();
                    assertThat(owner.isDone()).isFalse(); // one of the scope still runs
                    cleanUp.send(null);

                    assertThatThrownBy(owner::join)
                            .isInstanceOf(GreenThreadExit.class)
                            .hasSuppressedException(failure);
                });
    }

    @Test
    void scope_openedToCleanUpAfterAKill_isNotLeftByThatKill() throws Exception {
        Evy.run(
                () -> {
                    boolean[] cleanedUp = {false};
                    var owner =
                            Evy.spawn(
                                    () -> {
                                        try (var outer = Evy.scope()) {
                                            try {
                                                Evy.sleep(HOUR);
                                            } finally {
                                                try (var inner = Evy.scope()) {
                                                    inner.spawn(
                                                            () -> {
                                                                Evy.yield();
                                                                Evy.yield();
                                                                cleanedUp[0] = true;
                                                            });
                                                }
                                            }
                                        }
                                    });
                    Evy.yield();

                    owner.kill();

                    assertThatThrownBy(owner::join).isInstanceOf(GreenThreadExit.class);
                    assertThat(cleanedUp[0]).isTrue();
                });
    }

    @Test
    void call_killedWhileTheRestEnds_isKilledAfterTheFailure() throws Exception {
        Evy.run(
                () -> {
                    var cleanUp = new Event<Void>();
                    var failure = new IOException("intended");
                    var owner =
                            Evy.spawn(
                                    () -> {
                                        try {
                                            Scope.run(
                                                    scope -> {
                                                        scope.spawn(
                                                                () -> {
                                                                    try {
                                                                        Evy.sleep(HOUR);
                                                                    } finally {
                                                                        cleanUp.await();
                                                                    }
                                                                });
                                                        scope.spawn(() -> failing(failure));
                                                        new CountDownLatch(1).await();
                                                    });
                                        } catch (Exception e) {
                                            assertThat(e).isSameAs(failure);
                                        }
                                        Evy.sleep(HOUR); // the kill comes here
                                    });
                    GreenPoolTest.awaitUntil("it cleans up", () -> cleanUp.waiting() == 1);
                    Evy.yield();

                    owner.kill();
                    cleanUp.send(null);

                    assertThatThrownBy(owner::join).isInstanceOf(GreenThreadExit.class);
                });
    }

    @Test
    void body_throws_waitsForTheRest() throws Exception {
        Evy.run(
                () -> {
                    boolean[] ended = {false};
                    var failure = new IOException("the block's own");

                    var thrown =
                            catchThrowable(
                                    () -> {
                                        try (var scope = Evy.scope()) {
                                            scope.spawn(
                                                    () -> {
                                                        Evy.yield();
                                                        Evy.yield();
                                                        ended[0] = true;
                                                    });
                                            throw failure;
                                        }
                                    });

                    assertThat(thrown).isSameAs(failure);
                    assertThat(ended[0]).isTrue();
                });
    }

    @Test
    void call_blockThrows_killsTheRest() throws Exception {
        Evy.run(
                () -> {
                    var killed = new AtomicInteger();
                    var failure = new IOException("the block's own");

                    var thrown =
                            catchThrowable(
                                    () ->
                                            Scope.call(
                                                    scope -> {
                                                        scope.spawn(
                                                                () -> {
                                                                    try {
                                                                        Evy.sleep(HOUR);
                                                                    } finally {
                                                                        killed.incrementAndGet();
                                                                    }
                                                                });
                                                        Evy.yield();
                                                        throw failure;
                                                    }));

                    assertThat(thrown).isSameAs(failure);
                    assertThat(killed).hasValue(1);
                });
    }

    @Test
    void call_allWell_returnsTheResult() throws Exception {
        int sum =
                Evy.run(
                        () ->
                                Scope.call(
                                        scope -> {
                                            var a = scope.spawn(() -> 40);
                                            return a.join() + 2;
                                        }));
        var ran = new AtomicBoolean();
        Scope.run(scope -> scope.spawn(() -> ran.set(true)));

        assertThat(sum).isEqualTo(42);
        assertThat(ran).isTrue();
    }

    @Test
    void call_failureMetInAJdkWait_takesTheInterruptsPlace() throws Exception {
        Evy.run(
                () -> {
                    var failure = new IOException("intended");

                    var thrown =
                            catchThrowable(
                                    () ->
                                            Scope.run(
                                                    scope -> {
                                                        scope.spawn(() -> failing(failure));
                                                        new CountDownLatch(1).await();
                                                    }));

                    assertThat(thrown).isSameAs(failure);
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                });
    }

    @Test
    void spawn_byAMember_isWaitedForToo() throws Exception {
        Evy.run(
                () -> {
                    boolean[] ended = {false};

                    try (var scope = Evy.scope()) {
                        scope.spawn(
                                () -> {
                                    Evy.yield();
                                    scope.spawn(
                                            () -> {
                                                Evy.yield();
                                                ended[0] = true;
                                            });
                                });
                    }

                    assertThat(ended[0]).isTrue();
                });
    }

    @Test
    void spawn_afterTheEnd_isRefused() throws Exception {
        Evy.run(
                () -> {
                    var scope = Evy.scope();
                    scope.close();

                    assertThatThrownBy(() -> scope.spawn(() -> 1))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("is being left");
                });
    }

    @Test
    void close_byAnother_isRefused() throws Exception {
        Evy.run(
                () -> {
                    try (var scope = Evy.scope()) {
                        var failure = Evy.spawn(() -> catchThrowable(scope::close)).join();

                        assertThat(failure)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("owner");
                    }
                });
    }

    @Test
    void scope_nested_failureGoesThroughBoth() throws Exception {
        Evy.run(
                () -> {
                    var failure = new IOException("intended");
                    var killed = new AtomicInteger();

                    var thrown =
                            catchThrowable(
                                    () -> {
                                        try (var outer = Evy.scope()) {
                                            outer.spawn(
                                                    () -> {
                                                        sleepers(killed, true);
                                                        return null;
                                                    });
                                            outer.spawn(
                                                    () -> {
                                                        try (var inner = Evy.scope()) {
                                                            inner.spawn(() -> failing(failure));
                                                        }
                                                        return null;
                                                    });
                                        }
                                    });

                    assertThat(thrown).isSameAs(failure);
                    assertThat(killed).hasValue(2);
                });
    }

    @Test
    void scope_ofAPlatformThread_getsTheFailure() throws Exception {
        var failure = new IOException("intended");

        var inClose =
                catchThrowable(
                        () -> {
                            try (var scope = Evy.scope()) {
                                scope.spawn(() -> Evy.sleep(HOUR));
                                scope.spawn(() -> failing(failure));
                            }
                        });
        var inBody =
                catchThrowable(
                        () -> {
                            try (var scope = Evy.scope()) {
                                scope.spawn(() -> failing(failure));
                                new Event<Void>().await();
                            }
                        });

        assertThat(inClose).isSameAs(failure);
        assertThat(inBody).isSameAs(failure);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void scope_acrossHubsAtRandom_deliversEveryFailureOnce() throws Exception {
        try (var hub = Hub.open()) {
            var rounds = new ArrayList<GreenThread<Integer>>();
            for (int t = 0; t < 4; t++) {
                int seed = t;
                rounds.add(Evy.spawn(() -> rounds(hub, new Random(seed))));
            }
            int platform = rounds(hub, new Random(7));

            for (var round : rounds) {
                assertThat(round.join()).isEqualTo(200);
            }
            assertThat(platform).isEqualTo(200);
        }
    }

    /** Each round fails once, in a member that runs on another hub or here. */
    private static int rounds(Hub hub, Random random) throws Exception {
        int failures = 0;
        for (int i = 0; i < 200; i++) {
            var failure = new IOException("round " + i);
            int busy = random.nextInt(2000);
            boolean elsewhere = random.nextBoolean();
            boolean yields = random.nextBoolean();
            try (var scope = Evy.scope()) {
                if (elsewhere) {
                    Evy.spawn(hub, () -> scope.spawn(() -> failing(failure))).join();
                } else {
                    scope.spawn(() -> failing(failure));
                }
                for (int spin = 0; spin < busy; spin++) {
                    Thread.onSpinWait();
                }
                if (yields) {
                    Evy.yield();
                }
            } catch (Exception e) {
                assertThat(e).isSameAs(failure);
                failures++;
            }
            Evy.yield(); // nothing of it may come now
        }
        return failures;
    }
}
