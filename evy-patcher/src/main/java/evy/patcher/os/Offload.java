package evy.patcher.os;

import evy.hubs.Greenlet;
import evy.hubs.Waiter;
import evy.tpool.Tpool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A call of the JDK's on its way through the native threads.
 *
 * <p>It works on its caller's memory and descriptors. So once it has begun the caller waits for its
 * end, whatever is raised into it meanwhile; what is raised before that prevents the call.
 */
/*
 * The native thread runs the JDK's method and nothing else: it needs no lock that the caller, or
 * another thread of the hub, might hold.
 */
public final class Offload implements Callable<Object>, Waiter.External {
    private enum State {
        NEW,
        RUNNING,
        DONE,
        DROPPED
    }

    private final Body body;
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

    // written before the state, read after it
    private @Nullable Object result;
    private @Nullable Throwable failure;
    private volatile @Nullable Waiter patient;

    private Offload(Body body) {
        this.body = body;
    }

    /** What the native thread does. */
    @FunctionalInterface
    public interface Body {
        /**
         * Makes the call.
         *
         * @return its result; null if it has none
         * @throws Throwable what it throws
         */
        @Nullable Object call() throws Throwable;
    }

    /**
     * Makes a call on a native thread. What was raised while it ran is thrown when it is over.
     *
     * @param body the call
     * @return its result; null if it has none
     * @throws Throwable what the call throws, with the caller's stack below its own
     */
    public static @Nullable Object call(Body body) throws Throwable {
        try (Shelter shelter = new Shelter()) {
            Tears tears = new Tears(shelter);
            Offload call = make(body, tears);
            tears.throwRaised();
            shelter.check();
            return call.outcome();
        }
    }

    /**
     * Makes a call on a native thread; otherwise as {@link #call}. What was raised while it ran is
     * left for the next blocking call, as the result is something that has to be closed.
     *
     * @param body the call
     * @return its result; null if it has none
     * @throws Throwable as {@link #call}
     */
    public static @Nullable Object open(Body body) throws Throwable {
        try (Shelter shelter = new Shelter()) {
            Tears tears = new Tears(shelter);
            Offload call = make(body, tears);
            tears.leave();
            return call.outcome();
        }
    }

    private static Offload make(Body body, Tears tears) {
        while (true) {
            Offload call = new Offload(body);
            try {
                Tpool.execute(call);
                return call;
            } catch (Throwable t) {
                tears.add(t);
            }
            if (!call.state.compareAndSet(State.NEW, State.DROPPED)) {
                call.awaitEnd(tears);
                return call;
            }
            tears.throwRaised();
        }
    }

    @Override
    public Object call() {
        if (state.compareAndSet(State.NEW, State.RUNNING)) {
            try {
                result = body.call();
            } catch (Throwable t) {
                failure = t;
            }
            state.set(State.DONE);
            Waiter waiter = patient;
            if (waiter != null) {
                waiter.wake();
            }
        }
        return this;
    }

    private void awaitEnd(Tears tears) {
        while (state.get() != State.DONE) {
            Waiter waiter = Waiter.current(this);
            patient = waiter;
            if (state.get() == State.DONE) {
                return;
            }
            try {
                waiter.await();
            } catch (Throwable t) {
                tears.add(t);
            }
        }
    }

    private @Nullable Object outcome() throws Throwable {
        Throwable thrown = failure;
        if (thrown != null) {
            throw Traces.graft(thrown);
        }
        return result;
    }

    @Override
    public String toString() {
        return "file operation";
    }

    /** What was raised into a thread in the middle of a call. */
    private static final class Tears {
        private final List<Throwable> raised = new ArrayList<>(0);
        private final Shelter shelter;

        Tears(Shelter shelter) {
            this.shelter = shelter;
        }

        void add(Throwable t) {
            if (t instanceof InterruptedException) {
                shelter.interrupted();
            } else {
                raised.add(t);
            }
        }

        /** Throws the first, if there is one, and leaves the others for the next blocking calls. */
        void throwRaised() {
            if (!raised.isEmpty()) {
                Throwable first = raised.removeFirst();
                leave();
                throw Greenlet.<RuntimeException>thrown(first);
            }
        }

        /** Leaves all for the next blocking calls. */
        void leave() {
            raised.forEach(Greenlet.current()::raise);
        }
    }
}
