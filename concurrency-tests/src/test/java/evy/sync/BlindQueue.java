package evy.sync;

import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * What {@link LightQueue} does, but for one step: it serves who waits without asking {@link
 * Waiter#wake} whether he still does. The twin of all its proofs.
 */
final class BlindQueue {
    private final int maxSize;

    // guarded by this
    private final ArrayDeque<Integer> elements = new ArrayDeque<>();
    private final ArrayDeque<Waiter> takers = new ArrayDeque<>();
    private final ArrayDeque<Waiter> putters = new ArrayDeque<>();

    BlindQueue(int maxSize) {
        this.maxSize = maxSize;
    }

    synchronized boolean offer(Integer e) {
        Waiter taker = takers.poll();
        if (taker != null) {
            boolean unused = taker.wake(e); // wrong: it may have given up
            return true;
        }
        return elements.size() < maxSize && elements.add(e);
    }

    boolean offer(Integer e, long nanos) throws InterruptedException {
        Waiter waiter;
        synchronized (this) {
            if (offer(e)) {
                return true;
            }
            waiter = Waiter.current(this);
            waiter.bring(e);
            putters.add(waiter);
        }
        return await(waiter, putters, nanos);
    }

    synchronized @Nullable Integer poll() {
        Integer e = elements.poll();
        Waiter putter = putters.poll();
        if (putter == null) {
            return e;
        }
        Integer brought = (Integer) putter.message();
        boolean unused = putter.wake(); // wrong: it may have given up
        if (e == null) {
            return brought;
        }
        elements.add(brought);
        return e;
    }

    @Nullable Integer poll(long nanos) throws InterruptedException {
        Waiter waiter;
        synchronized (this) {
            Integer e = poll();
            if (e != null) {
                return e;
            }
            waiter = Waiter.current(this);
            takers.add(waiter);
        }
        return await(waiter, takers, nanos) ? (Integer) waiter.message() : null;
    }

    private boolean await(Waiter waiter, ArrayDeque<Waiter> queue, long nanos)
            throws InterruptedException {
        boolean woken = waiter.await(nanos);
        if (!woken) {
            synchronized (this) {
                queue.remove(waiter);
            }
        }
        return woken;
    }

    @Override
    public String toString() {
        return "a blind queue";
    }
}
