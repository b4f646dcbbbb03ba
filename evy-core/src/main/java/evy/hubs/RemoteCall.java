package evy.hubs;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;

/** A call made on another hub's thread, whose caller waits for the result. */
final class RemoteCall<T extends @Nullable Object> implements Runnable {
    private final Callable<T> action;
    private final Waiter waiter;

    // written before the wake, read after it
    private @Nullable T result;
    private @Nullable Throwable failure;

    RemoteCall(Callable<T> action) {
        this.action = action;
        this.waiter = Waiter.current(action);
    }

    T on(Hub hub) throws Exception {
        hub.execute(this);
        waiter.await();
        return outcome();
    }

    @SuppressWarnings("NullAway") // result is the action's own, null only if T allows it
    private T outcome() throws Exception {
        if (failure != null) {
            throw Greenlet.<Exception>thrown(failure);
        }
        return result;
    }

    /** As {@link #on(Hub)}; a call that the hub comes to too late is not made. */
    T on(Hub hub, long nanos) throws Exception {
        hub.execute(
                () -> {
                    if (waiter.isWaiting()) {
                        run();
                    }
                });
        if (!waiter.await(nanos)) {
            throw new TimeoutException(hub + " is blocked: it did not answer in time");
        }
        return outcome();
    }

    @Override
    public void run() {
        try {
            result = action.call();
        } catch (Throwable t) {
            failure = t;
        }
        waiter.wake();
    }
}
