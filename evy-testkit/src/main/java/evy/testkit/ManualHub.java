package evy.testkit;

import evy.Body;
import evy.Evy;
import evy.hubs.Hub;
import evy.hubs.HubOptions;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * A hub for tests: the same code as any other, in virtual time, and if wanted in another order than
 * first come, first served, which a seed repeats.
 *
 * {@snippet :
 * try (var manual = ManualHub.open()) {
 *     manual.run(() -> Evy.sleep(Duration.ofHours(1)));
 *     assertThat(manual.clock().elapsed()).isEqualTo(Duration.ofHours(1));
 * }
 * }
 */
public final class ManualHub implements AutoCloseable {
    private final Hub hub;
    private final ManualClock clock;

    private ManualHub(@Nullable Long seed) {
        clock = new ManualClock();
        hub =
                Hub.open(
                        HubOptions.DEFAULT
                                .named("evy-manual-hub")
                                .withClock(clock)
                                .inOrder(seed == null ? null : new Random(seed)));
    }

    /**
     * Opens a hub that runs green threads first come, first served.
     *
     * @return a running hub; close it
     */
    public static ManualHub open() {
        return new ManualHub(null);
    }

    /**
     * Opens a hub that runs green threads in an order drawn by lot, the same for the same seed.
     *
     * @param seed put it into the message of a test that fails
     * @return a running hub; close it
     */
    public static ManualHub open(long seed) {
        return new ManualHub(seed);
    }

    /** {@return the hub} */
    public Hub hub() {
        return hub;
    }

    /** {@return the time it lives by} */
    public ManualClock clock() {
        return clock;
    }

    /**
     * Runs a body as a green thread of this hub and waits for it.
     *
     * @checkpoint always
     * @param <T> type of the result
     * @param body what to do
     * @return its result
     * @throws Exception the very exception it threw
     */
    public <T extends @Nullable Object> T call(Callable<T> body) throws Exception {
        return Evy.<T>spawn(hub, body).join();
    }

    /**
     * Runs a body as a green thread of this hub and waits for it.
     *
     * @checkpoint always
     * @param <X> what it throws
     * @param body what to do
     * @throws X the very exception it threw
     */
    public <X extends Exception> void run(Body<X> body) throws X {
        Evy.spawn(hub, body).join();
    }

    /**
     * Moves the time, fires what is due by then and lets all run that can.
     *
     * @checkpoint always
     * @param duration zero or positive
     */
    public void advance(Duration duration) {
        clock.advance(duration);
        letAllRun();
    }

    /**
     * Waits until everything that can run has had a turn.
     *
     * @checkpoint always
     */
    public void letAllRun() {
        hub.letAllRun();
        hub.letAllRun(); // the timers that were due have fired in between
    }

    /** Closes the hub; its green threads are killed. */
    @Override
    public void close() {
        hub.close();
    }
}
