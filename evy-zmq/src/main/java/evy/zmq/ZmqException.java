package evy.zmq;

import org.jspecify.annotations.Nullable;

/**
 * A call on a socket or context failed; {@link #error} says how. The socket is as before.
 *
 * @source pyzmq {@code ZMQError}
 */
public class ZmqException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    private final ZmqError error;

    ZmqException(ZmqError error, String message) {
        this(error, message, null);
    }

    ZmqException(ZmqError error, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.error = error;
    }

    /** {@return what went wrong} */
    public final ZmqError error() {
        return error;
    }
}
