package evy.tools.backdoor;

import evy.GreenThreadExit;
import evy.hubs.Greenlet;
import evy.hubs.Hub;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stops what a session computes. The code of its snippets asks {@link #check} at the start of every
 * method and before every jump back, so that a loop that never blocks can be stopped, though the
 * hub it holds up can deliver nothing.
 *
 * <p>There are two levers. The one stops the snippet that is being run. The other stops whatever
 * runs the session's code, such as a green thread that a snippet has spawned; it is pulled only if
 * the hub turns out to be held up, and until it goes on.
 *
 * @source JDK {@code jdk.jshell.execution.LocalExecutionControl}, which checks at the same places
 */
public final class Brake {
    /* How many levers are pulled in all sessions: all that a check looks at as a rule. */
    private static final AtomicInteger PULLED = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final Hub hub;

    // guarded by this
    private boolean running;
    private @Nullable Greenlet snippet;
    // written under this
    private volatile @Nullable Greenlet stopped;
    private volatile boolean stopping;
    private volatile boolean allStopped;

    /**
     * Makes the brake of a session.
     *
     * @param hub the hub its snippets run on
     */
    Brake(Hub hub) {
        this.hub = hub;
    }

    /**
     * Throws if the current thread runs code of a session that is to be stopped. Called by
     * snippets.
     *
     * @param caller a class of the session
     * @throws GreenThreadExit if it is to stop
     */
    public static void check(Class<?> caller) {
        if (PULLED.getOpaque() != 0 && caller.getClassLoader() instanceof SnippetLoader loader) {
            loader.brake().check();
        }
    }

    private void check() {
        if (allStopped || (stopping && stopped != null && stopped == Greenlet.currentOrNull())) {
            throw exit();
        }
    }

    private static GreenThreadExit exit() {
        return new GreenThreadExit("stopped in the backdoor");
    }

    /** A snippet is being evaluated from now on. */
    synchronized void begin() {
        running = true;
    }

    /** Its green thread is about to run. False if it is to be stopped already. */
    synchronized boolean run(@Nullable Greenlet thread) {
        snippet = thread;
        stopped = stopping ? thread : null;
        return !stopping;
    }

    /** It has ended. */
    synchronized void end() {
        running = false;
        snippet = null;
        stopped = null;
        if (stopping) {
            stopping = false;
            PULLED.getAndDecrement();
        }
    }

    /** True while a snippet that is evaluated is to stop. */
    boolean isPulled() {
        return stopping;
    }

    /**
     * Stops the snippet that is evaluated, if any, wherever it is; and if the hub is held up, what
     * holds it up.
     *
     * @thread any but one of the hub
     */
    void pull() {
        Greenlet target;
        synchronized (this) {
            if (running && !stopping) {
                stopping = true;
                PULLED.getAndIncrement();
            }
            target = snippet;
            stopped = target;
        }
        if (target != null) {
            target.raise(exit());
        }
        pullAllIfHeldUp();
    }

    private void pullAllIfHeldUp() {
        var wait = new HeldUp();
        hub.execute(wait::over);
        Hub.current().schedule(PATIENCE, wait::pull);
    }

    /** Whether the hub goes on: it is held up until it gets to a call of ours. */
    private final class HeldUp {
        // guarded by the brake
        private boolean over;
        private boolean pulled;

        void pull() {
            synchronized (Brake.this) {
                if (!over && !allStopped) {
                    pulled = true;
                    allStopped = true;
                    PULLED.getAndIncrement();
                }
            }
        }

        void over() {
            synchronized (Brake.this) {
                over = true;
                if (pulled) {
                    allStopped = false;
                    PULLED.getAndDecrement();
                }
            }
        }
    }
}
