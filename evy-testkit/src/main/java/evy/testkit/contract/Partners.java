package evy.testkit.contract;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.hubs.Hub;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/**
 * The threads a test starts, all of one {@link Origin} unless it asks for another. Closing ends
 * those that are left.
 *
 * @thread the test's, and another one to close
 */
public final class Partners implements AutoCloseable {
    /* Only a test that fails waits as long. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int YIELDS_BEFORE_PAUSE = 100;
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final Origin origin;
    private final List<Partner> all = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private @Nullable Hub otherHub;

    /**
     * Partners of an origin; none yet.
     *
     * @param origin where they come from
     */
    public Partners(Origin origin) {
        this.origin = origin;
    }

    /** {@return where they come from} */
    public Origin origin() {
        return origin;
    }

    /**
     * Starts one, and returns when it has begun. One of the test's own hub has come to its first
     * wait then.
     *
     * @checkpoint always
     * @param body what it does
     * @return the partner
     */
    public Partner start(Callable<?> body) {
        return start(origin, body);
    }

    /**
     * Starts one of another origin; otherwise as {@link #start(Callable)}.
     *
     * @checkpoint always
     * @param from where it comes from
     * @param body what it does
     * @return the partner
     */
    public Partner start(Origin from, Callable<?> body) {
        Partner partner = new Partner(body);
        all.add(partner);
        switch (from) {
            case OWN_HUB -> spawn(Hub.current(), partner);
            case OTHER_HUB -> spawn(otherHub(), partner);
            case PLATFORM_THREAD -> {
                Thread thread = new Thread(partner::run, "partner-" + all.size());
                threads.add(thread);
                thread.start();
            }
        }
        partner.awaitBegin();
        return partner;
    }

    private static void spawn(Hub hub, Partner partner) {
        GreenThread<?> _ = Evy.spawn(hub, partner::run);
    }

    private Hub otherHub() {
        Hub hub = otherHub;
        if (hub == null) {
            hub = Hub.open();
            otherHub = hub;
        }
        return hub;
    }

    /**
     * Lets others run until a condition holds.
     *
     * @checkpoint always
     * @param what the condition in words
     * @param condition looked at again and again
     * @throws AssertionError if it does not come to hold
     */
    public static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (int looks = 0; !condition.getAsBoolean(); looks++) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("in vain: " + what);
            }
            if (looks < YIELDS_BEFORE_PAUSE) {
                Evy.yield();
            } else {
                Evy.sleep(PAUSE); // the others are not on this hub: leave them the processor
            }
        }
    }

    /**
     * Ends all that have not, and waits for it.
     *
     * @checkpoint always
     */
    @Override
    public void close() {
        for (Partner partner : all) {
            if (!partner.isDone()) {
                partner.raise(new GreenThreadExit("the test is over"));
            }
        }
        for (Thread thread : threads) {
            try {
                thread.join(PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Hub hub = otherHub;
        if (hub != null) {
            hub.close();
        }
    }
}
