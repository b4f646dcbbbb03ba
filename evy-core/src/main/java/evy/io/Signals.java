package evy.io;

import evy.hubs.ExceptionHandler;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Waiter;
import evy.internal.os.SystemSignal;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs green threads when the system sends this program a signal.
 *
 * {@snippet :
 * Signals.on("TERM", signal -> server.close()); // instead of the JVM's own reaction
 * }
 *
 * <p>Each handler runs in a green thread of its own, on the hub it was registered from. As long as
 * a signal has handlers, they replace what the JVM does by itself, which is to exit upon INT, TERM
 * and HUP; when the last is removed, that is back.
 *
 * <p>Needs the module {@code jdk.unsupported}, which is there unless a run-time image was made
 * without it.
 *
 * @thread any but a hub's callback
 */
public final class Signals {
    // the handlers of each signal, in their order; written under the monitor of this class
    private static final Map<String, List<Registration>> HANDLERS = new ConcurrentHashMap<>();

    // guarded by the monitor of this class
    private static final Map<String, SystemSignal> TAKEN = new HashMap<>();

    private Signals() {}

    /** What is done about a signal. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Handles a signal, in a green thread of its own.
         *
         * @param signal its name without SIG, such as TERM
         * @throws Exception goes to the hub's exception handler, which prints it
         */
        void handle(String signal) throws Exception;
    }

    /** A handler that can be removed. */
    public static final class Registration implements AutoCloseable {
        private final String signal;
        private final Handler handler;
        private final @Nullable Hub hub; // null for a thread of its own

        private Registration(String signal, Handler handler, @Nullable Hub hub) {
            this.signal = signal;
            this.handler = handler;
            this.hub = hub;
        }

        /** Removes the handler. Idempotent. The last one brings back what was before the first. */
        @Override
        public void close() {
            remove(this);
        }

        private void run() {
            if (hub == null) {
                Thread.ofPlatform().daemon().name("evy-SIG" + signal).start(this::handle);
            } else {
                new Handling(hub.isClosing() ? Hub.getDefault() : hub, this).begin();
            }
        }

        private void handle() {
            try {
                handler.handle(signal);
            } catch (Exception e) {
                ExceptionHandler.PRINT.uncaught(Greenlet.current(), e);
            }
        }
    }

    /**
     * Adds a handler for a signal.
     *
     * @param signal its name, such as TERM or SIGTERM
     * @param handler runs whenever the signal comes, after those that were added before
     * @return to remove it by
     * @throws IllegalArgumentException if there is no such signal, or the system or the JVM keeps
     *     it to itself; the message names it
     * @throws UnsupportedOperationException if the module {@code jdk.unsupported} is missing
     */
    public static Registration on(String signal, Handler handler) {
        return add(signal, handler, Hub.current());
    }

    /**
     * Adds a handler that runs on a platform thread of its own, so that it runs also while the hubs
     * are blocked; otherwise as {@link #on}.
     *
     * @param signal its name, such as USR2 or SIGUSR2
     * @param handler runs whenever the signal comes; what it throws is printed
     * @return to remove it by
     * @throws IllegalArgumentException as {@link #on}
     * @throws UnsupportedOperationException as {@link #on}
     */
    public static Registration onPlatformThread(String signal, Handler handler) {
        return add(signal, handler, null);
    }

    private static Registration add(String signal, Handler handler, @Nullable Hub hub) {
        String name = signal.startsWith("SIG") ? signal.substring(3) : signal;
        Registration registration = new Registration(name, handler, hub);
        add(registration);
        return registration;
    }

    private static synchronized void add(Registration registration) {
        String name = registration.signal;
        List<Registration> all = new ArrayList<>(HANDLERS.getOrDefault(name, List.of()));
        all.add(registration);
        if (all.size() == 1) {
            TAKEN.put(name, SystemSignal.take(name, number -> arrived(name)));
        }
        HANDLERS.put(name, List.copyOf(all));
    }

    private static synchronized void remove(Registration registration) {
        String name = registration.signal;
        List<Registration> all = new ArrayList<>(HANDLERS.getOrDefault(name, List.of()));
        if (!all.remove(registration)) {
            return;
        }
        if (all.isEmpty()) {
            HANDLERS.remove(name);
            Objects.requireNonNull(TAKEN.remove(name)).close();
        } else {
            HANDLERS.put(name, List.copyOf(all));
        }
    }

    /* On a thread of the JVM. */
    private static void arrived(String signal) {
        List<Registration> all = HANDLERS.getOrDefault(signal, List.of());
        for (Registration registration : all) {
            registration.run();
        }
    }

    /**
     * Waits for a signal, which does nothing else then.
     *
     * @checkpoint always
     * @param signals names of those to wait for
     * @return the name of the one that came, without SIG
     * @throws InterruptedException if the thread was interrupted
     * @throws IllegalArgumentException as {@link #on}, or if none is given
     */
    public static String await(String... signals) throws InterruptedException {
        if (signals.length == 0) {
            throw new IllegalArgumentException("at least one signal must be given to wait for");
        }
        Waiter waiter = Waiter.current(new Arrival(List.of(signals)));
        List<Registration> registrations = new ArrayList<>();
        try {
            for (String signal : signals) {
                registrations.add(on(signal, name -> waiter.wake(name)));
            }
            waiter.await();
            return String.valueOf(waiter.message());
        } finally {
            registrations.forEach(Registration::close);
        }
    }

    /** What is waited for. */
    private record Arrival(List<String> signals) implements Waiter.External, Waiter.Kind {
        @Override
        public String kind() {
            return "signal";
        }

        @Override
        public String toString() {
            return "signal " + String.join(" or ", signals);
        }
    }

    /** One run of a handler. */
    private static final class Handling extends Greenlet {
        private final Registration registration;

        Handling(Hub hub, Registration registration) {
            super(hub, "SIG" + registration.signal);
            this.registration = registration;
        }

        void begin() {
            start();
        }

        @Override
        protected void run() throws Exception {
            registration.handler.handle(registration.signal);
        }
    }
}
