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
        synchronized (takers) {
            adders++;
        }
    }

    void leave() {
        synchronized (takers) {
            adders--;
            if (adders == 0) {
                takers.wakeAll(null);
            }
        }
    }

    void add(GreenThread<T> result) {
        synchronized (takers) {
            if (!takers.wakeFirst(result)) {
                results.add(result);
            }
        }
    }

    /** Takes the oldest, waiting for it; null when there is none and nobody may add one. */
    @SuppressWarnings("unchecked") // a taker is given what was added, or null at the end
    @Nullable GreenThread<T> take() {
        Waiter waiter;
        synchronized (takers) {
            GreenThread<T> first = results.poll();
            if (first != null || adders == 0) {
                return first;
            }
            waiter = takers.enter(this);
        }
        Waits.await(takers, waiter);
        return (GreenThread<T>) waiter.message();
    }

    /** Takes what is there. */
    @Nullable GreenThread<T> poll() {
        synchronized (takers) {
            return results.poll();
        }
    }

    @Override
    public String toString() {
        return "the next result";
    }
}
