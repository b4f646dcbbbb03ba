package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Body;
import evy.Evy;
import evy.GreenPool;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.hubs.ExceptionHandler;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.HubGroup;
import evy.hubs.Waiter;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

@ExtendWith(LeakCheckExtension.class)
@AnyPoller
class GreenPoolTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    /** A function that waits for a gate to open, and returns a value. */
    static <T> Callable<T> behind(CountDownLatch gate, T value) {
        return () -> {
            gate.await();
            return value;
        };
    }

    /** Waits for something that other threads are about to do. */
    static void awaitUntil(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited in vain: " + what);
            }
            if (Greenlet.currentOrNull() != null) {
                Evy.yield();
            } else {
                Thread.yield();
            }
        }
    }

    private static List<Throwable> failures() {
        return List.of(
                new IllegalStateException("intended"),
                new IOException("intended"),
                new AssertionError("intended"),
                new GreenThreadExit("intended"));
    }

    @Test
    @Spec("GP1")
    void constructor_noSize_has1000Slots() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool();
                    var gate = new CountDownLatch(1);

                    for (int i = 0; i < 1000; i++) {
                        pool.spawn(behind(gate, i));
                    }
                    var late = Evy.spawn(() -> pool.spawn(() -> 1000).join());
                    Evy.yield();

                    assertThat(pool.size()).isEqualTo(1000);
                    assertThat(pool.free()).isZero();
                    assertThat(pool.waiting()).isEqualTo(1);
                    gate.countDown();
                    assertThat(late.join()).isEqualTo(1000);
                    pool.waitAll();
                });
    }

    @Test
    @Spec("GP1")
    void constructor_negativeSize_throws() {
        assertThatThrownBy(() -> new GreenPool(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    @Spec("GP1")
    void constructor_sizeZero_everySpawnWaits() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(0);

                    var first = Evy.spawn(() -> pool.spawn(() -> "a").join());
                    var second = Evy.spawn(() -> pool.spawnN(() -> {}));
                    Evy.yield();

                    assertThat(pool.waiting()).isEqualTo(2);
                    assertThat(pool.free()).isZero();
                    assertThat(first.isDone()).isFalse();
                    assertThat(second.isDone()).isFalse();
                    pool.resize(1);
                    assertThat(first.join()).isEqualTo("a");
                    second.join();
                    pool.waitAll();
                });
    }

    @Test
    @Spec("GP2")
    void spawn_moreThanSize_resultsComeInAnyOrderAsked() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(4);
                    var spawned = new ArrayList<GreenThread<Integer>>();
                    for (int i = 0; i < 10; i++) {
                        int number = i;
                        spawned.add(
                                pool.spawn(
                                        () -> {
                                            Evy.yield();
                                            return number;
                                        }));
                    }
                    var asked = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
                    Collections.shuffle(asked, new Random(4));

                    for (int i : asked) {
                        assertThat(spawned.get(i).join()).isEqualTo(i);
                    }
                });
    }

    @Test
    @Spec("GP2")
    void spawn_fullPool_blocksCallersAndServesThemInOrder() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var gate = new CountDownLatch(1);
                    var order = new ArrayList<Integer>();
                    pool.spawnN(gate::await);

                    var callers = new ArrayList<GreenThread<?>>();
                    for (int i = 0; i < 6; i++) {
                        int number = i;
                        Body<Exception> task = () -> order.add(number);
                        callers.add(
                                Evy.spawn(
                                        () -> {
                                            if (number % 2 == 0) {
                                                pool.spawnN(task);
                                            } else {
                                                pool.spawn(
                                                        () -> {
                                                            task.run();
                                                            return null;
                                                        });
                                            }
                                        }));
                    }
                    Evy.yield();
                    Evy.yield();

                    assertThat(order).isEmpty();
                    assertThat(callers).noneMatch(GreenThread::isDone);
                    gate.countDown();
                    for (var caller : callers) {
                        caller.join();
                    }
                    pool.waitAll();
                    assertThat(order).containsExactly(0, 1, 2, 3, 4, 5);
                });
    }

    @Test
    @Spec("GP2")
    void spawn_lateCaller_doesNotOvertakeWhoWaits() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var order = new ArrayList<String>();
                    var holder = pool.spawn(() -> order.add("holder"));
                    var waiting = Evy.spawn(() -> pool.spawn(() -> order.add("waiting")).join());
                    holder.link(
                            ended -> {
                                var unused = Evy.spawn(() -> pool.spawnN(() -> order.add("late")));
                            });

                    waiting.join();
                    awaitUntil("the late one", () -> order.size() == 3);

                    assertThat(order).containsExactly("holder", "waiting", "late");
                    pool.waitAll();
                });
    }

    @Test
    @Spec("GP2")
    void spawn_fullPoolPlatformThread_blocksThatThread() throws Exception {
        var pool = new GreenPool(1);
        var gate = new CountDownLatch(1);
        var result = new ArrayList<Integer>();
        var holder = pool.spawn(behind(gate, 1));
        var thread = new Thread(() -> result.add(pool.spawn(() -> 2).join()));

        thread.start();
        awaitUntil("the thread waits", () -> pool.waiting() == 1);

        assertThat(pool.running()).isEqualTo(1);
        gate.countDown();
        assertThat(holder.join()).isEqualTo(1);
        thread.join();
        assertThat(result).containsExactly(2);
        pool.waitAll();
    }

    @Test
    @Spec("GP2")
    void spawn_anotherHub_runsThereUnderTheSameLimit() throws Exception {
        try (var manual = ManualHub.open()) {
            var pool = new GreenPool(1);
            var gate = new CountDownLatch(1);
            var holder = pool.spawn(behind(gate, 1));

            var caller =
                    Evy.spawn(
                            manual.hub(), () -> pool.spawn(() -> Greenlet.current().hub()).join());
            awaitUntil("the caller waits", () -> pool.waiting() == 1);

            assertThat(caller.isDone()).isFalse();
            gate.countDown();
            assertThat(caller.join()).isSameAs(manual.hub());
            holder.join();
            pool.waitAll();
        }
    }

    @Test
    @Spec("GP3")
    void waiting_threeCallersOnPoolOf1_countsThem() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var gate = new CountDownLatch(1);
                    var callers = new ArrayList<GreenThread<?>>();
                    assertThat(pool.running()).isZero();

                    for (int i = 0; i < 3; i++) {
                        callers.add(Evy.spawn(() -> pool.spawn(behind(gate, 0)).join()));
                        Evy.yield();
                        assertThat(pool.waiting()).isEqualTo(i);
                    }

                    assertThat(pool.running()).isEqualTo(1);
                    assertThat(pool.free()).isZero();
                    gate.countDown();
                    for (var caller : callers) {
                        caller.join();
                    }
                    assertThat(pool.waiting()).isZero();
                    assertThat(pool.running()).isZero();
                    assertThat(pool.free()).isEqualTo(1);
                });
    }

    @Test
    @Spec({"GP3", "GP12"})
    void spawn_timeoutWhileWaiting_spawnsNothingAndLosesNothing() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new GreenPool(1);
                        var gate = new CountDownLatch(1);
                        var ran = new AtomicBoolean();
                        var holder = pool.spawn(behind(gate, 1));

                        boolean spawned =
                                Timeout.run(SECOND, () -> pool.spawnN(() -> ran.set(true)));

                        assertThat(spawned).isFalse();
                        assertThat(pool.waiting()).isZero();
                        gate.countDown();
                        holder.join();
                        assertThat(pool.free()).isEqualTo(1);
                        assertThat(pool.spawn(() -> 2).join()).isEqualTo(2);
                        assertThat(ran).isFalse();
                    });
        }
    }

    @Test
    @Spec({"GP3", "GP12"})
    void spawn_callerKilledWhileWaiting_nextInLineGetsTheSlot() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var gate = new CountDownLatch(1);
                    var ran = new ArrayList<String>();
                    pool.spawnN(gate::await);
                    var killed = Evy.spawn(() -> pool.spawnN(() -> ran.add("killed")));
                    var next = Evy.spawn(() -> pool.spawnN(() -> ran.add("next")));
                    Evy.yield();

                    killed.cancel(true); // not run yet when the slot becomes free
                    gate.countDown();
                    next.join();
                    pool.waitAll();

                    assertThat(ran).containsExactly("next");
                    assertThat(pool.free()).isEqualTo(1);
                    assertThat(killed.isCancelled()).isTrue();
                });
    }

    @Test
    @Spec("GP4")
    void free_linkOfTask_seesSlotTakenStill() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var seen = new ArrayList<Integer>();
                    var task = pool.spawn(() -> 1);
                    task.link(ended -> seen.add(pool.free()));
                    task.link(ended -> seen.add(pool.free()));

                    assertThat(task.join()).isEqualTo(1);
                    Evy.yield();

                    assertThat(seen).containsExactly(1, 1);
                    assertThat(pool.free()).isEqualTo(2);
                });
    }

    @Test
    @Spec("GP5")
    void spawnN_exhaustedPool_letsTheOthersRun() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var ran = new ArrayList<Integer>();

                    pool.spawnN(() -> ran.add(2));
                    pool.spawnN(() -> ran.add(3));
                    assertThat(ran).isEmpty();
                    pool.spawnN(() -> ran.add(4));
                    assertThat(ran).containsExactly(2, 3);
                    Evy.yield();
                    assertThat(ran).containsExactly(2, 3, 4);
                });
    }

    @Test
    @Spec("GP6")
    void spawn_consumerBeforeProducer_runsFirst() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var event = new CountDownLatch(1);
                    var order = new ArrayList<String>();

                    var consumer =
                            pool.spawn(
                                    () -> {
                                        order.add("cons1");
                                        event.await();
                                        return order.add("cons2");
                                    });
                    pool.spawnN(
                            () -> {
                                order.add("prod");
                                event.countDown();
                            });
                    consumer.join();

                    assertThat(order).containsExactly("cons1", "prod", "cons2");
                });
    }

    @Test
    @Spec("GP7")
    void spawn_memberOfFullPool_runsInPlace() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);

                    var outer =
                            pool.spawn(
                                    () -> {
                                        var thread = Thread.currentThread();
                                        var inner = pool.spawn(Thread::currentThread);
                                        assertThat(inner.isDone()).isTrue();
                                        assertThat(inner.join()).isSameAs(thread);
                                        assertThat(pool.running()).isEqualTo(1);
                                        return "outer";
                                    });

                    assertThat(outer.join()).isEqualTo("outer");
                    Evy.yield();
                    assertThat(pool.free()).isEqualTo(1);
                });
    }

    @Test
    @Spec("GP7")
    void spawnN_memberOfFullPool_runsInPlace() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var order = new ArrayList<String>();

                    pool.spawnN(
                            () -> {
                                pool.spawnN(() -> order.add("inner"));
                                order.add("outer");
                            });
                    pool.waitAll();

                    assertThat(order).containsExactly("inner", "outer");
                    assertThat(pool.free()).isEqualTo(1);
                });
    }

    @Test
    @Spec("GP7")
    void spawn_memberOfPoolWithRoom_runsBesideIt() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var order = new ArrayList<String>();

                    pool.spawnN(
                            () -> {
                                pool.spawnN(() -> order.add("inner"));
                                order.add("outer");
                            });
                    pool.waitAll();

                    assertThat(order).containsExactly("outer", "inner");
                });
    }

    @Test
    @Spec("GP7")
    void spawn_nestedInPlace_resultsReachEachCaller() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);

                    int depth = pool.spawn(() -> nest(pool, 20)).join();

                    assertThat(depth).isEqualTo(20);
                    assertThat(pool.free()).isEqualTo(1);
                });
    }

    private static int nest(GreenPool pool, int depth) {
        return depth == 0 ? 0 : 1 + pool.spawn(() -> nest(pool, depth - 1)).join();
    }

    @Test
    @Spec("GP8")
    void spawn_inPlaceFailure_isSeenThroughHandleOnly() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    for (Throwable failure : failures()) {
                        var outer =
                                pool.spawn(
                                        () -> {
                                            var inner =
                                                    pool.spawn(
                                                            () -> {
                                                                throw Greenlet.<Exception>thrown(
                                                                        failure);
                                                            });
                                            return catchThrowable(inner::join);
                                        });

                        var seen = catchThrowable(() -> assertThat(outer.join()).isSameAs(failure));

                        assertThat(seen).as("in place: " + failure).isNull();
                    }
                });
    }

    @Test
    @Spec("GP8")
    void spawnN_inPlaceFailure_goesToHandlerOnly() throws Exception {
        try (var manual = ManualHub.open()) {
            var reported = new ArrayList<Throwable>();
            manual.hub().setExceptionHandler((greenlet, t) -> reported.add(t));
            manual.run(
                    () -> {
                        var pool = new GreenPool(1);
                        var failure = new IOException("intended");

                        var outer =
                                pool.spawn(
                                        () -> {
                                            pool.spawnN(
                                                    () -> {
                                                        throw failure;
                                                    });
                                            return "went on";
                                        });

                        assertThat(outer.join()).isEqualTo("went on");
                        assertThat(reported).containsExactly(failure);
                        assertThat(pool.free()).isEqualTo(1);
                    });
        }
    }

    @Test
    @Spec("GP8")
    void spawn_inPlaceOwnTimeout_isSeenThroughHandleOnly() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new GreenPool(1);

                        var outer =
                                pool.spawn(
                                        () -> {
                                            var inner =
                                                    pool.spawn(
                                                            () ->
                                                                    Timeout.call(
                                                                            SECOND,
                                                                            () -> sleepLong()));
                                            return catchThrowable(inner::join);
                                        });

                        assertThat(outer.join()).isInstanceOf(Timeout.class);
                    });
        }
    }

    private static String sleepLong() {
        Evy.sleep(HOUR);
        return "slept";
    }

    @Test
    @Spec("GP8")
    void spawn_callersTimeoutInPlace_endsTheCallersBlock() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new GreenPool(1);

                        var outer =
                                pool.spawn(
                                        () ->
                                                Timeout.run(
                                                        SECOND,
                                                        () -> {
                                                            pool.spawnN(() -> sleepLong());
                                                            sleepLong();
                                                        }));

                        assertThat(outer.join()).isFalse();
                        assertThat(manual.clock().elapsed()).isEqualTo(SECOND);
                    });
        }
    }

    @Test
    @Spec("GP8")
    void spawn_callersTimeoutWithOwnExceptionInPlace_endsTheCallersBlock() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new GreenPool(1);
                        var mine = new IOException("mine");

                        var outer =
                                pool.spawn(
                                        () ->
                                                catchThrowable(
                                                        () -> {
                                                            try (var unused =
                                                                    new Timeout(SECOND, mine)) {
                                                                pool.spawn(() -> sleepLong());
                                                            }
                                                        }));

                        assertThat(outer.join()).isSameAs(mine);
                    });
        }
    }

    @Test
    @Spec("GP8")
    void spawn_callerKilledInPlace_endsBoth() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var gate = new CountDownLatch(1);
                    var order = new ArrayList<String>();
                    var outer =
                            pool.spawn(
                                    () -> {
                                        pool.spawnN(
                                                () -> {
                                                    try {
                                                        gate.await();
                                                    } finally {
                                                        order.add("inner");
                                                    }
                                                });
                                        return order.add("outer");
                                    });
                    Evy.yield();

                    outer.kill();

                    assertThat(order).containsExactly("inner");
                    assertThat(outer.isCancelled()).isTrue();
                    Evy.yield();
                    assertThat(pool.free()).isEqualTo(1);
                });
    }

    @Test
    @Spec("GP9")
    void spawn_childOfMemberOutsideThePool_waitsLikeAnyOther() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var gate = new CountDownLatch(1);
                    var ran = new AtomicBoolean();

                    var member =
                            pool.spawn(
                                    () -> {
                                        var child =
                                                Evy.spawn(() -> pool.spawnN(() -> ran.set(true)));
                                        gate.await();
                                        return child;
                                    });
                    Evy.yield();
                    Evy.yield();

                    assertThat(pool.waiting()).isEqualTo(1);
                    assertThat(ran).isFalse();
                    gate.countDown();
                    member.join().join();
                    pool.waitAll();
                    assertThat(ran).isTrue();
                });
    }

    @Test
    @Spec("GP9")
    void spawn_memberJoinsChildThatSpawns_deadlocksUntilTimeout() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new GreenPool(1);

                        var member =
                                pool.spawn(
                                        () -> {
                                            var child = Evy.spawn(() -> pool.spawn(() -> 1).join());
                                            boolean ended = Timeout.run(HOUR, () -> child.join());
                                            child.kill();
                                            return ended;
                                        });

                        assertThat(member.join()).isFalse();
                        assertThat(pool.waiting()).isZero();
                        assertThat(pool.free()).isEqualTo(1);
                    });
        }
    }

    @Test
    @Spec("GP10")
    void waitAll_idlePool_returnsAtOnce() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var other = new AtomicBoolean();
                    var spawned = Evy.spawn(() -> other.set(true));

                    pool.waitAll();

                    assertThat(other).isFalse();
                    spawned.join();
                });
    }

    @Test
    @Spec("GP10")
    void waitAll_callersWaitingToSpawn_waitsForTheirTasks() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var order = new ArrayList<String>();
                    for (int i = 0; i < 3; i++) {
                        String name = "task" + i;
                        Evy.spawnN(
                                () ->
                                        pool.spawnN(
                                                () -> {
                                                    Evy.yield();
                                                    order.add(name);
                                                }));
                    }
                    Evy.yield();
                    assertThat(pool.waiting()).isEqualTo(2);

                    pool.waitAll();
                    order.add("waitAll");

                    assertThat(order).containsExactly("task0", "task1", "task2", "waitAll");
                });
    }

    @Test
    @Spec("GP10")
    void waitAll_lastWaiterGivesUp_returns() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(0);
                    var caller = Evy.spawn(() -> pool.spawn(() -> 1));
                    Evy.yield();
                    var all = Evy.spawn(pool::waitAll);
                    Evy.yield();
                    assertThat(all.isDone()).isFalse();

                    caller.kill();
                    all.join();

                    assertThat(pool.waiting()).isZero();
                });
    }

    @Test
    @Spec("GP10")
    void waitAll_severalThreads_allReturn() throws Exception {
        try (var manual = ManualHub.open()) {
            var pool = new GreenPool(2);
            var gate = new CountDownLatch(1);
            pool.spawnN(gate::await);
            var here = Evy.spawn(pool::waitAll);
            var there = Evy.spawn(manual.hub(), pool::waitAll);
            var thread = new Thread(pool::waitAll);
            thread.start();
            awaitUntil("the thread waits", () -> thread.getState() == Thread.State.WAITING);
            assertThat(here.isDone() || there.isDone()).isFalse();

            gate.countDown();

            here.join();
            there.join();
            thread.join();
            assertThat(pool.running()).isZero();
        }
    }

    @Test
    @Spec("GP11")
    void waitAll_byMember_throws() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);

                    var member = pool.spawn(() -> catchThrowable(pool::waitAll));

                    assertThat(member.join())
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("waitAll()")
                            .hasMessageContaining("member");
                });
    }

    @Test
    @Spec("GP11")
    void waitAll_byMemberOfAnotherPool_waits() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var other = new GreenPool(1);
                    var done = new AtomicBoolean();
                    pool.spawnN(
                            () -> {
                                Evy.yield();
                                done.set(true);
                            });

                    var member =
                            other.spawn(
                                    () -> {
                                        pool.waitAll();
                                        return done.get();
                                    });

                    assertThat(member.join()).isTrue();
                });
    }

    @Test
    @Spec("GP12")
    void spawn_failingTask_losesNoSlot() throws Exception {
        Evy.run(
                () -> {
                    for (Throwable failure : failures()) {
                        var pool = new GreenPool(2);
                        assertThat(pool.free()).isEqualTo(2);

                        var task =
                                pool.spawn(
                                        () -> {
                                            throw Greenlet.<Exception>thrown(failure);
                                        });
                        assertThat(pool.free()).isEqualTo(1);
                        var thrown = catchThrowable(task::join);
                        Evy.yield();

                        assertThat(thrown).isSameAs(failure);
                        assertThat(pool.free()).as(failure.toString()).isEqualTo(2);
                    }
                });
    }

    @Test
    @Spec("GP12")
    void spawnN_failingTask_losesNoSlot() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.hub().setExceptionHandler(ExceptionHandler.IGNORE);
            manual.run(
                    () -> {
                        for (Throwable failure : failures()) {
                            var pool = new GreenPool(2);

                            pool.spawnN(
                                    () -> {
                                        throw Greenlet.<Exception>thrown(failure);
                                    });
                            assertThat(pool.free()).isEqualTo(1);
                            Evy.yield();

                            assertThat(pool.free()).as(failure.toString()).isEqualTo(2);
                        }
                    });
        }
    }

    @Test
    @Spec("GP12")
    void kill_beforeAndAfterStart_losesNoSlot() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var gate = new CountDownLatch(1);
                    var ran = new AtomicBoolean();
                    var running = pool.spawn(behind(gate, 1));
                    Evy.yield();
                    var fresh = pool.spawn(() -> ran.getAndSet(true));
                    assertThat(pool.free()).isZero();

                    fresh.kill();
                    running.kill();
                    Evy.yield();

                    assertThat(ran).isFalse();
                    assertThat(fresh.isCancelled()).isTrue();
                    assertThat(running.isCancelled()).isTrue();
                    assertThat(pool.free()).isEqualTo(2);
                });
    }

    @Test
    @Spec("GP12")
    void spawn_hubClosed_losesNoSlot() {
        var pool = new GreenPool(2);
        var gate = new CountDownLatch(1);
        Greenlet[] tasks = new Greenlet[1];
        try (var hub = Hub.open()) {
            var spawner =
                    Evy.spawn(
                            hub,
                            () -> {
                                tasks[0] = pool.spawn(behind(gate, 1));
                            });
            spawner.join();
        }

        assertThat(tasks[0].isDead()).isTrue();
        assertThat(pool.free()).isEqualTo(2);
    }

    @Test
    @Spec("GP13")
    void spawnN_brokenExceptionHandler_losesNoSlot() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.hub()
                    .setExceptionHandler(
                            (greenlet, t) -> {
                                throw new IllegalStateException("broken handler");
                            });
            manual.run(
                    () -> {
                        var pool = new GreenPool(1);

                        pool.spawnN(
                                () -> {
                                    throw new IOException("intended");
                                });
                        Evy.yield();

                        assertThat(pool.free()).isEqualTo(1);
                        assertThat(pool.spawn(() -> 2).join()).isEqualTo(2);
                    });
        }
    }

    @Test
    @Spec("GP13")
    void spawn_brokenHandlerAndFailingLink_losesNeitherSlotNorJoiner() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.hub()
                    .setExceptionHandler(
                            (greenlet, t) -> {
                                throw new IllegalStateException("broken handler");
                            });
            manual.run(
                    () -> {
                        var pool = new GreenPool(1);
                        var linked = new AtomicBoolean();

                        var task = pool.spawn(() -> 1);
                        task.link(
                                ended -> {
                                    throw new IllegalStateException("intended");
                                });
                        task.link(ended -> linked.set(true));
                        var result = Timeout.call(HOUR, task::join, -1);
                        Evy.yield();

                        assertThat(pool.free()).isEqualTo(1);
                        assertThat(linked).isTrue();
                        assertThat(result).isEqualTo(1);
                    });
        }
    }

    @Test
    @Spec("GP13")
    void spawnN_brokenStandardError_losesNoSlot() throws Exception {
        PrintStream err = System.err;
        try (var broken = new BrokenPrintStream();
                var manual = ManualHub.open()) {
            System.setErr(broken);
            manual.run(
                    () -> {
                        var pool = new GreenPool(1);

                        pool.spawnN(
                                () -> {
                                    throw new IOException("intended");
                                });
                        Evy.yield();

                        assertThat(broken.tried).isTrue();
                        assertThat(pool.free()).isEqualTo(1);
                    });
        } finally {
            System.setErr(err);
        }
    }

    private static final class BrokenPrintStream extends PrintStream {
        private boolean tried;

        BrokenPrintStream() {
            super(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        }

        @Override
        public void print(String text) {
            tried = true;
            throw new IllegalStateException("broken stream");
        }
    }

    @Test
    @Spec("GP14")
    void resize_smaller_newOnesWaitUntilBelow() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var first = new CountDownLatch(1);
                    var second = new CountDownLatch(1);
                    var running1 = pool.spawn(behind(first, 1));
                    var running2 = pool.spawn(behind(second, 2));
                    Evy.yield();

                    pool.resize(1);
                    var late = Evy.spawn(() -> pool.spawn(() -> 3).join());
                    Evy.yield();

                    assertThat(pool.size()).isEqualTo(1);
                    assertThat(pool.running()).isEqualTo(2);
                    assertThat(pool.free()).isEqualTo(-1);
                    assertThat(pool.waiting()).isEqualTo(1);
                    first.countDown();
                    assertThat(running1.join()).isEqualTo(1);
                    Evy.yield();
                    assertThat(pool.free()).isZero();
                    assertThat(pool.waiting()).isEqualTo(1);
                    second.countDown();
                    assertThat(running2.join()).isEqualTo(2);
                    assertThat(late.join()).isEqualTo(3);
                    assertThat(pool.free()).isEqualTo(1);
                });
    }

    @Test
    @Spec("GP14")
    void resize_larger_givesSlotsAtOnce() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var gate = new CountDownLatch(1);
                    var running = pool.spawn(behind(gate, 1));
                    assertThat(pool.free()).isZero();

                    pool.resize(2);
                    assertThat(pool.free()).isEqualTo(1);
                    var second = pool.spawn(behind(gate, 2));

                    assertThat(pool.running()).isEqualTo(2);
                    assertThat(pool.waiting()).isZero();
                    gate.countDown();
                    running.join();
                    second.join();
                    assertThat(pool.free()).isEqualTo(2);
                });
    }

    @Test
    @Spec("GP14")
    void resize_negative_throwsAndChangesNothing() {
        var pool = new GreenPool(3);

        assertThatThrownBy(() -> pool.resize(-2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-2");

        assertThat(pool.size()).isEqualTo(3);
    }

    @Test
    @Spec("GP15")
    void resize_larger_wakesWhoWaits() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(1);
                    var gate = new CountDownLatch(1);
                    var ran = new ArrayList<Integer>();
                    pool.spawnN(gate::await);
                    for (int i = 0; i < 3; i++) {
                        int number = i;
                        Evy.spawnN(
                                () ->
                                        pool.spawnN(
                                                () -> {
                                                    ran.add(number);
                                                    gate.await();
                                                }));
                    }
                    Evy.yield();
                    assertThat(pool.waiting()).isEqualTo(3);

                    pool.resize(3);
                    Evy.yield();
                    Evy.yield();

                    assertThat(ran).containsExactly(0, 1);
                    assertThat(pool.waiting()).isEqualTo(1);
                    assertThat(pool.free()).isZero();
                    gate.countDown();
                    pool.waitAll();
                    assertThat(ran).containsExactly(0, 1, 2);
                });
    }

    @Test
    @Spec("GP16")
    void spawn_taskTimesOutOnTokenPool_corruptsNeither() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new GreenPool(1);
                        var tokens = new GreenPool(1);
                        var gate = new CountDownLatch(1);
                        tokens.spawnN(gate::await);

                        var receiver =
                                pool.spawn(
                                        () ->
                                                Timeout.call(
                                                        Duration.ZERO,
                                                        () -> tokens.spawn(() -> "token").join(),
                                                        "timed out"));
                        assertThat(receiver.join()).isEqualTo("timed out");
                        Evy.spawnN(gate::countDown);
                        var next =
                                pool.spawn(
                                        () -> {
                                            var own = Waiter.current("nothing that comes");
                                            return own.await(HOUR.toNanos()) ? "stray" : "resumed";
                                        });

                        assertThat(next.join()).isEqualTo("resumed");
                        assertThat(tokens.waiting()).isZero();
                        assertThat(tokens.free()).isEqualTo(1);
                        assertThat(tokens.spawn(() -> "token").join()).isEqualTo("token");
                        assertThat(pool.free()).isEqualTo(1);
                    });
        }
    }

    @Test
    @Spec("GP16")
    void spawn_timeoutRaisedBeforeItsBlock_leavesNothingForTheNextTask() throws Exception {
        var pool = new GreenPool(1);
        var stray = new ArrayList<Throwable>();
        var thread =
                new Thread(
                        () -> {
                            var timeout = Timeout.silent(Duration.ZERO);
                            while (timeout.isPending()) {
                                Thread.onSpinWait();
                            }
                            timeout.during(() -> {}); // nothing in it blocks, so nothing is thrown
                            pool.spawnN(() -> {});
                            stray.add(catchThrowable(() -> Waiter.current("next").await(1)));
                        });

        thread.start();
        thread.join();
        pool.waitAll();

        assertThat(stray).hasSize(1).containsOnlyNulls();
    }

    @Test
    @Spec("GP17")
    void scheduleLocal_inTaskThatEnded_neverFires() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var pool = new GreenPool(2);
                        var fired = new ArrayList<String>();

                        pool.spawn(() -> scheduleLocals(fired, "short")).join();
                        pool.spawnN(
                                () -> {
                                    scheduleLocals(fired, "long");
                                    Evy.sleep(HOUR);
                                });
                        Evy.sleep(HOUR.multipliedBy(2));

                        assertThat(fired).containsExactly("long timer", "long thread");
                    });
        }
    }

    private static int scheduleLocals(List<String> fired, String name) {
        Hub.current().scheduleLocal(SECOND, () -> fired.add(name + " timer"));
        Evy.spawnAfterLocal(SECOND, () -> fired.add(name + " thread"));
        return 0;
    }

    @Test
    @Spec("GP18")
    void spawn_tasksThatTakeTokens_allFinish() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        takeTokens(4, 7, 7);
                        takeTokens(50, 75, 100);
                        for (int tokens = 10; tokens <= 50; tokens += 10) {
                            for (int size : new int[] {5, 25, 35, 50}) {
                                takeTokens(tokens, size, size);
                            }
                        }
                    });
        }
    }

    @Test
    @Spec("GP18")
    void spawn_tasksThatTakeTokensInAnyOrder_allFinish() throws Exception {
        long seed = new Random().nextLong();
        try (var manual = ManualHub.open(seed)) {
            manual.run(() -> takeTokens(4, 7, 100));
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static void takeTokens(int tokenCount, int size, int tasks) {
        var tokens = new GreenPool(tokenCount);
        var pool = new GreenPool(size);
        var most = new AtomicInteger();
        var done = new AtomicInteger();
        for (int i = 0; i < tasks; i++) {
            pool.spawnN(
                    () -> {
                        var token =
                                tokens.spawn(
                                        () -> {
                                            most.accumulateAndGet(tokens.running(), Math::max);
                                            Evy.sleep(Duration.ofNanos(100_000));
                                            return done.incrementAndGet();
                                        });
                        token.join();
                    });
        }
        pool.waitAll();

        assertThat(done).hasValue(tasks);
        assertThat(most.get()).isLessThanOrEqualTo(tokenCount);
        assertThat(pool.free()).isEqualTo(size);
        assertThat(tokens.free()).isEqualTo(tokenCount);
    }

    @Test
    @Spec({"GP2", "GP3", "GP12"})
    void spawn_stormFromHubsAndThreads_losesNothing() throws Exception {
        long seed = new Random().nextLong();
        try (var hubs = HubGroup.open(2)) {
            new Storm(hubs, seed).run();
        } catch (Throwable t) {
            throw new AssertionError("seed " + seed, t);
        }
    }

    @Test
    @Spec({"GP2", "GP3", "GP12"})
    void spawn_stormInAnyOrder_losesNothing() throws Exception {
        for (int i = 0; i < 5; i++) {
            long seed = new Random().nextLong();
            try (var manual = ManualHub.open(seed)) {
                manual.run(
                        () -> {
                            var storm = new Storm(null, seed);
                            var spawners = new ArrayList<GreenThread<?>>();
                            for (int s = 0; s < 6; s++) {
                                long own = seed + s;
                                spawners.add(Evy.spawn(() -> storm.spawnMany(new Random(own), 50)));
                            }
                            storm.nudge(spawners, new Random(seed));
                            storm.check();
                        });
            } catch (Throwable t) {
                throw new AssertionError("seed " + seed, t);
            }
        }
    }

    /** Spawners on several hubs and platform threads, and kills and timeouts that hit them all. */
    private static final class Storm {
        private static final int SIZE = 5;
        private static final int JOBS = 400;

        private final GreenPool pool = new GreenPool(SIZE);
        private final Queue<Job> jobs = new ConcurrentLinkedQueue<>();
        private final Queue<Throwable> surprises = new ConcurrentLinkedQueue<>();
        private final HubGroup hubs;
        private final long seed;

        Storm(HubGroup hubs, long seed) {
            this.hubs = hubs;
            this.seed = seed;
        }

        void run() throws InterruptedException {
            var random = new Random(seed);
            var spawners = new ArrayList<GreenThread<?>>();
            for (int i = 0; i < 6; i++) {
                var own = new Random(random.nextLong());
                spawners.add(Evy.spawn(hubs.next(), () -> spawnMany(own, JOBS)));
            }
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 2; i++) {
                var own = new Random(random.nextLong());
                var thread = new Thread(() -> spawnMany(own, JOBS));
                thread.start();
                threads.add(thread);
            }
            nudge(spawners, random);
            for (Thread thread : threads) {
                thread.join();
            }
            check();
        }

        /* Throws something into spawners, wherever they are, until they have ended. */
        void nudge(List<GreenThread<?>> spawners, Random random) {
            awaitUntil(
                    "spawners end",
                    () -> {
                        Evy.kill(spawners.get(random.nextInt(spawners.size())), new Nudge());
                        return spawners.stream().allMatch(GreenThread::isDone);
                    });
            for (GreenThread<?> spawner : spawners) {
                Throwable end = catchThrowable(spawner::join);
                if (end != null && !(end instanceof Nudge)) {
                    surprises.add(end);
                }
            }
        }

        void spawnMany(Random random, int count) {
            for (int i = 0; i < count; i++) {
                try {
                    spawnOne(random);
                } catch (Nudge expected) {
                    continue;
                } catch (Throwable t) {
                    surprises.add(t);
                }
            }
        }

        private void spawnOne(Random random) {
            var job = new Job(random.nextInt(4));
            jobs.add(job);
            switch (random.nextInt(4)) {
                case 0 -> {
                    var unused = Timeout.run(Duration.ofNanos(random.nextInt(300_000)), job::spawn);
                }
                case 1 -> {
                    job.spawn();
                    job.handle.cancel(true);
                }
                case 2 -> {
                    job.spawn();
                    Evy.kill(job.handle);
                }
                default -> job.spawn();
            }
        }

        void check() {
            pool.waitAll();
            for (Job job : jobs) {
                job.check();
            }
            assertThat(surprises).isEmpty();
            assertThat(pool.running()).isZero();
            assertThat(pool.waiting()).isZero();
            assertThat(pool.free()).isEqualTo(SIZE);
        }

        private final class Job {
            private final int steps;
            private final AtomicInteger runs = new AtomicInteger();
            private final AtomicInteger tooMany = new AtomicInteger();
            private volatile boolean finished;
            private volatile GreenThread<Integer> handle;

            Job(int steps) {
                this.steps = steps;
            }

            void spawn() {
                handle = pool.spawn(this::work);
            }

            private int work() {
                runs.incrementAndGet();
                if (pool.running() > SIZE) {
                    tooMany.incrementAndGet();
                }
                for (int i = 0; i < steps; i++) {
                    Evy.yield();
                }
                if (steps == 3) {
                    Evy.sleep(Duration.ofNanos(50_000));
                }
                finished = true;
                return steps;
            }

            void check() {
                assertThat(tooMany).hasValue(0);
                if (handle == null) {
                    assertThat(runs).as("runs of a task that was not accepted").hasValue(0);
                    return;
                }
                assertThat(handle.isDone()).isTrue();
                Throwable end = catchThrowable(handle::join);
                if (end == null) {
                    assertThat(runs).hasValue(1);
                    assertThat(finished).isTrue();
                } else {
                    assertThat(end).isInstanceOf(GreenThreadExit.class);
                    assertThat(runs.get()).isLessThanOrEqualTo(1);
                }
            }
        }

        private static final class Nudge extends RuntimeException {}
    }
}
