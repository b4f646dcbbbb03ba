package evy.jsr166;

import static evy.jsr166.Side.PATIENCE_SECONDS;
import static evy.jsr166.Side.SHORT_MILLIS;
import static evy.jsr166.Side.millisSince;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import evy.Evy;
import evy.behaviour.AnyPoller;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** What a {@link Future} promises: a green thread is one. */
@ExtendWith(LeakCheckExtension.class)
@Timeout(Side.TEST_SECONDS)
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("kinds")
@AnyPoller
class FutureTckTest {
    private enum Kind {
        GREEN_THREAD,
        JDK_FUTURE_TASK
    }

    private final Kind kind;
    private final Side side;
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch begun = new CountDownLatch(1);

    FutureTckTest(Kind kind, Side side) {
        this.kind = kind;
        this.side = side;
    }

    static Stream<Arguments> kinds() {
        return Stream.of(Kind.values())
                .flatMap(k -> Stream.of(Side.values()).map(s -> Arguments.of(k, s)));
    }

    @AfterEach
    void open() {
        gate.countDown();
    }

    private <T> Future<T> start(Callable<T> call) {
        if (kind == Kind.GREEN_THREAD) {
            return Evy.spawn(call);
        }
        FutureTask<T> task = new FutureTask<>(call);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    /** A future that waits at the gate, and has begun to. */
    private Future<String> running() throws InterruptedException {
        Future<String> future =
                start(
                        () -> {
                            begun.countDown();
                            gate.await();
                            return "done";
                        });
        assertThat(begun.await(PATIENCE_SECONDS, SECONDS)).isTrue();
        return future;
    }

    @Test
    void get_finished_isTheResultEveryTime() throws Exception {
        side.run(
                () -> {
                    Future<String> future = start(() -> "result");
                    Future<String> nothing = start(() -> null);

                    assertThat(future.get()).isEqualTo("result");
                    assertThat(future.get(0, SECONDS)).isEqualTo("result");
                    assertThat(future.get(-1, SECONDS)).isEqualTo("result");
                    assertThat(nothing.get(PATIENCE_SECONDS, SECONDS)).isNull();

                    assertThat(future.isDone()).isTrue();
                    assertThat(future.isCancelled()).isFalse();
                    assertThat(future.state()).isEqualTo(Future.State.SUCCESS);
                    assertThat(future.resultNow()).isEqualTo("result");
                    assertThatIllegalStateException().isThrownBy(future::exceptionNow);
                    assertThat(nothing.resultNow()).isNull();
                });
    }

    @Test
    void get_failed_throwsTheCauseEveryTime() throws Exception {
        side.run(
                () -> {
                    var failure = new IOException("intended");
                    Future<String> future =
                            start(
                                    () -> {
                                        throw failure;
                                    });

                    assertThatThrownBy(future::get)
                            .isInstanceOf(ExecutionException.class)
                            .cause()
                            .isSameAs(failure);
                    assertThatThrownBy(() -> future.get(1, SECONDS))
                            .isInstanceOf(ExecutionException.class)
                            .cause()
                            .isSameAs(failure);
                    assertThat(future.isDone()).isTrue();
                    assertThat(future.isCancelled()).isFalse();
                    assertThat(future.cancel(true)).isFalse();
                    assertThat(future.state()).isEqualTo(Future.State.FAILED);
                    assertThat(future.exceptionNow()).isSameAs(failure);
                    assertThatIllegalStateException().isThrownBy(future::resultNow);
                });
    }

    @Test
    void get_running_waitsForTheEnd() throws Exception {
        side.run(
                () -> {
                    Future<String> future = running();
                    List<Side.Helper<String>> waiting = new ArrayList<>();
                    for (int i = 0; i < 3; i++) {
                        waiting.add(side.start(() -> future.get()).blocked());
                        waiting.add(
                                side.start(() -> future.get(PATIENCE_SECONDS, SECONDS)).blocked());
                    }
                    assertThat(future.isDone()).isFalse();
                    assertThat(future.state()).isEqualTo(Future.State.RUNNING);
                    assertThatIllegalStateException().isThrownBy(future::resultNow);
                    assertThatIllegalStateException().isThrownBy(future::exceptionNow);

                    gate.countDown();

                    for (var helper : waiting) {
                        assertThat(helper.result()).isEqualTo("done");
                    }
                });
    }

    @Test
    void get_timeOver_throwsAndTheTaskGoesOn() throws Exception {
        side.run(
                () -> {
                    Future<String> future = running();

                    long start = System.nanoTime();
                    assertThatThrownBy(() -> future.get(SHORT_MILLIS, MILLISECONDS))
                            .isInstanceOf(TimeoutException.class);
                    assertThat(millisSince(start)).isGreaterThanOrEqualTo(SHORT_MILLIS);
                    for (long none : new long[] {0, -1, Long.MIN_VALUE}) {
                        assertThatThrownBy(() -> future.get(none, SECONDS))
                                .isInstanceOf(TimeoutException.class);
                    }

                    gate.countDown();
                    assertThat(future.get()).isEqualTo("done");
                });
    }

    @Test
    void get_interrupted_throwsAndTheTaskGoesOn() throws Exception {
        side.run(
                () -> {
                    Future<String> future = running();
                    var waiting = side.start(() -> future.get()).blocked();
                    assertThat(waiting.interrupt().failure())
                            .isInstanceOf(InterruptedException.class);

                    Thread.currentThread().interrupt();
                    assertThatThrownBy(future::get).isInstanceOf(InterruptedException.class);
                    assertThat(Thread.interrupted()).isFalse();
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(() -> future.get(PATIENCE_SECONDS, SECONDS))
                            .isInstanceOf(InterruptedException.class);
                    assertThat(Thread.interrupted()).isFalse();

                    gate.countDown();
                    assertThat(future.get()).isEqualTo("done");
                });
    }

    @Test
    void get_finishedAndInterrupted_returnsAndKeepsTheFlag() throws Exception {
        side.run(
                () -> {
                    Future<String> future = start(() -> "result");
                    assertThat(future.get()).isEqualTo("result");

                    Thread.currentThread().interrupt();

                    assertThat(future.get()).isEqualTo("result");
                    assertThat(Thread.interrupted()).isTrue();
                });
    }

    @Test
    void get_noTimeUnit_throwsNullPointerException() throws Exception {
        side.run(
                () -> {
                    Future<String> future = running();
                    assertThatNullPointerException().isThrownBy(() -> future.get(1, null));
                    gate.countDown();
                    assertThat(future.get()).isEqualTo("done");
                    assertThatNullPointerException().isThrownBy(() -> future.get(1, null));
                });
    }

    @Test
    void cancel_notBegun_neverRuns() throws Exception {
        Assumptions.assumeTrue(kind == Kind.GREEN_THREAD, "a FutureTask starts when it is run");
        for (boolean mayInterrupt : new boolean[] {false, true}) {
            var ran = new AtomicBoolean();
            side.run(
                    () -> {
                        Future<Boolean> future =
                                Evy.spawnAfter(Duration.ofDays(1), () -> ran.getAndSet(true));
                        var waiting = side.start(() -> future.get()).blocked();

                        assertThat(future.cancel(mayInterrupt)).isTrue();

                        assertThat(waiting.failure()).isInstanceOf(CancellationException.class);
                        assertThat(future.isCancelled()).isTrue();
                        assertThat(future.isDone()).isTrue();
                        assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
                    });
            assertThat(ran).isFalse();
        }
    }

    @Test
    void cancel_running_interruptsIt() throws Exception {
        side.run(
                () -> {
                    var interrupted = new CountDownLatch(1);
                    Future<String> future =
                            start(
                                    () -> {
                                        begun.countDown();
                                        try {
                                            gate.await();
                                        } finally {
                                            interrupted.countDown();
                                        }
                                        return "done";
                                    });
                    assertThat(begun.await(PATIENCE_SECONDS, SECONDS)).isTrue();
                    var waiting = side.start(() -> future.get()).blocked();

                    assertThat(future.cancel(true)).isTrue();

                    assertThat(waiting.failure()).isInstanceOf(CancellationException.class);
                    assertThat(interrupted.await(PATIENCE_SECONDS, SECONDS)).isTrue();
                    assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
                    assertThatThrownBy(() -> future.get(0, SECONDS))
                            .isInstanceOf(CancellationException.class);
                    assertThat(future.isCancelled()).isTrue();
                    assertThat(future.isDone()).isTrue();
                    assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
                    assertThatIllegalStateException().isThrownBy(future::resultNow);
                    assertThatIllegalStateException().isThrownBy(future::exceptionNow);
                    assertThat(future.cancel(true)).isFalse();
                });
    }

    @Test
    void cancel_runningWithoutInterrupt_answersWhetherItCancelled() throws Exception {
        side.run(
                () -> {
                    var ended = new CountDownLatch(1);
                    Future<String> future =
                            start(
                                    () -> {
                                        begun.countDown();
                                        gate.await();
                                        ended.countDown();
                                        return "done";
                                    });
                    assertThat(begun.await(PATIENCE_SECONDS, SECONDS)).isTrue();

                    boolean cancelled = future.cancel(false);
                    gate.countDown();

                    assertThat(ended.await(PATIENCE_SECONDS, SECONDS)).isTrue(); // undisturbed
                    if (kind == Kind.GREEN_THREAD) { // a difference: its result is kept
                        assertThat(future.get()).isEqualTo("done");
                    } else {
                        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
                    }
                    assertThat(cancelled).isEqualTo(future.isCancelled());
                });
    }

    @Test
    void cancel_finished_changesNothing() throws Exception {
        side.run(
                () -> {
                    Future<String> future = start(() -> "result");
                    assertThat(future.get()).isEqualTo("result");

                    assertThat(future.cancel(true)).isFalse();
                    assertThat(future.cancel(false)).isFalse();

                    assertThat(future.isCancelled()).isFalse();
                    assertThat(future.get()).isEqualTo("result");
                });
    }
}
