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
        waiters.lock();
        try {
            if (closed || tryAcquire()) {
                return !closed;
            }
            waiter = waiters.enter(owner);
        } finally {
            waiters.unlock();
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
        waiters.lock();
        try {
            waiters.wakeAll(REFUSED);
            tellIfIdle();
        } finally {
            waiters.unlock();
        }
    }

    /** Says that nothing new will come: who waits for that and for idleness need wait no longer. */
    void close() {
        waiters.lock();
        try {
            closed = true;
            tellIfIdle();
        } finally {
            waiters.unlock();
        }
    }

    boolean tryAcquire() {
        waiters.lock();
        try {
            if (closed || taken >= size) {
                return false;
            }
            taken++;
            return true;
        } finally {
            waiters.unlock();
        }
    }

    void release() {
        waiters.lock();
        try {
            taken--;
            serve();
        } finally {
            waiters.unlock();
        }
    }

    void resize(int newSize) {
        waiters.lock();
        try {
            size = newSize;
            serve();
        } finally {
            waiters.unlock();
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
        waiters.lock();
        try {
            if (isIdle()) {
                idlers.wakeAll(null);
                if (closed) {
                    enders.wakeAll(null);
                }
            }
        } finally {
            waiters.unlock();
        }
    }

    /** Waits until no slot is taken and nobody waits for one. */
    void awaitIdle() {
        Waiter waiter;
        waiters.lock();
        try {
            if (isIdle()) {
                return;
            }
            waiter = idlers.enter(owner);
        } finally {
            waiters.unlock();
        }
        Waits.await(idlers, waiter);
    }

    /** Waits until closed and idle, but not for ever. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        Waiter waiter;
        waiters.lock();
        try {
            if (closed && isIdle()) {
                return true;
            }
            waiter = enders.enter(owner);
        } finally {
            waiters.unlock();
        }
        return enders.await(waiter, nanos);
    }

    boolean isIdle() {
        waiters.lock();
        try {
            return taken == 0 && waiters.size() == 0;
        } finally {
            waiters.unlock();
        }
    }

    int size() {
        waiters.lock();
        try {
            return size;
        } finally {
            waiters.unlock();
        }
    }

    int taken() {
        waiters.lock();
        try {
            return taken;
        } finally {
            waiters.unlock();
        }
    }

    int liveWaiters() {
        waiters.lock();
        try {
            return waiters.size();
        } finally {
            waiters.unlock();
        }
    }
}
