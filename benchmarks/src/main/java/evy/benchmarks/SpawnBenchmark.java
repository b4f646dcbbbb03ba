package evy.benchmarks;

import evy.Evy;
import evy.GreenPool;
import evy.GreenThread;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;

/**
 * What it costs to start a thread that does nothing, to run it and to join it.
 *
 * <p>Claim: at most 200 ns on a hub. Falsified by more than that, or by stock virtual threads being
 * no slower.
 */
@OperationsPerInvocation(HubBenchmark.BATCH)
@State(Scope.Benchmark)
public class SpawnBenchmark extends HubBenchmark {
    private int ran;

    @Benchmark
    public int evy() throws Exception {
        return Evy.run(
                () -> {
                    var threads = new GreenThread<?>[BATCH];
                    for (int i = 0; i < BATCH; i++) {
                        threads[i] = Evy.spawn(() -> ran++);
                    }
                    for (var thread : threads) {
                        thread.join();
                    }
                    return ran;
                });
    }

    /** Without a handle: what a server does for each connection. */
    @Benchmark
    public int evyWithoutResult() throws Exception {
        return Evy.run(
                () -> {
                    int target = ran + BATCH;
                    for (int i = 0; i < BATCH; i++) {
                        Evy.spawnN(() -> ran++);
                    }
                    while (ran != target) {
                        Evy.yield();
                    }
                    return ran;
                });
    }

    /** Through a pool that has room for all. */
    @Benchmark
    public int evyPool() throws Exception {
        return Evy.run(
                () -> {
                    var pool = new GreenPool(BATCH);
                    for (int i = 0; i < BATCH; i++) {
                        pool.spawnN(() -> ran++);
                    }
                    pool.waitAll();
                    return ran;
                });
    }

    @Benchmark
    public int stockVirtual() throws Exception {
        return runVirtual(() -> startAndJoin(Thread.ofVirtual()));
    }

    @Benchmark
    public int platform() throws Exception {
        return startAndJoin(Thread.ofPlatform());
    }

    /** No thread at all: the floor of a scheduler that cannot block. */
    @Benchmark
    public int forkJoinTask() {
        var tasks = new ForkJoinTask<?>[BATCH];
        var pool = ForkJoinPool.commonPool();
        for (int i = 0; i < BATCH; i++) {
            tasks[i] = pool.submit(() -> ran++);
        }
        for (var task : tasks) {
            task.join();
        }
        return ran;
    }

    private int startAndJoin(Thread.Builder kind) throws InterruptedException {
        var threads = new Thread[BATCH];
        for (int i = 0; i < BATCH; i++) {
            threads[i] = kind.start(() -> ran++);
        }
        for (var thread : threads) {
            thread.join();
        }
        return ran;
    }
}
