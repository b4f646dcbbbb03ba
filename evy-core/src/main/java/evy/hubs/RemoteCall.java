package evy.hubs;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Callable;

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

    @SuppressWarnings("NullAway") // result is the action's own, null only if T allows it
    T on(Hub hub) throws Exception {
        hub.execute(this);
        waiter.await();
        if (failure != null) {
            throw Greenlet.<Exception>thrown(failure);
        }
        return result;
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
