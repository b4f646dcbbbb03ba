package evy.tpool;

import evy.internal.util.Interrupts;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * A pool of native threads for calls that would block the hub: native code, files, drivers. Only
 * the calling green thread waits; the others go on.
 *
 * <p>The threads are daemons named {@code evy-tpool-N}, {@value #DEFAULT_SIZE} of them unless the
 * system property {@code evy.threadpool.size} or the environment variable {@code
 * EVY_THREADPOOL_SIZE} says otherwise before first use. They are started as calls come in.
 *
 * @thread all methods any but a hub's callback
 * @source eventlet {@code tpool}
 */
public final class Tpool {
    /** Number of threads if nothing else is said. */
    public static final int DEFAULT_SIZE = 20;

    /** System property for the number of threads. */
    public static final String SIZE_PROPERTY = "evy.threadpool.size";

    /** Environment variable for the number of threads. */
    public static final String SIZE_VARIABLE = "EVY_THREADPOOL_SIZE";

    private static final Tpool SHARED = new Tpool();

    // any thread
    private static volatile boolean exceptionsPrinted;

    // guarded by this
    private final ArrayDeque<NativeCall<?>> queue = new ArrayDeque<>();
    private final List<Worker> workers = new ArrayList<>();
    private int size = -1;
    private int idle;
    private int started;
    private boolean warned;

    private Tpool() {}

    /**
     * Makes a call in a native thread and waits for its result. From inside the pool, or with a
     * pool of size 0, in place.
     *
     * <p>A {@code Timeout} or kill frees the caller at once: a call that has not begun is dropped,
     * one that runs goes on, and its result is dropped.
     *
     * @checkpoint always, unless in place
     * @param <T> type of the result
     * @param call what to do
     * @return its result
     * @throws Exception the very exception that {@code call} threw
     * @throws InterruptedException if the thread was interrupted
     */
    public static <T extends @Nullable Object> T execute(Callable<T> call) throws Exception {
        if (Thread.currentThread() instanceof Worker || SHARED.isInPlace()) {
            return call.call();
        }
        NativeCall<T> job = new NativeCall<>(call);
        SHARED.submit(job);
        try {
            job.await();
        } catch (Throwable t) {
            SHARED.drop(job);
            throw t;
        }
        return job.result();
    }

    /**
     * Does I/O in a native thread; otherwise as {@link #execute}.
     *
     * @checkpoint always, unless in place
     * @param <T> type of the result
     * @param call what to do
     * @return its result
     * @throws InterruptedIOException if the thread was interrupted
     * @throws IOException what {@code call} threw; an exception that is neither that nor unchecked
     *     is its cause
     */
    public static <T extends @Nullable Object> T executeIo(Callable<T> call) throws IOException {
        try {
            return execute(call);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            throw Interrupts.asIOException(e);
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /**
     * Says whether exceptions of calls are also printed to standard error, in the native thread, at
     * once: one that its caller swallows, or is torn from, is seen, too. Off unless turned on.
     *
     * @param print true to print them
     * @source eventlet {@code debug.tpool_exceptions}
     */
    public static void setExceptionsPrinted(boolean print) {
        exceptionsPrinted = print;
    }

    /** {@return whether exceptions of calls are also printed} */
    public static boolean isExceptionsPrinted() {
        return exceptionsPrinted;
    }

    /**
     * Sets the number of native threads. More are started when needed; surplus ones end when they
     * have nothing to do.
     *
     * @param threads 0 makes every call in place, on the hub, with one warning
     * @throws IllegalArgumentException if {@code threads} is negative
     */
    public static void setNumThreads(int threads) {
        if (threads < 0) {
            throw new IllegalArgumentException("number of threads must be >= 0: " + threads);
        }
        SHARED.resize(threads);
    }

    /** {@return the number of native threads the pool may have} */
    public static int numThreads() {
        synchronized (SHARED) {
            return SHARED.size();
        }
    }

    /** {@return how many threads there are, and what they have to do} */
    public static TpoolStatistics statistics() {
        synchronized (SHARED) {
            int threads = SHARED.workers.size();
            // one that was notified counts as idle until it runs, and its call as queued
            return new TpoolStatistics(
                    SHARED.size(), threads, threads - SHARED.idle, SHARED.queue.size());
        }
    }

    /**
     * Ends the threads and waits for them; calls accepted before are finished first. The pool
     * starts again when it is next used.
     *
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    public static void killAll() throws InterruptedException {
        List<Worker> ending = SHARED.endAll();
        for (Worker worker : ending) {
            worker.join();
        }
    }

    private synchronized boolean isInPlace() {
        if (size() > 0) {
            return false;
        }
        if (!warned) {
            warned = true;
            System.getLogger("evy.tpool")
                    .log(
                            System.Logger.Level.WARNING,
                            "tpool has no threads ({0} is 0): native calls block the hub",
                            SIZE_VARIABLE);
        }
        return true;
    }

    private int size() {
        if (size < 0) {
            size = configuredSize();
        }
        return size;
    }

    private static int configuredSize() {
        String property = System.getProperty(SIZE_PROPERTY);
        String text = property != null ? property : System.getenv(SIZE_VARIABLE);
        String name = property != null ? SIZE_PROPERTY : SIZE_VARIABLE;
        if (text == null) {
            return DEFAULT_SIZE;
        }
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(sizeError(name, text), e);
        }
        throw new IllegalArgumentException(sizeError(name, text));
    }

    private static String sizeError(String name, String text) {
        return name + " must be a whole number >= 0: '" + text + "'";
    }

    private synchronized void submit(NativeCall<?> job) {
        queue.add(job);
        // an idle thread that was notified counts as idle until it runs, so look at the queue, too
        if (queue.size() > idle && workers.size() < size()) {
            startWorker();
        } else {
            notify();
        }
    }

    private synchronized void drop(NativeCall<?> job) {
        queue.remove(job);
    }

    private synchronized void resize(int threads) {
        size = threads;
        for (int waiting = queue.size(); waiting > 0 && workers.size() < threads; waiting--) {
            startWorker();
        }
        notifyAll();
    }

    private void startWorker() {
        Worker worker = new Worker(++started);
        workers.add(worker);
        worker.start();
    }

    private synchronized List<Worker> endAll() {
        List<Worker> ending = new ArrayList<>(workers);
        for (Worker worker : ending) {
            worker.ending = true;
        }
        notifyAll();
        return ending;
    }

    /** Next job for a worker; null if it shall end. */
    private synchronized @Nullable NativeCall<?> next(Worker worker) {
        while (true) {
            NativeCall<?> job = queue.poll();
            if (job != null) {
                return job;
            }
            if (worker.ending || workers.size() > size()) {
                workers.remove(worker);
                return null;
            }
            awaitJob();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
    private synchronized void awaitJob() {
        idle++;
        try {
            wait();
        } catch (InterruptedException e) {
            // left behind by a call that was made here; it is nobody's any more
        } finally {
            idle--;
        }
    }

    /** A native thread. */
    private static final class Worker extends Thread {
        // guarded by the pool
        private boolean ending;

        Worker(int number) {
            super(null, null, "evy-tpool-" + number, 0, false);
            setDaemon(true);
        }

        @Override
        public void run() {
            boolean goOn = true;
            while (goOn) {
                goOn = runOne();
            }
        }

        /* A frame of its own, so that an idle thread keeps nothing of its last call alive. */
        private boolean runOne() {
            NativeCall<?> job = SHARED.next(this);
            if (job != null) {
                job.run();
            }
            return job != null;
        }
    }
}
