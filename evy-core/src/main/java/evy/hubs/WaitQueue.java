package evy.hubs;

import org.jspecify.annotations.Nullable;

/**
 * Who waits for the same thing, first come first served: what events, semaphores, queues and pools
 * are made of.
 *
 * <p>Every call but {@link #await} must hold the {@linkplain #lock lock} of the queue, which guards
 * the owner's state, too. So a thread finds what it wants or is in the queue before anybody can
 * bring it, and what is handed over is decided while nobody can come between: there are no lost
 * wake-ups and no barging.
 *
 * {@snippet :
 * void acquire() throws InterruptedException {
 *     Waiter waiter;
 *     waiters.lock();
 *     try {
 *         if (permits > 0) {
 *             permits--;
 *             return;
 *         }
 *         waiter = waiters.enter(this);
 *     } finally {
 *         waiters.unlock();
 *     }
 *     waiters.await(waiter, Waiter.FOREVER);
 * }
 *
 * void release() {
 *     waiters.lock();
 *     try {
 *         if (waiters.wakeFirst() == null) {
 *             permits++;
 *         }
 *     } finally {
 *         waiters.unlock();
 *     }
 * }
 * }
 *
 * @thread any, under its lock
 */
/*
 * Doubly linked through the waiters: entering and leaving allocates nothing and costs the same for
 * one as for a million. A waiter whose wait has ended by a kill or its time limit is in the queue
 * until its thread runs; it is skipped meanwhile.
 */
public final class WaitQueue {
    private final WaitLock lock;

    // guarded by lock
    private @Nullable Waiter first;
    private @Nullable Waiter last;

    /** A queue with a lock of its own. */
    public WaitQueue() {
        this.lock = new WaitLock();
    }

    /**
     * A queue that shares the lock of another.
     *
     * @param other the other one
     */
    public WaitQueue(WaitQueue other) {
        this.lock = other.lock;
    }

    /**
     * Gets the lock. It is for a few instructions: who holds it must not block, nor call code of
     * others, for those who want it burn time until it is given back. Re-entrant. Can be had in a
     * hub's callback, too.
     *
     * @thread any
     */
    public void lock() {
        lock.lock();
    }

    /**
     * Gives the lock back, then sets going who was woken under it.
     *
     * @thread the one that holds it
     */
    public void unlock() {
        lock.release();
    }

    /**
     * Puts the current thread at the end.
     *
     * @param reason what it waits for, as listings and thread dumps show it
     * @return to be handed to {@link #await} when the lock is released
     * @throws IllegalStateException if the caller is a hub's callback, which must not block
     */
    public Waiter enter(Object reason) {
        assert lock.isHeld();
        Waiter waiter = Waiter.current(reason);
        Waiter before = last;
        waiter.queue = this;
        waiter.previous = before;
        if (before == null) {
            first = waiter;
        } else {
            before.next = waiter;
        }
        last = waiter;
        return waiter;
    }

    /**
     * Waits until woken or until the time is over. Throws whatever is thrown into the thread: a
     * kill, a {@link Cancellation}. If it does not return true, the waiter has left the queue and
     * has been given nothing.
     *
     * @checkpoint always, unless woken already; must not hold the lock
     * @thread the one that entered
     * @param waiter from {@link #enter}
     * @param nanos longest wait in nanoseconds, {@link Waiter#FOREVER} for no limit
     * @return true if woken, false if the time was over first
     * @throws InterruptedException if the thread was interrupted; its interrupt status is cleared
     */
    public boolean await(Waiter waiter, long nanos) throws InterruptedException {
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

    private void leave(Waiter waiter) {
        lock.lock();
        try {
            if (waiter.queue == this) {
                unlink(waiter);
            }
        } finally {
            lock.release();
        }
    }

    /**
     * Wakes the one who has waited longest. It keeps the message that it brought.
     *
     * @return null if nobody waits
     */
    public @Nullable Waiter wakeFirst() {
        for (Waiter waiter = first; waiter != null; waiter = first) {
            unlink(waiter);
            if (waiter.wakeWithoutResume()) {
                lock.resumeLater(waiter);
                return waiter;
            }
        }
        return null;
    }

    /**
     * Wakes the one who has waited longest and gives it something.
     *
     * @param message what its {@link Waiter#message} is to be
     * @return false if nobody waits; the message was given to nobody then
     */
    public boolean wakeFirst(@Nullable Object message) {
        for (Waiter waiter = first; waiter != null; waiter = first) {
            unlink(waiter);
            if (waiter.wakeWithoutResume(message)) {
                lock.resumeLater(waiter);
                return true;
            }
        }
        return false;
    }

    /**
     * Wakes everybody, in their order.
     *
     * @param message what their {@link Waiter#message} is to be
     */
    public void wakeAll(@Nullable Object message) {
        while (wakeFirst(message)) {
            // the next one
        }
    }

    /**
     * Counts who waits. Looks at each: for statistics.
     *
     * @return how many; without those whose wait has ended but who have not run since
     */
    public int size() {
        assert lock.isHeld();
        int size = 0;
        for (Waiter waiter = first; waiter != null; waiter = waiter.next) {
            if (waiter.isWaiting()) {
                size++;
            }
        }
        return size;
    }

    private void unlink(Waiter waiter) {
        assert lock.isHeld();
        Waiter before = waiter.previous;
        Waiter after = waiter.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        waiter.queue = null;
        waiter.previous = null;
        waiter.next = null;
    }
}
