package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Body;
import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.hubs.Hub;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** The programs of {@link TimedIT}: timed waits of the JDK on green threads of a patched JVM. */
final class TimedPrograms {
    private static final long LONG_MILLIS = 3_600_000;
    private static final long SHORT_MILLIS = 15;

    /** May end for no reason, by its contract. */
    private static final String PARK = "parkNanos";

    private TimedPrograms() {}

    public static void main(String... args) throws Exception {
        switch (args[0]) {
            case "hub timers" -> Evy.run(TimedPrograms::hubTimers);
            case "last" -> Evy.run(TimedPrograms::last);
            case "cut short" -> Evy.run(TimedPrograms::cutShort);
            case "woken" -> Evy.run(TimedPrograms::woken);
            case "many" -> Evy.run(TimedPrograms::many);
            case "off the hub" -> offTheHub();
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.out.println("DONE");
    }

    /** Every way to wait for a time. */
    private static Map<String, TimedWait> waits() {
        Object monitor = new Object();
        ReentrantLock lock = new ReentrantLock();
        Map<String, TimedWait> waits = new LinkedHashMap<>();
        waits.put("Thread.sleep", Thread::sleep);
        waits.put(
                "Object.wait",
                millis -> {
                    synchronized (monitor) {
                        monitor.wait(millis);
                    }
                });
        waits.put(PARK, millis -> LockSupport.parkNanos(millis * 1_000_000));
        waits.put("TimeUnit.sleep", TimeUnit.MILLISECONDS::sleep);
        waits.put(
                "BlockingQueue.poll",
                millis -> new LinkedBlockingQueue<>().poll(millis, TimeUnit.MILLISECONDS));
        waits.put(
                "CountDownLatch.await",
                millis -> new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS));
        waits.put(
                "Condition.await",
                millis -> {
                    lock.lock();
                    try {
                        lock.newCondition().await(millis, TimeUnit.MILLISECONDS);
                    } finally {
                        lock.unlock();
                    }
                });
        waits.put(
                "CompletableFuture.get",
                millis -> {
                    try {
                        new CompletableFuture<>().get(millis, TimeUnit.MILLISECONDS);
                    } catch (TimeoutException e) {
                        return;
                    }
                });
        return waits;
    }

    /** Waits for so long. */
    private interface TimedWait {
        void await(long millis) throws Exception;
    }

    private static GreenThread<?> begin(TimedWait wait) {
        GreenThread<?> thread = Evy.spawn((Body<Exception>) () -> wait.await(LONG_MILLIS));
        while (thread.thread().getState() != Thread.State.TIMED_WAITING) {
            Evy.yield();
        }
        return thread;
    }

    private static int timers() {
        return Hub.current().pendingTimers().size();
    }

    private static void hubTimers() throws Exception {
        for (var wait : waits().entrySet()) {
            GreenThread<?> thread = begin(wait.getValue());
            assertThat(timers()).as(wait.getKey()).isEqualTo(1);
            assertThat(Hub.current().pendingTimers().getFirst().remaining())
                    .isBetween(Duration.ofMillis(LONG_MILLIS / 2), Duration.ofMillis(LONG_MILLIS));
            thread.kill();
            assertThat(timers()).as(wait.getKey()).isZero();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .as("the JDK's timer threads were not needed")
                .noneMatch(name -> name.contains("unparker"));
    }

    private static void last() throws Exception {
        for (var wait : waits().entrySet()) {
            long start = System.nanoTime();
            wait.getValue().await(SHORT_MILLIS);
            if (!wait.getKey().equals(PARK)) {
                assertThat(System.nanoTime() - start)
                        .as(wait.getKey())
                        .isGreaterThanOrEqualTo(SHORT_MILLIS * 1_000_000);
            }
            assertThat(timers()).as(wait.getKey()).isZero();
        }
    }

    private static void cutShort() throws Exception {
        for (var wait : waits().entrySet()) {
            if (!wait.getKey().equals(PARK)) {
                boolean inTime =
                        Timeout.run(
                                Duration.ofMillis(SHORT_MILLIS),
                                () -> wait.getValue().await(LONG_MILLIS));
                assertThat(inTime).as(wait.getKey()).isFalse();
                assertThat(timers()).as(wait.getKey()).isZero();
            }
        }
    }

    /** What ends a wait early takes its timer along. */
    private static void woken() throws Exception {
        GreenThread<?> parked = begin(waits().get(PARK));
        LockSupport.unpark(parked.thread());
        parked.join();
        assertThat(timers()).isZero();

        GreenThread<?> sleeper = begin(waits().get("Thread.sleep"));
        Thread.ofPlatform().start(() -> sleeper.thread().interrupt()).join();
        assertThatThrownBy(sleeper::join).isInstanceOf(InterruptedException.class);
        assertThat(timers()).isZero();

        Object monitor = new Object();
        GreenThread<?> waiting =
                begin(
                        millis -> {
                            synchronized (monitor) {
                                monitor.wait(millis);
                            }
                        });
        synchronized (monitor) {
            monitor.notifyAll();
        }
        waiting.join();
        assertThat(timers()).isZero();
    }

    private static void many() throws Exception {
        int[] done = new int[1];
        GreenThread<?>[] threads = new GreenThread<?>[1_000];
        for (int i = 0; i < threads.length; i++) {
            int round = i;
            threads[i] =
                    Evy.spawn(
                            () -> {
                                Thread.sleep(1 + round % 20);
                                LockSupport.parkNanos(1_000L * round);
                                done[0]++;
                            });
        }
        for (GreenThread<?> thread : threads) {
            thread.join();
        }
        assertThat(done[0]).isEqualTo(threads.length);
        assertThat(timers()).isZero();
    }

    private static void offTheHub() throws Exception {
        Hub hub = Hub.getDefault();
        for (ThreadKind kind : new ThreadKind[] {ThreadKind.PLATFORM, ThreadKind.VIRTUAL}) {
            for (var wait : waits().entrySet()) {
                long start = System.nanoTime();
                var running =
                        kind.start(
                                () -> {
                                    wait.getValue().await(SHORT_MILLIS);
                                    return hub.pendingTimers().size();
                                });
                assertThat(running.outcome()).as(wait.getKey()).isEqualTo(0);
                if (!wait.getKey().equals(PARK)) {
                    assertThat(System.nanoTime() - start)
                            .as(wait.getKey())
                            .isGreaterThanOrEqualTo(SHORT_MILLIS * 1_000_000);
                }
            }
        }
    }
}
