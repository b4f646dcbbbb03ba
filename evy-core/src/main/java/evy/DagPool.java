package evy;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.internal.util.Cleaners;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Values by key, each computed by a green thread of its own out of the values of other keys: every
 * one goes on as soon as what it depends on is there. The keys and what they depend on make a
 * directed acyclic graph.
 *
 * {@snippet :
 * var pool = new DagPool<String, Integer>(Map.of("price", 3));
 * pool.spawn("total", List.of("price", "count"), (key, inputs) -> {
 *     var in = inputs.toMap();
 *     return in.get("price") * in.get("count");
 * });
 * pool.spawn("count", List.of(), (key, inputs) -> fetchCount());
 * IO.println(pool.value("total"));
 * }
 *
 * <p>What a key depends on may be spawned or {@linkplain #post posted} later, in any order. A value
 * that nobody ever provides is waited for until a timeout or a kill; {@link #waitingFor()} shows
 * what is missing.
 *
 * <p>If a task fails, whoever asks for its key gets a {@link PropagateError}; a task that does not
 * catch it fails for the same reason, and so down the graph. Nothing is printed.
 *
 * <p>Null is a key and a value like any other. The keys' {@code hashCode} and {@code equals} are
 * called under the pool's lock: they must neither block nor throw.
 *
 * <p>Memory effects: what was done before a value is posted, or a task returns it, happens-before
 * it is given to whoever asked for it.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 * @thread any; tasks run on the spawner's hub, or the default hub
 * @source eventlet {@code dagpool.DAGPool}
 */
/*
 * Everything is guarded by one lock, that of `values`. A consumer, be it a task or somebody
 * from outside, has an inbox, which the values it misses are delivered to; see there.
 */
public final class DagPool<K extends @Nullable Object, V extends @Nullable Object> {
    private final DagValues<K, V> values = new DagValues<>();

    // guarded by values
    private final Map<K, Work> running = new LinkedHashMap<>();

    /** A pool without values. */
    public DagPool() {}

    /**
     * A pool with values that are there from the start.
     *
     * @param preload keys and values; copied
     */
    public DagPool(Map<? extends K, ? extends V> preload) {
        values.lock();
        try {
            preload.forEach(values::put);
        } finally {
            values.unlock();
        }
    }

    /**
     * What computes the value of a key.
     *
     * @param <K> type of the keys
     * @param <V> type of the values
     */
    @FunctionalInterface
    public interface Task<K extends @Nullable Object, V extends @Nullable Object> {
        /**
         * Computes the value.
         *
         * @param key the key
         * @param inputs what it depends on, as it arrives; need not be read
         * @return the value; ignored if the task has posted one for its key
         * @throws Exception to fail: the key gets a {@link PropagateError} with this cause
         */
        V run(K key, DagArrivals<K, V> inputs) throws Exception;
    }

    /**
     * Starts a green thread that computes the value of a key. It begins when the caller next waits
     * or yields, whatever is missing then, and waits only when it reads an input that is not there.
     *
     * <p>However it ends, the key gets a value: what the task returned or, if it failed, was killed
     * by its handle or stopped by a timeout, a {@link PropagateError}. Only {@link #kill} leaves
     * the key without one.
     *
     * @checkpoint never
     * @param key the key
     * @param depends the keys whose values it needs; copied
     * @param task computes the value
     * @return the green thread: its result is what the task returned or threw
     * @throws Collision if the key has a value already, or a green thread that runs
     */
    public GreenThread<V> spawn(K key, Collection<? extends K> depends, Task<K, V> task) {
        Work work = new Work(key, depends, task);
        launch(List.of(work));
        return work.thread;
    }

    /**
     * Starts green threads that compute the values of several keys by the same task.
     *
     * @checkpoint never
     * @param dependsByKey for each key those whose values it needs; in any order
     * @param task computes each value
     * @throws Collision if one of the keys has a value already, or a green thread that runs;
     *     nothing was spawned then
     */
    public void spawnMany(
            Map<? extends K, ? extends Collection<? extends K>> dependsByKey, Task<K, V> task) {
        List<Work> works = new ArrayList<>(dependsByKey.size());
        dependsByKey.forEach((key, depends) -> works.add(new Work(key, depends, task)));
        launch(works);
    }

    private void launch(List<Work> works) {
        throwIf(register(works));
        int begun = 0;
        try {
            for (Work work : works) {
                work.thread.begin();
                begun++;
            }
        } finally {
            // none, unless the hub is closed
            works.subList(begun, works.size()).forEach(Work::forget);
        }
    }

    private @Nullable Refusal register(List<Work> works) {
        values.lock();
        try {
            for (Work work : works) {
                Refusal refusal = refusal(work.key, running.containsKey(work.key), false);
                if (refusal != null) {
                    return refusal;
                }
            }
            for (Work work : works) {
                running.put(work.key, work);
                work.inbox.subscribe();
            }
            return null;
        } finally {
            values.unlock();
        }
    }

    private @Nullable Refusal refusal(K key, boolean isRunning, boolean replace) {
        if (isRunning) {
            return new Refusal(key, "a green thread runs for it; kill(key) would free it");
        }
        return !replace && values.has(key) ? new Refusal(key, "it has a value already") : null;
    }

    private static void throwIf(@Nullable Refusal refusal) {
        if (refusal != null) {
            throw new Collision(refusal.key, refusal.reason);
        }
    }

    /**
     * Kills the green thread of a key and forgets it: the key may be spawned or posted again, and
     * those who wait for its value go on waiting. When the call returns, the green thread has got
     * the exception. A value that it posted before stays.
     *
     * @checkpoint if a green thread runs for the key; not in a hub's callback
     * @param key the key
     * @throws NoSuchElementException if no green thread runs for the key
     * @throws GreenThreadExit if it is the caller's own
     */
    public void kill(K key) {
        Work work;
        values.lock();
        try {
            // forgotten first: whatever it does with its last breath, the key is free
            work = running.remove(key);
        } finally {
            values.unlock();
        }
        if (work == null) {
            throw new NoSuchElementException("DagPool: no green thread runs for key '" + key + "'");
        }
        work.thread.kill();
    }

    /**
     * Sets the value of a key. An exception is a value like any other, but a {@link PropagateError}
     * makes the key one that has failed.
     *
     * <p>A task may post the value of its own key before it ends; what it returns is ignored then.
     *
     * @checkpoint never
     * @param key the key
     * @param value its value
     * @throws Collision if the key has a value already, or a green thread that runs and is not the
     *     caller
     */
    public void post(K key, V value) {
        throwIf(set(key, value, false));
    }

    /**
     * Sets the value of a key, or another one in its place; otherwise as {@link #post}. Who has
     * asked for the key before may get the one or the other, who asks later gets the new one.
     *
     * @checkpoint never
     * @param key the key
     * @param value its value
     * @throws Collision if the key has a green thread that runs and is not the caller
     */
    public void postOrReplace(K key, V value) {
        throwIf(set(key, value, true));
    }

    /**
     * Makes a key one that has failed: who asks for it gets a {@link PropagateError}.
     *
     * @checkpoint never
     * @param key the key
     * @param cause why it gets no value
     * @throws Collision as {@link #post}
     */
    @SuppressWarnings("unchecked") // never given to anyone as a V
    public void postFailure(K key, Throwable cause) {
        post(key, (V) new PropagateError(key, cause));
    }

    private @Nullable Refusal set(K key, V value, boolean replace) {
        values.lock();
        try {
            Work work = running.get(key);
            Refusal refusal = refusal(key, work != null && !work.isCurrent(), replace);
            if (refusal == null) {
                values.put(key, value);
            }
            return refusal;
        } finally {
            values.unlock();
        }
    }

    /**
     * Waits for the value of a key, whether or not somebody is about to provide it.
     *
     * @checkpoint if it is not there
     * @param key the key
     * @return its value
     * @throws PropagateError if the key has failed
     */
    public V value(K key) {
        Map.Entry<K, V> arrival = arrival(key);
        return arrival != null
                ? PropagateError.valueOrThrow(arrival.getValue())
                : await(Collections.singleton(key)).values().iterator().next();
    }

    /**
     * The value of a key if it is there.
     *
     * @checkpoint never
     * @param key the key
     * @param defaultValue what to return if not
     * @return its value
     * @throws PropagateError if the key has failed
     */
    public V getOrDefault(K key, V defaultValue) {
        Map.Entry<K, V> arrival = arrival(key);
        return arrival == null ? defaultValue : PropagateError.valueOrThrow(arrival.getValue());
    }

    private Map.@Nullable Entry<K, V> arrival(K key) {
        values.lock();
        try {
            return values.get(key);
        } finally {
            values.unlock();
        }
    }

    /**
     * Waits for the values of all keys known now: those that have one and those whose green thread
     * runs.
     *
     * @checkpoint if one is not there
     * @return the keys and their values, in the order they arrived
     * @throws PropagateError as soon as one of them has failed
     */
    public Map<K, V> awaitAll() {
        return await(known());
    }

    /**
     * Waits for the values of some keys, whether or not somebody is about to provide them.
     *
     * @checkpoint if one is not there
     * @param keys the keys; copied
     * @return the keys and their values: those that were there in the order of {@code keys}, then
     *     the others in the order they arrived
     * @throws PropagateError as soon as one of them has failed
     */
    public Map<K, V> await(Collection<? extends K> keys) {
        DagInbox<K, V> inbox = new DagInbox<>(values, keys);
        try {
            return new DagArrivals<>(inbox, DagArrivals.Choice.ALL).toMap();
        } finally {
            inbox.leave();
        }
    }

    /**
     * Gives all keys known now, those that have a value and those whose green thread runs, each as
     * soon as its value is there.
     *
     * @checkpoint never; the iteration waits
     * @return throws a {@link PropagateError} in a failure's place
     */
    public DagArrivals<K, V> awaitEach() {
        return awaitEach(known());
    }

    /**
     * Gives some keys, each as soon as its value is there.
     *
     * @checkpoint never; the iteration waits
     * @param keys the keys; copied
     * @return throws a {@link PropagateError} in a failure's place
     */
    public DagArrivals<K, V> awaitEach(Collection<? extends K> keys) {
        return arrivals(keys, DagArrivals.Choice.ALL);
    }

    /**
     * Gives those of all keys known now that do not fail, as {@link #awaitEach()}.
     *
     * @checkpoint never; the iteration waits
     * @return ends when all the keys, failed or not, have come
     */
    public DagArrivals<K, V> awaitEachSuccess() {
        return awaitEachSuccess(known());
    }

    /**
     * Gives those of some keys that do not fail, as {@link #awaitEach(Collection)}.
     *
     * @checkpoint never; the iteration waits
     * @param keys the keys; copied
     * @return ends when all the keys, failed or not, have come
     */
    public DagArrivals<K, V> awaitEachSuccess(Collection<? extends K> keys) {
        return arrivals(keys, DagArrivals.Choice.SUCCESSES);
    }

    /**
     * Gives those of all keys known now that fail, as {@link #awaitEach()}; throws nothing.
     *
     * @checkpoint never; the iteration waits
     * @return has the failures as values; ends when all the keys, failed or not, have come
     */
    public DagArrivals<K, PropagateError> awaitEachException() {
        return awaitEachException(known());
    }

    /**
     * Gives those of some keys that fail, as {@link #awaitEach(Collection)}; throws nothing.
     *
     * @checkpoint never; the iteration waits
     * @param keys the keys; copied
     * @return has the failures as values; ends when all the keys, failed or not, have come
     */
    @SuppressWarnings("unchecked") // what it lets through is of that type
    public DagArrivals<K, PropagateError> awaitEachException(Collection<? extends K> keys) {
        return (DagArrivals<K, PropagateError>) arrivals(keys, DagArrivals.Choice.FAILURES);
    }

    private DagArrivals<K, V> arrivals(Collection<? extends K> keys, DagArrivals.Choice choice) {
        DagInbox<K, V> inbox = new DagInbox<>(values, keys);
        DagArrivals<K, V> arrivals = new DagArrivals<>(inbox, choice);
        // at once, to have them in the order of their arrival, however late they are read
        if (inbox.subscribe()) {
            Cleaners.register(arrivals, inbox::leave); // who stops half way tells nobody
        }
        return arrivals;
    }

    private Set<K> known() {
        values.lock();
        try {
            Set<K> known = new LinkedHashSet<>(values.keys());
            known.addAll(running.keySet());
            return known;
        } finally {
            values.unlock();
        }
    }

    /** {@return a copy of the keys that have a value or have failed, in the order they did} */
    public Set<K> keys() {
        values.lock();
        try {
            return new LinkedHashSet<>(values.keys());
        } finally {
            values.unlock();
        }
    }

    /**
     * What is there now.
     *
     * @checkpoint never
     * @return a copy of the keys that have a value, and their values, in the order they arrived
     * @throws PropagateError if a key has failed
     */
    public Map<K, V> items() {
        List<Map.Entry<K, V>> arrivals;
        values.lock();
        try {
            arrivals = values.arrivals();
        } finally {
            values.unlock();
        }
        Map<K, V> items = new LinkedHashMap<>();
        for (Map.Entry<K, V> arrival : arrivals) {
            items.put(arrival.getKey(), PropagateError.valueOrThrow(arrival.getValue()));
        }
        return items;
    }

    /** {@return how many green threads run, those that wait included} */
    public int running() {
        values.lock();
        try {
            return running.size();
        } finally {
            values.unlock();
        }
    }

    /** {@return a copy of the keys whose green threads run, those that wait included} */
    public Set<K> runningKeys() {
        values.lock();
        try {
            return new LinkedHashSet<>(running.keySet());
        } finally {
            values.unlock();
        }
    }

    /** {@return how many green threads of the pool depend on a value that is not there} */
    public int waiting() {
        return waitingFor().size();
    }

    /**
     * Why a key has no value yet.
     *
     * @param key the key
     * @return a copy of the keys it depends on that have no value; empty if it has a value itself
     * @throws NoSuchElementException if it has neither a value nor a green thread that runs
     */
    public Set<K> waitingFor(K key) {
        values.lock();
        try {
            Work work = running.get(key);
            if (work != null) {
                return work.inbox.missing();
            }
            if (values.has(key)) {
                return new LinkedHashSet<>();
            }
        } finally {
            values.unlock();
        }
        throw new NoSuchElementException("DagPool: nothing is known of key '" + key + "'");
    }

    /**
     * Why the pool makes no progress: whose values its green threads wait for.
     *
     * @return for each key whose green thread runs those that it depends on and that have no value;
     *     keys that lack nothing are left out
     */
    public Map<K, Set<K>> waitingFor() {
        Map<K, Set<K>> waiting = new LinkedHashMap<>();
        values.lock();
        try {
            for (Work work : running.values()) {
                Set<K> missing = work.inbox.missing();
                if (!missing.isEmpty()) {
                    waiting.put(work.key, missing);
                }
            }
        } finally {
            values.unlock();
        }
        return waiting;
    }

    /** How many keys have a value, have a green thread, lack a value that somebody asks for. */
    @Override
    public String toString() {
        values.lock();
        try {
            return "DagPool (values="
                    + values.keys().size()
                    + ", running="
                    + running.size()
                    + ", missing="
                    + values.missing()
                    + ")";
        } finally {
            values.unlock();
        }
    }

    /** A key that is worked at: its green thread and what that depends on. */
    private final class Work {
        final K key;
        final DagInbox<K, V> inbox;
        final GreenThread<V> thread;

        Work(K key, Collection<? extends K> depends, Task<K, V> task) {
            this.key = key;
            this.inbox = new DagInbox<>(values, depends);
            this.thread =
                    new GreenThread<>(Hub.current(), () -> compute(task)) {
                        @Override
                        void settled(@Nullable Throwable failure) {
                            if (failure != null) { // also if it was killed before it ran
                                fail(failure);
                            }
                        }
                    };
        }

        boolean isCurrent() {
            return Greenlet.currentOrNull() == thread;
        }

        private V compute(Task<K, V> task) throws Exception {
            V value = task.run(key, new DagArrivals<>(inbox, DagArrivals.Choice.ALL));
            end(value); // before the thread has it: who joins it finds it in the pool, too
            return value;
        }

        @SuppressWarnings("unchecked") // never given to anyone as a V
        private void fail(Throwable cause) {
            end((V) new PropagateError(key, cause));
        }

        /** Gives the key its value, unless it has one or this was killed by the key. */
        private void end(V outcome) {
            values.lock();
            try {
                if (forget() && !values.has(key)) {
                    values.put(key, outcome);
                }
            } finally {
                values.unlock();
            }
        }

        /** Takes this out of the pool; false if it was not there. */
        boolean forget() {
            values.lock();
            try {
                inbox.leave();
                return running.remove(key, this);
            } finally {
                values.unlock();
            }
        }
    }

    /** Why a key cannot be spawned or posted: noted under the lock, thrown outside. */
    private record Refusal(@Nullable Object key, String reason) {}
}
