package evy.sync;

import evy.hubs.Hub;
import evy.hubs.WaitQueue;
import evy.hubs.Waiter;

import java.time.Duration;

/**
 * A queue that knows when all that was put has been worked off.
 *
 * @param <E> type of the elements
 */
abstract class JoinableQueue<E> extends WaitingQueue<E> {
    private final WaitQueue joiners = new WaitQueue(takers);

    // guarded by takers
    private long unfinished;

    JoinableQueue(int maxSize, Shelf<E> shelf) {
        super(maxSize, shelf);
    }

    @Override
    final void arrived() {
        unfinished++;
    }

    @Override
    final void dropped(int count) {
        finish(count);
    }

    /**
     * Says that an element that was taken has been worked off. Each taker calls it once for each
     * element; those that were removed or cleared away count as done.
     *
     * @throws IllegalStateException if called more often than elements were put
     */
    public void taskDone() {
        takers.lock();
        try {
            if (unfinished == 0) {
                throw new IllegalStateException(
                        describe() + ": taskDone() called more often than elements were put");
            }
            finish(1);
        } finally {
            takers.unlock();
        }
    }

    private void finish(int count) {
        unfinished = Math.max(0, unfinished - count); // taskDone() may have come before its take
        if (unfinished == 0) {
            joiners.wakeAll(null);
        }
    }

    /**
     * Waits until everything that was put has been worked off, at once if nothing was.
     *
     * @checkpoint if something is not
     * @throws InterruptedException if interrupted while waiting
     */
    public void join() throws InterruptedException {
        join(Waiter.FOREVER);
    }

    /**
     * Waits until everything that was put has been worked off, but not for ever.
     *
     * @checkpoint if something is not and {@code timeout} is positive
     * @param timeout longest wait; zero or less only looks
     * @return false if something was not in that time
     * @throws InterruptedException if interrupted while waiting
     */
    public boolean join(Duration timeout) throws InterruptedException {
        return join(Hub.saturatedNanos(timeout));
    }

    private boolean join(long nanos) throws InterruptedException {
        Waiter waiter;
        takers.lock();
        try {
            if (unfinished == 0 || nanos <= 0) {
                return unfinished == 0;
            }
            waiter = joiners.enter(new Unfinished());
        } finally {
            takers.unlock();
        }
        return joiners.await(waiter, nanos);
    }

    /** {@return how many elements were put and not worked off} */
    public long unfinished() {
        takers.lock();
        try {
            return unfinished;
        } finally {
            takers.unlock();
        }
    }

    /** What {@link #join} waits for. */
    private final class Unfinished implements Waiter.Kind {
        @Override
        public String kind() {
            return "queue";
        }

        @Override
        public String toString() {
            return unfinished() + " unfinished tasks of " + describe();
        }
    }
}
