package evy.io.tls;

import evy.hubs.Hub;
import evy.hubs.Timer;
import evy.internal.util.SpinLock;
import evy.sync.Semaphore;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Limits how many handshakes compute at once, first come first served: those in native threads to
 * what leaves a core to the hub, those on a hub to one, so that between two of them whoever else
 * can run does.
 */
final class Turns {
    /* A computation that itself waits, say for an answer about a revocation, holds up no others. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Semaphore OFF_HUB =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));

    private static final SpinLock LOCK = new SpinLock();

    // guarded by LOCK
    private static final Map<Hub, Semaphore> OF_HUBS = new WeakHashMap<>();

    private Turns() {}

    /**
     * Waits for a turn. On a green thread.
     *
     * @param offHub whether the computation is made in a native thread
     * @param beforeWaiting runs if there is a wait
     */
    static Turn take(boolean offHub, Limit limit, Runnable beforeWaiting) throws IOException {
        Hub hub = Hub.current();
        Semaphore turns = offHub ? OFF_HUB : of(hub);
        if (!turns.tryAcquire()) {
            beforeWaiting.run();
            limit.acquire(turns);
        }
        return new Turn(turns, hub);
    }

    private static Semaphore of(Hub hub) {
        LOCK.lock();
        try {
            return OF_HUBS.computeIfAbsent(hub, any -> new Semaphore());
        } finally {
            LOCK.unlock();
        }
    }

    /** A turn that ends when it is closed, or has lasted too long. */
    static final class Turn implements AutoCloseable {
        private final Semaphore turns;
        private final AtomicBoolean over = new AtomicBoolean();
        private final Timer guard;

        private Turn(Semaphore turns, Hub hub) {
            this.turns = turns;
            this.guard = hub.schedule(PATIENCE, this::end);
        }

        private void end() {
            if (over.compareAndSet(false, true)) {
                turns.release();
            }
        }

        @Override
        public void close() {
            guard.cancel();
            end();
        }
    }
}
