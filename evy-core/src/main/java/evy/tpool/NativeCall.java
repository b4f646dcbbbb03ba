package evy.tpool;

import evy.hubs.Greenlet;
import evy.hubs.Waiter;
import evy.internal.jfr.Flight;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;

/** A call on its way through the pool, and who waits for it. */
final class NativeCall<T extends @Nullable Object> implements Waiter.External, Waiter.Kind {
    private final Callable<T> call;
    private final Waiter waiter;
    private final Thread caller = Thread.currentThread();
    private final long submitted = Flight.recordsNativeCalls() ? System.nanoTime() : 0;

    // written before the wake, read after it
    private @Nullable T result;
    private @Nullable Throwable failure;

    NativeCall(Callable<T> call) {
        this.call = call;
        this.waiter = Waiter.current(this);
    }

    /** Makes the call, on a native thread. */
    void run() {
        if (!waiter.isWaiting()) {
            return; // nobody wants it any more
        }
        if (Flight.recordsNativeCalls()) {
            long queued = submitted == 0 ? 0 : System.nanoTime() - submitted;
            Object event = Flight.beginNativeCall();
            call();
            Flight.endNativeCall(event, call, caller, queued, failure);
        } else {
            call();
        }
        waiter.wake();
    }

    private void call() {
        try {
            result = call.call();
        } catch (Throwable t) {
            failure = t;
            if (Tpool.isExceptionsPrinted()) {
                print(t);
            }
        }
    }

    @SuppressWarnings("SystemOut") // what it is for
    private void print(Throwable t) {
        StringWriter text = new StringWriter();
        text.append("Exception in " + Thread.currentThread().getName() + ", " + this + ": ");
        t.printStackTrace(new PrintWriter(text));
        System.err.print(text); // in one piece
    }

    void await() throws InterruptedException {
        waiter.await();
    }

    /** What came of it; only after {@link #await} has returned. */
    @SuppressWarnings("NullAway") // the call's own result, null only if T allows it
    T result() throws Exception {
        if (failure != null) {
            throw Greenlet.<Exception>thrown(failure);
        }
        return result;
    }

    @Override
    public String kind() {
        return "tpool";
    }

    @Override
    public String toString() {
        return "native call " + call;
    }
}
