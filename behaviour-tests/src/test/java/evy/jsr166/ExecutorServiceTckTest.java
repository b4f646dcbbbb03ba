package evy.jsr166;

import static evy.jsr166.Side.PATIENCE_SECONDS;
import static evy.jsr166.Side.SHORT_MILLIS;
import static evy.jsr166.Side.millisSince;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import evy.GreenPool;
import evy.behaviour.AnyPoller;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** What an {@link ExecutorService} promises. */
@ExtendWith(LeakCheckExtension.class)
@Timeout(Side.TEST_SECONDS)
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("kinds")
@AnyPoller
class ExecutorServiceTckTest {
    private static final int SIZE = 4;

    private final Side side;
    private final ExecutorService pool;
    private final CountDownLatch gate = new CountDownLatch(1);

    ExecutorServiceTckTest(String type, Side side) {
        this.side = side;
        this.pool =
                type.equals("GreenPool")
                        ? new GreenPool(SIZE)
                        : Executors.newFixedThreadPool(SIZE, Thread::new);
    }

    static Stream<Arguments> kinds() {
        return Stream.of("GreenPool", "ThreadPoolExecutor")
                .flatMap(t -> Stream.of(Side.values()).map(s -> Arguments.of(t, s)));
    }

    @AfterEach
    void shutDown() throws InterruptedException {
        gate.countDown();
        List<Runnable> unused = pool.shutdownNow();
        assertThat(pool.awaitTermination(PATIENCE_SECONDS, SECONDS)).isTrue();
    }

    /** A task that does not end before the gate opens or it is interrupted. */
    private Void waitAtGate() throws InterruptedException {
        gate.await();
        return null;
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(PATIENCE_SECONDS, SECONDS)).isTrue();
    }

    @Test
    void execute_task_runsOnceElsewhere() throws Exception {
        side.run(
                () -> {
                    var done = new CountDownLatch(1);
                    Set<Thread> by = ConcurrentHashMap.newKeySet();

                    pool.execute(
                            () -> {
                                by.add(Thread.currentThread());
                                done.countDown();
                            });
                    await(done);

                    assertThat(by).hasSize(1).doesNotContain(Thread.currentThread());
                });
    }

    @Test
    void submit_itsThreeForms_giveTheResult() throws Exception {
        side.run(
                () -> {
                    var count = new AtomicInteger();
                    Runnable task = count::incrementAndGet;

                    Future<?> plain = pool.submit(task);
                    Future<String> given = pool.submit(task, "given");
                    Future<Integer> called = pool.submit(() -> 42);

                    assertThat(plain.get()).isNull();
                    assertThat(given.get()).isEqualTo("given");
                    assertThat(called.get(PATIENCE_SECONDS, SECONDS)).isEqualTo(42);
                    assertThat(count).hasValue(2);
                    assertThat(plain.isDone()).isTrue();
                    assertThat(called.isCancelled()).isFalse();
                });
    }

    @Test
    void submit_taskFails_futureHasTheCause() throws Exception {
        side.run(
                () -> {
                    var checked = new IOException("intended");
                    var unchecked = new ArithmeticException("intended");
                    Runnable fails =
                            () -> {
                                throw unchecked;
                            };

                    Future<Object> called =
                            pool.submit(
                                    () -> {
                                        throw checked;
                                    });
                    Future<?> ran = pool.submit(fails);

                    assertThatThrownBy(called::get)
                            .isInstanceOf(ExecutionException.class)
                            .cause()
                            .isSameAs(checked);
                    assertThatThrownBy(ran::get)
                            .isInstanceOf(ExecutionException.class)
                            .cause()
                            .isSameAs(unchecked);
                    assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
                });
    }

    @Test
    void everything_nullTask_throwsNullPointerException() throws Exception {
        side.run(
                () -> {
                    List<Callable<Void>> withNull = Arrays.asList(this::waitAtGate, null);

                    assertThatNullPointerException().isThrownBy(() -> pool.execute(null));
                    assertThatNullPointerException().isThrownBy(() -> pool.submit((Runnable) null));
                    assertThatNullPointerException().isThrownBy(() -> pool.submit(null, "given"));
                    assertThatNullPointerException()
                            .isThrownBy(() -> pool.submit((Callable<?>) null));
                    assertThatNullPointerException().isThrownBy(() -> pool.invokeAll(null));
                    assertThatNullPointerException().isThrownBy(() -> pool.invokeAll(withNull));
                    assertThatNullPointerException().isThrownBy(() -> pool.invokeAny(null));
                    assertThatNullPointerException().isThrownBy(() -> pool.invokeAny(withNull));
                    assertThatNullPointerException()
                            .isThrownBy(() -> pool.invokeAll(List.of(() -> 1), 1, null));
                    assertThatNullPointerException()
                            .isThrownBy(() -> pool.invokeAny(List.of(() -> 1), 1, null));
                    assertThatNullPointerException()
                            .isThrownBy(() -> pool.awaitTermination(1, null));
                });
    }

    @Test
    void invokeAll_tasks_returnsAllDoneInTheirOrder() throws Exception {
        side.run(
                () -> {
                    var failure = new IOException("intended");
                    List<Callable<Integer>> tasks =
                            List.of(
                                    () -> 1,
                                    () -> {
                                        throw failure;
                                    },
                                    () -> 3);

                    List<Future<Integer>> futures = pool.invokeAll(tasks);

                    assertThat(futures).hasSize(3).allMatch(Future::isDone);
                    assertThat(futures.get(0).get()).isEqualTo(1);
                    assertThatThrownBy(() -> futures.get(1).get())
                            .isInstanceOf(ExecutionException.class)
                            .cause()
                            .isSameAs(failure);
                    assertThat(futures.get(2).get()).isEqualTo(3);
                    assertThat(pool.invokeAll(QueueKind.<Callable<Integer>>none())).isEmpty();
                });
    }

    @Test
    void invokeAll_timeOver_cancelsWhatIsNotDone() throws Exception {
        side.run(
                () -> {
                    var interrupted = new CountDownLatch(1);
                    List<Callable<Integer>> tasks =
                            List.of(
                                    () -> 1,
                                    () -> {
                                        try {
                                            gate.await();
                                        } finally {
                                            interrupted.countDown();
                                        }
                                        return 2;
                                    });
                    long start = System.nanoTime();

                    List<Future<Integer>> futures = pool.invokeAll(tasks, 300, MILLISECONDS);

                    assertThat(millisSince(start)).isGreaterThanOrEqualTo(300);
                    assertThat(futures).hasSize(2).allMatch(Future::isDone);
                    assertThat(futures.get(0).get()).isEqualTo(1);
                    assertThat(futures.get(1).isCancelled()).isTrue();
                    await(interrupted);
                });
    }

    @Test
    void invokeAll_interrupted_cancelsItsTasks() throws Exception {
        side.run(
                () -> {
                    var ended = new CountDownLatch(1);
                    var begun = new CountDownLatch(1);
                    List<Callable<Void>> tasks =
                            List.of(
                                    () -> {
                                        begun.countDown();
                                        try {
                                            return waitAtGate();
                                        } finally {
                                            ended.countDown();
                                        }
                                    });
                    var caller = side.start(() -> pool.invokeAll(tasks));
                    await(begun);

                    assertThat(caller.blocked().interrupt().failure())
                            .isInstanceOf(InterruptedException.class);

                    await(ended);
                });
    }

    @Test
    void invokeAny_oneSucceeds_returnsItAndCancelsTheOthers() throws Exception {
        side.run(
                () -> {
                    var begun = new CountDownLatch(1);
                    var ended = new CountDownLatch(1);
                    List<Callable<String>> tasks =
                            List.of(
                                    () -> {
                                        begun.countDown();
                                        try {
                                            gate.await();
                                        } finally {
                                            ended.countDown();
                                        }
                                        return "late";
                                    },
                                    () -> {
                                        throw new IOException("intended");
                                    },
                                    () -> {
                                        begun.await();
                                        return "first";
                                    });

                    assertThat(pool.invokeAny(tasks)).isEqualTo("first");

                    await(ended);
                });
    }

    @Test
    void invokeAny_noneSucceeds_throws() throws Exception {
        side.run(
                () -> {
                    var failure = new IOException("intended");
                    Callable<String> fails =
                            () -> {
                                throw failure;
                            };

                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> pool.invokeAny(QueueKind.<Callable<String>>none()));
                    assertThatThrownBy(() -> pool.invokeAny(List.of(fails, fails)))
                            .isInstanceOf(ExecutionException.class)
                            .cause()
                            .isSameAs(failure);
                    Callable<Void> stays = this::waitAtGate;
                    assertThatThrownBy(
                                    () ->
                                            pool.invokeAny(
                                                    List.of(stays), SHORT_MILLIS, MILLISECONDS))
                            .isInstanceOf(TimeoutException.class);
                    Callable<Integer> seven = () -> 7;
                    int got = pool.invokeAny(List.of(seven), PATIENCE_SECONDS, SECONDS);
                    assertThat(got).isEqualTo(7);
                });
    }

    @Test
    void shutdown_tasksRunning_refusesNewOnesAndLetsThemEnd() throws Exception {
        side.run(
                () -> {
                    var begun = new CountDownLatch(1);
                    Future<String> running =
                            pool.submit(
                                    () -> {
                                        begun.countDown();
                                        gate.await();
                                        return "done";
                                    });
                    await(begun);
                    assertThat(pool.isShutdown()).isFalse();
                    assertThat(pool.isTerminated()).isFalse();

                    pool.shutdown();
                    pool.shutdown();

                    assertThat(pool.isShutdown()).isTrue();
                    assertThat(pool.isTerminated()).isFalse();
                    assertThatThrownBy(() -> pool.execute(() -> {}))
                            .isInstanceOf(RejectedExecutionException.class);
                    assertThatThrownBy(() -> pool.submit(() -> 1))
                            .isInstanceOf(RejectedExecutionException.class);
                    assertThatThrownBy(() -> pool.invokeAll(List.of(() -> 1)))
                            .isInstanceOf(RejectedExecutionException.class);
                    gate.countDown();
                    assertThat(running.get()).isEqualTo("done");
                    assertThat(pool.awaitTermination(PATIENCE_SECONDS, SECONDS)).isTrue();
                    assertThat(pool.isTerminated()).isTrue();
                });
    }

    @Test
    void awaitTermination_running_waitsAsLongAsItWasTold() throws Exception {
        side.run(
                () -> {
                    long before = System.nanoTime();
                    assertThat(pool.awaitTermination(SHORT_MILLIS, MILLISECONDS)).isFalse();
                    assertThat(millisSince(before)).isGreaterThanOrEqualTo(SHORT_MILLIS);
                    Future<Void> running = pool.submit(this::waitAtGate);
                    pool.shutdown();
                    for (long none : new long[] {0, -1, Long.MIN_VALUE}) {
                        assertThat(pool.awaitTermination(none, MILLISECONDS)).isFalse();
                    }
                    long start = System.nanoTime();
                    assertThat(pool.awaitTermination(SHORT_MILLIS, MILLISECONDS)).isFalse();
                    assertThat(millisSince(start)).isGreaterThanOrEqualTo(SHORT_MILLIS);
                    var waiting =
                            side.start(() -> pool.awaitTermination(PATIENCE_SECONDS, SECONDS))
                                    .blocked();

                    gate.countDown();

                    assertThat(waiting.result()).isTrue();
                    assertThat(running.isDone()).isTrue();
                    assertThat(pool.awaitTermination(0, SECONDS)).isTrue();
                });
    }

    @Test
    void awaitTermination_interrupted_throws() throws Exception {
        side.run(
                () -> {
                    Future<Void> running = pool.submit(this::waitAtGate);
                    var waiting =
                            side.start(() -> pool.awaitTermination(PATIENCE_SECONDS, SECONDS))
                                    .blocked();

                    assertThat(waiting.interrupt().failure())
                            .isInstanceOf(InterruptedException.class);

                    assertThat(running.isDone()).isFalse();
                });
    }

    @Test
    void shutdownNow_runningAndWaitingTasks_noneIsLost() throws Exception {
        side.run(
                () -> {
                    Set<Runnable> given = new HashSet<>();
                    Set<Runnable> begun = ConcurrentHashMap.newKeySet();
                    var oneBegun = new CountDownLatch(1);
                    for (int i = 0; i < SIZE; i++) {
                        Runnable task =
                                new Runnable() {
                                    @Override
                                    public void run() {
                                        begun.add(this);
                                        oneBegun.countDown();
                                        try {
                                            gate.await();
                                        } catch (InterruptedException e) {
                                            return; // as it should
                                        }
                                    }
                                };
                        given.add(task);
                        pool.execute(task);
                        if (i == 1) {
                            await(oneBegun);
                        }
                    }

                    List<Runnable> notBegun = pool.shutdownNow();

                    assertThat(pool.isShutdown()).isTrue();
                    assertThat(pool.awaitTermination(PATIENCE_SECONDS, SECONDS)).isTrue();
                    List<Runnable> all = new ArrayList<>(notBegun);
                    all.addAll(begun);
                    assertThat(all).containsExactlyInAnyOrderElementsOf(given);
                    assertThat(begun).isNotEmpty();
                    assertThat(gate.getCount()).isEqualTo(1);
                });
    }

    @Test
    void close_tasksRunning_waitsForThem() throws Exception {
        side.run(
                () -> {
                    Future<Void> running = pool.submit(this::waitAtGate);
                    var closing = side.start(pool::close).blocked();
                    assertThat(pool.isShutdown()).isTrue();
                    assertThat(closing.isDone()).isFalse();

                    gate.countDown();
                    closing.result();

                    assertThat(running.isDone()).isTrue();
                    assertThat(pool.isTerminated()).isTrue();
                });
    }

    @Test
    void cancel_runningTask_interruptsIt() throws Exception {
        side.run(
                () -> {
                    var begun = new CountDownLatch(2);
                    var interrupted = new CountDownLatch(2);
                    Callable<Void> task =
                            () -> {
                                begun.countDown();
                                try {
                                    return waitAtGate();
                                } finally {
                                    interrupted.countDown();
                                }
                            };
                    Runnable runnable =
                            () -> {
                                try {
                                    task.call();
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            };
                    Future<?> called = pool.submit(task);
                    Future<?> ran = pool.submit(runnable);
                    await(begun);

                    assertThat(called.cancel(true)).isTrue();
                    assertThat(ran.cancel(true)).isTrue();

                    await(interrupted);
                    for (Future<?> future : List.of(called, ran)) {
                        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
                        assertThat(future.isCancelled()).isTrue();
                        assertThat(future.isDone()).isTrue();
                    }
                    assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
                });
    }

    @Test
    void completionService_onThePool_givesResultsAsTheyCome() throws Exception {
        side.run(
                () -> {
                    var service = new ExecutorCompletionService<String>(pool);
                    Future<String> late =
                            service.submit(
                                    () -> {
                                        gate.await();
                                        return "late";
                                    });
                    Future<String> early = service.submit(() -> "early");

                    assertThat(service.take()).isSameAs(early);
                    assertThat(early.get()).isEqualTo("early");
                    assertThat(service.poll()).isNull();
                    gate.countDown();
                    assertThat(service.poll(PATIENCE_SECONDS, SECONDS)).isSameAs(late);
                });
    }
}
