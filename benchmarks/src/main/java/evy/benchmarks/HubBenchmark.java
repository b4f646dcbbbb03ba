package evy.benchmarks;

import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * The settings of every benchmark here, and how a rival enters its own threads.
 *
 * <p>One invocation is a batch, so that entering the hub, once in it, does not count. Stock virtual
 * threads get one carrier, as a hub is one thread.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "-Xms2g",
            "-Xmx2g",
            "-XX:+UseSerialGC",
            "-Djdk.virtualThreadScheduler.parallelism=1",
            "-Djdk.virtualThreadScheduler.maxPoolSize=1",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED"
        })
abstract class HubBenchmark {
    /** Operations in one invocation. */
    static final int BATCH = 1000;

    /**
     * Runs {@code body} on a new virtual thread of the JDK's scheduler and waits for it: the
     * counterpart of {@code Evy.run}.
     */
    static <T> T runVirtual(Callable<T> body) throws Exception {
        return runOn(Thread.ofVirtual(), body);
    }

    /** Runs {@code body} on a new platform thread and waits for it. */
    static <T> T runPlatform(Callable<T> body) throws Exception {
        return runOn(Thread.ofPlatform(), body);
    }

    private static <T> T runOn(Thread.Builder kind, Callable<T> body) throws Exception {
        var task = new FutureTask<>(body);
        kind.start(task);
        return task.get();
    }
}
