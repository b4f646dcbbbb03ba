package evy.web.jdk;

import evy.GreenThreadExit;
import evy.sync.Event;
import evy.sync.LightQueue;
import evy.sync.QueueClosedException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;

/**
 * What a connection's thread does while its request is answered in other threads: the input and
 * output that they ask for, one thing after the other.
 *
 * <p>So nothing of the connection is touched by two threads, whatever executor a server has, and
 * the response can end before the handler does, or long after.
 */
final class ConnectionThread {
    private final LightQueue<Errand<?>> errands = new LightQueue<>();
    private final Event<@Nullable Void> end = new Event<>();

    /**
     * Does what others ask for, until {@link #end} or {@link #fail}.
     *
     * @checkpoint always
     * @throws Exception what it failed by
     * @throws InterruptedException if interrupted
     * @thread the connection's
     */
    void serve() throws Exception {
        try {
            while (!end.isReady()) {
                errands.take().run();
            }
        } finally {
            errands.close();
            for (Errand<?> late = errands.poll(); late != null; late = errands.poll()) {
                late.refuse();
            }
        }
        end.await();
    }

    /**
     * Has something done by the connection's thread. If this wait is given up, by a kill, a timeout
     * or an interrupt, the exchange fails: nobody knows how far it has got.
     *
     * @checkpoint always
     * @param action what to do
     * @return its result
     * @throws IOException if the exchange is over, the action fails, or this thread is interrupted
     * @thread any but the connection's
     */
    <T extends @Nullable Object> T call(Callable<T> action) throws IOException {
        Errand<T> errand = new Errand<>(action, new Event<>());
        post(errand);
        try {
            return errand.done().await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        } finally {
            if (!errand.done().isReady()) {
                fail(new IOException("a thread gave up waiting for the connection"));
            }
        }
    }

    /**
     * Ends the exchange. If it is shorter than announced the client sees it.
     *
     * @thread the connection's
     */
    void end() {
        errands.close();
        end.send(null);
    }

    /**
     * Ends the exchange by an exception, unless it is over; returns at once.
     *
     * @return false if it is over
     * @thread any but the connection's
     */
    boolean fail(Throwable cause) {
        try {
            post(failing(cause));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Errand<@Nullable Void> failing(Throwable cause) {
        Throwable sent =
                cause instanceof GreenThreadExit
                        ? new IOException("the handler was killed", cause)
                        : cause; // a kill is for the handler's thread only
        return new Errand<>(
                () -> {
                    errands.close();
                    end.sendException(sent);
                    return null;
                },
                new Event<>());
    }

    private void post(Errand<?> errand) throws IOException {
        try {
            errands.add(errand);
        } catch (QueueClosedException e) {
            throw new IOException(Errand.OVER, e);
        }
    }

    /** Something to do, and how it went. */
    private record Errand<T extends @Nullable Object>(Callable<T> action, Event<T> done) {
        private static final String OVER = "the exchange is over";

        void run() {
            try {
                done.send(action.call());
            } catch (GreenThreadExit killed) {
                refuse();
                throw killed;
            } catch (Throwable t) {
                done.sendException(t);
            }
        }

        void refuse() {
            done.sendException(new IOException(OVER));
        }
    }
}
