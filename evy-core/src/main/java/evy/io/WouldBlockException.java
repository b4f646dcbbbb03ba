package evy.io;

import java.net.SocketException;

/** A socket in non-blocking mode would have had to wait. Not a timeout. */
public final class WouldBlockException extends SocketException {
    private static final long serialVersionUID = 1L;

    WouldBlockException(String operation) {
        super(operation + " would block, and the socket is in non-blocking mode");
    }
}
