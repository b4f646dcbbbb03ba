package evy.processes;

import evy.pools.Pool;
import evy.pools.PoolOptions;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * A number of processes that run the same command and serve one at a time. Those that have ended
 * are not handed out and not taken back: new ones are started in their place.
 *
 * @thread any
 * @source eventlet {@code processes.ProcessPool}
 */
public final class ProcessPool extends Pool<Process> {
    /**
     * A pool of up to {@value Pool#DEFAULT_SIZE} processes, started when they are needed.
     *
     * @param command the program
     * @param arguments its arguments
     */
    public ProcessPool(String command, String... arguments) {
        this(command, List.of(arguments), 0, DEFAULT_SIZE);
    }

    /**
     * A pool of processes.
     *
     * <p>Throws what starting the first ones throws.
     *
     * @param command the program
     * @param arguments its arguments
     * @param minSize how many are started at once
     * @param maxSize how many there may be
     * @throws IllegalArgumentException if one of the numbers is negative, or the first greater
     */
    public ProcessPool(String command, List<String> arguments, int minSize, int maxSize) {
        super(
                PoolOptions.DEFAULT.withMaxSize(maxSize).withMinSize(minSize),
                () -> new Process(command, arguments, null));
    }

    @Override
    public Process get() throws InterruptedException {
        Process process = super.get();
        while (process.isDead()) {
            discard(process);
            process = super.get();
        }
        return process;
    }

    @Override
    public Process get(Duration timeout) throws InterruptedException, TimeoutException {
        long start = System.nanoTime();
        Process process = super.get(timeout);
        while (process.isDead()) {
            discard(process);
            process = super.get(timeout.minusNanos(System.nanoTime() - start));
        }
        return process;
    }

    @Override
    public void put(Process process) {
        if (process.isDead()) {
            discard(process);
        } else {
            super.put(process);
        }
    }
}
