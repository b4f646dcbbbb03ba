package evy;

import evy.hubs.Cancellation;
import evy.hubs.Greenlet;
import evy.hubs.Timer;
import evy.internal.util.Fields;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/**
 * Raises an exception in the current green thread after a time, whatever call it is blocked in.
 *
 * <p>Construction starts the clock; {@link #cancel} or {@link #close} stops it:
 *
 * {@snippet :
 * try (var timeout = new Timeout(Duration.ofSeconds(5))) {
 *     reply = ask(question);
 * } catch (Timeout t) {
 *     // nested timeouts: this may be somebody else's. Compare, or use call() below
 * }
 * String reply = Timeout.call(Duration.ofSeconds(5), () -> ask(question), "no reply");
 * }
 *
 * <p>What is raised is this very object, or the exception given to the constructor. It arrives only
 * at calls that may block: code that computes cannot be timed out, and {@code catch (Throwable t)}
 * on the way swallows it. In a wait of the JDK's own (a lock, a future, {@code Thread.sleep}) it
 * comes as an interrupt, which {@link #run} and {@link #call} turn back into the timeout; so do
 * they any exception that the block ends by while the timeout is on its way, as libraries make
 * their own of an interrupt. It is then suppressed by the timeout. Sockets stay open.
 *
 * @thread starts, is cancelled and is raised on one thread, green or not
 * @source eventlet {@code timeout.Timeout}
 */
public final class Timeout extends Cancellation implements AutoCloseable {
    private static final long serialVersionUID = 1L;

    private static final Set<Class<?>> MARKED = ConcurrentHashMap.newKeySet();

    private final transient @Nullable Duration duration;
    private final transient @Nullable Throwable exception;
    private final transient boolean silent;

    /* OFF -> ARMED -> OFF, by cancel(), or FIRING -> OFF, by the hub. */
    private static final int OFF = 0;
    private static final int ARMED = 1;
    private static final int FIRING = 2;

    private static final VarHandle STATE =
            Fields.handle(MethodHandles.lookup(), "state", int.class);

    // the target's thread, and its hub's callback: CAS
    private transient volatile int state;

    private transient @Nullable Timer timer;
    private transient @Nullable Greenlet target;

    /**
     * Starts a timeout that raises itself.
     *
     * @param duration time from now; zero or negative raises at the next call that blocks; null
     *     never does: the object is then only good to be thrown by hand
     */
    public Timeout(@Nullable Duration duration) {
        this(duration, null, false);
    }

    /**
     * Starts a timeout that raises another exception.
     *
     * @param duration time from now; null never raises
     * @param exception thrown as this very object, checked or not
     */
    public Timeout(@Nullable Duration duration, Throwable exception) {
        this(duration, exception, false);
    }

    private Timeout(@Nullable Duration duration, @Nullable Throwable exception, boolean silent) {
        super(describe(duration, exception, silent));
        this.duration = duration;
        this.exception = exception;
        this.silent = silent;
        start();
    }

    /**
     * Starts a timeout that raises itself and is swallowed at the end of its own {@link #during}
     * block.
     *
     * @param duration time from now; null never raises
     * @return a running timeout
     */
    public static Timeout silent(@Nullable Duration duration) {
        return new Timeout(duration, null, true);
    }

    /**
     * Does something for a limited time, and goes on quietly when it is over.
     *
     * @checkpoint as {@code body}
     * @param <X> what {@code body} throws
     * @param duration the limit
     * @param body what to do
     * @return true if it finished, false if it ran out of time
     * @throws X what {@code body} throws
     */
    public static <X extends Exception> boolean run(Duration duration, Body<X> body) throws X {
        return silent(duration)
                .guard(
                        () -> {
                            body.run();
                            return true;
                        },
                        false);
    }

    /**
     * Makes a call that may take a limited time.
     *
     * @checkpoint as {@code call}
     * @param <T> type of the result
     * @param <X> what {@code call} throws
     * @param duration the limit
     * @param call the call
     * @return its result
     * @throws X what {@code call} throws
     * @throws Timeout if the time was over first
     */
    public static <T extends @Nullable Object, X extends Exception> T call(
            Duration duration, Call<T, X> call) throws X {
        return new Timeout(duration).during(call);
    }

    /**
     * Makes a call that may take a limited time, with a value to use when it is over. Other
     * timeouts pass through.
     *
     * @checkpoint as {@code call}
     * @param <T> type of the result
     * @param <X> what {@code call} throws
     * @param duration the limit
     * @param call the call
     * @param fallback the result if the time was over first; may be null
     * @return the call's result or the fallback
     * @throws X what {@code call} throws
     */
    public static <T extends @Nullable Object, X extends Exception> T call(
            Duration duration, Call<T, X> call, T fallback) throws X {
        return silent(duration).guard(call, fallback);
    }

    /**
     * Does something under this timeout, which is started if it is not pending, and cancelled at
     * the end. A {@linkplain #silent silent} one is swallowed here if it is this very object.
     *
     * @checkpoint as {@code body}
     * @param <X> what {@code body} throws
     * @param body what to do
     * @throws X what {@code body} throws
     */
    public <X extends Exception> void during(Body<X> body) throws X {
        guard(
                () -> {
                    body.run();
                    return true;
                },
                false);
    }

    /**
     * Makes a call under this timeout; otherwise as {@link #during(Body)}.
     *
     * @checkpoint as {@code call}
     * @param <T> type of the result
     * @param <X> what {@code call} throws
     * @param call the call
     * @return its result; null if this timeout is silent and was raised
     * @throws X what {@code call} throws
     */
    @SuppressWarnings("NullAway") // a silent one's result is documented to be null
    public <T extends @Nullable Object, X extends Exception> T during(Call<T, X> call) throws X {
        return guard(call, null);
    }

    @SuppressWarnings("NullAway") // the fallback is the caller's
    private <T extends @Nullable Object, X extends Exception> T guard(
            Call<T, X> call, @Nullable T fallback) throws X {
        if (target == null) {
            start(); // else it runs, or its time is over already and it is still to be thrown
        }
        try {
            return call.call();
        } catch (Throwable t) {
            Throwable raised = asRaised(t);
            if (raised == this && silent) {
                return fallback;
            }
            throw Greenlet.<RuntimeException>thrown(raised);
        } finally {
            cancel();
        }
    }

    /*
     * The interrupt that stood for this timeout in a JDK wait gives way to it, and so does whatever a
     * library has made of it.
     */
    private Throwable asRaised(Throwable t) {
        Greenlet me = target;
        if (me != null && Greenlet.mayBeInterruption(t) && me.withdraw(raised())) {
            Throwable raised = raised();
            raised.addSuppressed(t);
            return raised;
        }
        return t;
    }

    private Throwable raised() {
        return exception == null ? this : exception;
    }

    /**
     * Starts the clock again.
     *
     * @throws IllegalStateException if it is running
     */
    public void start() {
        if (isPending()) {
            throw new IllegalStateException(this + ": is running already; cancel() it first");
        }
        cancel();
        if (duration == null) {
            return;
        }
        Greenlet me = Greenlet.current();
        target = me;
        state = ARMED;
        timer = me.hub().schedule(duration, () -> fire(me));
    }

    private void fire(Greenlet me) {
        if (STATE.compareAndSet(this, ARMED, FIRING)) {
            try {
                me.raise(raised());
            } finally {
                state = OFF;
            }
        }
    }

    /**
     * Stops the clock. Idempotent; if the time is over but nothing was thrown yet, nothing will be.
     */
    public void cancel() {
        Timer t = timer;
        Greenlet me = target;
        if (t == null || me == null) {
            return;
        }
        timer = null;
        target = null;
        if (disarm()) {
            t.cancel();
        } else {
            me.withdraw(raised());
        }
    }

    /* A thread that is no green one may come while the hub raises: what it withdraws must be there. */
    private boolean disarm() {
        if (STATE.compareAndSet(this, ARMED, OFF)) {
            return true;
        }
        while (state == FIRING) {
            Thread.onSpinWait();
        }
        return false;
    }

    /** The same as {@link #cancel}, for try-with-resources. */
    @Override
    public void close() {
        cancel();
    }

    /** {@return true from the start until it is raised or cancelled} */
    public boolean isPending() {
        return state == ARMED;
    }

    /**
     * The time from start to raise.
     *
     * @return null if it never raises
     */
    public @Nullable Duration duration() {
        return duration;
    }

    /**
     * Asks whether an exception says that some time was over: a timeout of ours, of a socket, of
     * the JDK, or of a class given to {@link #markAsTimeout}.
     *
     * @param t any exception, or null
     * @return true if it does
     */
    public static boolean isTimeout(@Nullable Throwable t) {
        return t instanceof Timeout
                || t instanceof SocketTimeoutException
                || t instanceof TimeoutException
                || (t != null && isMarked(t.getClass()));
    }

    private static boolean isMarked(Class<?> type) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            if (MARKED.contains(c) || c.getName().equals("java.net.http.HttpTimeoutException")) {
                return true;
            }
        }
        return false;
    }

    /**
     * Makes {@link #isTimeout} true for a class of exceptions and its subclasses.
     *
     * @param type the class
     */
    public static void markAsTimeout(Class<? extends Throwable> type) {
        MARKED.add(type);
    }

    private static String describe(
            @Nullable Duration duration, @Nullable Throwable exception, boolean silent) {
        if (duration == null) {
            return "";
        }
        String seconds =
                BigDecimal.valueOf(duration.getSeconds())
                        .add(BigDecimal.valueOf(duration.getNano(), 9))
                        .stripTrailingZeros()
                        .toPlainString();
        String text = seconds + (seconds.equals("1") ? " second" : " seconds");
        if (silent) {
            return text + " (silent)";
        }
        return exception == null ? text : text + " (" + exception + ")";
    }

    /** The class, the text and whether it is pending. */
    @Override
    @SuppressWarnings(
            "OverrideThrowableToString") // the message is for who catches it, this for who looks
    public String toString() {
        return super.toString() + (isPending() ? " [pending]" : "");
    }
}
