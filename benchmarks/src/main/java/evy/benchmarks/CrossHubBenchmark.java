package evy.benchmarks;

import evy.Evy;
import evy.hubs.HubGroup;
import evy.sync.LightQueue;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One thread puts on one core, another takes on another: two hubs, two carriers, two platform
 * threads.
 *
 * <p>Claim: no worse than a {@code LinkedBlockingQueue}. Falsified by more.
 */
@State(Scope.Benchmark)
@OperationsPerInvocation(CrossHubBenchmark.ELEMENTS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "-Xms2g",
            "-Xmx2g",
            "-XX:+UseSerialGC",
            "-Djdk.virtualThreadScheduler.parallelism=2",
            "-Djdk.virtualThreadScheduler.maxPoolSize=2",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED"
        })
public class CrossHubBenchmark extends HubBenchmark {
    static final int ELEMENTS = 20_000;

    @Param({"1", "1000"})
    public int capacity;

    private final HubGroup hubs = HubGroup.open(2);

    @Benchmark
    public void evy() throws Exception {
        betweenHubs(Pipe.of(new LightQueue<Integer>(capacity)));
    }

    @Benchmark
    public void evyLinkedBlockingQueue() throws Exception {
        betweenHubs(Pipe.ofJdkLinked(capacity));
    }

    @Benchmark
    public void stockVirtual() throws Exception {
        var pipe = Pipe.ofJdkLinked(capacity);
        runVirtual(() -> pipe.runOn(Thread.ofVirtual(), ELEMENTS));
    }

    @Benchmark
    public void stockVirtualJox() throws Exception {
        var pipe = Pipe.ofJox(capacity);
        runVirtual(() -> pipe.runOn(Thread.ofVirtual(), ELEMENTS));
    }

    @Benchmark
    public void platform() throws Exception {
        var pipe = Pipe.ofJdkLinked(capacity);
        runPlatform(() -> pipe.runOn(Thread.ofPlatform(), ELEMENTS));
    }

    @TearDown
    public void close() {
        hubs.close();
    }

    private void betweenHubs(Pipe pipe) {
        var producer = Evy.spawn(hubs.hubs().getFirst(), () -> pipe.fill(ELEMENTS));
        var consumer = Evy.spawn(hubs.hubs().getLast(), () -> pipe.drain(ELEMENTS));
        producer.join();
        consumer.join();
    }
}
