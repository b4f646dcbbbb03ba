package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.GreenPool;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Results;
import evy.Timeout;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Waiter;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;
import evy.tpool.Tpool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * A kill and a timeout reach a green thread at every call that blocks, from wherever they come, and
 * leave nothing behind: what was blocked in works afterwards, the thread is not marked as
 * interrupted, and nothing arrives later.
 */
@ExtendWith(LeakCheckExtension.class)
class CancellationTest {
    private static final Duration SHORT = Duration.ofMillis(3);
    private static final Duration LONG = Duration.ofDays(1);
    private static final long PATIENCE_SECONDS = 20;

    /** A call that blocks, what it needs, and the proof that all of it works afterwards. */
    private interface Wait extends AutoCloseable {
        void block() throws Exception;

        void useAfterwards() throws Exception;

        @Override
        default void close() throws Exception {}
    }

    /** How such a call is set up, in a green thread. */
    private interface Setup {
        Wait open() throws Exception;
    }

    /** Waits of Evy's own: the exception is thrown from the call as it is. */
    private enum EvyWait {
        SLEEP(SleepWait::new),
        WAITER(WaiterWait::new),
        SOCKET_READ(ReadWait::new),
        SOCKET_WRITE(WriteWait::new),
        SOCKET_ACCEPT(AcceptWait::new),
        JOIN(JoinWait::new),
        POOL_SPAWN(PoolSpawnWait::new),
        IMAP_NEXT(ImapNextWait::new),
        TPOOL_EXECUTE(TpoolWait::new);

        private final Setup setup;

        EvyWait(Setup setup) {
            this.setup = setup;
        }

        Wait open() throws Exception {
            return setup.open();
        }
    }

    /** Waits of the JDK: it comes as an interrupt and is converted on the way out. */
    private enum JdkWait {
        LOCK_INTERRUPTIBLY(LockInterruptiblyWait::new),
        TRY_LOCK(TryLockWait::new),
        CONDITION_AWAIT(ConditionWait::new),
        OBJECT_WAIT(ObjectWait::new),
        FUTURE_GET(FutureGetWait::new),
        THREAD_SLEEP(ThreadSleepWait::new),
        QUEUE_TAKE(QueueTakeWait::new),
        SEMAPHORE_ACQUIRE(SemaphoreWait::new);

        private final Setup setup;

        JdkWait(Setup setup) {
            this.setup = setup;
        }

        Wait open() throws Exception {
            return setup.open();
        }
    }

    /** Where a kill comes from; each is called in a green thread and returns when the kill has. */
    private enum Source {
        SAME_HUB {
            @Override
            void kill(Greenlet target, Throwable exception) {
                Evy.kill(target, exception);
            }
        },
        OTHER_HUB {
            @Override
            void kill(Greenlet target, Throwable exception) {
                try (var other = Hub.open()) {
                    Evy.spawn(other, () -> Evy.kill(target, exception)).join();
                }
            }
        },
        PLATFORM_THREAD {
            @Override
            void kill(Greenlet target, Throwable exception) throws Exception {
                var task = new FutureTask<Void>(() -> Evy.kill(target, exception), null);
                Thread.ofPlatform().start(task);
                task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        },
        HUB_CALLBACK {
            @Override
            void kill(Greenlet target, Throwable exception) {
                Hub.current().execute(() -> Evy.kill(target, exception));
                Evy.yield(); // the callback
                Evy.yield(); // the target
            }
        };

        abstract void kill(Greenlet target, Throwable exception) throws Exception;
    }

    static Stream<Arguments> evyWaitsAndSources() {
        return Stream.of(EvyWait.values())
                .flatMap(w -> Stream.of(Source.values()).map(s -> Arguments.of(w, s)));
    }

    static Stream<Arguments> jdkWaitsAndSources() {
        return Stream.of(JdkWait.values())
                .flatMap(w -> Stream.of(Source.values()).map(s -> Arguments.of(w, s)));
    }

    @Spec({"GT13", "GT15", "GT6"})
    @ParameterizedTest
    @MethodSource("evyWaitsAndSources")
    void kill_evyWait_isThrownThereAtOnceAndLeavesNothingBehind(EvyWait kind, Source source)
            throws Exception {
        Evy.run(
                () -> {
                    try (var wait = kind.open()) {
                        var exit = new GreenThreadExit("of this test");
                        var caught = new ArrayList<Throwable>();
                        var target =
                                Evy.spawn(
                                        () -> {
                                            caught.add(catchThrowable(wait::block));
                                            assertNothingComesLater();
                                        });
                        untilBlocked(target);

                        source.kill(target, exit);
                        var caughtAtOnce = List.copyOf(caught);
                        target.join();

                        assertThat(caught).containsExactly(exit);
                        if (kind != EvyWait.TPOOL_EXECUTE) { // may wait for the pool's lock again
                            assertThat(caughtAtOnce).containsExactly(exit);
                        }
                        wait.useAfterwards();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void timeout_evyWait_isThrownThereAndLeavesNothingBehind(EvyWait kind) throws Exception {
        Evy.run(
                () -> {
                    try (var wait = kind.open()) {
                        try (var timeout = new Timeout(SHORT)) {
                            assertThat(catchThrowable(wait::block)).isSameAs(timeout);
                        }
                        assertNothingComesLater();

                        assertThat(Timeout.run(SHORT, wait::block)).as("again").isFalse();
                        assertNothingComesLater();
                        wait.useAfterwards();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void timeoutWithAnException_evyWait_thatIsThrownThere(EvyWait kind) throws Exception {
        Evy.run(
                () -> {
                    try (var wait = kind.open()) {
                        var mine = new IOException("mine");
                        var timeout = new Timeout(SHORT, mine);

                        assertThat(catchThrowable(() -> timeout.during(wait::block)))
                                .isSameAs(mine);

                        assertNothingComesLater();
                        wait.useAfterwards();
                    }
                });
    }

    @Spec({"GT13", "GT6"})
    @ParameterizedTest
    @MethodSource("jdkWaitsAndSources")
    void kill_jdkWait_interruptsItAndIsWhatTheThreadEndsWith(JdkWait kind, Source source)
            throws Exception {
        Evy.run(
                () -> {
                    try (var wait = kind.open()) {
                        var exit = new GreenThreadExit("of this test");
                        var target =
                                Evy.spawn(
                                        () -> {
                                            wait.block();
                                            return "not reached";
                                        });
                        untilBlocked(target);

                        source.kill(target, exit);

                        assertThat(target.isDead()).as("when kill returns").isTrue();
                        assertThat(catchThrowable(target::join)).isSameAs(exit);
                        assertThat(target.isCancelled()).isTrue();
                        wait.useAfterwards();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void kill_jdkWaitInterruptSwallowed_isThrownAtTheNextBlockingCallOnce(JdkWait kind)
            throws Exception {
        Evy.run(
                () -> {
                    try (var wait = kind.open()) {
                        var exit = new GreenThreadExit("of this test");
                        var caught = new ArrayList<Throwable>();
                        var target =
                                Evy.spawn(
                                        () -> {
                                            caught.add(catchThrowable(wait::block));
                                            caught.add(catchThrowable(() -> Evy.sleep(LONG)));
                                            assertNothingComesLater();
                                        });
                        untilBlocked(target);

                        Evy.kill(target, exit);
                        target.join();

                        assertThat(caught.getFirst()).isInstanceOf(InterruptedException.class);
                        assertThat(caught.getLast()).isSameAs(exit);
                        wait.useAfterwards();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void timeout_jdkWait_isConvertedOnTheWayOutAndLeavesNothingBehind(JdkWait kind)
            throws Exception {
        Evy.run(
                () -> {
                    try (var wait = kind.open()) {
                        var timeout = new Timeout(SHORT);
                        assertThat(catchThrowable(() -> timeout.during(wait::block)))
                                .isSameAs(timeout);
                        assertNothingComesLater();

                        assertThat(Timeout.run(SHORT, wait::block)).as("again").isFalse();
                        assertNothingComesLater();
                        wait.useAfterwards();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void timeoutInTryWithResources_jdkWait_interruptsAndClosingTakesItBack(JdkWait kind)
            throws Exception {
        Evy.run(
                () -> {
                    try (var wait = kind.open()) {
                        try (var timeout = new Timeout(SHORT)) {
                            assertThat(catchThrowable(wait::block))
                                    .isInstanceOf(InterruptedException.class);
                            assertThat(timeout.isPending()).isFalse();
                        }
                        assertNothingComesLater();
                        wait.useAfterwards();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void nestedTimeouts_jdkWait_eachOwnerGetsItsOwn(JdkWait kind) throws Exception {
        Evy.run(
                () -> {
                    try (var wait = kind.open()) {
                        var outer = new Timeout(SHORT);
                        var inner = new Timeout(LONG);

                        Throwable outerFires =
                                catchThrowable(() -> outer.during(() -> inner.during(wait::block)));
                        var longOuter = new Timeout(LONG);
                        boolean innerInTime =
                                longOuter.during(() -> Timeout.run(SHORT, wait::block));

                        assertThat(outerFires).isSameAs(outer);
                        assertThat(innerInTime).isFalse();
                        assertNothingComesLater();
                        wait.useAfterwards();
                    }
                });
    }

    @Test
    void kill_insideATimeoutInAJdkWait_isNotTakenForTheTimeout() {
        Evy.run(
                () -> {
                    var exit = new GreenThreadExit("of this test");
                    var target =
                            Evy.spawn(
                                    () ->
                                            Timeout.call(
                                                    LONG, CancellationTest::sleepLong, "fallback"));
                    untilBlocked(target);

                    Evy.kill(target, exit);

                    assertThat(catchThrowable(target::join)).isSameAs(exit);
                    assertThat(Hub.current().statistics().timers()).isZero();
                });
    }

    private static String sleepLong() throws InterruptedException {
        Thread.sleep(LONG);
        return "slept";
    }

    /* Takes a second: as long as the system waits before it asks a full listener again. */
    @Test
    void connect_fullBacklogKilled_theSameSocketConnectsLater() throws Exception {
        Evy.run(
                () -> {
                    try (var full = new FullListener();
                            var socket = new GreenSocket()) {
                        var exit = new GreenThreadExit("of this test");
                        var connecting =
                                Evy.spawn(
                                        () -> {
                                            var caught = catchConnect(socket, full.address());
                                            assertNothingComesLater();
                                            return caught;
                                        });
                        untilBlocked(connecting);

                        Evy.kill(connecting, exit);
                        Throwable killed = connecting.join();
                        var timeout = new Timeout(SHORT);
                        Throwable timedOut =
                                catchThrowable(
                                        () -> timeout.during(() -> socket.connect(full.address())));
                        assertNothingComesLater();

                        assertThat(killed).isSameAs(exit);
                        assertThat(timedOut).isSameAs(timeout);
                        full.drain();
                        socket.connect(full.address());
                        try (var accepted = full.listener.accept()) {
                            socket.sendAll(new byte[] {7});
                            assertThat(accepted.getInputStream().read()).isEqualTo(7);
                        }
                    }
                });
    }

    @Test
    void evyConnect_fullBacklog_killAndTimeoutReachItAndNothingIsLeftOpen() throws Exception {
        Evy.run(
                () -> {
                    try (var full = new FullListener()) {
                        var exit = new GreenThreadExit("of this test");
                        var connecting = Evy.spawn(() -> Evy.connect(full.address()));
                        untilBlocked(connecting);

                        Evy.kill(connecting, exit);

                        assertThat(catchThrowable(connecting::join)).isSameAs(exit);
                        var timeout = new Timeout(SHORT);
                        assertThatThrownBy(() -> timeout.during(() -> Evy.connect(full.address())))
                                .isSameAs(timeout);
                        assertNothingComesLater();
                    }
                });
    }

    private static Throwable catchConnect(GreenSocket socket, SocketAddress address) {
        return catchThrowable(() -> socket.connect(address));
    }

    @Test
    void kill_park_returnsInterruptedAndTheNextBlockingCallThrows() {
        Evy.run(
                () -> {
                    var exit = new GreenThreadExit("of this test");
                    var seen = new ArrayList<Object>();
                    var target =
                            Evy.spawn(
                                    () -> {
                                        LockSupport.park();
                                        seen.add(Thread.currentThread().isInterrupted());
                                        seen.add(catchThrowable(Evy::yield));
                                        assertNothingComesLater();
                                    });
                    untilBlocked(target);

                    Evy.kill(target, exit);
                    var seenAtOnce = List.copyOf(seen);
                    target.join();

                    assertThat(seenAtOnce).containsExactly(true, exit);
                });
    }

    @Test
    void timeout_park_returnsAndLeavesNothingBehind() {
        Evy.run(
                () -> {
                    var timeout = new Timeout(SHORT);
                    var returned = new AtomicBoolean();

                    timeout.during(
                            () -> {
                                while (timeout.isPending()) {
                                    LockSupport.park();
                                }
                                returned.set(true); // and no blocking call: nothing is thrown
                            });

                    assertThat(returned).isTrue();
                    assertNothingComesLater();
                });
    }

    @Test
    void kill_lockThatCannotBeInterrupted_isDeliveredAtTheNextBlockingCallAfterIt() {
        Evy.run(
                () -> {
                    var lock = new ReentrantLock();
                    var exit = new GreenThreadExit("of this test");
                    var seen = new ArrayList<Object>();
                    lock.lock();
                    var target =
                            Evy.spawn(
                                    () -> {
                                        lock.lock();
                                        try {
                                            seen.add("acquired");
                                            seen.add(catchThrowable(() -> Evy.sleep(LONG)));
                                            assertNothingComesLater();
                                        } finally {
                                            lock.unlock();
                                        }
                                    });
                    untilBlocked(target);

                    Evy.kill(target, exit);
                    var seenWhileLocked = List.copyOf(seen);
                    lock.unlock();
                    target.join();

                    assertThat(seenWhileLocked).isEmpty();
                    assertThat(seen).containsExactly("acquired", exit);
                    assertThat(lock.isLocked()).isFalse();
                });
    }

    @Test
    void timeout_lockThatCannotBeInterrupted_inTimeAfterAllLeavesNothingBehind() {
        Evy.run(
                () -> {
                    var lock = new ReentrantLock();
                    var timeouts = new ArrayList<Timeout>();
                    lock.lock();
                    var target =
                            Evy.spawn(
                                    () -> {
                                        try (var timeout = new Timeout(SHORT)) {
                                            timeouts.add(timeout);
                                            lock.lock();
                                        }
                                        lock.unlock();
                                        assertNothingComesLater();
                                        return "done";
                                    });
                    untilBlocked(target);
                    while (timeouts.getFirst().isPending()) {
                        Evy.sleep(SHORT);
                    }

                    lock.unlock();

                    assertThat(target.join()).isEqualTo("done");
                });
    }

    @Test
    void kill_contendedMonitor_isDeliveredAtTheNextBlockingCallAfterIt() {
        Evy.run(
                () -> {
                    var monitor = new Object();
                    var exit = new GreenThreadExit("of this test");
                    var seen = new ArrayList<Object>();
                    GreenThread<?> target;
                    synchronized (monitor) {
                        target =
                                Evy.spawn(
                                        () -> {
                                            synchronized (monitor) {
                                                seen.add("entered");
                                            }
                                            seen.add(catchThrowable(Evy::yield));
                                            assertNothingComesLater();
                                        });
                        Evy.yield();
                        Evy.kill(target, exit);
                        assertThat(seen).isEmpty();
                    }
                    target.join();

                    assertThat(seen).containsExactly("entered", exit);
                });
    }

    @Test
    void killThenWake_sameTurn_killWinsAndTheWakeKnows() {
        Evy.run(
                () -> {
                    var exit = new GreenThreadExit("of this test");
                    var waiters = new ArrayList<Waiter>();
                    var target = Evy.spawn(() -> awaitTwice(waiters));
                    untilBlocked(target);

                    target.raise(exit);
                    boolean woken = waiters.getFirst().wake();
                    Evy.yield();
                    boolean wokenNext = waiters.getLast().wake();

                    assertThat(woken).isFalse();
                    assertThat(wokenNext).isTrue();
                    assertThat(target.join()).containsExactly(exit, "woken");
                });
    }

    @Test
    void wakeThenKill_sameTurn_wakeWinsAndTheKillComesAtTheNextWait() {
        Evy.run(
                () -> {
                    var exit = new GreenThreadExit("of this test");
                    var waiters = new ArrayList<Waiter>();
                    var target = Evy.spawn(() -> awaitTwice(waiters));
                    untilBlocked(target);

                    boolean woken = waiters.getFirst().wake();
                    target.raise(exit);

                    assertThat(woken).isTrue();
                    assertThat(target.join()).containsExactly("woken", exit);
                    assertThat(waiters.getLast().wake()).isFalse();
                });
    }

    private static List<Object> awaitTwice(List<Waiter> waiters) {
        var seen = new ArrayList<Object>();
        for (int i = 0; i < 2; i++) {
            var waiter = Waiter.current("a test");
            waiters.add(waiter);
            Throwable thrown = catchThrowable(waiter::await);
            seen.add(thrown == null ? "woken" : thrown);
        }
        assertNothingComesLater();
        return seen;
    }

    /* Which of the two a JDK queue sees first is its own business; neither may get lost. */
    @Test
    void killThenPut_sameTurn_neitherTheElementNorTheKillIsLost() {
        Evy.run(
                () -> {
                    var exit = new GreenThreadExit("of this test");
                    BlockingQueue<String> queue = new LinkedBlockingQueue<>();
                    var seen = new ArrayList<String>();
                    var target =
                            Evy.spawn(
                                    () -> {
                                        seen.add(queue.take());
                                        Evy.yield();
                                    });
                    untilBlocked(target);

                    target.raise(exit);
                    queue.add("element");

                    assertThat(catchThrowable(target::join)).isSameAs(exit);
                    seen.addAll(queue);
                    assertThat(seen).containsExactly("element");
                });
    }

    @Test
    void putThenKill_sameTurn_theElementIsNotLostAndTheKillComesOnce() {
        Evy.run(
                () -> {
                    var exit = new GreenThreadExit("of this test");
                    BlockingQueue<String> queue = new LinkedBlockingQueue<>();
                    var target =
                            Evy.spawn(
                                    () -> {
                                        var seen = new ArrayList<Object>();
                                        seen.add(queue.take());
                                        seen.add(catchThrowable(Evy::yield));
                                        assertNothingComesLater();
                                        return seen;
                                    });
                    untilBlocked(target);

                    queue.add("element");
                    target.raise(exit);

                    assertThat(target.join()).containsExactly("element", exit);
                });
    }

    @Test
    void timeoutAndWakeDueTogether_wakeFirst_timeoutIsTakenBack() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var waiter = Waiter.current("a test");
                        manual.hub().schedule(LONG, waiter::wake);
                        var timeout = new Timeout(LONG);

                        timeout.during(() -> waiter.await());

                        assertNothingComesLater();
                        assertThat(timeout.isPending()).isFalse();
                    });
        }
    }

    @Test
    void timeoutAndWakeDueTogether_timeoutFirst_wakeIsTooLate() {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        var woken = new ArrayList<Boolean>();
                        var waiter = Waiter.current("a test");
                        var timeout = new Timeout(LONG);
                        manual.hub().schedule(LONG, () -> woken.add(waiter.wake()));

                        Throwable thrown =
                                catchThrowable(() -> timeout.during(() -> waiter.await()));

                        assertNothingComesLater();
                        assertThat(thrown).isSameAs(timeout);
                        assertThat(woken).containsExactly(false);
                    });
        }
    }

    @Test
    void timeoutAndItsOwnSleepDueTogether_timeoutWins() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        assertThat(Timeout.run(LONG, () -> Evy.sleep(LONG))).isFalse();
                        assertThat(Timeout.run(LONG, () -> Thread.sleep(0))).isTrue();
                        assertNothingComesLater();
                    });
        }
    }

    @Test
    void kill_joinerWhileTheJoinedEnds_bothOrdersLeaveNothingBehind() {
        Evy.run(
                () -> {
                    var gate = new Semaphore(0);
                    var joined = Evy.spawn(() -> acquireAndReturn(gate));
                    var exit = new GreenThreadExit("of this test");
                    var joiner =
                            Evy.spawn(
                                    () -> {
                                        Throwable first = catchThrowable(joined::join);
                                        assertNothingComesLater();
                                        return List.of(first, joined.join());
                                    });
                    untilBlocked(joiner);
                    joiner.raise(exit);
                    gate.release();
                    assertThat(joiner.join()).containsExactly(exit, 22);

                    var ending = Evy.spawn(() -> acquireAndReturn(gate));
                    var late =
                            Evy.spawn(
                                    () -> {
                                        int value = ending.join();
                                        Throwable then = catchThrowable(Evy::yield);
                                        assertNothingComesLater();
                                        return List.of(value, then);
                                    });
                    untilBlocked(late);
                    ending.link(gt -> late.raise(exit)); // after the joiner was told
                    gate.release();
                    assertThat(late.join()).containsExactly(22, exit);
                });
    }

    private static int acquireAndReturn(Semaphore gate) throws InterruptedException {
        gate.acquire();
        return 22;
    }

    @Test
    void raise_twoInOneTurn_bothArriveOneAfterTheOther() {
        Evy.run(
                () -> {
                    var first = new GreenThreadExit("first");
                    var second = new IOException("second");
                    var target =
                            Evy.spawn(
                                    () -> {
                                        var seen = new ArrayList<Throwable>();
                                        seen.add(catchThrowable(() -> Evy.sleep(LONG)));
                                        seen.add(catchThrowable(() -> Evy.sleep(LONG)));
                                        assertNothingComesLater();
                                        return seen;
                                    });
                    untilBlocked(target);

                    target.raise(first);
                    target.raise(second);

                    assertThat(target.join()).containsExactly(first, second);
                });
    }

    /** Threads that no hub runs as its own. */
    private enum ForeignThread {
        PLATFORM {
            @Override
            <T> T call(Callable<T> body) throws Exception {
                var task = new FutureTask<>(body);
                Thread.ofPlatform().start(task);
                return result(task);
            }
        },
        STOCK_VIRTUAL {
            @Override
            <T> T call(Callable<T> body) throws Exception {
                var task = new FutureTask<>(body);
                Thread.ofVirtual().start(task);
                return result(task);
            }
        },
        VIRTUAL_INSIDE_A_GREEN_ONE {
            @Override
            <T> T call(Callable<T> body) throws Exception {
                return Evy.run(
                        () -> {
                            var task = new FutureTask<>(body);
                            Thread.ofVirtual().start(task);
                            return result(task);
                        });
            }
        };

        abstract <T> T call(Callable<T> body) throws Exception;

        private static <T> T result(FutureTask<T> task) throws Exception {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void timeout_foreignThreadInEvyWaits_isRaisedThere(ForeignThread kind) throws Exception {
        List<Boolean> same =
                kind.call(
                        () -> {
                            var seen = new ArrayList<Boolean>();
                            var asleep = new Timeout(SHORT);
                            seen.add(asleep == catchThrowable(() -> Evy.sleep(LONG)));
                            var never = Evy.spawn(() -> Evy.sleep(LONG));
                            var joining = new Timeout(SHORT);
                            seen.add(joining == catchThrowable(never::join));
                            never.kill();
                            var cancelled = new Timeout(SHORT);
                            cancelled.cancel();
                            assertNothingComesLater();
                            return seen;
                        });

        assertThat(same).containsExactly(true, true);
    }

    @ParameterizedTest
    @EnumSource
    void timeout_foreignThreadInSockets_isRaisedThereAndTheyStayOpen(ForeignThread kind)
            throws Exception {
        byte[] received =
                kind.call(
                        () -> {
                            try (var pair = new Pair()) {
                                var timeout = new Timeout(SHORT);
                                assertThat(catchThrowable(() -> pair.client.recv(1)))
                                        .isSameAs(timeout);
                                assertNothingComesLater();
                                pair.server.sendAll(new byte[] {7});
                                return pair.client.recv(1);
                            }
                        });

        assertThat(received).containsExactly(7);
    }

    @ParameterizedTest
    @EnumSource
    void timeout_foreignThreadInAJdkWait_isConvertedAndLeavesNothingBehind(ForeignThread kind)
            throws Exception {
        String result =
                kind.call(
                        () -> {
                            var outer = new Timeout(LONG);
                            return outer.during(
                                    () -> {
                                        var timeout = new Timeout(SHORT);
                                        assertThat(
                                                        catchThrowable(
                                                                () ->
                                                                        timeout.during(
                                                                                () -> sleepLong())))
                                                .isSameAs(timeout);
                                        assertNothingComesLater();
                                        return Timeout.call(
                                                SHORT, CancellationTest::sleepLong, "fallback");
                                    });
                        });

        assertThat(result).isEqualTo("fallback");
    }

    @ParameterizedTest
    @EnumSource
    void nestedTimeouts_foreignThread_outerPassesTheInnerOne(ForeignThread kind) throws Exception {
        boolean same =
                kind.call(
                        () -> {
                            var outer = new Timeout(SHORT);
                            Throwable thrown =
                                    catchThrowable(
                                            () ->
                                                    outer.during(
                                                            () ->
                                                                    Timeout.call(
                                                                            LONG,
                                                                            () -> sleepLong(),
                                                                            "inner")));
                            assertNothingComesLater();
                            return thrown == outer;
                        });

        assertThat(same).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void kill_foreignThread_reachesItWhereItWaits(ForeignThread kind) throws Exception {
        var exit = new GreenThreadExit("of this test");
        var identity = new CompletableFuture<Greenlet>();
        var killer =
                Evy.spawn(
                        () -> {
                            Greenlet target = identity.get();
                            while (target.waitsFor() == null) {
                                Evy.sleep(SHORT);
                            }
                            Evy.kill(target, exit);
                        });

        Throwable thrown =
                kind.call(
                        () -> {
                            identity.complete(Evy.current());
                            Throwable caught = catchThrowable(() -> Evy.sleep(LONG));
                            assertNothingComesLater();
                            return caught;
                        });

        killer.join();
        assertThat(thrown).isSameAs(exit);
    }

    /*
     * Its wait is over, but the woken thread has not come to notice: the exception must not be kept
     * for its next wait in Evy alone.
     */
    @Test
    void raise_platformThreadThatWasJustWoken_reachesItsNextJdkWait() throws Exception {
        int rounds = 200;
        var identity = new CompletableFuture<Greenlet>();
        var waiters = new LinkedBlockingQueue<Waiter>();
        var interrupted = new Semaphore(0);
        var task =
                new FutureTask<>(
                        () -> {
                            identity.complete(Evy.current());
                            for (int i = 0; i < rounds; i++) {
                                awaitWakeThenExit(waiters);
                                interrupted.release();
                            }
                            return "done";
                        });
        var thread = Thread.ofPlatform().start(task);
        try {
            Greenlet target = identity.get();
            for (int i = 0; i < rounds; i++) {
                Waiter waiter = waiters.take();

                boolean woken = waiter.wake();
                target.raise(new GreenThreadExit("of this test"));

                assertThat(woken).isTrue();
                assertThat(interrupted.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS))
                        .as("round " + i + ": reached in Thread.sleep")
                        .isTrue();
            }
            assertThat(task.get()).isEqualTo("done");
        } finally {
            while (!thread.join(SHORT)) {
                thread.interrupt(); // out of whatever it waits in, if the test has failed
            }
        }
    }

    private static void awaitWakeThenExit(BlockingQueue<Waiter> waiters)
            throws InterruptedException {
        var waiter = Waiter.current("a test");
        waiters.add(waiter);
        waiter.await();
        assertThatThrownBy(() -> Thread.sleep(Duration.ofMinutes(1)))
                .isInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> Evy.sleep(Duration.ofMinutes(1)))
                .isInstanceOf(GreenThreadExit.class);
    }

    /** Asserts that the thread is not marked as interrupted and that no exception is on its way. */
    private static void assertNothingComesLater() {
        assertThat(Thread.currentThread().isInterrupted()).as("interrupt status").isFalse();
        Throwable stray =
                catchThrowable(
                        () -> {
                            Evy.yield();
                            Evy.sleep(Duration.ofNanos(1));
                            LockSupport.parkNanos(1);
                            Thread.sleep(1);
                            Evy.yield();
                        });
        assertThat(stray).as("a stray exception").isNull();
        assertThat(Thread.currentThread().isInterrupted()).as("interrupt status").isFalse();
    }

    /** Lets a green thread of this hub run until it is blocked. */
    private static void untilBlocked(Greenlet target) {
        do {
            assertThat(target.isDead()).as("dead instead of blocked").isFalse();
            Evy.yield();
        } while (target.waitsFor() == null
                && target.thread().getState() != Thread.State.WAITING
                && target.thread().getState() != Thread.State.TIMED_WAITING);
    }

    private static final class SleepWait implements Wait {
        @Override
        public void block() {
            Evy.sleep(LONG);
        }

        @Override
        public void useAfterwards() {
            assertThat(Hub.current().statistics().timers()).isZero();
        }
    }

    private static final class WaiterWait implements Wait {
        @Override
        public void block() throws InterruptedException {
            Waiter.current("a test").await();
        }

        @Override
        public void useAfterwards() throws InterruptedException {
            var waiter = Waiter.current("a test");
            waiter.wake();
            waiter.await();
        }
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

    private static final class ReadWait implements Wait {
        private final Pair pair = new Pair();

        ReadWait() throws IOException {}

        @Override
        public void block() throws IOException {
            int got = pair.client.getInputStream().read();
            throw new AssertionError("read " + got);
        }

        @Override
        public void useAfterwards() throws IOException {
            pair.server.sendAll(new byte[] {7, 8});
            assertThat(pair.client.getInputStream().readNBytes(2)).containsExactly(7, 8);
        }

        @Override
        public void close() throws IOException {
            pair.close();
        }
    }

    private static final class WriteWait implements Wait {
        private final Pair pair = new Pair();

        WriteWait() throws IOException {
            pair.client.setSendBufferSize(8 * 1024);
            pair.server.setReceiveBufferSize(8 * 1024);
        }

        @Override
        public void block() throws IOException {
            OutputStream out = pair.client.getOutputStream();
            byte[] zeros = new byte[64 * 1024];
            while (true) {
                out.write(zeros);
            }
        }

        @Override
        public void useAfterwards() throws IOException {
            var reader = Evy.spawn(() -> pair.server.getInputStream().readAllBytes());
            pair.client.getOutputStream().write(7);
            pair.client.shutdownOutput();
            byte[] all = reader.join();
            assertThat(all[all.length - 1]).isEqualTo((byte) 7);
            assertThat(all[all.length - 2]).isZero();
        }

        @Override
        public void close() throws IOException {
            pair.close();
        }
    }

    private static final class AcceptWait implements Wait {
        private final GreenServerSocket listener = Evy.listen("127.0.0.1", 0);

        AcceptWait() throws IOException {}

        @Override
        public void block() throws IOException {
            try (var socket = listener.accept()) {
                throw new AssertionError("accepted " + socket);
            }
        }

        @Override
        public void useAfterwards() throws IOException {
            var accepting = Evy.spawn(() -> listener.accept());
            try (var client = Evy.connect(listener.address());
                    var accepted = accepting.join()) {
                client.sendAll(new byte[] {7});
                assertThat(accepted.recv(1)).containsExactly(7);
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    /** A listener that can take no more connections for now: the system lets others wait. */
    private static final class FullListener implements AutoCloseable {
        /* The JDK's own, as not every kind of hub can listen with so short a backlog. */
        final ServerSocket listener;
        private final List<GreenSocket> inBacklog = new ArrayList<>();

        FullListener() throws IOException {
            listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            // not once only: the machine may have been busy with something else
            for (int timeouts = 0; timeouts < 2; ) {
                assertThat(inBacklog).as("connections in a backlog of 1").hasSizeLessThan(64);
                boolean connected = Timeout.run(Duration.ofMillis(100), this::addOne);
                timeouts = connected ? 0 : timeouts + 1;
            }
        }

        private void addOne() throws IOException {
            inBacklog.add(Evy.connect(address()));
        }

        SocketAddress address() {
            return listener.getLocalSocketAddress();
        }

        /** Accepts what is in the backlog. */
        void drain() throws IOException {
            for (int left = inBacklog.size(); left > 0; left--) {
                listener.accept().close();
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
            for (GreenSocket socket : inBacklog) {
                socket.close();
            }
        }
    }

    private static final class JoinWait implements Wait {
        private final Semaphore gate = new Semaphore(0);
        private final GreenThread<Integer> joined = Evy.spawn(() -> acquireAndReturn(gate));

        @Override
        public void block() {
            joined.join();
        }

        @Override
        public void useAfterwards() {
            assertThat(joined.isDone()).isFalse();
            gate.release();
            assertThat(joined.join()).isEqualTo(22);
        }

        @Override
        public void close() {
            joined.kill();
        }
    }

    private static final class PoolSpawnWait implements Wait {
        private final Semaphore gate = new Semaphore(0);
        private final GreenPool pool = new GreenPool(1);
        private final GreenThread<Integer> member = pool.spawn(() -> acquireAndReturn(gate));
        private final AtomicBoolean ran = new AtomicBoolean();

        @Override
        public void block() {
            pool.spawnN(() -> ran.set(true));
        }

        @Override
        public void useAfterwards() {
            assertThat(pool.waiting()).isZero();
            assertThat(pool.free()).isZero();
            gate.release();
            assertThat(pool.spawn(() -> "next").join()).isEqualTo("next");
            pool.waitAll();
            assertThat(pool.free()).isEqualTo(1);
            assertThat(ran).isFalse();
        }

        @Override
        public void close() {
            member.kill();
        }
    }

    private static final class ImapNextWait implements Wait {
        private final Semaphore gate = new Semaphore(0);
        private final Results<Integer> results =
                new GreenPool(2).imap(n -> n + acquireAndReturn(gate), List.of(100, 200));

        @Override
        public void block() {
            results.next();
        }

        @Override
        public void useAfterwards() {
            gate.release(2);
            assertThat(results.next()).isEqualTo(122);
            assertThat(results.next()).isEqualTo(222);
            assertThat(results.hasNext()).isFalse();
        }

        @Override
        public void close() {
            results.close();
        }
    }

    private static final class TpoolWait implements Wait {
        private final CountDownLatch gate = new CountDownLatch(1);

        @Override
        public void block() throws Exception {
            Tpool.execute(
                    () -> {
                        gate.await();
                        return "late, for nobody";
                    });
        }

        @Override
        public void useAfterwards() throws Exception {
            gate.countDown();
            assertThat(Tpool.execute(() -> "mine")).isEqualTo("mine");
        }

        @Override
        public void close() {
            gate.countDown();
        }
    }

    /** A lock that another green thread holds. */
    private abstract static class HeldLock implements Wait {
        final ReentrantLock lock = new ReentrantLock();
        private final Semaphore gate = new Semaphore(0);
        private final GreenThread<?> holder =
                Evy.spawn(
                        () -> {
                            lock.lock();
                            try {
                                gate.acquire();
                            } finally {
                                lock.unlock();
                            }
                        });

        HeldLock() {
            Evy.yield();
        }

        @Override
        public void useAfterwards() {
            assertThat(lock.hasQueuedThreads()).isFalse();
            gate.release();
            lock.lock();
            lock.unlock();
        }

        @Override
        public void close() {
            gate.release();
            holder.join();
        }
    }

    private static final class LockInterruptiblyWait extends HeldLock {
        @Override
        public void block() throws InterruptedException {
            lock.lockInterruptibly();
        }
    }

    private static final class TryLockWait extends HeldLock {
        @Override
        public void block() throws InterruptedException {
            boolean locked = lock.tryLock(1, TimeUnit.DAYS);
            throw new AssertionError("locked: " + locked);
        }
    }

    private static final class ConditionWait implements Wait {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition condition = lock.newCondition();
        private boolean told;

        @Override
        public void block() throws InterruptedException {
            lock.lock();
            try {
                while (!told) {
                    condition.await();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void useAfterwards() {
            assertThat(lock.isLocked()).isFalse();
            var waiting =
                    Evy.spawn(
                            () -> {
                                block();
                                return "told";
                            });
            untilBlocked(waiting);
            lock.lock();
            told = true;
            condition.signal();
            lock.unlock();
            assertThat(waiting.join()).isEqualTo("told");
        }
    }

    private static final class ObjectWait implements Wait {
        private final Object monitor = new Object();
        private boolean told;

        @Override
        public void block() throws InterruptedException {
            synchronized (monitor) {
                while (!told) {
                    monitor.wait();
                }
            }
        }

        @Override
        public void useAfterwards() {
            var waiting =
                    Evy.spawn(
                            () -> {
                                block();
                                return "told";
                            });
            untilBlocked(waiting);
            synchronized (monitor) {
                told = true;
                monitor.notifyAll();
            }
            assertThat(waiting.join()).isEqualTo("told");
        }
    }

    private static final class FutureGetWait implements Wait {
        private final CompletableFuture<String> future = new CompletableFuture<>();

        @Override
        public void block() throws Exception {
            String value = future.get();
            throw new AssertionError("got " + value);
        }

        @Override
        public void useAfterwards() throws Exception {
            var waiting = Evy.spawn(() -> future.get());
            untilBlocked(waiting);
            future.complete("value");
            assertThat(waiting.join()).isEqualTo("value");
        }
    }

    private static final class ThreadSleepWait implements Wait {
        @Override
        public void block() throws InterruptedException {
            Thread.sleep(LONG);
        }

        @Override
        public void useAfterwards() throws InterruptedException {
            Thread.sleep(1);
        }
    }

    private static final class QueueTakeWait implements Wait {
        private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();

        @Override
        public void block() throws InterruptedException {
            String taken = queue.take();
            throw new AssertionError("took " + taken);
        }

        @Override
        public void useAfterwards() {
            var waiting = Evy.spawn(() -> queue.take());
            untilBlocked(waiting);
            queue.add("element");
            assertThat(waiting.join()).isEqualTo("element");
        }
    }

    private static final class SemaphoreWait implements Wait {
        private final Semaphore semaphore = new Semaphore(0);

        @Override
        public void block() throws InterruptedException {
            semaphore.acquire();
        }

        @Override
        public void useAfterwards() {
            var waiting = Evy.spawn(() -> acquireAndReturn(semaphore));
            untilBlocked(waiting);
            semaphore.release();
            assertThat(waiting.join()).isEqualTo(22);
            assertThat(semaphore.availablePermits()).isZero();
        }
    }
}
