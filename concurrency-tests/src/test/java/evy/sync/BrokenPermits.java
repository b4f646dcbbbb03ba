package evy.sync;

import evy.hubs.Waiter;

import java.util.ArrayDeque;

/** What {@link Semaphore} does, but for its release, which has two ways to be wrong. */
final class BrokenPermits {
    // guarded by this
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    private int permits;

    boolean tryAcquire(long nanos) throws InterruptedException {
        Waiter waiter;
        synchronized (this) {
            if (permits > 0) {
                permits--;
                return true;
            }
            waiter = Waiter.current(this);
            waiters.add(waiter);
        }
        boolean woken = false;
        try {
            woken = waiter.await(nanos);
            return woken;
        } finally {
            if (!woken) {
                leave(waiter);
            }
        }
    }

    private synchronized void leave(Waiter waiter) {
        waiters.remove(waiter);
    }

    /** Loses permits. */
    synchronized void releaseBlindly() {
        Waiter first = waiters.poll();
        if (first == null) {
            permits++;
        } else {
            boolean unused = first.wake(); // wrong: it may have given up
        }
    }

    /** Doubles permits. */
    synchronized void releaseTwice() {
        permits++; // wrong: whoever is woken has it already
        Waiter first = waiters.poll();
        while (first != null && !first.wake()) {
            first = waiters.poll();
        }
    }

    synchronized int left() {
        return permits;
    }

    @Override
    public String toString() {
        return "broken permits";
    }
}
