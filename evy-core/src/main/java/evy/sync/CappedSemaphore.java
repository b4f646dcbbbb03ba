package evy.sync;

import evy.hubs.WaitQueue;
import evy.hubs.Waiter;

import java.time.Duration;

/**
 * A semaphore that makes those wait who release too much: {@link #acquire} waits while there are no
 * permits, {@link #release} while there are as many as its limit. With a limit of 0 the two meet:
 * each waits for the other.
 *
 * <p>Both sides are served first come, first served.
 *
 * @thread any
 * @source eventlet {@code semaphore.CappedSemaphore}
 */
public final class CappedSemaphore {
    private final WaitQueue acquirers = new WaitQueue();
    private final WaitQueue releasers = new WaitQueue(acquirers);
    private final int limit;

    // guarded by acquirers
    private int permits;

    /**
     * A semaphore with a given number of permits.
     *
     * @param permits how many there are at first
     * @param limit how many there can be
     * @throws IllegalArgumentException if {@code permits} is negative or more than {@code limit}
     */
    public CappedSemaphore(int permits, int limit) {
        if (permits < 0 || permits > limit) {
            throw new IllegalArgumentException(
                    "number of permits must be in [0, limit " + limit + "]: " + permits);
        }
        this.permits = permits;
        this.limit = limit;
    }

    /**
     * Takes a permit, waiting for it. Lets the first of those who wait to release go on.
     *
     * @checkpoint if there is none
     * @throws InterruptedException if interrupted while waiting; nothing has been taken then
     */
    public void acquire() throws InterruptedException {
        acquire(Waiter.FOREVER);
    }

    /**
     * Takes a permit if there is one, or if somebody waits to release one.
     *
     * @return false if there was none
     */
    public boolean tryAcquire() {
        acquirers.lock();
        try {
            return take();
        } finally {
            acquirers.unlock();
        }
    }

    /**
     * Takes a permit, waiting for it, but not for ever.
     *
     * @checkpoint if there is none and {@code timeout} is positive
     * @param timeout longest wait; zero only looks
     * @return false if there was none in that time
     * @throws IllegalArgumentException if {@code timeout} is negative
     * @throws InterruptedException if interrupted while waiting; nothing has been taken then
     */
    public boolean tryAcquire(Duration timeout) throws InterruptedException {
        return acquire(Limits.nanos(timeout));
    }

    private boolean acquire(long nanos) throws InterruptedException {
        Waiter waiter;
        acquirers.lock();
        try {
            if (take()) {
                return true;
            }
            if (nanos <= 0) {
                return false;
            }
            waiter = acquirers.enter(this);
        } finally {
            acquirers.unlock();
        }
        return acquirers.await(waiter, nanos);
    }

    /* A permit taken makes room for one that waits to be released. */
    private boolean take() {
        if (permits > 0) {
            if (releasers.wakeFirst() == null) {
                permits--;
            }
            return true;
        }
        return releasers.wakeFirst() != null;
    }

    /**
     * Gives a permit, waiting until there are fewer than the limit.
     *
     * @checkpoint if there are as many as the limit
     * @throws InterruptedException if interrupted while waiting; nothing has been given then
     */
    public void release() throws InterruptedException {
        release(Waiter.FOREVER);
    }

    /**
     * Gives a permit if there are fewer than the limit, or if somebody waits for one.
     *
     * @return false if there were too many
     */
    public boolean tryRelease() {
        acquirers.lock();
        try {
            return give();
        } finally {
            acquirers.unlock();
        }
    }

    /**
     * Gives a permit, waiting until there are fewer than the limit, but not for ever.
     *
     * @checkpoint if there are as many as the limit and {@code timeout} is positive
     * @param timeout longest wait; zero only looks
     * @return false if there were too many all that time
     * @throws IllegalArgumentException if {@code timeout} is negative
     * @throws InterruptedException if interrupted while waiting; nothing has been given then
     */
    public boolean tryRelease(Duration timeout) throws InterruptedException {
        return release(Limits.nanos(timeout));
    }

    private boolean release(long nanos) throws InterruptedException {
        Waiter waiter;
        acquirers.lock();
        try {
            if (give()) {
                return true;
            }
            if (nanos <= 0) {
                return false;
            }
            waiter = releasers.enter(this);
        } finally {
            acquirers.unlock();
        }
        return releasers.await(waiter, nanos);
    }

    private boolean give() {
        if (acquirers.wakeFirst() != null) {
            return true;
        }
        if (permits >= limit) {
            return false;
        }
        permits++;
        return true;
    }

    /**
     * How far it is to one side: the permits there are less those who wait for one, minus the room
     * there is for more less those who wait to release one. So {@code -limit} when all permits are
     * taken, {@code +limit} when all are there, and beyond when somebody waits.
     *
     * @return positive if there are more permits than room
     */
    public int balance() {
        acquirers.lock();
        try {
            int room = limit - permits;
            return permits - acquirers.size() - (room - releasers.size());
        } finally {
            acquirers.unlock();
        }
    }

    /** {@return true if an acquire would wait} */
    public boolean isLocked() {
        acquirers.lock();
        try {
            return permits == 0 && releasers.size() == 0;
        } finally {
            acquirers.unlock();
        }
    }

    /** {@return true if a release would wait} */
    public boolean isBounded() {
        acquirers.lock();
        try {
            return permits >= limit && acquirers.size() == 0;
        } finally {
            acquirers.unlock();
        }
    }

    @Override
    public String toString() {
        return "CappedSemaphore[balance=" + balance() + ", limit=" + limit + "]";
    }
}
