package evy.patcher.replacements;

import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;

/** As {@link PatchedThreadPool}, for tasks that run later or again and again. */
public class PatchedScheduledThreadPool extends ScheduledThreadPoolExecutor {
    /**
     * As {@link ScheduledThreadPoolExecutor#ScheduledThreadPoolExecutor(int)}.
     *
     * @param core see there
     */
    public PatchedScheduledThreadPool(int core) {
        super(core, WorkerFactory.usual());
    }

    /**
     * As {@link ScheduledThreadPoolExecutor#ScheduledThreadPoolExecutor(int, ThreadFactory)}.
     *
     * @param core see there
     * @param factory see there
     */
    public PatchedScheduledThreadPool(int core, ThreadFactory factory) {
        super(core, WorkerFactory.of(factory));
    }

    /**
     * As {@link ScheduledThreadPoolExecutor#ScheduledThreadPoolExecutor(int,
     * RejectedExecutionHandler)}.
     *
     * @param core see there
     * @param handler see there
     */
    public PatchedScheduledThreadPool(int core, RejectedExecutionHandler handler) {
        super(core, WorkerFactory.usual(), handler);
    }

    /**
     * As {@link ScheduledThreadPoolExecutor#ScheduledThreadPoolExecutor(int, ThreadFactory,
     * RejectedExecutionHandler)}.
     *
     * @param core see there
     * @param factory see there
     * @param handler see there
     */
    public PatchedScheduledThreadPool(
            int core, ThreadFactory factory, RejectedExecutionHandler handler) {
        super(core, WorkerFactory.of(factory), handler);
    }

    @Override
    public void setThreadFactory(ThreadFactory factory) {
        super.setThreadFactory(WorkerFactory.of(factory));
    }
}
