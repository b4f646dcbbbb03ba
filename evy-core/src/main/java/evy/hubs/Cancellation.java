package evy.hubs;

import org.jspecify.annotations.Nullable;

/**
 * What is thrown into a green thread to end or interrupt what it does: a kill or a timeout.
 *
 * <p>An {@link Error}, so that {@code catch (Exception e)} half way up does not swallow it. Each is
 * thrown as the very object its maker holds: compare by identity to know whether it is yours.
 *
 * <p>Its stack trace is that of the place it was thrown at, filled in when that happens.
 */
public abstract class Cancellation extends Error {
    private static final long serialVersionUID = 1L;

    /* False while the constructor of Throwable runs, which would record where it was made. */
    private final transient boolean made;

    /**
     * Makes a cancellation that has not been thrown yet.
     *
     * @param message null for none
     */
    protected Cancellation(@Nullable String message) {
        super(message);
        made = true;
    }

    /** Does nothing at construction; records the stack when called later. */
    @Override
    public final synchronized Throwable fillInStackTrace() {
        return made ? super.fillInStackTrace() : this;
    }
}
