package evy.patcher.os;

import evy.hubs.Greenlet;
import evy.hubs.Hub;

/**
 * What a green thread does in place in one go. After much of it the other green threads get a turn,
 * and what was raised into this one is thrown: a program that reads on and on does not keep the
 * hub.
 */
final class Runs {
    /** What a call costs but for the copying, in bytes that could be copied meanwhile. */
    static final int CALL = 2048;

    private static final long LIMIT = 512 * 1024;

    /* By the hubs' hash: two that share a place give turns a little earlier or later. */
    private static final Run[] RUNS = new Run[16];

    static {
        for (int i = 0; i < RUNS.length; i++) {
            RUNS[i] = new Run();
        }
    }

    private Runs() {}

    /**
     * Counts a call.
     *
     * @param hub the current hub
     * @param work in bytes
     */
    static void count(Hub hub, long work) {
        Run run = RUNS[System.identityHashCode(hub) % RUNS.length];
        run.work += work;
        if (!run.begun) {
            run.begun = true;
            hub.execute(run); // not before this thread is switched
        } else if (run.work >= LIMIT) {
            run.work = 0;
            giveTurn();
        }
    }

    private static void giveTurn() {
        if (!HeldLocks.areThere()) {
            Greenlet.checkRaised();
            Greenlet.giveTurn();
            Greenlet.checkRaised();
        }
    }

    /** What one hub has done since it switched. */
    private static final class Run implements Runnable {
        private boolean begun;
        private long work;

        @Override
        public void run() {
            begun = false;
            work = 0;
        }
    }
}
