package evy.benchmarks;

import evy.Evy;
import evy.hubs.Hub;
import evy.hubs.Timer;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Adding a timer and cancelling it, as every read with a time limit does. A batch of timers with
 * different delays is added, then cancelled in the same order. One operation is an add and a
 * cancel.
 *
 * <p>Claim: at most 100 ns for each half, so 200 ns here, whether none or a million are pending.
 * Falsified by more, or by a cost that grows with the number pending.
 */
@OperationsPerInvocation(HubBenchmark.BATCH)
public class TimerBenchmark extends HubBenchmark {
    private static final Runnable NOTHING = () -> {};

    @Benchmark
    public int evy(HubTimers state) throws Exception {
        return Evy.run(
                () -> {
                    var hub = Hub.current();
                    var timers = new Timer[BATCH];
                    for (int i = 0; i < BATCH; i++) {
                        timers[i] = hub.schedule(Delays.of(i), NOTHING);
                    }
                    for (var timer : timers) {
                        timer.cancel();
                    }
                    return timers.length;
                });
    }

    @Benchmark
    public int scheduledThreadPool(ExecutorTimers state) {
        var timers = new ScheduledFuture<?>[BATCH];
        for (int i = 0; i < BATCH; i++) {
            timers[i] = state.add(i);
        }
        for (var timer : timers) {
            timer.cancel(false);
        }
        return timers.length;
    }

    /** The default hub, with timers pending that never fire. */
    @State(Scope.Benchmark)
    public static class HubTimers {
        @Param({"0", "1000000"})
        public int pending;

        private Timer[] timers;

        @Setup(Level.Trial)
        public void add() throws Exception {
            timers =
                    Evy.run(
                            () -> {
                                var hub = Hub.current();
                                var added = new Timer[pending];
                                for (int i = 0; i < pending; i++) {
                                    added[i] = hub.schedule(Delays.of(i), NOTHING);
                                }
                                return added;
                            });
        }

        @TearDown(Level.Trial)
        public void cancel() throws Exception {
            Evy.run(
                    () -> {
                        for (var timer : timers) {
                            timer.cancel();
                        }
                        return null;
                    });
        }
    }

    /** The JDK's executor, which drops cancelled timers, with timers pending that never fire. */
    @State(Scope.Benchmark)
    public static class ExecutorTimers {
        @Param({"0", "1000000"})
        public int pending;

        private ScheduledThreadPoolExecutor executor;

        @Setup(Level.Trial)
        public void open() {
            executor = new ScheduledThreadPoolExecutor(1);
            executor.setRemoveOnCancelPolicy(true);
            for (int i = 0; i < pending; i++) {
                add(i);
            }
        }

        ScheduledFuture<?> add(int index) {
            return executor.schedule(NOTHING, Delays.of(index).toNanos(), TimeUnit.NANOSECONDS);
        }

        @TearDown(Level.Trial)
        public void close() {
            executor.shutdownNow();
        }
    }

    /** Delays between ten minutes and two hours, the same in every run. */
    private static final class Delays {
        private static final int COUNT = 1 << 12;
        private static final Duration[] ALL = new Duration[COUNT];

        static {
            var random = new Random(12);
            for (int i = 0; i < COUNT; i++) {
                ALL[i] = Duration.ofSeconds(600).plusNanos(random.nextLong(6_600_000_000_000L));
            }
        }

        static Duration of(int index) {
            return ALL[index & COUNT - 1];
        }
    }
}
