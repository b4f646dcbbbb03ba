package evy.web.websocket;

import java.io.IOException;

/**
 * A WebSocket that could not be opened, or that something was to be sent on after it was closed.
 */
public final class WebSocketException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message what happened
     */
    public WebSocketException(String message) {
        super(message);
    }

    WebSocketException(String message, Throwable cause) {
        super(message, cause);
    }
}
