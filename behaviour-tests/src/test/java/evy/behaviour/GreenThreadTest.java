package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.hubs.ExceptionHandler;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Waiter;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Spawning, sleeping, joining, linking: the life of a green thread that nobody kills. */
@ExtendWith(LeakCheckExtension.class)
class GreenThreadTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final ManualHub manual = ManualHub.open();

    @AfterEach
    void closeEmptyHub() {
        manual.letAllRun();
        var left = manual.hub().statistics();
        manual.close();

        assertThat(left.live()).as("green threads left").isZero();
        assertThat(left.timers()).as("timers left").isZero();
        assertThat(left.readers() + left.writers()).as("listeners left").isZero();
    }

    @Spec("GT1")
    @Test
    void spawn_callerGoesOn_bodyRunsAtItsNextYield() {
        manual.run(
                () -> {
                    var seen = new ArrayList<String>();

                    var thread = Evy.spawn(() -> seen.add("body"));
                    seen.add("caller");
                    Evy.yield();
                    seen.add("caller again");

                    assertThat(seen).containsExactly("caller", "body", "caller again");
                    assertThat(thread.isDead()).isTrue();
                });
    }

    @Spec("GT2")
    @Test
    void spawnN_oneYieldLater_handleIsDead() {
        manual.run(
                () -> {
                    var ran = new ArrayList<String>();

                    Greenlet handle = Evy.spawnN(() -> ran.add("body"));
                    boolean deadAtFirst = handle.isDead();
                    Evy.sleep(Duration.ZERO);

                    assertThat(deadAtFirst).isFalse();
                    assertThat(handle.isDead()).isTrue();
                    assertThat(ran).containsExactly("body");
                    assertThat(handle).as("has no result").isNotInstanceOf(GreenThread.class);
                });
    }

    @Spec("GT3")
    @Test
    void spawn_arguments_reachTheBodyAndItsValueComesBack() {
        manual.run(
                () -> {
                    var argument = new Object();

                    var thread = Evy.spawn(() -> passive(List.of(1, argument), Map.of("b", 2)));

                    assertThat(thread.join())
                            .isEqualTo(new Arguments(List.of(1, argument), Map.of("b", 2)));
                });
    }

    private record Arguments(List<Object> positional, Map<String, Object> named) {}

    private static Arguments passive(List<Object> positional, Map<String, Object> named) {
        return new Arguments(positional, named);
    }

    @Spec("GT3")
    @Test
    void join_nullResult_isNull() {
        manual.run(
                () -> {
                    assertThat(Evy.<Object>spawn(() -> null).join()).isNull();
                    assertThat(Evy.spawn(() -> {}).join()).isNull();
                });
    }

    @Spec("GT4")
    @Test
    void spawnN_bodyThrows_isPrintedAndTheHubGoesOn() {
        String printed = printedBy(() -> failDetached("evy-gt4-a"));

        assertThat(printed)
                .contains("IllegalStateException: evy-gt4-a")
                .contains("at " + GreenThreadTest.class.getName());
        manual.run(Evy::yield);
    }

    @Spec("GT4")
    @Test
    void spawnN_bodyThrowsButReportsAreOff_printsNothingAndTheHubGoesOn() {
        manual.hub().setExceptionHandler(ExceptionHandler.IGNORE);

        String printed = printedBy(() -> failDetached("evy-gt4-b"));

        assertThat(printed).doesNotContain("evy-gt4-b");
        manual.run(Evy::yield);
    }

    @Spec("GT4")
    @Test
    void spawnN_bodyThrowsError_reachesTheHandler() {
        var reports = collectReports();
        var failure = new AssertionError("an Error, too");

        manual.run(
                () -> {
                    Evy.spawnN(
                            () -> {
                                throw failure;
                            });
                    Evy.yield();
                });

        assertThat(reports).containsExactly(failure);
    }

    private void failDetached(String message) {
        manual.run(
                () -> {
                    Greenlet failing =
                            Evy.spawnN(
                                    () -> {
                                        throw new IllegalStateException(message);
                                    });
                    Evy.yield();

                    assertThat(failing.isDead()).isTrue();
                });
    }

    private List<Throwable> collectReports() {
        List<Throwable> reports = Collections.synchronizedList(new ArrayList<>());
        manual.hub().setExceptionHandler((greenlet, exception) -> reports.add(exception));
        return reports;
    }

    private static String printedBy(Runnable action) {
        var bytes = new ByteArrayOutputStream();
        PrintStream original = System.err;
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(original);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Spec({"GT5", "X9"})
    @Test
    void join_manyTimesByMany_allGetTheSameException() throws Exception {
        var failure = new IOException("the one");
        var go = new CompletableFuture<Void>();
        GreenThread<Object> thread =
                Evy.spawn(
                        manual.hub(),
                        () -> {
                            go.get();
                            throw failure;
                        });

        var early1 = Evy.spawn(manual.hub(), () -> catchThrowable(thread::join));
        var early2 = Evy.spawn(manual.hub(), () -> catchThrowable(thread::join));
        var elsewhere = Evy.spawn(Hub.getDefault(), () -> catchThrowable(thread::join));
        var platform = new FutureTask<>(() -> catchThrowable(thread::join));
        Thread.ofPlatform().start(platform);
        manual.letAllRun();
        go.complete(null);

        assertThat(early1.join()).isSameAs(failure);
        assertThat(early2.join()).isSameAs(failure);
        assertThat(elsewhere.join()).isSameAs(failure);
        assertThat(platform.get()).isSameAs(failure);
        assertThat(catchThrowable(thread::join)).isSameAs(failure);
        assertThat(catchThrowable(thread::join)).isSameAs(failure);
    }

    @Spec("GT5")
    @Test
    void join_manyTimesByMany_allGetTheSameValue() throws Exception {
        var value = new Object();
        var go = new CompletableFuture<Object>();
        GreenThread<Object> thread = Evy.spawn(manual.hub(), () -> go.get());

        var early = Evy.spawn(manual.hub(), () -> thread.join());
        var elsewhere = Evy.spawn(Hub.getDefault(), () -> thread.join());
        manual.letAllRun();
        go.complete(value);

        assertThat(early.join()).isSameAs(value);
        assertThat(elsewhere.join()).isSameAs(value);
        assertThat(thread.join()).isSameAs(value);
        assertThat(thread.join()).isSameAs(value);
        assertThat(thread.get()).isSameAs(value);
    }

    @Spec("GT7")
    @Test
    void spawnAfter_spawnerHasEnded_runsAfterTheDelay() {
        var ran = new AtomicReference<Duration>();

        manual.run(() -> Evy.spawnAfter(SECOND, () -> ran.set(manual.clock().elapsed())));
        manual.run(() -> Evy.sleep(HOUR));

        assertThat(ran.get()).isEqualTo(SECOND);
    }

    @Spec("GT7")
    @Test
    void spawnAfter_cancelledBefore_neverRuns() {
        manual.run(
                () -> {
                    var ran = new ArrayList<String>();
                    var thread = Evy.spawnAfter(SECOND, () -> ran.add("body"));

                    thread.cancel();
                    int timers = manual.hub().statistics().timers();
                    Evy.sleep(HOUR);

                    assertThat(timers).isZero();
                    assertThat(ran).isEmpty();
                    assertThat(thread.isDead()).isTrue();
                });
    }

    @Spec("GT7")
    @Test
    void spawnAfter_fromAPlatformThread_runsAndGivesItsResult() {
        var thread = Evy.spawnAfter(Duration.ofMillis(1), () -> "late");

        assertThat(thread.join()).isEqualTo("late");
    }

    @Spec("GT8")
    @Test
    void spawnAfterLocal_spawnerDead_doesNotRun() {
        var ran = new ArrayList<String>();

        manual.run(() -> Evy.spawnAfterLocal(SECOND, () -> ran.add("body")));
        manual.run(() -> Evy.sleep(HOUR));

        assertThat(ran).isEmpty();
    }

    @Spec("GT8")
    @Test
    void spawnAfterLocal_spawnerAlive_runs() {
        manual.run(
                () -> {
                    var thread = Evy.spawnAfterLocal(SECOND, () -> manual.clock().elapsed());
                    Evy.sleep(HOUR);

                    assertThat(thread.isDone()).isTrue();
                    assertThat(thread.join()).isEqualTo(SECOND);
                });
    }

    @Spec("GT8")
    @Test
    void spawn_spawnerEndsAtOnce_runsAllTheSame() {
        var ran = new ArrayList<String>();

        manual.run(() -> Evy.spawn(() -> ran.add("body")));
        manual.letAllRun();

        assertThat(ran).containsExactly("body");
    }

    @Spec({"GT9", "TOP4"})
    @Test
    void yield_othersReady_eachHasATurnFirst() {
        manual.run(
                () -> {
                    var seen = new ArrayList<Integer>();
                    int many = 300; // more than a hub runs in one turn
                    for (int i = 0; i < many; i++) {
                        int number = i;
                        Evy.spawn(() -> seen.add(number));
                    }

                    Evy.yield();

                    assertThat(seen).hasSize(many).isSorted();
                });
    }

    @Spec("GT9")
    @Test
    void sleepZero_otherWasWoken_itHasATurnFirst() {
        manual.run(
                () -> {
                    var seen = new ArrayList<String>();
                    var waiters = new ArrayList<Waiter>();
                    Evy.spawn(
                            () -> {
                                var waiter = Waiter.current("a test");
                                waiters.add(waiter);
                                waiter.await();
                                seen.add("woken");
                            });
                    Evy.yield();

                    waiters.getFirst().wake();
                    Evy.sleep(Duration.ZERO);

                    assertThat(seen).containsExactly("woken");
                });
    }

    @Spec("GT9")
    @Test
    void yield_twoThreads_takeTurns() {
        manual.run(
                () -> {
                    var seen = new StringBuilder();
                    var a = Evy.spawn(() -> append(seen, 'a'));
                    var b = Evy.spawn(() -> append(seen, 'b'));

                    Evy.waitAll(a, b);

                    assertThat(seen).hasToString("abababababab");
                });
    }

    private static void append(StringBuilder seen, char who) {
        for (int i = 0; i < 6; i++) {
            seen.append(who);
            Evy.yield();
        }
    }

    @Spec("GT10")
    @Test
    void sleep_virtualTime_lastsExactly() {
        manual.run(
                () -> {
                    Evy.sleep(HOUR);

                    assertThat(manual.clock().elapsed()).isEqualTo(HOUR);
                });
    }

    @Spec("GT10")
    @Test
    void sleep_realTime_lastsAtLeast() {
        Evy.run(
                () -> {
                    long start = System.nanoTime();

                    Evy.sleep(Duration.ofMillis(12));

                    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(12_000_000);
                });
    }

    @Spec("GT10")
    @Test
    void sleep_fromAPlatformThread_lastsAtLeast() {
        long start = System.nanoTime();

        Evy.sleep(Duration.ofMillis(3));

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(3_000_000);
    }

    @Spec("GT10")
    @Test
    void sleep_killed_timerIsGoneAndTheNextSleepIsWhole() {
        manual.run(
                () -> {
                    var sleeper =
                            Evy.spawn(
                                    () -> {
                                        assertThatThrownBy(() -> Evy.sleep(SECOND))
                                                .isInstanceOf(GreenThreadExit.class);
                                        int timers = manual.hub().statistics().timers();
                                        Evy.sleep(HOUR);
                                        return timers;
                                    });
                    Evy.yield();

                    sleeper.kill();

                    assertThat(sleeper.join()).as("timers after the kill").isZero();
                    assertThat(manual.clock().elapsed()).isEqualTo(HOUR);
                });
    }

    @Spec("GT11")
    @Test
    void sleep_inAHubsCallback_isRefusedAndSaysWhy() throws Exception {
        Throwable refusal =
                manual.hub().call(() -> catchThrowable(() -> Evy.sleep(Duration.ofMillis(1))));

        assertThat(refusal)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("evy-manual-hub")
                .hasMessageContaining("must not block");
    }

    @Spec("GT11")
    @Test
    void join_inAHubsCallback_isRefusedAndSaysWhy() throws Exception {
        var go = new CompletableFuture<Integer>();
        GreenThread<Integer> thread = Evy.spawn(() -> go.get());

        Throwable refusal = manual.hub().call(() -> catchThrowable(thread::join));
        go.complete(22);

        assertThat(refusal)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must not block");
        assertThat(thread.join()).isEqualTo(22);
    }

    @Spec("GT11")
    @Test
    void sleepZero_inAHubsCallback_doesNothing() throws Exception {
        Throwable failure =
                manual.hub()
                        .call(
                                () ->
                                        catchThrowable(
                                                () -> {
                                                    Evy.sleep(Duration.ZERO);
                                                    Evy.sleep(Duration.ofSeconds(-1));
                                                    Evy.yield();
                                                }));

        assertThat(failure).isNull();
    }

    @Spec("GT20")
    @Test
    void link_threadEnds_isCalledInItsContextBeforeItIsDead() {
        manual.run(
                () -> {
                    var seen = new ArrayList<Object>();
                    var thread = Evy.spawn(() -> 22);

                    thread.link(
                            gt -> {
                                seen.add(gt);
                                seen.add(gt.join());
                                seen.add(Evy.current());
                                seen.add(Thread.currentThread());
                                seen.add(gt.isDead());
                            });
                    Evy.yield();

                    assertThat(seen).containsExactly(thread, 22, thread, thread.thread(), false);
                    assertThat(thread.isDead()).isTrue();
                });
    }

    @Spec("GT20")
    @Test
    void link_threadFails_readsTheFailureByJoin() {
        manual.run(
                () -> {
                    var failure = new IOException("for the link");
                    var seen = new ArrayList<Throwable>();
                    var thread =
                            Evy.spawn(
                                    () -> {
                                        throw failure;
                                    });

                    thread.link(gt -> seen.add(catchThrowable(gt::join)));
                    Evy.yield();

                    assertThat(seen).containsExactly(failure);
                });
    }

    @Spec("GT20")
    @Test
    void link_arguments_areWhatTheLambdaHolds() {
        manual.run(
                () -> {
                    var seen = new ArrayList<Object>();
                    var thread = Evy.spawn(() -> 22);
                    var positional = List.of(4);
                    var named = Map.of("b", 5);

                    thread.link(gt -> seen.addAll(List.of(gt, positional, named)));
                    thread.join();
                    Evy.yield();

                    assertThat(seen).containsExactly(thread, positional, named);
                });
    }

    @Spec("GT21")
    @Test
    void link_threadHasEnded_isCalledAtOnceByTheCaller() {
        manual.run(
                () -> {
                    var seen = new ArrayList<Object>();
                    var thread = Evy.spawn(() -> 22);
                    thread.join();
                    Evy.yield();

                    thread.link(gt -> seen.addAll(List.of(gt, gt.join(), Evy.current())));

                    assertThat(seen).containsExactly(thread, 22, Evy.current());
                });
    }

    @Spec("GT22")
    @Test
    void link_several_runInTheOrderTheyWereLinked() {
        manual.run(
                () -> {
                    var seen = new ArrayList<Integer>();
                    var thread = Evy.spawn(() -> 22);

                    for (int i = 0; i < 20; i++) {
                        int number = i;
                        thread.link(gt -> seen.add(number));
                    }
                    Evy.yield();

                    assertThat(seen).hasSize(20).isSorted();
                });
    }

    @Spec("GT22")
    @Test
    void link_linksAnotherOnTheSameThread_thatIsCalledOnceToo() {
        manual.run(
                () -> {
                    var seen = new ArrayList<String>();
                    var thread = Evy.spawn(() -> 22);

                    thread.link(
                            gt -> {
                                seen.add("first");
                                gt.link(again -> seen.add("from within"));
                            });
                    thread.link(gt -> seen.add("second"));
                    Evy.yield();

                    assertThat(seen)
                            .containsExactlyInAnyOrder("first", "second", "from within")
                            .startsWith("first");
                });
    }

    @Spec("GT22")
    @Test
    void link_linksItselfAgainFewTimes_doesNotRecurse() {
        manual.run(
                () -> {
                    var depths = new ArrayList<Integer>();
                    var thread = Evy.spawn(() -> 22);
                    var link = new AtomicReference<Consumer<GreenThread<Integer>>>();
                    link.set(
                            gt -> {
                                depths.add(Thread.currentThread().getStackTrace().length);
                                if (depths.size() < 50) {
                                    gt.link(link.get());
                                }
                            });

                    thread.link(link.get());
                    Evy.yield();

                    assertThat(depths).hasSize(50).containsOnly(depths.getFirst());
                });
    }

    @Spec("GT23")
    @Test
    void unlink_linkedBefore_isTrueOnceAndPreventsTheCall() {
        manual.run(
                () -> {
                    var seen = new ArrayList<String>();
                    Consumer<GreenThread<Integer>> wanted = gt -> seen.add("wanted");
                    Consumer<GreenThread<Integer>> unwanted = gt -> seen.add("unwanted");
                    var thread = Evy.spawn(() -> 22);
                    thread.link(unwanted);
                    thread.link(wanted);

                    boolean first = thread.unlink(unwanted);
                    boolean second = thread.unlink(unwanted);
                    boolean never = thread.unlink(gt -> seen.add("never linked"));
                    Evy.yield();

                    assertThat(first).isTrue();
                    assertThat(second).isFalse();
                    assertThat(never).isFalse();
                    assertThat(thread.unlink(wanted)).as("after the end").isFalse();
                    assertThat(seen).containsExactly("wanted");
                });
    }

    @Spec("GT24")
    @Test
    void link_throws_othersRunOutcomeStaysAndItIsReported() {
        var reports = collectReports();
        var broken = new IllegalStateException("a broken link");
        var worse = new AssertionError("a worse one");

        manual.run(
                () -> {
                    var seen = new ArrayList<String>();
                    var thread = Evy.spawn(() -> 22);
                    thread.link(gt -> seen.add("before"));
                    thread.link(
                            gt -> {
                                throw broken;
                            });
                    thread.link(
                            gt -> {
                                throw worse;
                            });
                    thread.link(gt -> seen.add("after"));
                    Evy.yield();

                    assertThat(seen).containsExactly("before", "after");
                    assertThat(thread.join()).isEqualTo(22);
                    assertThat(thread.isDead()).isTrue();
                });

        assertThat(reports).containsExactly(broken, worse);
    }

    @Spec("GT24")
    @Test
    void link_throwsAfterTheEnd_isReportedAndNotThrownAtTheCaller() {
        var reports = collectReports();
        var broken = new IllegalStateException("a broken late link");

        manual.run(
                () -> {
                    var thread = Evy.spawn(() -> 22);
                    thread.join();
                    Evy.yield();
                    thread.link(
                            gt -> {
                                throw broken;
                            });
                });

        assertThat(reports).containsExactly(broken);
    }

    @Spec("GT25")
    @Test
    void current_greenThread_isItselfAndDiffersFromOthers() {
        manual.run(
                () -> {
                    var thread = Evy.spawn(() -> Evy.current());
                    var detached = new ArrayList<Greenlet>();
                    Greenlet handle = Evy.spawnN(() -> detached.add(Evy.current()));

                    Evy.yield();

                    assertThat(thread.join()).isSameAs(thread).isNotSameAs(Evy.current());
                    assertThat(detached).containsExactly(handle);
                    assertThat(Evy.current()).isSameAs(Evy.current());
                    assertThat(Evy.current().thread()).isSameAs(Thread.currentThread());
                    assertThat(Evy.current().hub()).isSameAs(manual.hub());
                });
    }

    @Spec("GT25")
    @Test
    void current_hubCallbackAndPlatformThread_haveIdentitiesThatLast() throws Exception {
        Greenlet main = Evy.current();
        Greenlet hub = manual.hub().call(Evy::current);
        Greenlet hubAgain = manual.hub().call(Evy::current);

        assertThat(main).isSameAs(Evy.current());
        assertThat(main.thread()).isSameAs(Thread.currentThread());
        assertThat(main.isForeign()).isTrue();
        assertThat(hub).isSameAs(hubAgain).isNotSameAs(main);
        assertThat(hub.thread().getName()).isEqualTo("evy-manual-hub");
        assertThat(manual.call(Evy::current)).isNotIn(main, hub);
    }

    @Spec("GT27")
    @Test
    void greenThread_failed_keepsNothingOfItsBodyAlive() throws Exception {
        List<WeakReference<Object>> refs = Collections.synchronizedList(new ArrayList<>());

        GreenThread<Object> kept = manual.call(() -> failWithLocals(refs, null));

        assertThat(catchThrowable(kept::join)).isInstanceOf(IOException.class);
        assertCollected(refs);
        assertThat(kept.isDead()).isTrue(); // kept until here
    }

    @Spec("GT27")
    @Test
    void greenThread_timedOut_keepsNothingOfItsBodyAlive() throws Exception {
        List<WeakReference<Object>> refs = Collections.synchronizedList(new ArrayList<>());

        GreenThread<Object> kept = manual.call(() -> failWithLocals(refs, SECOND));

        assertThat(catchThrowable(kept::join)).isInstanceOf(Timeout.class);
        assertCollected(refs);
        assertThat(kept.isDead()).isTrue(); // kept until here
    }

    private static GreenThread<Object> failWithLocals(
            List<WeakReference<Object>> refs, Duration limit) {
        var captured = new Object();
        refs.add(new WeakReference<>(captured));
        GreenThread<Object> thread =
                Evy.spawn(
                        () -> {
                            var local = new Object();
                            refs.add(new WeakReference<>(local));
                            if (limit != null) {
                                Timeout.call(limit, () -> holdWhileAsleep(local, captured));
                            }
                            throw new IOException("with locals on the stack");
                        });
        thread.link(gt -> refs.add(new WeakReference<>(captured)));
        Evy.spawn(() -> catchThrowable(thread::join)).join();
        return thread;
    }

    private static int holdWhileAsleep(Object local, Object captured) {
        Evy.sleep(HOUR);
        return local.hashCode() + captured.hashCode();
    }

    private static void assertCollected(List<WeakReference<Object>> refs) throws Exception {
        assertThat(refs).isNotEmpty();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (refs.stream().anyMatch(ref -> ref.get() != null) && System.nanoTime() - end < 0) {
            System.gc();
            Thread.sleep(1);
        }
        assertThat(refs).allSatisfy(ref -> assertThat(ref.get()).isNull());
    }

    @Spec("GT28")
    @Test
    void future_cancelled_killsTheGreenThreadAndIsACancellation() {
        manual.run(
                () -> {
                    var seen = new ArrayList<Throwable>();
                    var thread =
                            Evy.spawn(
                                    () -> {
                                        try {
                                            Evy.sleep(HOUR);
                                        } catch (GreenThreadExit exit) {
                                            seen.add(exit);
                                            throw exit;
                                        }
                                    });
                    Evy.yield();

                    boolean cancelled = thread.cancel(true);
                    Throwable failure = catchThrowable(thread::get);

                    assertThat(cancelled).isTrue();
                    assertThat(seen).hasSize(1);
                    assertThat(failure)
                            .isInstanceOf(CancellationException.class)
                            .hasCause(seen.getFirst());
                    assertThat(thread.isCancelled()).isTrue();
                    assertThat(thread.isDone()).isTrue();
                    assertThat(thread.cancel(true)).as("again").isFalse();
                });
    }

    @Spec("GT28")
    @Test
    void future_ofTheJdk_isAwaitedGreenAndGivesValueAndFailure() {
        manual.run(
                () -> {
                    var value = new CompletableFuture<String>();
                    var failed = new CompletableFuture<String>();
                    var failure = new IOException("from the future");
                    var waiting = Evy.spawn(() -> value.get());
                    var failing = Evy.spawn(() -> failed.get());
                    Evy.yield(); // both wait, and this thread still runs: the hub is not blocked

                    value.complete("done");
                    failed.completeExceptionally(failure);

                    assertThat(waiting.join()).isEqualTo("done");
                    assertThatThrownBy(failing::join)
                            .isInstanceOf(ExecutionException.class)
                            .hasCause(failure);
                });
    }

    @Spec("GT28")
    @Test
    void completableFuture_bridgeBothWays_cancelsBothWays() {
        manual.run(
                () -> {
                    var sleeper = Evy.spawn(() -> Evy.sleep(Duration.ofHours(1)));
                    var future = sleeper.toCompletableFuture();
                    var killed = Evy.spawn(() -> Evy.sleep(Duration.ofHours(1)));
                    var killedFuture = killed.toCompletableFuture();
                    var pending = new CompletableFuture<String>();
                    var awaiting = Evy.spawn(() -> Evy.await(pending));
                    var valued = Evy.spawn(() -> "value").toCompletableFuture();
                    Evy.yield();

                    future.cancel(true);
                    killed.kill();
                    awaiting.kill();
                    Evy.yield();

                    assertThat(sleeper.isDead()).as("cancel kills").isTrue();
                    assertThat(killedFuture.isCancelled()).as("kill cancels").isTrue();
                    assertThat(pending.isCancelled()).as("a killed wait cancels").isTrue();
                    assertThat(valued.join()).isEqualTo("value");
                    assertThat(Evy.await(CompletableFuture.completedFuture(7))).isEqualTo(7);

                    var failure = new IllegalStateException("failed");
                    var fails = Evy.spawn(() -> raise(failure)).toCompletableFuture();
                    assertThatThrownBy(() -> Evy.await(fails)).isSameAs(failure);
                    var cancelled = new CompletableFuture<String>();
                    cancelled.cancel(true);
                    assertThatThrownBy(() -> Evy.await(cancelled))
                            .isInstanceOf(GreenThreadExit.class)
                            .hasMessage("the future was cancelled")
                            .hasCauseInstanceOf(CancellationException.class);
                });
    }

    private static Object raise(RuntimeException failure) {
        throw failure;
    }

    @Spec("GT29")
    @Test
    void descriptor_waitTimesOut_leavesTheHubEmpty() throws Exception {
        Evy.run(
                () -> {
                    try (var pair = new Pair()) {
                        boolean told = pair.client.descriptor().awaitReadable(1_000_000);

                        assertThat(told).isFalse();
                        assertHubEmpty();
                    }
                });
    }

    @Spec("GT29")
    @Test
    void socket_readTimesOut_throwsAndLeavesTheHubEmpty() throws Exception {
        Evy.run(
                () -> {
                    try (var pair = new Pair()) {
                        pair.client.setTimeout(Duration.ofMillis(1));

                        assertThatThrownBy(() -> pair.client.recv(1))
                                .isInstanceOf(SocketTimeoutException.class);
                        assertHubEmpty();
                    }
                });
    }

    @Spec("GT29")
    @Test
    void descriptor_readableBeforeTheTimeout_cancelsItsTimer() throws Exception {
        Evy.run(
                () -> {
                    try (var pair = new Pair()) {
                        var descriptor = pair.client.descriptor();
                        long limit = Duration.ofMinutes(1).toNanos();
                        var waiting = Evy.spawn(() -> descriptor.awaitReadable(limit));
                        Evy.yield();
                        var meanwhile = Hub.current().statistics();

                        pair.server.sendAll(new byte[] {1});

                        assertThat(waiting.join()).isTrue();
                        assertThat(meanwhile.readers()).isEqualTo(1);
                        assertThat(meanwhile.timers()).isEqualTo(1);
                        assertHubEmpty();
                    }
                });
    }

    @Spec("GT29")
    @Test
    void withTimeout_outerShorterThanInner_outerPropagates() {
        manual.run(
                () -> {
                    var outer = new Timeout(Duration.ofMillis(100));

                    assertThatThrownBy(
                                    () ->
                                            outer.during(
                                                    () ->
                                                            Evy.withTimeout(
                                                                    Duration.ofMillis(200),
                                                                    GreenThreadTest::sleepLong,
                                                                    "fallback")))
                            .isSameAs(outer);
                    assertThat(manual.clock().elapsed()).isEqualTo(Duration.ofMillis(100));
                    assertHubEmpty();
                });
    }

    private static String sleepLong() {
        Evy.sleep(Duration.ofSeconds(2));
        return "too late";
    }

    private static void assertHubEmpty() {
        var statistics = Hub.current().statistics();
        assertThat(statistics.timers()).as("timers").isZero();
        assertThat(statistics.readers()).as("readers").isZero();
        assertThat(statistics.writers()).as("writers").isZero();
    }

    /** Two connected sockets. */
    private static final class Pair implements AutoCloseable {
        final GreenSocket client;
        final GreenSocket server;

        Pair() throws IOException {
            try (GreenServerSocket listener = Evy.listen("127.0.0.1", 0)) {
                client = Evy.connect(listener.address());
                server = listener.accept();
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }
}
