package evy.patcher.replacements;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A pool whose threads are green if a task is handed in on a green thread and needs a new one. */
public class PatchedThreadPool extends ThreadPoolExecutor {
    /**
     * As {@link ThreadPoolExecutor#ThreadPoolExecutor(int, int, long, TimeUnit, BlockingQueue)}.
     *
     * @param core see there
     * @param maximum see there
     * @param keepAlive see there
     * @param unit see there
     * @param queue see there
     */
    public PatchedThreadPool(
            int core, int maximum, long keepAlive, TimeUnit unit, BlockingQueue<Runnable> queue) {
        super(core, maximum, keepAlive, unit, queue, WorkerFactory.usual());
    }

    /**
     * As {@link ThreadPoolExecutor#ThreadPoolExecutor(int, int, long, TimeUnit, BlockingQueue,
     * ThreadFactory)}.
     *
     * @param core see there
     * @param maximum see there
     * @param keepAlive see there
     * @param unit see there
     * @param queue see there
     * @param factory see there
     */
    public PatchedThreadPool(
            int core,
            int maximum,
            long keepAlive,
            TimeUnit unit,
            BlockingQueue<Runnable> queue,
            ThreadFactory factory) {
        super(core, maximum, keepAlive, unit, queue, WorkerFactory.of(factory));
    }

    /**
     * As {@link ThreadPoolExecutor#ThreadPoolExecutor(int, int, long, TimeUnit, BlockingQueue,
     * RejectedExecutionHandler)}.
     *
     * @param core see there
     * @param maximum see there
     * @param keepAlive see there
     * @param unit see there
     * @param queue see there
     * @param handler see there
     */
    public PatchedThreadPool(
            int core,
            int maximum,
            long keepAlive,
            TimeUnit unit,
            BlockingQueue<Runnable> queue,
            RejectedExecutionHandler handler) {
        super(core, maximum, keepAlive, unit, queue, WorkerFactory.usual(), handler);
    }

    /**
     * As {@link ThreadPoolExecutor#ThreadPoolExecutor(int, int, long, TimeUnit, BlockingQueue,
     * ThreadFactory, RejectedExecutionHandler)}.
     *
     * @param core see there
     * @param maximum see there
     * @param keepAlive see there
     * @param unit see there
     * @param queue see there
     * @param factory see there
     * @param handler see there
     */
    public PatchedThreadPool(
            int core,
            int maximum,
            long keepAlive,
            TimeUnit unit,
            BlockingQueue<Runnable> queue,
            ThreadFactory factory,
            RejectedExecutionHandler handler) {
        super(core, maximum, keepAlive, unit, queue, WorkerFactory.of(factory), handler);
    }

    @Override
    public void setThreadFactory(ThreadFactory factory) {
        super.setThreadFactory(WorkerFactory.of(factory));
    }

    /**
     * As {@link ThreadPoolExecutor#getThreadFactory}. Not overridden: a pool asks itself.
     *
     * @param pool the pool
     * @return see there
     */
    public static ThreadFactory getThreadFactory(ThreadPoolExecutor pool) {
        return WorkerFactory.originalOf(pool.getThreadFactory());
    }
}
