package evy;

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
    // guarded by this
    private final ArrayDeque<GreenThread<T>> results = new ArrayDeque<>();
    private final ArrayDeque<Waiter> takers = new ArrayDeque<>();
    private int adders;

    /** Announces that something may be added; {@link #leave} takes it back. */
    synchronized void enter() {
        adders++;
    }

    synchronized void leave() {
        adders--;
        if (adders == 0) {
            while (!takers.isEmpty()) {
                takers.remove().wake();
            }
        }
    }

    synchronized void add(GreenThread<T> result) {
        results.add(result);
        boolean woken = false;
        while (!woken && !takers.isEmpty()) {
            woken = takers.remove().wake(); // false: that one has given up
        }
    }

    /** Takes the oldest, waiting for it; null when there is none and nobody may add one. */
    @Nullable GreenThread<T> take() {
        while (true) {
            Waiter waiter = Waiter.current(this);
            synchronized (this) {
                GreenThread<T> first = results.poll();
                if (first != null || adders == 0) {
                    return first;
                }
                takers.add(waiter);
            }
            awaitTurn(waiter);
        }
    }

    private void awaitTurn(Waiter waiter) {
        boolean woken = false;
        try {
            Waits.await(waiter);
            woken = true;
        } finally {
            if (!woken) {
                synchronized (this) {
                    takers.remove(waiter);
                }
            }
        }
    }

    /** Takes what is there. */
    synchronized @Nullable GreenThread<T> poll() {
        return results.poll();
    }

    @Override
    public String toString() {
        return "the next result";
    }
}
