package evy.sync;

import evy.hubs.Hub;
import evy.hubs.WaitQueue;
import evy.hubs.Waiter;

import java.time.Duration;

/**
 * A counter that can be waited for to be zero: what is under way is counted up, what is done down.
 *
 * {@snippet :
 * var underWay = new Metaphore();
 * for (var job : jobs) {
 *     underWay.inc();
 *     Evy.spawn(() -> {
 *         try {
 *             job.run();
 *         } finally {
 *             underWay.dec();
 *         }
 *     });
 * }
 * underWay.await();
 * }
 *
 * <p>It can be used again and again. One who waits is released once it is zero, even if it is
 * counted up again before that one has its turn.
 *
 * @thread any
 * @source eventlet {@code event.metaphore}
 */
public final class Metaphore {
    private final WaitQueue waiters = new WaitQueue();

    // guarded by waiters
    private long count;

    /** A counter at zero. */
    public Metaphore() {}

    /** Counts one up. */
    public void inc() {
        inc(1);
    }

    /**
     * Counts up.
     *
     * @param by how many
     * @throws IllegalArgumentException if {@code by} is not positive
     */
    public void inc(int by) {
        checkPositive(by);
        waiters.lock();
        try {
            count += by;
        } finally {
            waiters.unlock();
        }
    }

    /**
     * Counts one down.
     *
     * @throws IllegalStateException if it is zero
     */
    public void dec() {
        dec(1);
    }

    /**
     * Counts down, and releases who waits if that makes it zero.
     *
     * @param by how many
     * @throws IllegalArgumentException if {@code by} is not positive
     * @throws IllegalStateException if it would become negative; it is left as it was
     */
    public void dec(int by) {
        checkPositive(by);
        waiters.lock();
        try {
            if (by > count) {
                throw new IllegalStateException(
                        "dec(" + by + ") would make " + describe() + " negative");
            }
            count -= by;
            if (count == 0) {
                waiters.wakeAll(null);
            }
        } finally {
            waiters.unlock();
        }
    }

    private static void checkPositive(int by) {
        if (by <= 0) {
            throw new IllegalArgumentException("by must be > 0: " + by);
        }
    }

    /**
     * Waits until it is zero.
     *
     * @checkpoint if it is not zero
     * @throws InterruptedException if interrupted while waiting
     */
    public void await() throws InterruptedException {
        await(Waiter.FOREVER);
    }

    /**
     * Waits until it is zero, but not for ever.
     *
     * @checkpoint if it is not zero and {@code timeout} is positive
     * @param timeout longest wait; zero or less only looks
     * @return false if it was not zero in that time
     * @throws InterruptedException if interrupted while waiting
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return await(Hub.saturatedNanos(timeout));
    }

    private boolean await(long nanos) throws InterruptedException {
        Waiter waiter;
        waiters.lock();
        try {
            if (count == 0 || nanos <= 0) {
                return count == 0;
            }
            waiter = waiters.enter(this);
        } finally {
            waiters.unlock();
        }
        return waiters.await(waiter, nanos);
    }

    /** {@return what has been counted up and not down} */
    public long count() {
        waiters.lock();
        try {
            return count;
        } finally {
            waiters.unlock();
        }
    }

    @Override
    public String toString() {
        waiters.lock();
        try {
            return describe();
        } finally {
            waiters.unlock();
        }
    }

    private String describe() {
        return "Metaphore[count=" + count + ", waiting=" + waiters.size() + "]";
    }
}
