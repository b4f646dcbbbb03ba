package evy;

import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one consumer asked a {@link DagPool} for: what has arrived of it and what has not.
 *
 * <p>It is subscribed once and stays so from one wait to the next, so that every value is looked at
 * once, however many there are. Who ends before all has arrived must {@link #leave}; who is torn
 * from {@link #take} has left.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 * @thread any; one at a time may take
 */
final class DagInbox<K extends @Nullable Object, V extends @Nullable Object> {
    private static final int KEYS_SHOWN = 10;

    private final DagValues<K, V> values;

    // guarded by values
    private final Set<K> missing;
    private final ArrayDeque<Map.Entry<K, V>> arrived = new ArrayDeque<>();
    private boolean subscribed;
    private @Nullable Waiter waiter;

    DagInbox(DagValues<K, V> values, Collection<? extends K> keys) {
        this.values = values;
        this.missing = new LinkedHashSet<>(keys);
    }

    /** Collects what is there and has the rest delivered. Idempotent. True if there is a rest. */
    boolean subscribe() {
        values.lock();
        try {
            if (!subscribed) {
                subscribed = true;
                missing.removeIf(this::collect);
                for (K key : missing) {
                    values.want(key, this);
                }
            }
            return !missing.isEmpty();
        } finally {
            values.unlock();
        }
    }

    private boolean collect(K key) {
        Map.Entry<K, V> arrival = values.get(key);
        return arrival != null && arrived.add(arrival);
    }

    /** Called by the values, under their lock. */
    void deliver(Map.Entry<K, V> arrival) {
        missing.remove(arrival.getKey());
        arrived.add(arrival);
        wake();
    }

    /** Wants no more, until the next {@link #take}. Idempotent. */
    void leave() {
        values.lock();
        try {
            if (subscribed) {
                subscribed = false;
                for (K key : missing) {
                    values.unwant(key, this);
                }
            }
            wake(); // a waiter, which can only be somebody else's, comes back by itself
        } finally {
            values.unlock();
        }
    }

    private void wake() {
        Waiter taker = waiter;
        if (taker != null) {
            waiter = null;
            taker.wake();
        }
    }

    /** Takes what arrived first, waiting for it; null when all has been taken. */
    Map.@Nullable Entry<K, V> take() {
        boolean torn = true;
        try {
            while (!isReady()) {
                awaitArrival(Waiter.current(this));
            }
            torn = false;
        } finally {
            if (torn) {
                leave();
            }
        }
        values.lock();
        try {
            return arrived.poll();
        } finally {
            values.unlock();
        }
    }

    private boolean isReady() {
        values.lock();
        try {
            return !subscribe() || !arrived.isEmpty();
        } finally {
            values.unlock();
        }
    }

    private void awaitArrival(Waiter taker) {
        values.lock();
        try {
            if (isReady()) {
                return; // delivered since the last look, and nobody was there to be woken
            }
            if (waiter != null && waiter.isWaiting()) {
                throw new IllegalStateException("DagPool: two threads take from one iterator");
            }
            waiter = taker;
        } finally {
            values.unlock();
        }
        Waits.await(taker);
    }

    /** A copy of the keys that have no value yet. */
    Set<K> missing() {
        values.lock();
        try {
            Set<K> copy = new LinkedHashSet<>(missing);
            copy.removeIf(values::has); // after it has left, nobody tells it
            return copy;
        } finally {
            values.unlock();
        }
    }

    /** As the reason of a wait, in thread dumps and the deadlock report. */
    @Override
    public String toString() {
        List<K> keys = new ArrayList<>(missing());
        int more = keys.size() - KEYS_SHOWN;
        return "DagPool: values of "
                + (more > 0 ? keys.subList(0, KEYS_SHOWN) + " and " + more + " more" : keys);
    }
}
