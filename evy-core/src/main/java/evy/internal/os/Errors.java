package evy.internal.os;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;

/**
 * Turns error numbers into the exceptions that the JDK's own sockets throw, the system's text
 * first, and such exceptions back into error numbers.
 */
public final class Errors {
    /*
     * Exceptions of the JDK carry no number, only a class and a text. These are the texts by which
     * they are known again, also where the JDK has made them; in the C locale. Longer ones stand
     * before their prefixes.
     */
    private static final Known[] KNOWN = {
        new Known(Errno.ECONNREFUSED, "Connection refused"),
        new Known(Errno.ECONNRESET, "Connection reset"),
        new Known(Errno.EPIPE, "Broken pipe"),
        new Known(Errno.ETIMEDOUT, "Connection timed out"),
        new Known(Errno.ENOTCONN, "Transport endpoint is not connected"),
        new Known(Errno.EHOSTUNREACH, "No route to host"),
        new Known(Errno.ENETUNREACH, "Network is unreachable"),
        new Known(Errno.EADDRINUSE, "Address already in use"),
        new Known(Errno.EADDRNOTAVAIL, "Cannot assign requested address"),
        new Known(Errno.EACCES, "Permission denied"),
        new Known(Errno.EPROTO, "Protocol error"),
        new Known(Errno.ENFILE, "Too many open files in system"),
        new Known(Errno.EMFILE, "Too many open files"),
        new Known(Errno.ENOBUFS, "No buffer space available"),
        new Known(Errno.ENOMEM, "Cannot allocate memory"),
        new Known(Errno.EBADF, "Socket closed"),
    };

    private record Known(int errno, String text) {}

    private Errors() {}

    /**
     * The exception for a failed call.
     *
     * @param detail what it was about, say an address; may be empty
     */
    public static IOException of(int errno, String detail) {
        String text = Errno.text(errno);
        String message = detail.isEmpty() ? text : text + ": " + detail;
        return switch (errno) {
            case Errno.ECONNREFUSED, Errno.ETIMEDOUT, Errno.ENOTCONN ->
                    new ConnectException(message);
            case Errno.EHOSTUNREACH -> new NoRouteToHostException(message);
            case Errno.EADDRINUSE, Errno.EADDRNOTAVAIL, Errno.EACCES -> new BindException(message);
            case Errno.EPROTO -> new ProtocolException(message);
            default -> socket(errno, message);
        };
    }

    /** The exception for a failed receive. */
    public static SocketException read(int errno) {
        // the JDK cuts the text of this one short
        return errno == Errno.ECONNRESET
                ? new SocketException("Connection reset")
                : socket(errno, Errno.text(errno));
    }

    /** The exception for a failed send. */
    public static SocketException write(int errno) {
        return socket(errno, Errno.text(errno));
    }

    private static SocketException socket(int errno, String message) {
        return switch (errno) {
            case Errno.EBADF -> new SocketException("Socket closed");
            case Errno.EMFILE ->
                    new SystemException(errno, message + "; raise the limit with `ulimit -n`");
            case Errno.ENFILE ->
                    new SystemException(errno, message + "; raise it with `sysctl fs.file-max`");
            case Errno.ECONNRESET,
                    Errno.EPIPE,
                    Errno.ENOTCONN,
                    Errno.ETIMEDOUT,
                    Errno.ENETUNREACH,
                    Errno.EHOSTUNREACH ->
                    new SocketException(message);
            default -> new SystemException(errno, message);
        };
    }

    /**
     * The error number behind an exception made here, or by the JDK for a common reason.
     *
     * @return one of {@link Errno}, or 0 if unknown
     */
    public static int errno(@Nullable Throwable thrown) {
        if (thrown instanceof SystemException exception) {
            return exception.errno();
        }
        if (!(thrown instanceof IOException) || thrown.getMessage() == null) {
            return 0;
        }
        String message = thrown.getMessage();
        for (Known known : KNOWN) {
            if (message.startsWith(known.text)) {
                return known.errno;
            }
        }
        return errnoOfLocalText(message);
    }

    private static int errnoOfLocalText(String message) {
        if (Platform.unavailable() == null) {
            for (Known known : KNOWN) {
                if (message.startsWith(Errno.text(known.errno))) {
                    return known.errno;
                }
            }
        }
        return 0;
    }

    /**
     * Whether accepting failed for lack of something that comes back when other work ends:
     * descriptors or memory. The connection still waits in the backlog, so a loop that tries again
     * at once would spin.
     */
    public static boolean isTransientAccept(Throwable thrown) {
        return switch (errno(thrown)) {
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM -> true;
            default -> false;
        };
    }
}
