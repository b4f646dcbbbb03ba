package evy.tools.profiler;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Sighting;
import evy.hubs.SwitchObserver;
import evy.internal.util.SpinLock;

import org.jspecify.annotations.Nullable;

import java.util.IdentityHashMap;
import java.util.function.BiConsumer;

/**
 * Counts the switches of one hub and adds up how long its green threads run and wait; of some waits
 * takes the stack.
 */
/*
 * A wait is looked at when it is over, before its thread goes on: only then it is known how long it
 * took, and the stack is still that of the wait. Long waits are picked always; of many short ones some,
 * by two pickers: one that gives each nanosecond of waiting the same chance, for the times, and one that
 * gives each switch the same chance, for the counts.
 *
 * Everything is guarded by the lock. The hub's thread holds it for a fraction of a microsecond a switch,
 * longer only to take a stack; another thread wants it to drain the trace and at the end, when the hub
 * may be blocked.
 */
final class HubRecorder implements SwitchObserver {
    private static final long SHORT_WAIT_NANOS = 1_000_000;

    private final SpinLock lock = new SpinLock();
    private final Hub hub;
    private final long startNanos = System.nanoTime();
    private final boolean byThread;

    // guarded by lock
    private final IdentityHashMap<Greenlet, ThreadTimes> live = new IdentityHashMap<>();
    private final IdentityHashMap<Greenlet, WaitStacks.Wait> waiting = new IdentityHashMap<>();
    private final ThreadLedger ended = new ThreadLedger();
    private final WaitStacks waits = new WaitStacks();
    private final Picker byTime;
    private final Picker byCount;
    private @Nullable TraceBuffer trace;
    private boolean closed;
    private long endNanos;

    HubRecorder(Hub hub, boolean byThread, boolean withTrace) {
        this.hub = hub;
        this.byThread = byThread;
        this.trace = withTrace ? new TraceBuffer() : null;
        long seed = hub.carrier().threadId();
        this.byTime = new Picker(SHORT_WAIT_NANOS, seed);
        this.byCount = new Picker(1, seed);
    }

    Hub hub() {
        return hub;
    }

    @Override
    public void begins(Greenlet greenlet) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            ThreadTimes times = timesOf(greenlet);
            times.running = true;
            times.since = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void resumes(Greenlet greenlet) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            long now = System.nanoTime();
            ThreadTimes times = timesOf(greenlet);
            long waited = now - times.since;
            times.waitNanos += waited;
            waiting.remove(greenlet);
            pick(greenlet, waited, now);
            times.running = true;
            times.since = now;
        } finally {
            lock.unlock();
        }
    }

    private void pick(Greenlet greenlet, long waited, long now) {
        long nanos = byTime.pick(waited, now);
        long switches = byCount.pick(1, now);
        if (nanos > 0 || switches > 0) {
            waits.add(WaitStacks.of(greenlet, byThread), nanos, switches);
        }
    }

    @Override
    public void suspends(Greenlet greenlet) {
        stops(greenlet, false);
    }

    @Override
    public void ends(Greenlet greenlet) {
        stops(greenlet, true);
    }

    private void stops(Greenlet greenlet, boolean forGood) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            long now = System.nanoTime();
            ThreadTimes times = timesOf(greenlet);
            if (trace != null) {
                trace.add(times.since, now, greenlet.thread());
            }
            times.runNanos += now - times.since;
            times.switches++;
            times.running = false;
            times.since = now;
            if (forGood) {
                live.remove(greenlet);
                file(greenlet, times);
            }
        } finally {
            lock.unlock();
        }
    }

    /* One that is met for the first time has waited since the profile began. */
    private ThreadTimes timesOf(Greenlet greenlet) {
        ThreadTimes times = live.get(greenlet);
        if (times == null) {
            times = new ThreadTimes(greenlet.thread().threadId(), hub.name());
            times.since = startNanos;
            live.put(greenlet, times);
        }
        return times;
    }

    /**
     * Notes the wait of a green thread that is suspended as the profile ends, unless it has gone on
     * since it was seen.
     *
     * @param wait null if its stack was not taken
     */
    void noteWaiting(Sighting seen, WaitStacks.@Nullable Wait wait) {
        Greenlet greenlet = seen.greenlet();
        lock.lock();
        try {
            if (!closed && !greenlet.isDead() && !timesOf(greenlet).running) {
                waiting.put(greenlet, wait == null ? WaitStacks.UNKNOWN : wait);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Hands over what was traced since the last time; null if nothing is traced. */
    @Nullable TraceBuffer drainTrace() {
        lock.lock();
        try {
            TraceBuffer full = trace;
            trace = full == null || closed ? null : new TraceBuffer();
            return full;
        } finally {
            lock.unlock();
        }
    }

    /** Notes nothing from now on; adds up what is under way. */
    void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            endNanos = System.nanoTime();
            live.forEach(this::closeOne);
            live.clear();
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    private void closeOne(Greenlet greenlet, ThreadTimes times) {
        long nanos = endNanos - times.since;
        if (times.running) {
            times.runNanos += nanos;
            if (trace != null) {
                trace.add(times.since, endNanos, greenlet.thread());
            }
        } else {
            times.waitNanos += nanos;
            WaitStacks.Wait wait = waiting.get(greenlet);
            waits.add(wait == null ? WaitStacks.UNKNOWN : wait, nanos, 0);
        }
        file(greenlet, times);
    }

    private void file(Greenlet greenlet, ThreadTimes times) {
        times.name = greenlet.thread().getName();
        ended.add(times);
    }

    /** How long it was observed, once it is closed. */
    long observedNanos() {
        return endNanos - startNanos;
    }

    /** The green threads; once it is closed. */
    ThreadLedger threads() {
        return ended;
    }

    /** The waits; once it is closed. */
    void forEachWait(BiConsumer<WaitStacks.Wait, CallTree.Cost> action) {
        waits.forEach(action);
    }
}
