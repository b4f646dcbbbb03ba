package evy.web.websocket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Receives until the connection is closed. */
final class Messages implements Iterator<Message> {
    private final WebSocket ws;
    private @Nullable Message next;

    Messages(WebSocket ws) {
        this.ws = ws;
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            try {
                next = ws.receive();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return next != null;
    }

    @Override
    public Message next() {
        Message message = hasNext() ? next : null;
        if (message == null) {
            throw new NoSuchElementException("the WebSocket is closed: " + ws.closeStatus());
        }
        next = null;
        return message;
    }
}
