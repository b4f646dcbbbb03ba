package evy.benchmarks;

import evy.Evy;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * One switch between two threads that do nothing but yield to each other.
 *
 * <p>Falsified by stock virtual threads being no slower.
 */
@OperationsPerInvocation(2 * HubBenchmark.BATCH)
public class YieldBenchmark extends HubBenchmark {
    @Benchmark
    public void evy() throws Exception {
        Evy.run(
                () -> {
                    var other =
                            Evy.spawn(
                                    () -> {
                                        yieldGreen();
                                        return null;
                                    });
                    yieldGreen();
                    other.join();
                    return null;
                });
    }

    /** {@code Thread.yield} as code that knows nothing of Evy calls it. */
    @Benchmark
    public void evyThreadYield() throws Exception {
        Evy.run(
                () -> {
                    var other =
                            Evy.spawn(
                                    () -> {
                                        yieldThread();
                                        return null;
                                    });
                    yieldThread();
                    other.join();
                    return null;
                });
    }

    @Benchmark
    public void stockVirtual() throws Exception {
        runVirtual(
                () -> {
                    var other = Thread.startVirtualThread(YieldBenchmark::yieldThread);
                    yieldThread();
                    other.join();
                    return null;
                });
    }

    private static void yieldGreen() throws Exception {
        for (int i = 0; i < BATCH; i++) {
            Evy.yield();
        }
    }

    private static void yieldThread() {
        for (int i = 0; i < BATCH; i++) {
            Thread.yield();
        }
    }
}
