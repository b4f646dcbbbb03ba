package evy.benchmarks;

import evy.Evy;
import evy.hubs.Hub;
import evy.sync.Event;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A timer that is added and fires, a batch of them with delays of up to a tenth of a millisecond:
 * the {@code hub_timers} benchmark of Evy for Python. The time includes the delays; {@link
 * TimerBenchmark} has the cost of timers that are cancelled.
 *
 * <p>Claim: no more than with the JDK's executor. Falsified by more.
 */
@OperationsPerInvocation(HubBenchmark.BATCH)
@State(Scope.Benchmark)
public class TimerFireBenchmark extends HubBenchmark {
    private static final long[] DELAYS_NANOS = new Random(12).longs(BATCH, 0, 100_000).toArray();

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
    private int fired; // hub thread only

    @Benchmark
    public int evy() throws Exception {
        return Evy.run(
                () -> {
                    var hub = Hub.current();
                    var all = new Event<Integer>();
                    int target = fired + BATCH;
                    for (long delay : DELAYS_NANOS) {
                        hub.schedule(
                                Duration.ofNanos(delay),
                                () -> {
                                    if (++fired == target) {
                                        all.send(fired);
                                    }
                                });
                    }
                    return all.await();
                });
    }

    @Benchmark
    public void scheduledThreadPool() throws InterruptedException {
        var all = new CountDownLatch(BATCH);
        for (long delay : DELAYS_NANOS) {
            executor.schedule(all::countDown, delay, TimeUnit.NANOSECONDS);
        }
        all.await();
    }

    @TearDown
    public void close() {
        executor.shutdownNow();
    }
}
