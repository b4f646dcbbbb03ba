package evy.behaviour;

import static evy.behaviour.GreenPoolTest.awaitUntil;
import static evy.behaviour.GreenPoolTest.behind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.GreenPool;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.HubGroup;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

@ExtendWith(LeakCheckExtension.class)
@AnyPoller
class GreenPoolExecutorTest {
    private static final long PATIENCE_SECONDS = 20;

    /** Runs something in a green thread, then on this thread, then on another hub. */
    private static void fromEverywhere(ThrowingRunnable test) throws Exception {
        Evy.run(test::run);
        test.run();
        try (var hub = Hub.open()) {
            Evy.spawn(hub, test::run).join();
        }
    }

    private interface ThrowingRunnable {
        void run() throws Exception;
    }

    private static List<Callable<Integer>> squares(int count) {
        return IntStream.range(0, count)
                .<Callable<Integer>>mapToObj(
                        i ->
                                () -> {
                                    Evy.yield();
                                    return i * i;
                                })
                .toList();
    }

    @Test
    @Spec("GP2")
    void submit_callable_futureGetsItsResult() throws Exception {
        fromEverywhere(
                () -> {
                    var pool = new GreenPool(1);

                    Future<Integer> first = pool.submit(() -> 1);
                    Future<Integer> second = pool.submit(() -> 2);

                    assertThat(first.get()).isEqualTo(1);
                    assertThat(second.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(2);
                    pool.waitAll();
                    assertThat(pool.free()).isEqualTo(1);
                });
    }

    @Test
    @Spec("GP2")
    void submit_runnable_futureGetsNullOrTheGivenResult() throws Exception {
        fromEverywhere(
                () -> {
                    var pool = new GreenPool(2);
                    var ran = new AtomicInteger();
                    Runnable task = ran::incrementAndGet;

                    Future<?> plain = pool.submit(task);
                    Future<String> given = pool.submit(task, "done");

                    assertThat(plain.get()).isNull();
                    assertThat(given.get()).isEqualTo("done");
                    assertThat(ran).hasValue(2);
                    pool.waitAll();
                });
    }

    @Test
    @Spec("GP12")
    void submit_failingTask_futureGetsTheVeryException() throws Exception {
        fromEverywhere(
                () -> {
                    var pool = new GreenPool(1);
                    var failure = new IOException("intended");

                    Future<Integer> future =
                            pool.submit(
                                    () -> {
                                        throw failure;
                                    });

                    assertThatThrownBy(future::get)
                            .isInstanceOf(ExecutionException.class)
                            .cause()
                            .isSameAs(failure);
                    pool.waitAll();
                    assertThat(pool.free()).isEqualTo(1);
                });
    }

    @Test
    @Spec("GP12")
    void cancel_submittedTask_freesItsSlot() throws Exception {
        fromEverywhere(
                () -> {
                    var pool = new GreenPool(1);
                    var gate = new CountDownLatch(1);
                    Future<Integer> future = pool.submit(behind(gate, 1));

                    assertThat(future.cancel(true)).isTrue();

                    assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
                    assertThat(future.isCancelled()).isTrue();
                    assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
                    pool.waitAll();
                });
    }

    @Test
    @Spec("GP13")
    void execute_failingTask_goesToHandlerAndLosesNoSlot() throws Exception {
        try (var manual = ManualHub.open()) {
            var reported = new ArrayList<Throwable>();
            var failure = new IllegalStateException("intended");
            manual.hub().setExceptionHandler((greenlet, t) -> reported.add(t));
            manual.run(
                    () -> {
                        var pool = new GreenPool(1);

                        pool.execute(
                                () -> {
                                    throw failure;
                                });
                        pool.waitAll();

                        assertThat(reported).containsExactly(failure);
                        assertThat(pool.free()).isEqualTo(1);
                    });
        }
    }

    @Test
    @Spec({"GP2", "GP10"})
    void invokeAll_moreTasksThanSlots_allDoneInOrder() throws Exception {
        fromEverywhere(
                () -> {
                    var pool = new GreenPool(3);

                    List<Future<Integer>> futures = pool.invokeAll(squares(10));

                    assertThat(futures).allMatch(Future::isDone);
                    for (int i = 0; i < 10; i++) {
                        assertThat(futures.get(i).get()).isEqualTo(i * i);
                    }
                    pool.waitAll();
                });
    }

    @Test
    @Spec("GP7")
    void invokeAll_memberOfFullPool_isNotStuck() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);

                    var member =
                            pool.spawn(
                                    () -> {
                                        int sum = 0;
                                        for (var future : pool.invokeAll(squares(4))) {
                                            sum += future.get();
                                        }
                                        return sum;
                                    });

                    assertThat(member.join()).isEqualTo(14);
                    pool.waitAll();
                });
    }

    @Test
    @Spec("GP12")
    void invokeAll_timeIsOver_cancelsTheRestAndFreesSlots() throws Exception {
        fromEverywhere(
                () -> {
                    var pool = new GreenPool(3);
                    var never = new CountDownLatch(1);
                    List<Callable<Integer>> tasks =
                            List.of(() -> 1, behind(never, 2), behind(never, 3));

                    var futures = pool.invokeAll(tasks, 30, TimeUnit.MILLISECONDS);
                    pool.waitAll();

                    assertThat(futures.get(0).get()).isEqualTo(1);
                    assertThat(futures.get(1).isCancelled()).isTrue();
                    assertThat(futures.get(2).isCancelled()).isTrue();
                    assertThat(pool.free()).isEqualTo(3);
                });
    }

    @Test
    @Spec("GP12")
    void invokeAll_callerKilled_cancelsItsTasks() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var never = new CountDownLatch(1);
                    List<Callable<Integer>> tasks = List.of(behind(never, 1), behind(never, 2));
                    var caller = Evy.spawn(() -> pool.invokeAll(tasks));
                    Evy.yield();
                    Evy.yield();
                    assertThat(pool.running()).isEqualTo(2);

                    caller.kill();
                    pool.waitAll();

                    assertThat(catchThrowable(caller::join)).isInstanceOf(GreenThreadExit.class);
                    assertThat(pool.free()).isEqualTo(2);
                });
    }

    @Test
    @Spec("GP12")
    void invokeAny_oneSucceeds_givesItAndCancelsTheRest() throws Exception {
        fromEverywhere(
                () -> {
                    var pool = new GreenPool(3);
                    var never = new CountDownLatch(1);
                    List<Callable<Integer>> tasks =
                            List.of(
                                    behind(never, 1),
                                    () -> {
                                        throw new IOException("intended");
                                    },
                                    () -> 3);

                    int result = pool.invokeAny(tasks);
                    pool.waitAll();

                    assertThat(result).isEqualTo(3);
                    assertThat(pool.free()).isEqualTo(3);
                });
    }

    @Test
    @Spec("GP12")
    void invokeAny_allFail_throws() throws Exception {
        fromEverywhere(
                () -> {
                    var pool = new GreenPool(2);
                    Callable<Integer> failing =
                            () -> {
                                throw new IOException("intended");
                            };

                    assertThatThrownBy(() -> pool.invokeAny(List.of(failing, failing)))
                            .isInstanceOf(ExecutionException.class)
                            .hasCauseInstanceOf(IOException.class);
                    pool.waitAll();
                });
    }

    @Test
    @Spec("GP12")
    void invokeAny_timeIsOver_throwsAndFreesSlots() throws Exception {
        fromEverywhere(
                () -> {
                    var pool = new GreenPool(2);
                    var never = new CountDownLatch(1);
                    var tasks = List.of(behind(never, 1), behind(never, 2));

                    assertThatThrownBy(() -> pool.invokeAny(tasks, 30, TimeUnit.MILLISECONDS))
                            .isInstanceOf(TimeoutException.class);
                    pool.waitAll();

                    assertThat(pool.free()).isEqualTo(2);
                });
    }

    @Test
    @Spec("GP2")
    void supplyAsync_onPool_runsOnTheCallersHub() throws Exception {
        fromEverywhere(
                () -> {
                    var pool = new GreenPool(1);
                    var hub = Hub.current();

                    var future =
                            CompletableFuture.supplyAsync(() -> Greenlet.current().hub(), pool)
                                    .thenApplyAsync(seen -> seen == hub, pool);

                    assertThat(future.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
                    pool.waitAll();
                });
    }

    @Test
    @Spec("GP3")
    void supplyAsync_joinOnGreenThread_othersGoOn() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var gate = new CountDownLatch(1);
                    var future =
                            CompletableFuture.supplyAsync(
                                    () -> {
                                        assertThat(pool.running()).isEqualTo(1);
                                        gate.countDown();
                                        return "supplied";
                                    },
                                    pool);
                    var joiner = Evy.spawn(() -> future.join());

                    gate.await();

                    assertThat(joiner.join()).isEqualTo("supplied");
                    pool.waitAll();
                });
    }

    @Test
    @Spec("GP12")
    void supplyAsync_failingTask_completesExceptionally() throws Exception {
        fromEverywhere(
                () -> {
                    var pool = new GreenPool(1);
                    var failure = new IllegalStateException("intended");

                    var future =
                            CompletableFuture.supplyAsync(
                                    () -> {
                                        throw failure;
                                    },
                                    pool);

                    assertThatThrownBy(future::get).cause().isSameAs(failure);
                    pool.waitAll();
                    assertThat(pool.free()).isEqualTo(1);
                });
    }

    @Test
    void shutdown_afterwards_refusesEverythingNew() throws Exception {
        fromEverywhere(
                () -> {
                    var pool = new GreenPool(2);
                    var gate = new CountDownLatch(1);
                    var running = pool.spawn(behind(gate, 1));
                    assertThat(pool.isShutdown()).isFalse();

                    pool.shutdown();

                    assertRefused(() -> pool.spawn(() -> 2));
                    assertRefused(() -> pool.spawnN(() -> {}));
                    assertRefused(() -> pool.execute(() -> {}));
                    assertRefused(() -> pool.submit(() -> 2));
                    assertRefused(() -> pool.submit(() -> {}, "x"));
                    assertRefused(() -> pool.invokeAll(squares(1)));
                    assertRefused(() -> CompletableFuture.supplyAsync(() -> 2, pool));
                    assertRefused(() -> pool.imap((Integer i) -> i, List.of(1)).next());
                    assertThat(pool.isShutdown()).isTrue();
                    assertThat(pool.isTerminated()).isFalse();
                    gate.countDown();
                    assertThat(running.join()).isEqualTo(1);
                    assertTerminates(pool);
                    assertThat(pool.isTerminated()).isTrue();
                    assertThat(pool.free()).isEqualTo(2);
                });
    }

    private static void assertRefused(ThrowingRunnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("GreenPool")
                .hasMessageContaining("shutdown");
    }

    private static void assertTerminates(GreenPool pool) throws InterruptedException {
        assertThat(pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Spec("GP10")
    void shutdown_callerWaiting_isServedBeforeTermination() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var gate = new CountDownLatch(1);
                    pool.spawnN(gate::await);
                    var waiting = Evy.spawn(() -> pool.spawn(() -> 2).join());
                    Evy.yield();

                    pool.shutdown();
                    gate.countDown();
                    assertTerminates(pool);

                    assertThat(waiting.join()).isEqualTo(2);
                });
    }

    @Test
    void shutdownNow_runningTasks_killsThem() throws Exception {
        fromEverywhere(
                () -> {
                    var pool = new GreenPool(3);
                    var never = new CountDownLatch(1);
                    var started = new CountDownLatch(2);
                    var ended = new AtomicInteger();
                    Callable<Integer> task =
                            () -> {
                                try {
                                    started.countDown();
                                    never.await();
                                    return 0;
                                } finally {
                                    ended.incrementAndGet();
                                }
                            };
                    var first = pool.spawn(task);
                    pool.spawnN(task::call);
                    started.await();

                    assertThat(pool.shutdownNow()).isEmpty();
                    assertTerminates(pool);

                    assertThat(ended).hasValue(2);
                    assertThat(first.isCancelled()).isTrue();
                    assertThat(pool.isShutdown()).isTrue();
                });
    }

    @Test
    void shutdownNow_byMember_sparesTheCaller() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var never = new CountDownLatch(1);
                    var other = pool.spawn(behind(never, 1));

                    var member =
                            pool.spawn(
                                    () -> {
                                        pool.shutdownNow();
                                        Evy.yield();
                                        return "lives";
                                    });

                    assertThat(member.join()).isEqualTo("lives");
                    assertTerminates(pool);
                    assertThat(other.isCancelled()).isTrue();
                });
    }

    @Test
    void shutdownNow_taskNotBegun_isReturnedOrItsFutureEnds() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var ran = new AtomicBoolean();
                    Future<?> future = pool.submit(() -> ran.set(true));

                    List<Runnable> notBegun = pool.shutdownNow();
                    assertTerminates(pool);

                    assertThat(ran).isFalse();
                    assertThat(notBegun.contains(future) || future.isDone()).isTrue();
                });
    }

    @Test
    void shutdownNow_executedTaskNotBegun_isReturned() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var ran = new ArrayList<String>();
                    Runnable begun = () -> ran.add("begun");
                    Runnable late = () -> ran.add("late");
                    pool.execute(begun);
                    Evy.yield();
                    pool.execute(late);

                    List<Runnable> notBegun = pool.shutdownNow();
                    assertTerminates(pool);

                    assertThat(notBegun).containsExactly(late);
                    assertThat(ran).containsExactly("begun");
                });
    }

    @Test
    void shutdownNow_callerWaiting_isRefused() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var never = new CountDownLatch(1);
                    var ran = new AtomicBoolean();
                    pool.spawnN(never::await);
                    var waiting = Evy.spawn(() -> pool.spawnN(() -> ran.set(true)));
                    Evy.yield();
                    assertThat(pool.waiting()).isEqualTo(1);

                    pool.shutdownNow();
                    assertTerminates(pool);

                    assertThat(ran).isFalse();
                    assertThat(catchThrowable(waiting::join))
                            .isInstanceOf(RejectedExecutionException.class);
                });
    }

    @Test
    void awaitTermination_stillRunning_isFalseInTheEnd() throws Exception {
        fromEverywhere(
                () -> {
                    var pool = new GreenPool(1);
                    var gate = new CountDownLatch(1);
                    var running = pool.spawn(behind(gate, 1));
                    pool.shutdown();
                    long begin = System.nanoTime();

                    boolean terminated = pool.awaitTermination(20, TimeUnit.MILLISECONDS);

                    assertThat(terminated).isFalse();
                    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(20_000_000L);
                    gate.countDown();
                    running.join();
                    assertTerminates(pool);
                });
    }

    @Test
    void awaitTermination_shutdownComesLater_waitsForIt() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var waiter =
                            Evy.spawn(
                                    () ->
                                            pool.awaitTermination(
                                                    PATIENCE_SECONDS, TimeUnit.SECONDS));
                    Evy.yield();
                    assertThat(waiter.isDone()).isFalse();

                    pool.shutdown();

                    assertThat(waiter.join()).isTrue();
                });
    }

    @Test
    @Spec("GP10")
    void close_runningTasks_waitsForThem() throws Exception {
        fromEverywhere(
                () -> {
                    var done = new AtomicInteger();
                    try (var pool = new GreenPool(2)) {
                        for (int i = 0; i < 6; i++) {
                            pool.execute(
                                    () -> {
                                        Evy.yield();
                                        done.incrementAndGet();
                                    });
                        }
                    }
                    assertThat(done).hasValue(6);
                });
    }

    @Test
    void close_timeout_letsTheTasksBe() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var gate = new CountDownLatch(1);
                    var running = pool.spawn(behind(gate, 1));

                    boolean closed = Timeout.run(Duration.ofMillis(10), pool::close);

                    assertThat(closed).isFalse();
                    assertThat(running.isDone()).isFalse();
                    gate.countDown();
                    assertThat(running.join()).isEqualTo(1);
                });
    }

    @Test
    void close_interrupted_killsTheTasks() throws Exception {
        var pool = new GreenPool(1);
        var never = new CountDownLatch(1);
        var interrupted = new AtomicBoolean();
        var running = pool.spawn(behind(never, 1));
        var closer =
                new Thread(
                        () -> {
                            pool.close();
                            interrupted.set(Thread.currentThread().isInterrupted());
                        });

        closer.start();
        awaitUntil("the closer waits", () -> pool.isShutdown());
        closer.interrupt();
        closer.join();

        assertThat(running.isCancelled()).isTrue();
        assertThat(interrupted).isTrue();
    }

    @Test
    @Spec({"GP3", "GP12"})
    void shutdown_inTheMiddleOfAStorm_everyAcceptedTaskEndsOnce() throws Exception {
        long seed = new Random().nextLong();
        try (var hubs = HubGroup.open(2)) {
            var random = new Random(seed);
            for (int round = 0; round < 20; round++) {
                new Storm(random.nextLong()).run(hubs);
            }
        } catch (Throwable t) {
            throw new AssertionError("seed " + seed, t);
        }
    }

    /** Submits from hubs and platform threads until the pool is shut down one way or the other. */
    private static final class Storm {
        private static final int SIZE = 4;

        private final GreenPool pool = new GreenPool(SIZE);
        private final Random random;
        private final AtomicInteger submitted = new AtomicInteger();
        private final Queue<Job> accepted = new ConcurrentLinkedQueue<>();
        private final Queue<Job> refused = new ConcurrentLinkedQueue<>();
        private final Queue<Throwable> surprises = new ConcurrentLinkedQueue<>();
        private volatile boolean terminated;

        Storm(long seed) {
            random = new Random(seed);
        }

        void run(HubGroup hubs) throws InterruptedException {
            var spawners = new ArrayList<GreenThread<?>>();
            for (int i = 0; i < 4; i++) {
                var own = new Random(random.nextLong());
                spawners.add(Evy.spawn(hubs.next(), () -> submitMany(own)));
            }
            var own = new Random(random.nextLong());
            var thread = new Thread(() -> submitMany(own));
            thread.start();

            int enough = random.nextInt(200);
            awaitUntil("tasks are submitted", () -> submitted.get() >= enough);
            if (random.nextBoolean()) {
                pool.shutdown();
            } else {
                pool.shutdownNow();
            }
            assertTerminates(pool);
            terminated = true;
            for (var spawner : spawners) {
                spawner.join();
            }
            thread.join();
            check();
        }

        private void submitMany(Random own) {
            while (true) {
                var job = new Job(own.nextInt(3));
                submitted.incrementAndGet();
                try {
                    job.handle = pool.submit(job);
                    accepted.add(job);
                } catch (RejectedExecutionException e) {
                    refused.add(job);
                    return;
                } catch (Throwable t) {
                    surprises.add(t);
                    return;
                }
                if (own.nextInt(4) == 0) {
                    job.handle.cancel(true);
                }
            }
        }

        private void check() {
            assertThat(surprises).isEmpty();
            for (Job job : accepted) {
                assertThat(job.handle.isDone()).isTrue();
                assertThat(job.late).isFalse();
                if (job.handle.isCancelled()) {
                    assertThat(job.runs.get()).isLessThanOrEqualTo(1);
                } else {
                    assertThat(job.runs).hasValue(1);
                }
            }
            for (Job job : refused) {
                assertThat(job.runs).hasValue(0);
            }
            assertThat(pool.running()).isZero();
            assertThat(pool.waiting()).isZero();
            assertThat(pool.free()).isEqualTo(SIZE);
        }

        private final class Job implements Callable<Integer> {
            private final int steps;
            private final AtomicInteger runs = new AtomicInteger();
            private volatile boolean late;
            private GreenThread<Integer> handle;

            Job(int steps) {
                this.steps = steps;
            }

            @Override
            public Integer call() {
                late = terminated;
                runs.incrementAndGet();
                for (int i = 0; i < steps; i++) {
                    Evy.yield();
                }
                return steps;
            }
        }
    }
}
