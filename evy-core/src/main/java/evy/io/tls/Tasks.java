package evy.io.tls;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.Callable;

import javax.net.ssl.SSLEngine;

/**
 * The computations of a handshake, here or in a native thread. One that was sent off is found again
 * if its green thread was torn from it meanwhile.
 */
final class Tasks {
    private final SSLEngine engine;
    private final boolean offHub;

    // who shakes hands only
    private @Nullable Task current;

    Tasks(SSLEngine engine, boolean offHub) {
        this.engine = engine;
        this.offHub = offHub;
    }

    /**
     * Runs all there are.
     *
     * @return false if there was none
     */
    boolean run() throws IOException {
        Task task = next();
        boolean any = task != null;
        while (task != null) {
            if (offHub && Offload.isGreen()) {
                Offload.call(task);
            } else {
                Turns.take(task::runHere);
            }
            current = null;
            task = next();
        }
        return any;
    }

    private @Nullable Task next() {
        if (current == null) {
            Runnable task = engine.getDelegatedTask();
            current = task == null ? null : new Task(task);
        }
        return current;
    }

    /** {@return true if what was torn can be gone on with} */
    boolean areResumable() {
        return current == null || !current.tornHere;
    }

    /** Runs once; who comes later waits for the end of it. */
    private static final class Task implements Callable<Boolean> {
        private final Runnable body;

        // guarded by this
        private boolean done;

        // who shakes hands only
        private boolean tornHere;

        Task(Runnable body) {
            this.body = body;
        }

        void runHere() {
            tornHere = true;
            call();
            tornHere = false;
        }

        @Override
        public synchronized Boolean call() {
            if (!done) {
                body.run();
                done = true;
            }
            return done;
        }
    }
}
