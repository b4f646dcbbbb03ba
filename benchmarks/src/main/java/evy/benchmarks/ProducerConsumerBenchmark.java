package evy.benchmarks;

import evy.Evy;
import evy.sync.LightQueue;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * One thread puts, another takes; what a put and a take cost together, waiting for each other
 * included. Capacity 0 is a rendezvous.
 *
 * <p>Claim: half of what the best rival needs. Falsified by more.
 */
@State(Scope.Benchmark)
@OperationsPerInvocation(ProducerConsumerBenchmark.ELEMENTS)
public class ProducerConsumerBenchmark extends HubBenchmark {
    static final int ELEMENTS = 20_000;

    @Param({"0", "1", "16", "1000"})
    public int capacity;

    @Benchmark
    public void evy() throws Exception {
        var pipe = Pipe.of(new LightQueue<Integer>(capacity));
        Evy.run(
                () -> {
                    var producer = Evy.spawn(() -> pipe.fill(ELEMENTS));
                    pipe.drain(ELEMENTS);
                    producer.join();
                    return null;
                });
    }

    @Benchmark
    public void stockVirtual() throws Exception {
        var pipe = Pipe.ofJdk(capacity);
        runVirtual(() -> pipe.runOn(Thread.ofVirtual(), ELEMENTS));
    }

    @Benchmark
    public void stockVirtualJox() throws Exception {
        var pipe = Pipe.ofJox(capacity);
        runVirtual(() -> pipe.runOn(Thread.ofVirtual(), ELEMENTS));
    }

    @Benchmark
    public void platform() throws Exception {
        var pipe = Pipe.ofJdk(capacity);
        runPlatform(() -> pipe.runOn(Thread.ofPlatform(), ELEMENTS));
    }
}
