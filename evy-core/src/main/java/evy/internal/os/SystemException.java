package evy.internal.os;

import java.net.SocketException;

/** A system call failed for a reason that no class of {@code java.net} stands for. */
public final class SystemException extends SocketException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    SystemException(int errno, String message) {
        super(message);
        this.errno = errno;
    }

    /** The error number, one of {@link Errno}. */
    public int errno() {
        return errno;
    }
}
