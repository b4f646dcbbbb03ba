package evy;

import evy.hubs.Waiter;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/**
 * A limited number of slots, handed out first come, first served. Any thread.
 *
 * <p>A slot that becomes free goes straight to the first waiter: nobody who comes later can
 * overtake.
 */
final class Slots {
    private final Object owner;

    // guarded by this
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    private final ArrayDeque<Waiter> idlers = new ArrayDeque<>();
    private final ArrayDeque<Waiter> enders = new ArrayDeque<>();
    private final Set<Waiter> refused = new HashSet<>();
    private int size;
    private int taken;
    private boolean closed;

    Slots(Object owner, int size) {
        this.owner = owner;
        this.size = size;
    }

    /** Takes a slot, waiting for one if need be; false if refused meanwhile. */
    boolean acquire() {
        if (tryAcquire()) {
            return true;
        }
        Waiter waiter = Waiter.current(owner);
        if (enqueue(waiter)) {
            awaitIn(waiters, waiter);
        }
        return !refused(waiter);
    }

    private synchronized boolean refused(Waiter waiter) {
        return refused.remove(waiter);
    }

    /** Refuses those who wait. */
    synchronized void refuseWaiters() {
        while (!waiters.isEmpty()) {
            Waiter waiter = waiters.remove();
            if (waiter.wake()) {
                refused.add(waiter);
            }
        }
        tellIfIdle();
    }

    /** Says that nothing new will come: who waits for that and for idleness need wait no longer. */
    synchronized void close() {
        closed = true;
        tellIfIdle();
    }

    synchronized boolean tryAcquire() {
        if (!closed && taken < size && waiters.isEmpty()) {
            taken++;
            return true;
        }
        return false;
    }

    private synchronized boolean enqueue(Waiter waiter) {
        if (closed) {
            refused.add(waiter);
            return false;
        }
        if (tryAcquire()) {
            return false;
        }
        waiters.add(waiter);
        return true;
    }

    private void awaitIn(ArrayDeque<Waiter> queue, Waiter waiter) {
        boolean woken = false;
        try {
            Waits.await(waiter);
            woken = true;
        } finally {
            if (!woken) {
                remove(queue, waiter);
            }
        }
    }

    private synchronized void remove(ArrayDeque<Waiter> queue, Waiter waiter) {
        queue.remove(waiter);
        tellIfIdle();
    }

    synchronized void release() {
        taken--;
        serve();
    }

    synchronized void resize(int newSize) {
        size = newSize;
        serve();
    }

    /* Hands free slots to those who wait. */
    private void serve() {
        while (taken < size && !waiters.isEmpty()) {
            if (waiters.remove().wake()) {
                taken++;
            }
        }
        tellIfIdle();
    }

    private void tellIfIdle() {
        if (isIdle()) {
            wakeAll(idlers);
            if (closed) {
                wakeAll(enders);
            }
        }
    }

    private static void wakeAll(ArrayDeque<Waiter> queue) {
        while (!queue.isEmpty()) {
            queue.remove().wake();
        }
    }

    /** Waits until no slot is taken and nobody waits for one. */
    void awaitIdle() {
        Waiter waiter = Waiter.current(owner);
        if (enqueueIdler(waiter)) {
            awaitIn(idlers, waiter);
        }
    }

    /** Waits until closed and idle, but not for ever. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        Waiter waiter = Waiter.current(owner);
        if (!enqueueEnder(waiter)) {
            return true;
        }
        boolean woken = false;
        try {
            woken = waiter.await(nanos);
            return woken;
        } finally {
            if (!woken) {
                remove(enders, waiter);
            }
        }
    }

    private synchronized boolean enqueueEnder(Waiter waiter) {
        if (closed && isIdle()) {
            return false;
        }
        enders.add(waiter);
        return true;
    }

    private synchronized boolean enqueueIdler(Waiter waiter) {
        if (isIdle()) {
            return false;
        }
        idlers.add(waiter);
        return true;
    }

    synchronized boolean isIdle() {
        return taken == 0 && liveWaiters() == 0;
    }

    synchronized int size() {
        return size;
    }

    synchronized int taken() {
        return taken;
    }

    synchronized int liveWaiters() {
        int live = 0;
        for (Waiter waiter : waiters) {
            if (waiter.isWaiting()) {
                live++;
            }
        }
        return live;
    }
}
