package evy.patcher.spew;

import evy.debug.LineTracer;
import evy.debug.SpewOptions;
import evy.hubs.Greenlet;
import evy.tpool.Tpool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;

/** The tracer that {@code Debug.spew} finds: has the agent's means, and one trace at a time. */
public final class AgentTracer implements LineTracer {
    private static final ReentrantLock LOCK = new ReentrantLock();

    // guarded by LOCK
    private static @Nullable Instrumentation tool;
    private static @Nullable Trace running;

    /** Called by the service loader. */
    public AgentTracer() {}

    /**
     * Called by the agent.
     *
     * @param instrumentation what transforms classes
     */
    public static void provide(Instrumentation instrumentation) {
        LOCK.lock();
        try {
            tool = instrumentation;
        } finally {
            LOCK.unlock();
        }
    }

    @Override
    public void start(SpewOptions options) {
        offHub(() -> replace(options));
    }

    @Override
    public void stop() {
        offHub(() -> replace(null));
    }

    /* Other green threads run meanwhile: to rewrite many classes takes long. */
    private static void offHub(Runnable work) {
        if (Greenlet.currentOrNull() == null) {
            work.run();
            return;
        }
        try {
            Tpool.execute(Executors.callable(work));
        } catch (RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException(e); // a Runnable throws none
        }
    }

    private static void replace(@Nullable SpewOptions options) {
        LOCK.lock();
        try {
            Trace next = options == null ? null : prepare(options);
            if (running != null) {
                running.end();
            }
            running = next;
            if (next != null) {
                next.begin();
            }
        } finally {
            LOCK.unlock();
        }
    }

    private static Trace prepare(SpewOptions options) {
        Instrumentation by = tool;
        if (by == null) {
            throw new IllegalStateException(NEEDS_AGENT);
        }
        Selection selection = Selection.of(options.names());
        try {
            return new Trace(by, selection, options);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot print the trace: " + e, e);
        }
    }
}
