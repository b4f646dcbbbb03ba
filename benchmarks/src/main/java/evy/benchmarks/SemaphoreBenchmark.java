package evy.benchmarks;

import evy.Evy;
import evy.sync.Semaphore;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * An acquire and a release by one thread, with nobody to wait for; the rivals are fair, as ours is.
 *
 * <p>Claim: at most 20 ns each on a hub, and nothing allocated. Falsified by more.
 */
@State(Scope.Benchmark)
@OperationsPerInvocation(2 * SemaphoreBenchmark.PAIRS)
public class SemaphoreBenchmark extends HubBenchmark {
    static final int PAIRS = 100_000;

    // fields, lest the compiler find that nobody else can see them
    public Semaphore ours = new Semaphore(1);
    public java.util.concurrent.Semaphore theirs = new java.util.concurrent.Semaphore(1, true);

    @Benchmark
    public void evy() throws Exception {
        Evy.run(
                () -> {
                    for (int i = 0; i < PAIRS; i++) {
                        ours.acquire();
                        ours.release();
                    }
                    return null;
                });
    }

    @Benchmark
    public void stockVirtual() throws Exception {
        runVirtual(this::pairs);
    }

    @Benchmark
    public void platform() throws Exception {
        runPlatform(this::pairs);
    }

    private Void pairs() throws InterruptedException {
        for (int i = 0; i < PAIRS; i++) {
            theirs.acquire();
            theirs.release();
        }
        return null;
    }
}
