package evy.benchmarks;

import com.softwaremill.jox.Channel;

import evy.Evy;
import evy.sync.LightQueue;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A put and a take by one thread, with nobody to wait for.
 *
 * <p>Claim: at most 20 ns each on a hub, and nothing allocated. Falsified by more.
 */
@State(Scope.Benchmark)
@OperationsPerInvocation(2 * QueueBenchmark.PAIRS)
public class QueueBenchmark extends HubBenchmark {
    static final int PAIRS = 100_000;

    private static final Integer ELEMENT = 1;

    // a field, lest the compiler find that nobody else can see it
    public BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(1);

    @Benchmark
    public int evy() throws Exception {
        return Evy.run(() -> pairs(new LightQueue<>(16)));
    }

    @Benchmark
    public int stockVirtual() throws Exception {
        return runVirtual(() -> pairs(new ArrayBlockingQueue<>(16)));
    }

    @Benchmark
    public int stockVirtualLinked() throws Exception {
        return runVirtual(() -> pairs(new LinkedBlockingQueue<>()));
    }

    @Benchmark
    public int stockVirtualJox() throws Exception {
        return runVirtual(
                () -> {
                    var channel = Channel.<Integer>newBufferedChannel(16);
                    int sum = 0;
                    for (int i = 0; i < PAIRS; i++) {
                        channel.send(ELEMENT);
                        sum += channel.receive();
                    }
                    return sum;
                });
    }

    @Benchmark
    public int platform() throws Exception {
        return runPlatform(() -> pairs(new ArrayBlockingQueue<>(16)));
    }

    private int pairs(BlockingQueue<Integer> tested) throws InterruptedException {
        queue = tested;
        int sum = 0;
        for (int i = 0; i < PAIRS; i++) {
            queue.put(ELEMENT);
            sum += queue.take();
        }
        return sum;
    }
}
