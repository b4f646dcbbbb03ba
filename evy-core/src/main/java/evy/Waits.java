package evy;

import evy.hubs.WaitQueue;
import evy.hubs.Waiter;

/** Waiting in calls that declare no {@link InterruptedException}: an interrupt becomes an exit. */
final class Waits {
    private Waits() {}

    static void await(Waiter waiter) {
        await(waiter, Waiter.FOREVER);
    }

    static boolean await(Waiter waiter, long nanos) {
        try {
            return waiter.await(nanos);
        } catch (InterruptedException e) {
            throw exit(e);
        }
    }

    static boolean await(WaitQueue queue, Waiter waiter) {
        try {
            return queue.await(waiter, Waiter.FOREVER);
        } catch (InterruptedException e) {
            throw exit(e);
        }
    }

    static GreenThreadExit exit(InterruptedException e) {
        GreenThreadExit exit = new GreenThreadExit(e.getMessage());
        exit.fillInStackTrace();
        exit.initCause(e);
        return exit;
    }
}
