package evy;

import evy.hubs.Hub;

import java.util.concurrent.ThreadFactory;

/**
 * Makes threads that run on a hub: give it to any library that takes a {@link ThreadFactory}. They
 * are green: they run one at a time, and {@link Evy#kill} and {@link Timeout} reach them.
 */
public final class GreenThreadFactory implements ThreadFactory {
    private final Hub hub;

    /** Threads on the default hub. */
    public GreenThreadFactory() {
        this(Hub.getDefault());
    }

    /**
     * Threads on a hub.
     *
     * @param hub the hub they will run on
     */
    public GreenThreadFactory(Hub hub) {
        this.hub = hub;
    }

    @Override
    public Thread newThread(Runnable task) {
        return new Detached(hub, task::run).thread();
    }
}
