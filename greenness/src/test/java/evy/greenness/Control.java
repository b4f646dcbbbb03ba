package evy.greenness;

import java.time.Duration;

/**
 * A thread that has nothing to do with the hub. It tells how long this machine makes any thread
 * wait, and notices when the hub has stopped.
 *
 * <p>A platform thread must start it: what a green thread starts is green under the agent.
 */
final class Control {
    /** A hub whose ticker is silent for so long does not come back. */
    static final Duration BLOCKED = Duration.ofSeconds(5);

    private static final Duration TICK = Duration.ofMillis(1);

    private final Ticker own = new Ticker();
    private volatile Ticker watched = own;

    private Control() {}

    /**
     * Starts it.
     *
     * @param whenBlocked run once when the hub has stopped
     */
    static Control start(Runnable whenBlocked) {
        Control control = new Control();
        Thread.ofPlatform().daemon().name("control").start(() -> control.run(whenBlocked));
        return control;
    }

    private void run(Runnable whenBlocked) {
        try {
            own.run(
                    () -> {
                        Thread.sleep(TICK);
                        if (watched.silence().compareTo(BLOCKED) > 0) {
                            own.stop();
                        }
                    });
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
        whenBlocked.run();
    }

    /** Watches a ticker of the hub until {@link #unwatch}. */
    void watch(Ticker ticker) {
        watched = ticker;
    }

    void unwatch() {
        watched = own;
    }

    /** {@return the longest gap since this was asked last} */
    long takeLongestMillis() {
        return own.takeLongestMillis();
    }
}
