package evy.patcher.replacements;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** Makes the threads that a factory of the JDK makes; green ones on a green thread. */
final class PatchedThreadFactory implements ThreadFactory {
    private final ThreadFactory original;

    PatchedThreadFactory(ThreadFactory original) {
        this.original = original;
    }

    /** A factory in place of {@link Executors#defaultThreadFactory}. */
    static ThreadFactory usual() {
        return new PatchedThreadFactory(Executors.defaultThreadFactory());
    }

    @Override
    public @Nullable Thread newThread(Runnable task) {
        Thread thread = original.newThread(task);
        return Current.isGreen() ? PatchedThread.like(thread, task) : thread;
    }
}
