package evy.internal.poll;

import evy.internal.os.Errno;
import evy.internal.os.Errors;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnsupportedAddressTypeException;

/** Turns what channels throw into what sockets throw. */
final class NioErrors {
    private NioErrors() {}

    /**
     * The socket's exception for the channel's.
     *
     * @throws RuntimeException {@code thrown} itself, if it speaks of wrong arguments
     */
    static IOException translate(Exception thrown) {
        return switch (thrown) {
            case ClosedChannelException e -> because(e, "Socket closed");
            case NotYetConnectedException e -> because(e, "Socket is not connected");
            case NotYetBoundException e -> because(e, "Socket is not bound yet");
            case AlreadyBoundException e -> because(e, "Already bound");
            case AlreadyConnectedException e -> because(e, "Already connected");
            case ConnectionPendingException e -> because(e, "Connection in progress");
            case NoConnectionPendingException e -> because(e, "no connection is under way");
            case UnsupportedAddressTypeException e -> because(e, "Protocol family unavailable");
            case IOException e when Errors.errno(e) == Errno.EMFILE ->
                    because(e, e.getMessage() + "; raise the limit with `ulimit -n`");
            case SocketException e -> e;
            case ProtocolException e -> e;
            case IOException e -> because(e, e.getMessage());
            case RuntimeException e -> throw e;
            default -> throw new AssertionError(thrown);
        };
    }

    /** For a write: an open channel that says it is closed has its output shut. */
    static IOException translateWrite(Exception thrown, boolean open) {
        return open && thrown instanceof ClosedChannelException
                ? because(thrown, "Broken pipe")
                : translate(thrown);
    }

    private static SocketException because(Exception cause, @Nullable String message) {
        SocketException exception = new SocketException(message);
        exception.initCause(cause);
        return exception;
    }
}
