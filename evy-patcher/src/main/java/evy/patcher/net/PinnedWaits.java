package evy.patcher.net;

import evy.hubs.Hub;
import evy.patcher.bridge.Bridge;
import evy.patcher.weave.Green;

import java.util.concurrent.TimeUnit;

/**
 * Lets a hub go on while a green thread waits that cannot leave it, as under a class initialiser:
 * what it waits for may come from the very hub whose thread it keeps.
 */
/*
 * Whoever unparks the thread without going through its hub, as a lock does that another thread
 * releases, is not heard by the poller. So the wait is short, and ends for no reason, as parks may.
 */
final class PinnedWaits implements Bridge.Pins {
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    @Override
    public boolean park(boolean timed, long nanos) {
        Hub hub = Green.hub();
        if (hub == null) {
            return false;
        }
        hub.standIn(timed ? Math.clamp(nanos, 0, LONGEST_NANOS) : LONGEST_NANOS);
        return true;
    }
}
