package evy.benchmarks;

import evy.Evy;
import evy.GreenThread;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Many threads that sleep at the same time, from start to end. The sleep is short against the work
 * of putting all to sleep and waking them, so the time is that work, with 1/{@value #SLEEPERS} of
 * the sleep added.
 *
 * <p>Falsified by stock virtual threads being no slower.
 */
@OperationsPerInvocation(SleepBenchmark.SLEEPERS)
@State(Scope.Benchmark)
public class SleepBenchmark extends HubBenchmark {
    static final int SLEEPERS = 20_000;

    private static final Duration NAP = Duration.ofMillis(1);

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);

    @Benchmark
    public void evy() throws Exception {
        Evy.run(
                () -> {
                    var sleepers = new GreenThread<?>[SLEEPERS];
                    for (int i = 0; i < SLEEPERS; i++) {
                        sleepers[i] =
                                Evy.spawn(
                                        () -> {
                                            Evy.sleep(NAP);
                                            return null;
                                        });
                    }
                    for (var sleeper : sleepers) {
                        sleeper.join();
                    }
                    return null;
                });
    }

    @Benchmark
    public void stockVirtual() throws Exception {
        runVirtual(
                () -> {
                    var sleepers = new Thread[SLEEPERS];
                    for (int i = 0; i < SLEEPERS; i++) {
                        sleepers[i] = Thread.startVirtualThread(SleepBenchmark::nap);
                    }
                    for (var sleeper : sleepers) {
                        sleeper.join();
                    }
                    return null;
                });
    }

    /** Timers without threads: what an asynchronous program would do. */
    @Benchmark
    public void scheduledThreadPool() throws Exception {
        var woken = new CountDownLatch(SLEEPERS);
        for (int i = 0; i < SLEEPERS; i++) {
            executor.schedule(woken::countDown, NAP.toNanos(), TimeUnit.NANOSECONDS);
        }
        woken.await();
    }

    @TearDown
    public void close() {
        executor.shutdownNow();
    }

    private static void nap() {
        try {
            Thread.sleep(NAP);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
