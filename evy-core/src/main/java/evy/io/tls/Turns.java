package evy.io.tls;

import evy.hubs.Hub;
import evy.internal.util.SpinLock;
import evy.sync.Semaphore;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Lets the handshakes of a hub compute one at a time, so that between two of them whoever else can
 * run does: of two hundred that begin at once each takes milliseconds, and all of them would stand
 * in the run queue before everybody else.
 */
final class Turns {
    /* A computation that itself waits, say for an answer about a revocation, holds up no others. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final SpinLock LOCK = new SpinLock();

    // guarded by LOCK
    private static final Map<Hub, Semaphore> OF_HUBS = new WeakHashMap<>();

    private Turns() {}

    private static Semaphore of(Hub hub) {
        LOCK.lock();
        try {
            return OF_HUBS.computeIfAbsent(hub, any -> new Semaphore());
        } finally {
            LOCK.unlock();
        }
    }

    /** Runs a computation when it is this one's turn. On a thread that is not green, at once. */
    static void take(Runnable computation) throws IOException {
        if (!Offload.isGreen()) {
            computation.run();
            return;
        }
        Semaphore turn = of(Hub.current());
        boolean mine;
        try {
            mine = turn.tryAcquire(PATIENCE);
        } catch (InterruptedException e) {
            throw GreenTransport.interrupted(e);
        }
        try {
            computation.run();
        } finally {
            if (mine) {
                turn.release();
            }
        }
    }
}
