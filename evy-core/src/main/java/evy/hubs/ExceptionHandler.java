package evy.hubs;

import org.jspecify.annotations.Nullable;

/**
 * Gets the exceptions that nobody else gets: of callbacks and of green threads without a result.
 */
@FunctionalInterface
public interface ExceptionHandler {
    /** Prints to standard error, as {@link Thread}'s own handler does. */
    ExceptionHandler PRINT = HubReport::printException;

    /** Drops them. */
    ExceptionHandler IGNORE = (greenlet, exception) -> {};

    /**
     * Called on the hub's thread or on the green thread. Must not block; what it throws is dropped.
     *
     * @param greenlet the green thread that ended by it; null for a callback
     * @param exception what was thrown
     */
    void uncaught(@Nullable Greenlet greenlet, Throwable exception);
}
