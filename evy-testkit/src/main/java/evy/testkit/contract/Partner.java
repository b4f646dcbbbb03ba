package evy.testkit.contract;

import evy.hubs.Greenlet;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A thread that a test has started, of whatever {@link Origin}. Its body may be torn from its wait
 * in every way there is; what it returned or threw is kept for {@link #result} or {@link #thrown}.
 *
 * @thread any
 */
public final class Partner {
    private final Callable<?> body;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    // written before the latches, read after them
    private @Nullable Greenlet greenlet;
    private @Nullable Object result;
    private @Nullable Throwable failure;

    Partner(Callable<?> body) {
        this.body = body;
    }

    @SuppressWarnings("InterruptedExceptionSwallowed") // kept, as the others
    void run() {
        greenlet = Greenlet.current();
        begun.countDown();
        try {
            result = body.call();
        } catch (Throwable t) {
            failure = t;
        } finally {
            ended.countDown();
        }
    }

    void awaitBegin() {
        await(begun, "did not begin");
    }

    /**
     * The thread.
     *
     * @return its identity
     */
    public Greenlet greenlet() {
        Greenlet known = greenlet;
        if (known == null) {
            throw new AssertionError("a partner that has not begun");
        }
        return known;
    }

    /**
     * Throws something into the thread, and goes on at once.
     *
     * @param t thrown there as this very object
     */
    public void raise(Throwable t) {
        greenlet().raise(t);
    }

    /** Interrupts the thread. */
    public void interrupt() {
        greenlet().thread().interrupt();
    }

    /** {@return true once its body has ended} */
    public boolean isDone() {
        return ended.getCount() == 0;
    }

    /**
     * What its body returned.
     *
     * @checkpoint if the body has not ended
     * @return the result
     * @throws AssertionError if it threw, or does not end
     */
    public @Nullable Object result() {
        Throwable t = thrown();
        if (t != null) {
            throw new AssertionError(greenlet + " threw", t);
        }
        return result;
    }

    /**
     * What its body threw.
     *
     * @checkpoint if the body has not ended
     * @return null if it returned
     * @throws AssertionError if it does not end
     */
    public @Nullable Throwable thrown() {
        await(ended, "does not end");
        return failure;
    }

    private void await(CountDownLatch latch, String otherwise) {
        try {
            if (!latch.await(Partners.PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                Object wanted = greenlet == null ? null : greenlet.waitsFor();
                throw new AssertionError(this + " " + otherwise + "; it waits for " + wanted);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + this, e);
        }
    }

    @Override
    public String toString() {
        return "partner, " + (greenlet == null ? "not begun" : greenlet);
    }
}
