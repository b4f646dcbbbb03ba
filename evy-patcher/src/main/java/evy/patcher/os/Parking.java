package evy.patcher.os;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.tpool.Tpool;

/**
 * Whether the current green thread may be parked where it is, that is, in the middle of a call that
 * programs and the JDK know as one that does not park.
 *
 * <p>It must not under a class initialiser or another native frame: such a thread takes its hub's
 * thread with it, which then hears of nothing that could wake it. For the same reason nobody should
 * park who holds a lock that a class initialiser may want: of class loaders, archives, logs. In
 * such cases the call is made in place, as it is without the agent.
 */
final class Parking {
    private Parking() {}

    /**
     * {@return true if a call that ends soon in any case may be made by a native thread while this
     * one is parked; others have had a turn then}
     */
    static boolean isHarmless(Hub hub) {
        return !HeldLocks.areThere() && Tpool.numThreads() > 0 && isPossible(hub);
    }

    /**
     * {@return true if a call that may take for ever may park, whatever the thread holds; others
     * have had a turn then}
     */
    /* A thread that is pinned keeps the hub, and the callback does not come to run. */
    static boolean isPossible(Hub hub) {
        boolean[] gaveWay = {false};
        hub.execute(() -> gaveWay[0] = true);
        if (Greenlet.currentOrNull() != null) {
            Greenlet.giveTurn();
        } else {
            Thread.yield(); // a virtual thread that a green one has started
        }
        return gaveWay[0];
    }
}
