package evy.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

class WaiterTest {
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);
    private static final long MILLI = 1_000_000;
    private static final long PATIENCE_SECONDS = 20;
    private static final int RACES = 20_000;

    private Hub hub;

    @BeforeEach
    void openHub() {
        hub = Hub.open();
    }

    @AfterEach
    void closeHub() {
        hub.close();
    }

    /** A green thread with a result. */
    private static final class Green<T> extends Greenlet {
        private final FutureTask<T> task;

        Green(Hub hub, Callable<T> body) {
            super(hub, null);
            task = new FutureTask<>(body);
            start();
        }

        @Override
        protected void run() {
            task.run();
        }

        T result() throws Exception {
            try {
                return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw Greenlet.<Exception>thrown(e.getCause());
            }
        }
    }

    private static final class Stop extends Cancellation {
        Stop() {
            super("stop");
        }
    }

    private <T> T inGreen(Callable<T> body) throws Exception {
        return new Green<>(hub, body).result();
    }

    /** The waiter of a green thread that has begun to wait for something. */
    private Waiter waiterOf(Greenlet greenlet) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() - end < 0) {
            Waiter waiter = hub.call(greenlet::waiter);
            if (waiter != null) {
                return waiter;
            }
        }
        throw new AssertionError(greenlet + " does not wait");
    }

    @Test
    void await_wokenBefore_returnsAtOnce() throws Exception {
        for (long nanos : new long[] {0, HOUR, Waiter.FOREVER}) {
            var waiter = Waiter.current("test");
            assertThat(waiter.isWaiting()).isTrue();

            assertThat(waiter.wake()).isTrue();

            assertThat(waiter.await(nanos)).isTrue();
            assertThat(waiter.isWaiting()).isFalse();
        }
    }

    @Test
    void wake_twice_onlyTheFirstWins() {
        var waiter = Waiter.current("test");

        assertThat(waiter.wake()).isTrue();
        assertThat(waiter.wake()).isFalse();
    }

    /* The interrupt ends the wait, or it is there for the next one. */
    @Test
    void await_interruptedAndWokenAtOnce_losesNoInterrupt() throws Exception {
        AtomicReference<Waiter> current = new AtomicReference<>();
        Thread me = Thread.currentThread();
        Thread other =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int i = 0; i < RACES; i++) {
                                        Waiter waiter = current.getAndSet(null);
                                        while (waiter == null) {
                                            Thread.onSpinWait();
                                            waiter = current.getAndSet(null);
                                        }
                                        me.interrupt();
                                        waiter.wake();
                                    }
                                });

        int lost = 0;
        for (int i = 0; i < RACES; i++) {
            Waiter waiter = Waiter.current("test");
            current.set(waiter);
            boolean told;
            try {
                waiter.await(HOUR);
                told = Thread.interrupted(); // it came before the wake
            } catch (InterruptedException e) {
                told = true;
            }
            lost += told ? 0 : 1;
        }
        other.join();

        assertThat(lost).isZero();
    }

    @Test
    void await_noTime_onlyLooks() throws Exception {
        for (long nanos : new long[] {0, -1, Long.MIN_VALUE}) {
            var waiter = Waiter.current("test");

            assertThat(waiter.await(nanos)).isFalse();
            assertThat(waiter.isWaiting()).isFalse();
            assertThat(waiter.wake()).isFalse();
        }
    }

    @Test
    void await_timeIsOver_isFalseNotBefore() throws Exception {
        Callable<Boolean> body =
                () -> {
                    long begin = System.nanoTime();
                    var waiter = Waiter.current("test");

                    boolean woken = waiter.await(20 * MILLI);

                    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(20 * MILLI);
                    assertThat(waiter.wake()).isFalse();
                    return woken;
                };

        assertThat(body.call()).isFalse();
        assertThat(inGreen(body)).isFalse();
    }

    @Test
    void await_wokenInTime_leavesNoTimer() throws Exception {
        int timers =
                inGreen(
                        () -> {
                            var waiter = Waiter.current("test");
                            hub.execute(waiter::wake);
                            assertThat(waiter.await(HOUR)).isTrue();
                            return hub.timers().size();
                        });

        assertThat(timers).isZero();
    }

    @Test
    void await_raisedWhileWaiting_throwsItAndRefusesTheWake() throws Exception {
        var stop = new Stop();
        var green = new Green<>(hub, () -> catchThrowable(Waiter.current("test")::await));
        Waiter waiter = waiterOf(green);

        green.raise(stop);

        assertThat(green.result()).isSameAs(stop);
        assertThat(waiter.wake()).isFalse();
        assertThat(green.waitsFor()).isNull();
        assertThat(hub.call(green::hasPending)).isFalse();
    }

    @Test
    void await_raisedWhileWaitingWithLimit_leavesNoTimer() throws Exception {
        var stop = new Stop();
        var green = new Green<>(hub, () -> catchThrowable(() -> Waiter.current("x").await(HOUR)));
        waiterOf(green);

        green.raise(stop);

        assertThat(green.result()).isSameAs(stop);
        assertThat(hub.call(() -> hub.timers().size())).isZero();
    }

    @Test
    void await_raisedBefore_throwsItWithoutWaiting() throws Exception {
        boolean refused =
                inGreen(
                        () -> {
                            var stop = new Stop();
                            var waiter = Waiter.current("test");
                            Greenlet.current().raise(stop);
                            assertThat(catchThrowable(waiter::await)).isSameAs(stop);
                            assertThat(Waiter.current("next").await(0)).isFalse();
                            return !waiter.wake();
                        });

        assertThat(refused).isTrue();
    }

    @Test
    void await_wokenThenRaised_isWokenAndTheNextWaitThrows() throws Exception {
        var stop = new Stop();
        var green =
                new Green<>(
                        hub,
                        () -> {
                            assertThat(Waiter.current("first").await(HOUR)).isTrue();
                            return catchThrowable(() -> Waiter.current("second").await(HOUR));
                        });
        Waiter waiter = waiterOf(green);

        boolean woken =
                hub.call(
                        () -> {
                            boolean first = waiter.wake();
                            green.raise(stop);
                            return first;
                        });

        assertThat(woken).isTrue();
        assertThat(green.result()).isSameAs(stop);
    }

    @Test
    void await_raisedThenWoken_throwsAndTheWakerLearnsIt() throws Exception {
        var stop = new Stop();
        var green = new Green<>(hub, () -> catchThrowable(Waiter.current("test")::await));
        Waiter waiter = waiterOf(green);

        boolean woken =
                hub.call(
                        () -> {
                            green.raise(stop);
                            return waiter.wake();
                        });

        assertThat(woken).isFalse();
        assertThat(green.result()).isSameAs(stop);
    }

    @Test
    void wake_late_doesNotEndTheNextWait() throws Exception {
        Callable<Boolean> body =
                () -> {
                    var first = Waiter.current("first");
                    assertThat(first.await(MILLI)).isFalse();
                    var second = Waiter.current("second");
                    hub.execute(first::wake);
                    return second.await(20 * MILLI);
                };

        assertThat(body.call()).isFalse();
        assertThat(inGreen(body)).isFalse();
    }

    @Test
    void await_strayUnparks_goesOnWaiting() throws Exception {
        var ended = new AtomicInteger();
        var green =
                new Green<>(
                        hub,
                        () -> {
                            boolean woken = Waiter.current("test").await(HOUR);
                            ended.incrementAndGet();
                            return woken;
                        });
        Waiter waiter = waiterOf(green);

        for (int i = 0; i < 10; i++) {
            LockSupport.unpark(green.thread());
            hub.letAllRun();
        }

        assertThat(ended).hasValue(0);
        assertThat(waiter.wake()).isTrue();
        assertThat(green.result()).isTrue();
    }

    @Test
    void await_interruptedBeforeOrWhileWaiting_throwsAndClearsTheStatus() throws Exception {
        Callable<Boolean> body =
                () -> {
                    var waiter = Waiter.current("something");
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(() -> waiter.await(HOUR))
                            .isInstanceOf(InterruptedException.class)
                            .hasMessageContaining("something");
                    assertThat(waiter.wake()).isFalse();
                    return Thread.currentThread().isInterrupted();
                };
        var green = new Green<>(hub, () -> catchThrowable(Waiter.current("test")::await));
        waiterOf(green);

        green.thread().interrupt();

        assertThat(green.result()).isInstanceOf(InterruptedException.class);
        assertThat(body.call()).isFalse();
        assertThat(inGreen(body)).isFalse();
    }

    @Test
    void await_wokenAndInterrupted_isWokenAndStaysInterrupted() throws Exception {
        Callable<Boolean> body =
                () -> {
                    var waiter = Waiter.current("test");
                    waiter.wake();
                    Thread.currentThread().interrupt();
                    assertThat(waiter.await(HOUR)).isTrue();
                    return Thread.interrupted();
                };

        assertThat(body.call()).isTrue();
        assertThat(inGreen(body)).isTrue();
    }

    @Test
    void await_platformThreadRaised_throwsIt() throws Exception {
        var stop = new Stop();
        Greenlet me = Greenlet.current();
        var waiter = Waiter.current("test");
        hub.execute(() -> me.raise(stop));

        assertThat(catchThrowable(waiter::await)).isSameAs(stop);

        assertThat(waiter.wake()).isFalse();
        assertThat(me.takePending()).isNull(); // under the lock, which who raised may still hold
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void current_hubsCallback_isRefused() throws Exception {
        Throwable refusal = hub.call(() -> catchThrowable(() -> Waiter.current("the moon")));

        assertThat(refusal)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(hub.name())
                .hasMessageContaining("the moon");
    }

    @Test
    void reason_whileWaiting_isShown() throws Exception {
        var reason = new Object();
        var green = new Green<>(hub, () -> Waiter.current(reason).await(HOUR));
        Waiter waiter = waiterOf(green);

        assertThat(waiter.reason()).isSameAs(reason);
        assertThat(green.waitsFor()).isSameAs(reason);
        assertThat(waiter).asString().contains("waits for " + reason);
        assertThat(waiter.wake()).isTrue();
        assertThat(waiter).asString().contains("woken").contains(reason.toString());
        assertThat(green.result()).isTrue();
    }

    @Test
    void wake_twoThreadsAtOnce_exactlyOneWins() throws Exception {
        var waiters = new Waiter[5_000];
        for (int i = 0; i < waiters.length; i++) {
            waiters[i] = Waiter.current("test");
        }
        var arrived = new AtomicInteger();
        Callable<Integer> wakeAll =
                () -> {
                    int won = 0;
                    for (int i = 0; i < waiters.length; i++) {
                        arrived.incrementAndGet();
                        while (arrived.get() < 2 * (i + 1)) {
                            Thread.onSpinWait(); // both at the same waiter
                        }
                        won += waiters[i].wake() ? 1 : 0;
                    }
                    return won;
                };
        var other = new FutureTask<>(wakeAll);
        var thread = new Thread(other);
        thread.start();

        int won = wakeAll.call() + other.get(PATIENCE_SECONDS, TimeUnit.SECONDS);

        thread.join();
        assertThat(won).isEqualTo(waiters.length);
    }

    @Test
    void end_wakersTimeAndRaiseAtOnce_exactlyOneWins() throws Exception {
        long seed = new Random().nextLong();
        try {
            new Race(seed, 1_500).run(WaiterTest::inPlatformThread);
            new Race(seed, 1_500).run(this::inGreen);
        } catch (Throwable t) {
            throw new AssertionError("seed " + seed, t);
        }
    }

    /* A thread of its own: what is raised last may still be pending there. */
    private static <T> T inPlatformThread(Callable<T> body) throws Exception {
        var task = new FutureTask<>(body);
        var thread = new Thread(task);
        thread.start();
        T result = task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        thread.join();
        return result;
    }

    private interface Runner {
        int run(Callable<Integer> body) throws Exception;
    }

    /** One thread waits again and again; two others wake and raise as it pleases them. */
    private static final class Race {
        private final Random random;
        private final int rounds;
        private final AtomicInteger wakes = new AtomicInteger();
        private final CountDownLatch begun = new CountDownLatch(1);

        private volatile Waiter waiter;
        private volatile Greenlet waiting;
        private volatile boolean over;
        private int data; // handed over by a wake

        Race(long seed, int rounds) {
            this.random = new Random(seed);
            this.rounds = rounds;
        }

        void run(Runner runner) throws Exception {
            long raiserSeed = random.nextLong();
            var waker = new Thread(this::wakeAll);
            var raiser = new Thread(() -> raiseAll(new Random(raiserSeed)));
            waker.start();
            raiser.start();
            int woken;
            try {
                woken = runner.run(this::waitAll);
            } finally {
                over = true;
                waker.join();
                raiser.join();
            }
            assertThat(wakes).as("wakes that won").hasValue(woken);
        }

        private int waitAll() throws InterruptedException {
            int woken = 0;
            waiting = Greenlet.current();
            for (int i = 0; i < rounds; i++) {
                try {
                    var next = Waiter.current("round " + i);
                    waiter = next;
                    begun.countDown();
                    if (next.await(random.nextInt(100_000))) {
                        woken++;
                        assertThat(data).as("data handed over").isEqualTo(next.hashCode());
                    }
                } catch (Stop | InterruptedException expected) {
                    continue;
                }
            }
            var last = waiter;
            assertThat(last.isWaiting()).isFalse();
            return woken;
        }

        private void wakeAll() {
            Waiter last = null;
            awaitBegin();
            while (!over) {
                Waiter next = waiter;
                if (next != last) {
                    data = next.hashCode();
                    if (next.wake()) {
                        wakes.incrementAndGet();
                    }
                    last = next;
                } else {
                    Thread.yield();
                }
            }
        }

        private void raiseAll(Random own) {
            awaitBegin();
            while (!over) {
                waiting.raise(new Stop());
                for (int pause = own.nextInt(200); pause > 0 && !over; pause--) {
                    Thread.yield();
                }
            }
        }

        private void awaitBegin() {
            try {
                assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
