package evy.benchmarks.db;

import com.sun.management.OperatingSystemMXBean;

import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import javax.sql.DataSource;

/** Callers that ask for a while, and what that took. */
final class Round {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final DataSource pool;
    private final Workload workload;
    private final long startNanos = System.nanoTime();
    private final long startCpuNanos = SYSTEM.getProcessCpuTime();
    private final long endNanos;
    private final Queue<long[]> waits = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();

    Round(DataSource pool, Workload workload, double seconds) {
        this.pool = pool;
        this.workload = workload;
        this.endNanos = startNanos + (long) (seconds * 1e9);
    }

    /** Asks until the time is over, on the thread that calls. */
    void ask() {
        long[] waited = new long[16];
        int count = 0;
        int requests = 0;
        for (long now = System.nanoTime(); now - endNanos < 0; now = System.nanoTime()) {
            try (Connection connection = pool.getConnection()) {
                long got = System.nanoTime();
                if (count == waited.length) {
                    waited = Arrays.copyOf(waited, 2 * count);
                }
                // who has waited to the end counts, too: else a pool would look best that lets most
                // callers wait for ever
                waited[count++] = got - now;
                if (got - endNanos >= 0) {
                    break; // nobody asks any more, and those behind want to end, too
                }
                workload.ask(connection);
                requests++;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        waits.add(Arrays.copyOf(waited, count));
        answers.add(requests);
    }

    /** {@return the figures as JSON, when all have asked} */
    String figures() {
        double cpu = (SYSTEM.getProcessCpuTime() - startCpuNanos) / 1e9;
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        long[] all = waits.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        long requests = answers.stream().mapToLong(Integer::longValue).sum();
        long served = answers.stream().filter(count -> count > 0).count();
        return ("{\"requests\": %d, \"served\": %d, \"seconds\": %.4f, \"cpu_seconds\": %.4f,"
                        + " \"p50_us\": %.1f, \"p99_us\": %.1f}")
                .formatted(requests, served, seconds, cpu, micros(all, 0.5), micros(all, 0.99));
    }

    private static double micros(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))] / 1e3;
    }
}
