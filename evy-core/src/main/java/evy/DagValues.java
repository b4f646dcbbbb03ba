package evy;

import evy.internal.util.SpinLock;

import org.jspecify.annotations.Nullable;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The values of a {@link DagPool} by key, and who waits for the others. A failure is a {@link
 * PropagateError} in a value's place.
 *
 * <p>It has the lock of the pool, its inboxes and itself; each method is to be called under it.
 * Nothing foreign is called there but the keys' {@code hashCode} and {@code equals}, and nobody
 * waits there.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
/* A key is in one of the maps at most: who wants a value that is there gets it at once. */
final class DagValues<K extends @Nullable Object, V extends @Nullable Object> {
    private final SpinLock lock = new SpinLock();

    // guarded by lock
    private final Map<K, Map.Entry<K, V>> arrived = new LinkedHashMap<>();
    private final Map<K, Set<DagInbox<K, V>>> wanted = new HashMap<>();

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    boolean has(K key) {
        return arrived.containsKey(key);
    }

    Map.@Nullable Entry<K, V> get(K key) {
        return arrived.get(key);
    }

    /** Sets a value and delivers it to those who want it, in the order they came. */
    void put(K key, V value) {
        assert lock.isHeld();
        Map.Entry<K, V> arrival = new SimpleImmutableEntry<>(key, value);
        arrived.put(key, arrival);
        Set<DagInbox<K, V>> inboxes = wanted.remove(key);
        if (inboxes != null) {
            for (DagInbox<K, V> inbox : inboxes) {
                inbox.deliver(arrival);
            }
        }
    }

    /** Has a value delivered when it arrives. */
    void want(K key, DagInbox<K, V> inbox) {
        assert lock.isHeld();
        Set<DagInbox<K, V>> inboxes = wanted.get(key);
        if (inboxes == null) {
            inboxes = new LinkedHashSet<>();
            wanted.put(key, inboxes);
        }
        inboxes.add(inbox);
    }

    /** Takes {@link #want} back. */
    void unwant(K key, DagInbox<K, V> inbox) {
        assert lock.isHeld();
        Set<DagInbox<K, V>> inboxes = wanted.get(key);
        if (inboxes != null && inboxes.remove(inbox) && inboxes.isEmpty()) {
            wanted.remove(key);
        }
    }

    /** A copy of all keys and values, in the order they arrived. */
    List<Map.Entry<K, V>> arrivals() {
        return new ArrayList<>(arrived.values());
    }

    Collection<K> keys() {
        return arrived.keySet();
    }

    /** How many keys somebody wants that have no value. */
    int missing() {
        return wanted.size();
    }
}
