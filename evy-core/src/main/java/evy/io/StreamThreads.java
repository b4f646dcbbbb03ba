package evy.io;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Native threads for streams that can only be waited for by blocking: one for each read or write
 * under way, however many. Apart from {@link evy.tpool.Tpool}, whose threads a few silent streams
 * would use up.
 */
final class StreamThreads {
    private static final long KEEP_ALIVE_MILLIS = 100;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final ThreadPoolExecutor THREADS =
            new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    KEEP_ALIVE_MILLIS,
                    TimeUnit.MILLISECONDS,
                    new SynchronousQueue<>(),
                    StreamThreads::thread);

    private StreamThreads() {}

    private static Thread thread(Runnable body) {
        Thread thread = new Thread(null, body, "evy-stream-" + NUMBER.incrementAndGet(), 0, false);
        thread.setDaemon(true);
        return thread;
    }

    /** Does something on a native thread, at once. */
    static void execute(Runnable action) {
        THREADS.execute(action);
    }
}
