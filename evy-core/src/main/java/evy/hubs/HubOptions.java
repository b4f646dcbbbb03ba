package evy.hubs;

import evy.internal.poll.Backend;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * How to open a {@link Hub}. Immutable; {@code HubOptions.DEFAULT.named("a")} changes one thing.
 *
 * @param name name of the hub's thread; null for {@code evy-hub-N}
 * @param kind {@code epoll}, {@code nio}, or null for the one that the system property {@code
 *     evy.hub}, else the environment variable {@code EVY_HUB} names, else the best this machine has
 * @param clock the time it lives by
 * @param order null to run green threads first come, first served; otherwise picks who is next
 *     among those that can run, to test under other orders
 * @param exceptionHandler gets what nobody else gets
 */
public record HubOptions(
        @Nullable String name,
        @Nullable String kind,
        Clock clock,
        @Nullable RandomGenerator order,
        ExceptionHandler exceptionHandler) {
    /** System property that selects the kind of hub. */
    public static final String KIND_PROPERTY = "evy.hub";

    /** Environment variable that selects the kind of hub. */
    public static final String KIND_VARIABLE = "EVY_HUB";

    /** The usual hub. */
    public static final HubOptions DEFAULT =
            new HubOptions(null, null, Clock.system(), null, ExceptionHandler.PRINT);

    /** Checks the parts that must be there. */
    public HubOptions {
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(exceptionHandler, "exceptionHandler");
    }

    /**
     * The same with another name.
     *
     * @param newName name of the thread
     * @return the new options
     */
    public HubOptions named(String newName) {
        return new HubOptions(newName, kind, clock, order, exceptionHandler);
    }

    /**
     * The same with another kind of hub.
     *
     * @param newKind {@code epoll}, {@code nio} or null for the configured one
     * @return the new options
     */
    public HubOptions ofKind(@Nullable String newKind) {
        return new HubOptions(name, newKind, clock, order, exceptionHandler);
    }

    /**
     * The same with another clock.
     *
     * @param newClock the time to live by
     * @return the new options
     */
    public HubOptions withClock(Clock newClock) {
        return new HubOptions(name, kind, newClock, order, exceptionHandler);
    }

    /**
     * The same with green threads run in an order that {@code newOrder} picks.
     *
     * @param newOrder picks who is next; null for first come, first served
     * @return the new options
     */
    public HubOptions inOrder(@Nullable RandomGenerator newOrder) {
        return new HubOptions(name, kind, clock, newOrder, exceptionHandler);
    }

    /**
     * The same with another exception handler.
     *
     * @param handler gets what nobody else gets
     * @return the new options
     */
    public HubOptions withExceptionHandler(ExceptionHandler handler) {
        return new HubOptions(name, kind, clock, order, handler);
    }

    /** Finds the backend for the kind asked for. */
    Backend backend() {
        String wanted = kind != null ? kind : configuredKind();
        return wanted == null ? best() : byName(wanted);
    }

    private static @Nullable String configuredKind() {
        String property = System.getProperty(KIND_PROPERTY);
        return property != null ? property : System.getenv(KIND_VARIABLE);
    }

    private static Backend best() {
        for (Backend backend : Backend.all()) {
            if (backend.unavailable() == null) {
                return backend;
            }
        }
        throw new HubError("no kind of hub works on this machine", null);
    }

    private static Backend byName(String wanted) {
        StringBuilder known = new StringBuilder();
        for (Backend backend : Backend.all()) {
            if (backend.name().equals(wanted)) {
                String why = backend.unavailable();
                if (why != null) {
                    throw new HubError(
                            "hub kind '" + wanted + "' does not work here: " + why, null);
                }
                return backend;
            }
            known.append(known.isEmpty() ? "" : ", ").append(backend.name());
        }
        throw new HubError(
                "unknown kind of hub '"
                        + wanted
                        + "'; "
                        + KIND_VARIABLE
                        + " and -D"
                        + KIND_PROPERTY
                        + " take: "
                        + known,
                null);
    }
}
