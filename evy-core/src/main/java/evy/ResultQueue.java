package evy;

import evy.hubs.WaitQueue;
import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * Green threads whose results are to be read in the order they were added, and a count of those who
 * may still add some. Any thread.
 *
 * @param <T> type of the results
 */
final class ResultQueue<T extends @Nullable Object> {
    private final WaitQueue takers = new WaitQueue();

    // guarded by takers
    private final ArrayDeque<GreenThread<T>> results = new ArrayDeque<>();
    private int adders;

    /** Announces that something may be added; {@link #leave} takes it back. */
    void enter() {
        takers.lock();
        try {
            adders++;
        } finally {
            takers.unlock();
        }
    }

    void leave() {
        takers.lock();
        try {
            adders--;
            if (adders == 0) {
                takers.wakeAll(null);
            }
        } finally {
            takers.unlock();
        }
    }

    void add(GreenThread<T> result) {
        takers.lock();
        try {
            if (!takers.wakeFirst(result)) {
                results.add(result);
            }
        } finally {
            takers.unlock();
        }
    }

    /** Takes the oldest, waiting for it; null when there is none and nobody may add one. */
    @SuppressWarnings("unchecked") // a taker is given what was added, or null at the end
    @Nullable GreenThread<T> take() {
        Waiter waiter;
        takers.lock();
        try {
            GreenThread<T> first = results.poll();
            if (first != null || adders == 0) {
                return first;
            }
            waiter = takers.enter(this);
        } finally {
            takers.unlock();
        }
        Waits.await(takers, waiter);
        return (GreenThread<T>) waiter.message();
    }

    /** Takes what is there. */
    @Nullable GreenThread<T> poll() {
        takers.lock();
        try {
            return results.poll();
        } finally {
            takers.unlock();
        }
    }

    @Override
    public String toString() {
        return "the next result";
    }
}
