package evy;

import evy.hubs.Greenlet;
import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The bridge between green threads and {@link CompletableFuture}, both ways. */
final class Futures {
    private Futures() {}

    /** A future that completes as the green thread ends, and kills it when cancelled. */
    static <T extends @Nullable Object> CompletableFuture<T> of(GreenThread<T> thread) {
        CompletableFuture<T> future = new CompletableFuture<>();
        var _ =
                future.whenComplete(
                        (value, failure) -> {
                            if (future.isCancelled()) {
                                thread.cancel(true);
                            }
                        });
        thread.link(ended -> complete(future, ended));
        return future;
    }

    private static <T extends @Nullable Object> void complete(
            CompletableFuture<T> future, GreenThread<T> ended) {
        try {
            future.complete(ended.join());
        } catch (GreenThreadExit killed) {
            future.cancel(false);
        } catch (Throwable t) {
            future.completeExceptionally(t);
        }
    }

    /** Waits for a stage without holding up the hub; cancels it if the wait is torn. */
    static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        Pending pending = new Pending(future);
        Waiter waiter = Waiter.current(pending);
        var _ = future.whenComplete((value, failure) -> waiter.wake());
        try {
            Waits.await(waiter);
        } catch (Throwable t) {
            future.cancel(true);
            throw t;
        }
        return valueOf(future);
    }

    private static <T extends @Nullable Object> T valueOf(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CancellationException e) {
            GreenThreadExit exit = new GreenThreadExit("the future was cancelled");
            exit.initCause(e);
            throw Greenlet.<RuntimeException>thrown(exit);
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            throw Greenlet.<RuntimeException>thrown(cause == null ? e : cause);
        }
    }

    /** Somebody will complete it; who is not known. */
    private record Pending(CompletableFuture<?> future) implements Waiter.External {}
}
