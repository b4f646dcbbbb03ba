package evy.sync;

import evy.hubs.WaitQueue;
import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

/**
 * What {@link Event} does, but for one step: it looks whether it has happened and enters the queue
 * afterwards, not both under the lock. A send between the two finds nobody to wake.
 */
final class LateEvent {
    private final WaitQueue waiters = new WaitQueue();
    private volatile @Nullable Integer value;

    void send(Integer sent) {
        waiters.lock();
        value = sent;
        waiters.wakeAll(sent);
        waiters.unlock();
    }

    /** Returns null if nothing was sent in time. */
    @Nullable Integer await(long nanos) throws InterruptedException {
        Integer sent = value;
        if (sent != null) {
            return sent;
        }
        waiters.lock();
        Waiter waiter = waiters.enter(this); // wrong: it may have happened since
        waiters.unlock();
        return waiters.await(waiter, nanos) ? (Integer) waiter.message() : null;
    }

    @Override
    public String toString() {
        return "a late event";
    }
}
