package evy.patcher;

import evy.Evy;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Kinds of threads that the same body can run on. */
enum ThreadKind {
    PLATFORM,
    VIRTUAL,
    GREEN;

    /** Starts a thread of this kind. */
    <T> Running<T> start(Callable<T> body) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable task =
                () -> {
                    try {
                        result.complete(body.call());
                    } catch (Throwable t) {
                        result.completeExceptionally(t);
                    }
                };
        Thread thread =
                switch (this) {
                    case PLATFORM -> Thread.ofPlatform().start(task);
                    case VIRTUAL -> Thread.ofVirtual().start(task);
                    case GREEN -> Evy.spawnN(task::run).thread();
                };
        return new Running<>(thread, result);
    }

    /** A thread and what becomes of it. */
    record Running<T>(Thread thread, CompletableFuture<T> result) {
        /** Waits until it is in a call of the JDK's networking. For platform threads only. */
        Running<T> awaitBlocked() throws InterruptedException {
            while (!isBlocked()) {
                if (result.isDone()) {
                    throw new AssertionError("ended without having to wait: " + result);
                }
                Thread.sleep(1);
            }
            return this;
        }

        private boolean isBlocked() {
            StackTraceElement[] stack = thread.getStackTrace();
            if (stack.length > 0 && stack[0].isNativeMethod() && isNetworking(stack[0])) {
                return true;
            }
            for (StackTraceElement frame : stack) {
                if (frame.getClassName().equals("sun.nio.ch.Poller")) {
                    return true;
                }
            }
            return false;
        }

        private static boolean isNetworking(StackTraceElement frame) {
            return frame.getClassName().startsWith("sun.nio.ch.");
        }

        /** Waits for its end and tells what it returned or threw. */
        Object outcome() throws Exception {
            try {
                return result.get(20, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException e) {
                return e.getCause().getClass().getName() + ": " + e.getCause().getMessage();
            }
        }
    }
}
