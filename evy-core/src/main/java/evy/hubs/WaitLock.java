package evy.hubs;

import evy.internal.util.SpinLock;

import org.jspecify.annotations.Nullable;

/** The lock of wait queues. Whoever is woken under it resumes when it is free again. */
/*
 * To resume a thread of another hub, or a platform thread, is a system call, and a system that runs
 * the woken thread in the place of the one that woke it is no exception. Under the lock that would
 * leave the one to spin for what the other, without a core, cannot give back: a time slice.
 */
final class WaitLock extends SpinLock {
    // guarded by this, linked by Waiter.next
    private @Nullable Waiter first;
    private @Nullable Waiter last;

    /** Has a waiter that was woken resume once the lock is free. The holder only. */
    void resumeLater(Waiter woken) {
        Waiter before = last;
        if (before == null) {
            first = woken;
        } else {
            before.next = woken;
        }
        last = woken;
    }

    /** Gives the lock back, and lets those resume who were woken meanwhile. The holder only. */
    void release() {
        Waiter woken = first;
        if (woken == null || isReentered()) {
            unlock();
            return;
        }
        first = null;
        last = null;
        unlock();
        do {
            Waiter after = woken.next;
            woken.next = null;
            woken.resume();
            woken = after;
        } while (woken != null);
    }
}
