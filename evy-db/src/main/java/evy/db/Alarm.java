package evy.db;

import evy.hubs.Hub;
import evy.hubs.Timer;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * The one timer of a pool, set to the earliest thing that is to be done. It may ring too early, as
 * what it was set for may have been done: who hears it looks what is due and sets it again.
 */
// all guarded by the stock's lock
final class Alarm {
    private final Runnable action;
    private @Nullable Timer timer;
    private @Nullable Hub hub;
    private long atNanos;

    /**
     * @param action what to do when it rings, on the hub
     */
    Alarm(Runnable action) {
        this.action = action;
    }

    /** Makes it ring at that time or earlier. */
    void set(Hub home, long nanos, long nowNanos) {
        Timer set = timer;
        if (set != null) {
            if (nanos - atNanos >= 0 && hub == home) {
                return;
            }
            set.cancel();
        }
        atNanos = nanos;
        hub = home;
        timer = home.schedule(Duration.ofNanos(Math.max(0, nanos - nowNanos)), action);
    }

    /** To be called when it has rung. */
    void rang() {
        timer = null;
    }

    void cancel() {
        Timer set = timer;
        timer = null;
        if (set != null) {
            set.cancel();
        }
    }
}
