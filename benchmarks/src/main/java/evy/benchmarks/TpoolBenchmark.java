package evy.benchmarks;

import evy.Evy;
import evy.tpool.Tpool;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

/**
 * A call that does nothing, made on a native thread while the caller waits for its result.
 *
 * <p>Claim: at most 10 µs there and back. Falsified by more, or by an executor that is called from
 * a stock virtual thread being faster. Needs two cores that do not halt: see the README.
 */
@OperationsPerInvocation(HubBenchmark.BATCH)
@State(Scope.Benchmark)
public class TpoolBenchmark extends HubBenchmark {
    private static final Callable<Integer> ONE = () -> 1;

    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final ForkJoinPool forkJoinPool = new ForkJoinPool(4);

    @Benchmark
    public int evy() throws Exception {
        return Evy.run(
                () -> {
                    int sum = 0;
                    for (int i = 0; i < BATCH; i++) {
                        sum += Tpool.execute(ONE);
                    }
                    return sum;
                });
    }

    @Benchmark
    public int stockVirtual() throws Exception {
        return runVirtual(() -> sum(executor));
    }

    @Benchmark
    public int platform() throws Exception {
        return sum(executor);
    }

    @Benchmark
    public int platformForkJoinPool() throws Exception {
        return sum(forkJoinPool);
    }

    @TearDown
    public void close() {
        executor.shutdownNow();
        forkJoinPool.shutdownNow();
    }

    private static int sum(ExecutorService pool) throws Exception {
        int sum = 0;
        for (int i = 0; i < BATCH; i++) {
            sum += pool.submit(ONE).get();
        }
        return sum;
    }
}
