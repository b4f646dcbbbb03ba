package evy;

import evy.hubs.Cancellation;

import org.jspecify.annotations.Nullable;

/**
 * Thrown into a green thread that is killed. Ends it quietly: nothing is printed. Whoever joins the
 * thread gets the same object.
 *
 * @source greenlet's {@code GreenletExit}
 */
public final class GreenThreadExit extends Cancellation {
    private static final long serialVersionUID = 1L;

    /** An exit without a message. */
    public GreenThreadExit() {
        this(null);
    }

    /**
     * An exit with a message.
     *
     * @param message why; null for none
     */
    public GreenThreadExit(@Nullable String message) {
        super(message);
    }
}
