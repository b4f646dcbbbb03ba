package evy.patcher.replacements;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

/** The methods of {@link Executors} that use a thread factory. */
public final class PatchedExecutors {
    private PatchedExecutors() {}

    /**
     * As {@link Executors#defaultThreadFactory}.
     *
     * @return see there
     */
    public static ThreadFactory defaultThreadFactory() {
        return PatchedThreadFactory.usual();
    }

    /**
     * As {@link Executors#newFixedThreadPool(int)}.
     *
     * @param threads see there
     * @return see there
     */
    public static ExecutorService newFixedThreadPool(int threads) {
        return Executors.newFixedThreadPool(threads, WorkerFactory.usual());
    }

    /**
     * As {@link Executors#newCachedThreadPool()}.
     *
     * @return see there
     */
    public static ExecutorService newCachedThreadPool() {
        return Executors.newCachedThreadPool(WorkerFactory.usual());
    }

    /**
     * As {@link Executors#newSingleThreadExecutor()}.
     *
     * @return see there
     */
    public static ExecutorService newSingleThreadExecutor() {
        return Executors.newSingleThreadExecutor(WorkerFactory.usual());
    }

    /**
     * As {@link Executors#newScheduledThreadPool(int)}.
     *
     * @param threads see there
     * @return see there
     */
    public static ScheduledExecutorService newScheduledThreadPool(int threads) {
        return Executors.newScheduledThreadPool(threads, WorkerFactory.usual());
    }

    /**
     * As {@link Executors#newSingleThreadScheduledExecutor()}.
     *
     * @return see there
     */
    public static ScheduledExecutorService newSingleThreadScheduledExecutor() {
        return Executors.newSingleThreadScheduledExecutor(WorkerFactory.usual());
    }

    /**
     * As {@link Executors#newFixedThreadPool(int, ThreadFactory)}.
     *
     * @param threads see there
     * @param factory see there
     * @return see there
     */
    public static ExecutorService newFixedThreadPool(int threads, ThreadFactory factory) {
        return Executors.newFixedThreadPool(threads, WorkerFactory.of(factory));
    }

    /**
     * As {@link Executors#newCachedThreadPool(ThreadFactory)}.
     *
     * @param factory see there
     * @return see there
     */
    public static ExecutorService newCachedThreadPool(ThreadFactory factory) {
        return Executors.newCachedThreadPool(WorkerFactory.of(factory));
    }

    /**
     * As {@link Executors#newSingleThreadExecutor(ThreadFactory)}.
     *
     * @param factory see there
     * @return see there
     */
    public static ExecutorService newSingleThreadExecutor(ThreadFactory factory) {
        return Executors.newSingleThreadExecutor(WorkerFactory.of(factory));
    }

    /**
     * As {@link Executors#newScheduledThreadPool(int, ThreadFactory)}.
     *
     * @param threads see there
     * @param factory see there
     * @return see there
     */
    public static ScheduledExecutorService newScheduledThreadPool(
            int threads, ThreadFactory factory) {
        return Executors.newScheduledThreadPool(threads, WorkerFactory.of(factory));
    }

    /**
     * As {@link Executors#newSingleThreadScheduledExecutor(ThreadFactory)}.
     *
     * @param factory see there
     * @return see there
     */
    public static ScheduledExecutorService newSingleThreadScheduledExecutor(ThreadFactory factory) {
        return Executors.newSingleThreadScheduledExecutor(WorkerFactory.of(factory));
    }

    /**
     * As {@link Executors#newThreadPerTaskExecutor(ThreadFactory)}.
     *
     * @param factory see there
     * @return see there
     */
    public static ExecutorService newThreadPerTaskExecutor(ThreadFactory factory) {
        return Executors.newThreadPerTaskExecutor(WorkerFactory.of(factory));
    }
}
