package evy.io;

import evy.tpool.Tpool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A call made on a native thread whose result is never lost: if the caller is torn away by a kill
 * or a timeout while the call runs, the result is disposed of when it is there.
 */
final class Offload<T> implements Callable<T> {
    private static final Object ABANDONED = new Object();

    private final Callable<T> call;
    private final Disposer<? super T> disposer;

    // any thread: null, then the result or ABANDONED, whichever comes first
    private final AtomicReference<@Nullable Object> outcome = new AtomicReference<>();

    private Offload(Callable<T> call, Disposer<? super T> disposer) {
        this.call = call;
        this.disposer = disposer;
    }

    /** Gets rid of a result that nobody wants. */
    @FunctionalInterface
    interface Disposer<T> {
        void dispose(T result) throws Exception;
    }

    /** Makes a call whose result can be dropped. */
    static <T extends @Nullable Object> T call(Callable<T> call) throws IOException {
        return Tpool.executeIo(call);
    }

    /** Does something without a result. */
    static void run(Action action) throws IOException {
        Tpool.executeIo(
                () -> {
                    action.run();
                    return action;
                });
    }

    /** What may block and fail. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    /** Makes a call that opens something. */
    static <T extends AutoCloseable> T open(Callable<T> call) throws IOException {
        return open(call, AutoCloseable::close);
    }

    /** Makes a call that opens something which is not closed by {@code close()}. */
    static <T> T open(Callable<T> call, Disposer<? super T> disposer) throws IOException {
        Offload<T> offload = new Offload<>(call, disposer);
        try {
            return Tpool.executeIo(offload);
        } catch (Throwable t) {
            offload.abandon();
            throw t;
        }
    }

    @Override
    public T call() throws Exception {
        T result = call.call();
        if (!outcome.compareAndSet(null, result)) {
            dispose(result);
        }
        return result;
    }

    @SuppressWarnings("unchecked") // what is there and not ABANDONED is a result
    private void abandon() {
        Object there = outcome.getAndSet(ABANDONED);
        if (there != null) {
            dispose((T) there);
        }
    }

    private void dispose(T result) {
        try {
            disposer.dispose(result);
        } catch (Exception e) {
            System.getLogger("evy.io").log(System.Logger.Level.DEBUG, "disposing of " + result, e);
        }
    }
}
