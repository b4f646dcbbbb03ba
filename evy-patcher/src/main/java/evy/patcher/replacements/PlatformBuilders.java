package evy.patcher.replacements;

import java.util.concurrent.ThreadFactory;

/** What {@link Thread.Builder.OfPlatform} makes. */
public final class PlatformBuilders {
    private PlatformBuilders() {}

    /**
     * As {@link Thread.Builder#unstarted}.
     *
     * @param builder the builder
     * @param task see there
     * @return see there
     */
    public static Thread unstarted(Thread.Builder.OfPlatform builder, Runnable task) {
        Thread thread = builder.unstarted(task);
        return Current.isGreen() ? PatchedThread.like(thread, task) : thread;
    }

    /**
     * As {@link Thread.Builder#start}.
     *
     * @param builder the builder
     * @param task see there
     * @return see there
     */
    public static Thread start(Thread.Builder.OfPlatform builder, Runnable task) {
        Thread thread = unstarted(builder, task);
        thread.start();
        return thread;
    }

    /**
     * As {@link Thread.Builder#factory}.
     *
     * @param builder the builder
     * @return see there
     */
    public static ThreadFactory factory(Thread.Builder.OfPlatform builder) {
        return new PatchedThreadFactory(builder.factory());
    }
}
