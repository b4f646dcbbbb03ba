package evy.io;

import evy.hubs.WaitQueue;
import evy.hubs.Waiter;

/** Who waits for the end of a process. */
final class ExitWatch implements Waiter.External, Waiter.Kind {
    private final Process process;
    private final WaitQueue waiters = new WaitQueue();

    // guarded by waiters
    private boolean over;

    ExitWatch(Process process) {
        this.process = process;
        var _ = process.onExit().whenComplete((ended, failure) -> end());
    }

    private void end() {
        waiters.lock();
        try {
            over = true;
            waiters.wakeAll(null);
        } finally {
            waiters.unlock();
        }
    }

    /** True if it has ended, false if the time was over first. */
    boolean await(long nanos) throws InterruptedException {
        if (!process.isAlive()) {
            return true;
        }
        Waiter waiter;
        waiters.lock();
        try {
            if (over) {
                return true;
            }
            waiter = waiters.enter(this);
        } finally {
            waiters.unlock();
        }
        return waiters.await(waiter, nanos);
    }

    @Override
    public String kind() {
        return "process";
    }

    @Override
    public String toString() {
        return "the end of process " + process.pid();
    }
}
