package evy.zmq;

import evy.hubs.Greenlet;
import evy.hubs.WaitQueue;
import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

/**
 * A turn that one thread at a time has, first come first served: to receive, or to send.
 * Re-entrant: who has it may take it again, and has to give it back as often.
 *
 * @thread any but a hub's callback
 * @source eventlet {@code green.zmq._QueueLock}
 */
final class QueueLock {
    private final WaitQueue waiters = new WaitQueue();
    private final Object purpose;

    // written under the lock of waiters, read anywhere
    private volatile @Nullable Greenlet holder;

    // the holder's
    private int count;

    /**
     * Makes a free one.
     *
     * @param purpose what those who wait for it are shown to wait for
     */
    QueueLock(Object purpose) {
        this.purpose = purpose;
    }

    /**
     * Takes it, waiting for it.
     *
     * @param nanos longest wait
     * @return false if it could not be had in that time
     */
    boolean acquire(long nanos) throws InterruptedException {
        Greenlet me = Greenlet.current();
        if (holder == me) {
            count++;
            return true;
        }
        Waiter waiter;
        waiters.lock();
        try {
            if (holder == null) {
                hold(me);
                return true;
            }
            if (nanos <= 0) {
                return false;
            }
            waiter = waiters.enter(purpose);
            waiter.bring(me);
        } finally {
            waiters.unlock();
        }
        return waiters.await(waiter, nanos) && isHandedOver();
    }

    /* Who gave it on holds the lock until the new holder is noted. */
    private boolean isHandedOver() {
        waiters.lock();
        waiters.unlock();
        return true;
    }

    private void hold(@Nullable Greenlet next) {
        holder = next;
        count = next == null ? 0 : 1;
    }

    /**
     * Gives it back; the last time, to the one who has waited longest.
     *
     * @throws IllegalMonitorStateException if the current thread does not have it
     */
    void release() {
        Greenlet me = Greenlet.current();
        if (holder != me) {
            throw new IllegalMonitorStateException(
                    me + " gives back a turn (" + purpose + ") that " + holder + " has");
        }
        if (--count > 0) {
            return;
        }
        waiters.lock();
        try {
            Waiter next = waiters.wakeFirst();
            hold(next == null ? null : (Greenlet) next.message());
        } finally {
            waiters.unlock();
        }
    }

    /** {@return true while somebody has it} */
    boolean isHeld() {
        return holder != null;
    }

    /** {@return true while somebody else has it} */
    boolean isHeldByOther() {
        Greenlet h = holder;
        return h != null && h != Greenlet.current();
    }
}
