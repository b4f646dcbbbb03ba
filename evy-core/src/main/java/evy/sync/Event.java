package evy.sync;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.WaitQueue;
import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/**
 * Something that happens once, with a value or an exception, and that any number of threads wait
 * for. Who waits gets it then, who asks later gets it at once.
 *
 * {@snippet :
 * var connected = new Event<Session>();
 * Evy.spawn(() -> connected.send(open()));
 * connected.await().send("hello");
 * }
 *
 * <p>Memory effects: what was done before {@link #send} happens-before what follows an {@link
 * #await} or {@code poll} that got it.
 *
 * @param <T> type of the value
 * @thread any
 * @source eventlet {@code event.Event}
 */
public final class Event<T extends @Nullable Object> {
    private static final Object NOT_READY = new Object();

    private final WaitQueue waiters = new WaitQueue();

    // written under waiters
    private volatile @Nullable Object outcome = NOT_READY;

    /** An event that has not happened. */
    public Event() {}

    /**
     * Lets it happen. Who waits gets the value when it has its turn; the caller runs on.
     *
     * @param value what they get
     * @throws IllegalStateException if it has happened before; the first value stands
     */
    public void send(T value) {
        happen(value);
    }

    /**
     * Lets it happen with an exception: everybody who asks for the value has this very object
     * thrown.
     *
     * @param exception any exception, checked or not
     * @throws IllegalStateException if it has happened before
     */
    public void sendException(Throwable exception) {
        happen(new Failure(Objects.requireNonNull(exception, "exception")));
    }

    private void happen(@Nullable Object how) {
        waiters.lock();
        try {
            if (outcome != NOT_READY) {
                throw new IllegalStateException(
                        this + ": an event happens once; make a new Event, or reset this one");
            }
            outcome = how;
            waiters.wakeAll(how);
        } finally {
            waiters.unlock();
        }
    }

    /**
     * Waits until it has happened. Throws the very exception that was sent, checked or not.
     *
     * @checkpoint if it has not happened
     * @return the value; that of the {@link #send} that ended the wait, even if somebody resets the
     *     event meanwhile
     * @throws InterruptedException if interrupted while waiting
     */
    public T await() throws InterruptedException {
        Object how = outcome;
        return valueOrThrow(how == NOT_READY ? await(Waiter.FOREVER) : how);
    }

    /**
     * Waits until it has happened, but not for ever; otherwise as {@link #await()}.
     *
     * @checkpoint if it has not happened and {@code timeout} is positive
     * @param timeout longest wait; zero or less only looks
     * @return the value
     * @throws TimeoutException if it has not happened by then
     * @throws InterruptedException if interrupted while waiting
     */
    public T await(Duration timeout) throws InterruptedException, TimeoutException {
        Object how = outcome;
        if (how == NOT_READY) {
            how = await(Hub.saturatedNanos(timeout));
            if (how == NOT_READY) {
                throw new TimeoutException(this + ": nothing was sent in " + timeout);
            }
        }
        return valueOrThrow(how);
    }

    private @Nullable Object await(long nanos) throws InterruptedException {
        Waiter waiter;
        waiters.lock();
        try {
            if (outcome != NOT_READY || nanos <= 0) {
                return outcome;
            }
            waiter = waiters.enter(this);
        } finally {
            waiters.unlock();
        }
        return waiters.await(waiter, nanos) ? waiter.message() : NOT_READY;
    }

    /**
     * Looks, without waiting. Throws the exception if one was sent.
     *
     * @param notReady what to return if it has not happened
     * @return the value, or {@code notReady}
     */
    public T poll(T notReady) {
        Object how = outcome;
        return how == NOT_READY ? notReady : valueOrThrow(how);
    }

    /**
     * Looks for a value, without waiting, and lets exceptions be.
     *
     * @param notReady what to return if no value was sent
     * @return the value, or {@code notReady}
     */
    public T pollResult(T notReady) {
        Object how = outcome;
        return how == NOT_READY || how instanceof Failure ? notReady : valueOrThrow(how);
    }

    /**
     * Looks for an exception, without waiting, and lets values be: throws it if one was sent, and
     * returns otherwise.
     */
    public void pollException() {
        if (outcome instanceof Failure failure) {
            throw Greenlet.<RuntimeException>thrown(failure.exception);
        }
    }

    /** {@return true once it has happened, with a value or an exception} */
    public boolean isReady() {
        return outcome != NOT_READY;
    }

    /** {@return true once a value was sent} */
    public boolean hasResult() {
        Object how = outcome;
        return how != NOT_READY && !(how instanceof Failure);
    }

    /** {@return true once an exception was sent} */
    public boolean hasException() {
        return outcome instanceof Failure;
    }

    /**
     * Makes it an event that has not happened, value and exception forgotten. A new event is
     * usually the better way: nobody can mistake one for the other.
     *
     * @throws IllegalStateException if it has not happened
     */
    public void reset() {
        waiters.lock();
        try {
            if (outcome == NOT_READY) {
                throw new IllegalStateException(this + ": reset before anything was sent");
            }
            outcome = NOT_READY;
        } finally {
            waiters.unlock();
        }
    }

    /** {@return how many wait for it} */
    public int waiting() {
        waiters.lock();
        try {
            return waiters.size();
        } finally {
            waiters.unlock();
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // what was sent is a T or a failure
    private T valueOrThrow(@Nullable Object how) {
        if (how instanceof Failure failure) {
            throw Greenlet.<RuntimeException>thrown(failure.exception);
        }
        return (T) how;
    }

    @Override
    public String toString() {
        String state = isReady() ? (hasException() ? "exception" : "value") + " sent" : "not ready";
        return "Event[" + state + ", waiting=" + waiting() + "]";
    }

    /** An exception that was sent; an exception may be a value, too. */
    private record Failure(Throwable exception) {}
}
