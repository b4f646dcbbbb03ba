package evy.benchmarks;

import evy.Evy;
import evy.GreenThread;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.function.Consumer;

/**
 * What one and five links add to the cost of a green thread, see {@link SpawnBenchmark}, and what
 * it costs to take one back: {@code spawn_link} and {@code unlink} of Evy for Python.
 *
 * <p>Claim: a link costs less than a tenth of a spawn. Falsified by more.
 */
@OperationsPerInvocation(HubBenchmark.BATCH)
@State(Scope.Benchmark)
public class LinkBenchmark extends HubBenchmark {
    private int called;

    @Benchmark
    public int evyLink1() throws Exception {
        return Evy.run(() -> spawnAndLink(1, false));
    }

    @Benchmark
    public int evyLink5() throws Exception {
        return Evy.run(() -> spawnAndLink(5, false));
    }

    @Benchmark
    public int evyUnlink() throws Exception {
        return Evy.run(() -> spawnAndLink(1, true));
    }

    private int spawnAndLink(int links, boolean unlink) {
        Consumer<GreenThread<Integer>> link = ended -> called++;
        var threads = new GreenThread<?>[BATCH];
        for (int i = 0; i < BATCH; i++) {
            GreenThread<Integer> thread = Evy.spawn(() -> 1);
            for (int j = 0; j < links; j++) {
                thread.link(link);
            }
            if (unlink) {
                thread.unlink(link);
            }
            threads[i] = thread;
        }
        for (var thread : threads) {
            thread.join();
        }
        return called;
    }
}
