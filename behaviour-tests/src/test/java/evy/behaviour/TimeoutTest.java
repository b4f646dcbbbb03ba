package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Body;
import evy.Evy;
import evy.Timeout;
import evy.hubs.Hub;
import evy.hubs.Waiter;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.SocketTimeoutException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;

/** What {@link Timeout} promises to a green thread, mostly in virtual time. */
@ExtendWith(LeakCheckExtension.class)
class TimeoutTest {
    private static final Duration UNIT = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final ManualHub manual = ManualHub.open();

    @AfterEach
    void closeEmptyHub() {
        manual.letAllRun();
        var left = manual.hub().statistics();
        manual.close();

        assertThat(left.live()).as("green threads left").isZero();
        assertThat(left.timers()).as("timers left").isZero();
    }

    private static Duration units(long n) {
        return UNIT.multipliedBy(n);
    }

    private int timers() {
        return manual.hub().statistics().timers();
    }

    @Spec("TO1")
    @Test
    void timeout_constructed_clockRunsFromThere() {
        manual.run(
                () -> {
                    var timeout = new Timeout(units(3));
                    Evy.sleep(units(2));

                    assertThatThrownBy(() -> Evy.sleep(HOUR)).isSameAs(timeout);
                    assertThat(manual.clock().elapsed()).isEqualTo(units(3));
                });
    }

    @Spec({"TO1", "TO8"})
    @Test
    void timeout_nullDuration_isNeverScheduledAndGoodToThrowByHand() {
        manual.run(
                () -> {
                    var timeout = new Timeout(null);
                    int timers = timers();
                    Evy.sleep(HOUR);

                    Throwable thrown =
                            catchThrowable(
                                    () -> {
                                        throw timeout;
                                    });

                    assertThat(timers).isZero();
                    assertThat(thrown).isSameAs(timeout);
                    assertThat(timeout.isPending()).isFalse();
                });
    }

    @Spec("TO1")
    @Test
    void timeout_zeroOrNegative_isRaisedAtTheNextCallThatBlocks() {
        manual.run(
                () -> {
                    var zero = new Timeout(Duration.ZERO);
                    assertThatThrownBy(() -> Evy.sleep(UNIT)).isSameAs(zero);

                    var negative = new Timeout(units(-1));
                    assertThatThrownBy(() -> Evy.sleep(UNIT)).isSameAs(negative);

                    assertThat(manual.clock().elapsed()).isZero();
                });
    }

    @Spec("TO1")
    @Test
    void timeout_zero_isRaisedAtAYield() {
        manual.run(
                () -> {
                    try (var zero = new Timeout(Duration.ZERO)) {
                        assertThatThrownBy(() -> Evy.sleep(Duration.ZERO)).isSameAs(zero);
                    }
                });
    }

    @Spec("TO2")
    @Test
    void timeout_noException_raisesItself() {
        manual.run(
                () -> {
                    try (var timeout = new Timeout(UNIT)) {
                        assertThatThrownBy(() -> Evy.sleep(HOUR)).isSameAs(timeout);
                    }
                });
    }

    @Spec("TO2")
    @Test
    void timeout_exceptionGiven_thatVeryObjectIsRaised() {
        manual.run(
                () -> {
                    var unchecked = new IllegalStateException("mine");
                    var checked = new IOException("mine, checked");

                    try (var timeout = new Timeout(UNIT, unchecked)) {
                        assertThat(timeout.isPending()).isTrue();
                        assertThatThrownBy(() -> Evy.sleep(HOUR)).isSameAs(unchecked);
                    }
                    var second = new Timeout(UNIT, checked);
                    assertThatThrownBy(() -> second.during(() -> Evy.sleep(HOUR)))
                            .isSameAs(checked);
                });
    }

    @Spec({"TO2", "TO3"})
    @Test
    void silent_raised_isSwallowedAtTheEndOfItsOwnBlockOnly() {
        manual.run(
                () -> {
                    var seen = new ArrayList<Throwable>();
                    var silent = Timeout.silent(UNIT);

                    silent.during(
                            () -> {
                                try {
                                    Evy.sleep(HOUR);
                                } catch (Timeout t) {
                                    seen.add(t);
                                    throw t;
                                }
                            });

                    assertThat(seen).as("it is raised all the same").containsExactly(silent);
                    assertThat(silent.isPending()).isFalse();
                });
    }

    @Spec("TO2")
    @Test
    void silent_raisedOutsideItsBlock_isNotSwallowed() {
        manual.run(
                () -> {
                    var silent = Timeout.silent(UNIT);

                    assertThatThrownBy(() -> Evy.sleep(HOUR)).isSameAs(silent);
                });
    }

    @Spec("TO3")
    @Test
    void silent_innerBlock_doesNotSwallowTheOuterTimeout() {
        manual.run(
                () -> {
                    var outer = new Timeout(UNIT);
                    var outerSilent = Timeout.silent(units(5));

                    assertThatThrownBy(() -> Timeout.run(units(10), () -> Evy.sleep(HOUR)))
                            .isSameAs(outer);
                    assertThatThrownBy(
                                    () -> Timeout.call(HOUR, () -> sleepThen("late"), "fallback"))
                            .isSameAs(outerSilent);
                });
    }

    @Spec("TO3")
    @Test
    void silent_outerBlock_doesNotSwallowTheInnerTimeout() {
        manual.run(
                () -> {
                    var outer = Timeout.silent(HOUR);
                    var inner = new ArrayList<Timeout>();

                    Throwable thrown =
                            catchThrowable(
                                    () ->
                                            outer.during(
                                                    () -> {
                                                        inner.add(new Timeout(UNIT));
                                                        Evy.sleep(HOUR);
                                                    }));

                    assertThat(thrown).isSameAs(inner.getFirst());
                    assertThat(outer.isPending()).isFalse();
                });
    }

    private static String sleepThen(String value) {
        Evy.sleep(HOUR);
        return value;
    }

    @Spec({"TO4", "X9"})
    @Test
    void timeout_catchException_doesNotCatchIt() {
        manual.run(
                () -> {
                    var timeout = new Timeout(UNIT);

                    Throwable thrown = catchThrowable(TimeoutTest::sleepCatchingException);

                    assertThat(thrown).isSameAs(timeout).isNotInstanceOf(Exception.class);
                });
    }

    private static void sleepCatchingException() {
        try {
            Evy.sleep(HOUR);
        } catch (Exception e) {
            throw new AssertionError("caught by an ordinary handler", e);
        }
    }

    @Spec("TO4")
    @Test
    void timeout_catchThrowable_breaksIt() {
        manual.run(
                () -> {
                    boolean inTime =
                            Timeout.run(
                                    UNIT,
                                    () -> {
                                        assertThat(catchThrowable(() -> Evy.sleep(HOUR)))
                                                .isInstanceOf(Timeout.class);
                                        Evy.sleep(units(5)); // once is all it gets
                                    });

                    assertThat(inTime).isTrue();
                    assertThat(manual.clock().elapsed()).isEqualTo(units(6));
                });
    }

    @Spec("TO5")
    @Test
    void timeout_codeThatNeverYields_runsToItsEnd() {
        manual.run(
                () -> {
                    String result =
                            Timeout.call(
                                    UNIT,
                                    () -> {
                                        manual.clock().advance(HOUR); // that is how long it takes
                                        return "computed";
                                    });
                    Evy.yield();
                    Evy.sleep(UNIT);

                    assertThat(result).isEqualTo("computed");
                });
    }

    @Spec("TO5")
    @Test
    void timeout_codeThatYieldsTooLate_isReachedThere() {
        manual.run(
                () -> {
                    var seen = new ArrayList<String>();

                    boolean inTime =
                            Timeout.run(
                                    UNIT,
                                    () -> {
                                        manual.clock().advance(HOUR);
                                        seen.add("computed");
                                        Evy.sleep(UNIT);
                                        seen.add("slept");
                                    });

                    assertThat(inTime).isFalse();
                    assertThat(seen).containsExactly("computed");
                });
    }

    @Spec("TO6")
    @Test
    void cancel_twice_isIdempotentAndNothingComes() {
        manual.run(
                () -> {
                    var timeout = new Timeout(UNIT);

                    timeout.cancel();
                    timeout.cancel();
                    timeout.close();
                    int timers = timers();
                    Evy.sleep(HOUR);

                    assertThat(timers).isZero();
                    assertThat(timeout.isPending()).isFalse();
                });
    }

    @Spec("TO6")
    @Test
    void block_left_cancels() {
        manual.run(
                () -> {
                    Timeout kept;
                    try (var timeout = new Timeout(UNIT)) {
                        kept = timeout;
                        assertThat(kept.isPending()).isTrue();
                    }
                    var other = new Timeout(UNIT);
                    other.during(Evy::yield);
                    var failed = new Timeout(UNIT);
                    var failure = new IOException("leaves the block");
                    assertThatThrownBy(() -> failed.during(() -> raise(failure))).isSameAs(failure);
                    int timers = timers();
                    Evy.sleep(HOUR);

                    assertThat(List.of(kept.isPending(), other.isPending(), failed.isPending()))
                            .containsOnly(false);
                    assertThat(timers).isZero();
                });
    }

    private static void raise(IOException failure) throws IOException {
        throw failure;
    }

    @Spec("TO6")
    @Test
    void during_cancelled_restartsTheClock() {
        manual.run(
                () -> {
                    var timeout = new Timeout(UNIT);
                    timeout.cancel();
                    Evy.sleep(units(10));

                    assertThatThrownBy(() -> timeout.during(() -> Evy.sleep(HOUR)))
                            .isSameAs(timeout);
                    assertThatThrownBy(() -> timeout.during(() -> Evy.sleep(HOUR)))
                            .as("and again")
                            .isSameAs(timeout);

                    assertThat(manual.clock().elapsed()).isEqualTo(units(12));
                });
    }

    @Spec("TO6")
    @Test
    void during_pending_doesNotRestartTheClock() {
        manual.run(
                () -> {
                    var timeout = new Timeout(units(3));
                    Evy.sleep(units(2));

                    assertThatThrownBy(() -> timeout.during(() -> Evy.sleep(HOUR)))
                            .isSameAs(timeout);

                    assertThat(manual.clock().elapsed()).isEqualTo(units(3));
                });
    }

    @Spec("TO7")
    @Test
    void start_pending_isRefusedAndTheClockGoesOn() {
        manual.run(
                () -> {
                    var timeout = new Timeout(units(3));
                    Evy.sleep(units(2));

                    assertThatThrownBy(timeout::start)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("running already");
                    assertThatThrownBy(() -> Evy.sleep(HOUR)).isSameAs(timeout);

                    assertThat(manual.clock().elapsed()).isEqualTo(units(3));
                });
    }

    @Spec("TO7")
    @Test
    void start_cancelledOrRaised_startsAgain() {
        manual.run(
                () -> {
                    var timeout = new Timeout(UNIT);
                    timeout.cancel();

                    timeout.start();
                    assertThatThrownBy(() -> Evy.sleep(HOUR)).isSameAs(timeout);
                    timeout.start();
                    assertThatThrownBy(() -> Evy.sleep(HOUR)).isSameAs(timeout);

                    assertThat(manual.clock().elapsed()).isEqualTo(units(2));
                });
    }

    @Spec("TO8")
    @Test
    void isPending_fromStartToFireOrCancel_isTrueBetween() {
        manual.run(
                () -> {
                    var fired = new Timeout(UNIT);
                    boolean beforeFire = fired.isPending();
                    assertThatThrownBy(() -> Evy.sleep(HOUR)).isSameAs(fired);
                    var cancelled = new Timeout(UNIT);
                    boolean beforeCancel = cancelled.isPending();
                    cancelled.cancel();

                    assertThat(beforeFire).isTrue();
                    assertThat(fired.isPending()).isFalse();
                    assertThat(beforeCancel).isTrue();
                    assertThat(cancelled.isPending()).isFalse();
                });
    }

    @Spec("TO9")
    @Test
    void cancel_insideTheBlock_sleepingPastTheDeadlineIsFine() {
        manual.run(
                () -> {
                    try (var timeout = new Timeout(UNIT)) {
                        timeout.cancel();
                        Evy.sleep(HOUR);
                    }
                    var other = new Timeout(UNIT);
                    other.during(
                            () -> {
                                other.cancel();
                                Evy.sleep(HOUR);
                            });

                    assertThat(manual.clock().elapsed()).isEqualTo(HOUR.multipliedBy(2));
                });
    }

    @Spec({"TO10", "TO3"})
    @Test
    void nested_outerFiresFirst_innerStaysPendingUntilItsBlockEnds() {
        manual.run(
                () -> {
                    var seen = new ArrayList<Object>();
                    var outer = new Timeout(units(1));
                    var inner = new Timeout(units(2));

                    Throwable thrown =
                            catchThrowable(
                                    () ->
                                            inner.during(
                                                    () -> {
                                                        try {
                                                            Evy.sleep(units(3));
                                                        } catch (Timeout t) {
                                                            seen.add(t);
                                                            seen.add(outer.isPending());
                                                            seen.add(inner.isPending());
                                                            throw t;
                                                        }
                                                    }));

                    assertThat(seen).containsExactly(outer, false, true);
                    assertThat(thrown).isSameAs(outer);
                    assertThat(inner.isPending()).isFalse();
                    assertThat(manual.clock().elapsed()).isEqualTo(units(1));
                });
    }

    @Spec({"TO10", "TO3"})
    @Test
    void nested_innerFiresFirst_outerStaysPending() {
        manual.run(
                () -> {
                    try (var outer = new Timeout(units(2))) {
                        var inner = new Timeout(units(1));

                        assertThatThrownBy(() -> inner.during(() -> Evy.sleep(units(3))))
                                .isSameAs(inner);

                        assertThat(outer.isPending()).isTrue();
                        assertThat(manual.clock().elapsed()).isEqualTo(units(1));
                        assertThatThrownBy(() -> Evy.sleep(units(3))).isSameAs(outer);
                        assertThat(manual.clock().elapsed()).isEqualTo(units(2));
                    }
                });
    }

    @Spec("TO10")
    @Test
    void nested_bothDueAtOnce_theirOwnersGetThemOneAfterTheOther() {
        manual.run(
                () -> {
                    var outer = new Timeout(UNIT);
                    var inner = new Timeout(UNIT);

                    assertThatThrownBy(() -> Evy.sleep(HOUR)).isSameAs(outer);
                    assertThatThrownBy(() -> Evy.sleep(HOUR)).isSameAs(inner);
                    Evy.sleep(HOUR);
                });
    }

    @Spec("TO11")
    @Test
    void run_outOfTime_endsAtTheDeadlineAndKeepsWhatWasAssigned() {
        manual.run(
                () -> {
                    var assigned = new ArrayList<String>();

                    boolean inTime =
                            Timeout.run(
                                    UNIT,
                                    () -> {
                                        assigned.add("before");
                                        Evy.sleep(units(10));
                                        assigned.add("after");
                                    });

                    assertThat(inTime).isFalse();
                    assertThat(assigned).containsExactly("before");
                    assertThat(manual.clock().elapsed()).isEqualTo(UNIT);
                });
    }

    @Spec("TO11")
    @Test
    void run_inTime_isTrueAndLeavesNoTimer() {
        manual.run(
                () -> {
                    boolean inTime = Timeout.run(UNIT, Evy::yield);

                    assertThat(inTime).isTrue();
                    assertThat(timers()).isZero();
                });
    }

    @Spec("TO12")
    @Test
    void message_everyKind_saysSecondsAndWhatIsRaised() {
        manual.run(
                () -> {
                    assertThat(new Timeout(null).getMessage()).isEmpty();
                    assertThat(cancelled(new Timeout(units(1)))).hasMessage("1 second");
                    assertThat(cancelled(new Timeout(units(5)))).hasMessage("5 seconds");
                    assertThat(cancelled(new Timeout(units(10)))).hasMessage("10 seconds");
                    assertThat(cancelled(new Timeout(Duration.ofMillis(1500))))
                            .hasMessage("1.5 seconds");
                    assertThat(cancelled(Timeout.silent(units(5))))
                            .hasMessage("5 seconds (silent)");
                    assertThat(cancelled(new Timeout(units(5), new IOException("no reply"))))
                            .hasMessageStartingWith("5 seconds (")
                            .hasMessageContaining("no reply")
                            .hasMessageEndingWith(")");
                });
    }

    @Spec("TO12")
    @Test
    void toString_everyState_showsSecondsExceptionAndPending() {
        manual.run(
                () -> {
                    var timeout = new Timeout(units(5), new IOException("no reply"));
                    String running = timeout.toString();
                    timeout.cancel();

                    assertThat(running)
                            .contains("Timeout")
                            .contains("5 seconds")
                            .contains("no reply")
                            .contains("pending");
                    assertThat(timeout.toString()).contains("5 seconds").doesNotContain("pending");
                    assertThat(new Timeout(null).toString()).doesNotContain("pending");
                });
    }

    private static Timeout cancelled(Timeout timeout) {
        timeout.cancel();
        return timeout;
    }

    @Spec("TO13")
    @Test
    void cancel_exceptionGiven_nothingKeepsItAlive() throws Exception {
        List<WeakReference<Object>> refs = Collections.synchronizedList(new ArrayList<>());
        var waiters = Collections.synchronizedList(new ArrayList<Waiter>());

        var living =
                Evy.spawn(
                        manual.hub(),
                        () -> {
                            cancelAndForget(refs, false);
                            cancelAndForget(refs, true);
                            var waiter = Waiter.current("the end of the test");
                            waiters.add(waiter);
                            waiter.await();
                        });
        manual.letAllRun();

        assertCollected(refs);
        waiters.getFirst().wake(); // the green thread was there all the time
        living.join();
    }

    private static void cancelAndForget(List<WeakReference<Object>> refs, boolean raised) {
        var exception = new IllegalStateException("not to be kept");
        var timeout = new Timeout(UNIT, exception);
        refs.add(new WeakReference<>(exception));
        refs.add(new WeakReference<>(timeout));
        if (raised) {
            assertThatThrownBy(() -> timeout.during(() -> Evy.sleep(HOUR))).isSameAs(exception);
        } else {
            timeout.during(Evy::yield);
        }
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

    @Spec("TO14")
    @Test
    void withTimeout_inTime_isTheResult() throws Exception {
        manual.run(
                () -> {
                    var value = new Object();

                    assertThat(Evy.withTimeout(UNIT, () -> value)).isSameAs(value);
                    assertThat(Evy.withTimeout(UNIT, () -> value, new Object())).isSameAs(value);
                    assertThat(Evy.<Object, Exception>withTimeout(UNIT, () -> null, value))
                            .isNull();
                    assertThat(timers()).isZero();
                });
    }

    @Spec("TO14")
    @Test
    void withTimeout_outOfTime_isTheFallbackOrRaised() {
        manual.run(
                () -> {
                    assertThat(Evy.withTimeout(UNIT, () -> sleepThen("late"), "fallback"))
                            .isEqualTo("fallback");
                    assertThat(Evy.withTimeout(UNIT, () -> sleepThen("late"), null)).isNull();
                    assertThat(Evy.withTimeout(UNIT, () -> sleepThen("late"), "")).isEmpty();
                    assertThatThrownBy(() -> Evy.withTimeout(UNIT, () -> sleepThen("late")))
                            .isInstanceOf(Timeout.class)
                            .hasMessage("1 second");
                    assertThat(manual.clock().elapsed()).isEqualTo(units(4));
                });
    }

    @Spec({"TO14", "X9"})
    @Test
    void withTimeout_callFails_itsExceptionPassesThrough() {
        manual.run(
                () -> {
                    var failure = new IOException("from the call");

                    assertThatThrownBy(() -> Evy.withTimeout(UNIT, () -> fail(failure)))
                            .isSameAs(failure);
                    assertThatThrownBy(() -> Evy.withTimeout(UNIT, () -> fail(failure), "b"))
                            .isSameAs(failure);
                });
    }

    private static String fail(IOException failure) throws IOException {
        throw failure;
    }

    @Spec("TO15")
    @Test
    void withTimeout_outerTimerFires_isNotCaughtByTheInner() {
        manual.run(
                () -> {
                    var outer = new Timeout(UNIT);

                    Throwable thrown =
                            catchThrowable(
                                    () -> Evy.withTimeout(units(10), () -> sleepThen("late"), "b"));

                    assertThat(thrown).isSameAs(outer);
                    assertThat(timers()).isZero();
                });
    }

    @Spec("TO16")
    @Test
    void isTimeout_whateverSaysThatTimeIsOver_isTrue() {
        assertThat(Timeout.isTimeout(new Timeout(null))).isTrue();
        assertThat(Timeout.isTimeout(new SocketTimeoutException())).isTrue();
        assertThat(Timeout.isTimeout(new TimeoutException())).isTrue();
        assertThat(Timeout.isTimeout(new HttpTimeoutException("of java.net.http"))).isTrue();
        assertThat(Timeout.isTimeout(new HttpConnectTimeoutException("its subclass"))).isTrue();
    }

    @Spec("TO16")
    @Test
    void isTimeout_anythingElse_isFalse() {
        assertThat(Timeout.isTimeout(null)).isFalse();
        assertThat(Timeout.isTimeout(new IOException("timed out"))).isFalse();
        assertThat(Timeout.isTimeout(new Unmarked())).isFalse();
    }

    @Spec("TO16")
    @Test
    void markAsTimeout_aClass_makesItAndItsSubclassesTimeouts() {
        boolean before = Timeout.isTimeout(new Marked());

        Timeout.markAsTimeout(Marked.class);

        assertThat(before).isFalse();
        assertThat(Timeout.isTimeout(new Marked())).isTrue();
        assertThat(Timeout.isTimeout(new MarkedToo())).isTrue();
        assertThat(Timeout.isTimeout(new Unmarked())).as("the superclass").isFalse();
    }

    private static class Unmarked extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static class Marked extends Unmarked {
        private static final long serialVersionUID = 1L;
    }

    private static final class MarkedToo extends Marked {
        private static final long serialVersionUID = 1L;
    }

    @Spec("TO17")
    @Test
    void timeout_nothingElseIsPending_stillWakesTheHub() throws Exception {
        try (var hub = Hub.open()) {
            var thread =
                    Evy.spawn(
                            hub,
                            () -> {
                                var timeout = new Timeout(Duration.ofMillis(5));
                                var pending = hub.statistics();
                                Throwable thrown = catchThrowable(() -> waitForEver(timeout));
                                return List.of(thrown == timeout, pending.timers());
                            });

            assertThat(thread.join()).containsExactly(true, 1);
        }
    }

    @Spec("TO17")
    @Test
    void timeout_jdkWaitAndNothingElseIsPending_stillWakesTheHub() throws Exception {
        try (var hub = Hub.open()) {
            var thread =
                    Evy.spawn(
                            hub,
                            () ->
                                    Timeout.run(
                                            Duration.ofMillis(5),
                                            () -> Thread.sleep(Duration.ofDays(1))));

            assertThat(thread.join()).isFalse();
        }
    }

    private static void waitForEver(Timeout timeout) throws InterruptedException {
        Body<InterruptedException> wait = () -> Waiter.current("nothing").await();
        timeout.during(wait);
    }

    /* What some libraries do, as Apache HttpClient, H2 and JeroMQ. */
    @Test
    void call_libraryMakesItsOwnOfTheInterrupt_isTheTimeoutAllTheSame() throws Exception {
        Evy.run(
                () -> {
                    String result =
                            Timeout.call(
                                    Duration.ofMillis(5), TimeoutTest::libraryCall, "timed out");

                    assertThat(result).isEqualTo("timed out");
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                });
    }

    private static String libraryCall() {
        try {
            new CountDownLatch(1).await();
            return "came through";
        } catch (InterruptedException e) {
            throw new IllegalStateException("connection is broken");
        }
    }
}
