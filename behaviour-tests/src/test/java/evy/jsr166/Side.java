package evy.jsr166;

import evy.Body;
import evy.Evy;
import evy.GreenThreadFactory;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** On which kind of thread a contract is tried: the test's own and those that help it. */
enum Side {
    GREEN_THREAD,
    PLATFORM_THREAD;

    /** Longest wait for what must come. */
    static final long PATIENCE_SECONDS = 20;

    /** Longest time for a test, which may wait in the test's own thread. */
    static final long TEST_SECONDS = 2 * PATIENCE_SECONDS;

    /** A limit that is to pass. */
    static final long SHORT_MILLIS = 15;

    void run(Body<Exception> test) throws Exception {
        if (this == GREEN_THREAD) {
            Evy.run(test);
        } else {
            test.run();
        }
    }

    /** Starts a thread of this kind. */
    <T> Helper<T> start(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread =
                this == GREEN_THREAD
                        ? new GreenThreadFactory().newThread(task)
                        : Thread.ofPlatform().daemon().unstarted(task);
        thread.start();
        return new Helper<>(thread, task);
    }

    Helper<Void> start(Body<Exception> body) {
        return start(
                () -> {
                    body.run();
                    return null;
                });
    }

    static long millisSince(long startNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    /** A thread that helps a test. */
    static final class Helper<T> {
        private final Thread thread;
        private final FutureTask<T> task;

        Helper(Thread thread, FutureTask<T> task) {
            this.thread = thread;
            this.task = task;
        }

        /** Waits until it is blocked. */
        Helper<T> blocked() {
            long start = System.nanoTime();
            while (thread.getState() != Thread.State.WAITING
                    && thread.getState() != Thread.State.TIMED_WAITING) {
                if (task.isDone()) {
                    throw new AssertionError("did not block: " + task);
                }
                if (millisSince(start) > PATIENCE_SECONDS * 1000) {
                    throw new AssertionError("not blocked but " + thread.getState());
                }
                Thread.yield();
            }
            return this;
        }

        Helper<T> interrupt() {
            thread.interrupt();
            return this;
        }

        boolean isDone() {
            return task.isDone();
        }

        /** Waits for its end. */
        T result() throws Exception {
            try {
                return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw (Error) e.getCause();
            } catch (TimeoutException e) {
                throw new AssertionError("did not end; " + thread + " " + thread.getState(), e);
            }
        }

        /** Waits for its end, which must be by an exception. */
        Throwable failure() throws InterruptedException {
            try {
                T result = task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                throw new AssertionError("did not fail, but returned " + result);
            } catch (ExecutionException e) {
                return e.getCause();
            } catch (TimeoutException e) {
                throw new AssertionError("did not end; " + thread + " " + thread.getState(), e);
            }
        }
    }
}
