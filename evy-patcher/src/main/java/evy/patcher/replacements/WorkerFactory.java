package evy.patcher.replacements;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ThreadFactory;

/**
 * What an executor of the JDK is given in place of a factory. Executors start threads in a way of
 * their own, which no thread can override, so they get the green twin itself.
 */
final class WorkerFactory implements ThreadFactory {
    private final ThreadFactory original;

    private WorkerFactory(ThreadFactory original) {
        this.original = original;
    }

    /** A factory in place of the JDK's. */
    static ThreadFactory usual() {
        return new WorkerFactory(PatchedThreadFactory.usual());
    }

    /** A factory in place of another; of null, null, which the executor does not take either. */
    static @Nullable ThreadFactory of(@Nullable ThreadFactory factory) {
        return factory == null || factory instanceof WorkerFactory
                ? factory
                : new WorkerFactory(factory);
    }

    /** The factory that the program has given. */
    static ThreadFactory originalOf(ThreadFactory factory) {
        return factory instanceof WorkerFactory worker ? worker.original : factory;
    }

    @Override
    public @Nullable Thread newThread(Runnable task) {
        Thread thread = original.newThread(task);
        return thread == null ? null : Twin.running(thread);
    }
}
