package evy.zmq;

import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

/**
 * A place for one thread to wait in until it is woken.
 *
 * <p>{@link #block} before the last look at what is waited for: a wake between that and {@link
 * #await} ends the wait before it begins.
 *
 * @thread {@link #wake} any; the rest one at a time
 * @source eventlet {@code green.zmq._BlockedThread}
 */
final class BlockedThread {
    private volatile @Nullable Waiter waiter;

    /**
     * Takes the place.
     *
     * @param reason what is waited for
     * @throws IllegalStateException if somebody waits here
     */
    void block(Object reason) {
        Waiter other = waiter;
        if (other != null && other.isWaiting()) {
            throw new IllegalStateException("only one can wait here, and " + other);
        }
        waiter = Waiter.current(reason);
    }

    /**
     * Waits until woken.
     *
     * @param nanos longest wait
     * @return false if the time was over first
     */
    boolean await(long nanos) throws InterruptedException {
        Waiter w = waiter;
        assert w != null;
        return w.await(nanos);
    }

    /** Leaves the place, woken or not. */
    void leave() {
        waiter = null;
    }

    /**
     * Wakes who waits here; does nothing if nobody does.
     *
     * @return true if somebody was woken
     */
    boolean wake() {
        Waiter w = waiter;
        return w != null && w.wake();
    }

    /** {@return true if somebody waits here} */
    boolean isWaiting() {
        Waiter w = waiter;
        return w != null && w.isWaiting();
    }
}
