package evy;

import evy.hubs.WaitQueue;
import evy.hubs.Waiter;

/**
 * A limited number of slots, handed out first come, first served. Any thread.
 *
 * <p>A slot that becomes free goes straight to the first waiter: nobody who comes later can
 * overtake.
 */
final class Slots {
    private static final Object REFUSED = new Object();

    private final Object owner;
    private final WaitQueue waiters = new WaitQueue();
    private final WaitQueue idlers = new WaitQueue(waiters);
    private final WaitQueue enders = new WaitQueue(waiters);

    // guarded by waiters
    private int size;
    private int taken;
    private boolean closed;

    Slots(Object owner, int size) {
        this.owner = owner;
        this.size = size;
    }

    /** Takes a slot, waiting for one if need be; false if refused. */
    boolean acquire() {
        Waiter waiter;
        synchronized (waiters) {
            if (closed || tryAcquire()) {
                return !closed;
            }
            waiter = waiters.enter(owner);
        }
        boolean woken = false;
        try {
            woken = Waits.await(waiters, waiter);
        } finally {
            if (!woken) {
                tellIfIdle();
            }
        }
        return waiter.message() != REFUSED;
    }

    /** Refuses those who wait. */
    void refuseWaiters() {
        synchronized (waiters) {
            waiters.wakeAll(REFUSED);
            tellIfIdle();
        }
    }

    /** Says that nothing new will come: who waits for that and for idleness need wait no longer. */
    void close() {
        synchronized (waiters) {
            closed = true;
            tellIfIdle();
        }
    }

    boolean tryAcquire() {
        synchronized (waiters) {
            if (closed || taken >= size) {
                return false;
            }
            taken++;
            return true;
        }
    }

    void release() {
        synchronized (waiters) {
            taken--;
            serve();
        }
    }

    void resize(int newSize) {
        synchronized (waiters) {
            size = newSize;
            serve();
        }
    }

    /* Hands free slots to those who wait. */
    private void serve() {
        while (taken < size && waiters.wakeFirst() != null) {
            taken++;
        }
        tellIfIdle();
    }

    private void tellIfIdle() {
        synchronized (waiters) {
            if (isIdle()) {
                idlers.wakeAll(null);
                if (closed) {
                    enders.wakeAll(null);
                }
            }
        }
    }

    /** Waits until no slot is taken and nobody waits for one. */
    void awaitIdle() {
        Waiter waiter;
        synchronized (waiters) {
            if (isIdle()) {
                return;
            }
            waiter = idlers.enter(owner);
        }
        Waits.await(idlers, waiter);
    }

    /** Waits until closed and idle, but not for ever. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        Waiter waiter;
        synchronized (waiters) {
            if (closed && isIdle()) {
                return true;
            }
            waiter = enders.enter(owner);
        }
        return enders.await(waiter, nanos);
    }

    boolean isIdle() {
        synchronized (waiters) {
            return taken == 0 && waiters.size() == 0;
        }
    }

    int size() {
        synchronized (waiters) {
            return size;
        }
    }

    int taken() {
        synchronized (waiters) {
            return taken;
        }
    }

    int liveWaiters() {
        synchronized (waiters) {
            return waiters.size();
        }
    }
}
