package evy.sync;

import evy.hubs.WaitQueue;
import evy.hubs.Waiter;

import java.time.Duration;

/**
 * A number of permits: {@link #acquire} takes one, waiting until there is one, {@link #release}
 * gives one back.
 *
 * {@snippet :
 * try (var _ = semaphore.enter()) {
 *     fetch(url); // at most so many at once
 * }
 * }
 *
 * <p>Strictly first come, first served: a permit that is released goes to the one who has waited
 * longest, and nobody who comes later can take it away. Permits have no owner; any thread may
 * release.
 *
 * <p>Memory effects: what was done before a release happens-before what follows the acquire that
 * gets the permit.
 *
 * @thread any; {@link #release} and {@link #tryAcquire()} also in a hub's callback
 * @source eventlet {@code semaphore.Semaphore}
 */
public class Semaphore {
    final WaitQueue waiters = new WaitQueue();
    private final Permit permit = new Permit(this);

    // guarded by waiters; positive only if nobody waits
    private int permits;

    /** A semaphore with one permit. */
    public Semaphore() {
        this(1);
    }

    /**
     * A semaphore with a given number of permits.
     *
     * @param permits how many can be acquired before one must be released; may be 0
     * @throws IllegalArgumentException if {@code permits} is negative
     */
    @SuppressWarnings("this-escape") // the permit only keeps it
    public Semaphore(int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("number of permits must be >= 0: " + permits);
        }
        this.permits = permits;
    }

    /**
     * Takes a permit, waiting for it.
     *
     * @checkpoint if there is none
     * @throws InterruptedException if interrupted while waiting; nothing has been taken then
     */
    public final void acquire() throws InterruptedException {
        acquire(Waiter.FOREVER);
    }

    /**
     * Takes a permit if there is one. One that was released while somebody waits is not.
     *
     * @return false if there was none
     */
    public final boolean tryAcquire() {
        waiters.lock();
        try {
            return take();
        } finally {
            waiters.unlock();
        }
    }

    /**
     * Takes a permit, waiting for it, but not for ever.
     *
     * @checkpoint if there is none and {@code timeout} is positive
     * @param timeout longest wait; zero only looks
     * @return false if there was none in that time
     * @throws IllegalArgumentException if {@code timeout} is negative; to wait without limit, call
     *     {@link #acquire}
     * @throws InterruptedException if interrupted while waiting; nothing has been taken then
     */
    public final boolean tryAcquire(Duration timeout) throws InterruptedException {
        return acquire(Limits.nanos(timeout));
    }

    private boolean acquire(long nanos) throws InterruptedException {
        Waiter waiter;
        waiters.lock();
        try {
            if (take()) {
                return true;
            }
            if (nanos <= 0) {
                return false;
            }
            waiter = waiters.enter(this);
        } finally {
            waiters.unlock();
        }
        return waiters.await(waiter, nanos);
    }

    private boolean take() {
        if (permits == 0) {
            return false;
        }
        permits--;
        return true;
    }

    /**
     * Takes a permit, waiting for it, and returns what gives it back: for {@code try} with
     * resources.
     *
     * @checkpoint if there is none
     * @return to be closed once
     * @throws InterruptedException if interrupted while waiting; nothing has been taken then
     */
    public final Permit enter() throws InterruptedException {
        acquire(Waiter.FOREVER);
        return permit;
    }

    /** Gives a permit back: to the one who has waited longest, if anybody waits. Never blocks. */
    public void release() {
        waiters.lock();
        try {
            give();
        } finally {
            waiters.unlock();
        }
    }

    final void give() {
        if (waiters.wakeFirst() == null) {
            permits = Math.incrementExact(permits);
        }
    }

    /** {@return the number of permits there are; negative the number of those who wait for one} */
    public final int balance() {
        waiters.lock();
        try {
            return permits - waiters.size();
        } finally {
            waiters.unlock();
        }
    }

    /** {@return true if an acquire would wait} */
    public final boolean isLocked() {
        waiters.lock();
        try {
            return permits == 0;
        } finally {
            waiters.unlock();
        }
    }

    final int permits() {
        return permits;
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[balance=" + balance() + "]";
    }

    /** A permit taken by {@link Semaphore#enter}. */
    public static final class Permit implements AutoCloseable {
        private final Semaphore semaphore;

        Permit(Semaphore semaphore) {
            this.semaphore = semaphore;
        }

        /** Gives it back. */
        @Override
        public void close() {
            semaphore.release();
        }
    }
}
