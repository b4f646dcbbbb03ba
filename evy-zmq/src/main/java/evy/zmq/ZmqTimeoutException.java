package evy.zmq;

import evy.Timeout;

/**
 * The {@linkplain SocketOptions#receiveTimeout receive} or {@linkplain SocketOptions#sendTimeout
 * send timeout} of the socket passed. Its error is {@link ZmqError#EAGAIN}; {@link
 * Timeout#isTimeout} is true for it.
 */
public final class ZmqTimeoutException extends ZmqException {
    private static final long serialVersionUID = 1L;

    static {
        Timeout.markAsTimeout(ZmqTimeoutException.class);
    }

    ZmqTimeoutException(String message) {
        super(ZmqError.EAGAIN, message);
    }
}
