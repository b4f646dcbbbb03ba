package evy.web.websocket;

import java.io.IOException;

/** The peer did what ends the connection, and by which code it is told so. */
final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient CloseStatus status;

    ProtocolException(int code, String reason) {
        super(reason);
        this.status = new CloseStatus(code, reason);
    }

    CloseStatus status() {
        return status;
    }
}
