package evy.web.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A message as it comes in. Ends when the message does. */
public final class MessageInput extends InputStream {
    private final Part part;
    private final boolean text;

    /** Reads of the current message. */
    @FunctionalInterface
    interface Part {
        int read(byte[] b, int offset, int length) throws IOException;
    }

    MessageInput(Part part, boolean text) {
        this.part = part;
        this.text = text;
    }

    /** {@return true if the bytes are text, in UTF-8, which was checked} */
    public boolean isText() {
        return text;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /**
     * Reads as any stream.
     *
     * @checkpoint if nothing has come
     * @throws WebSocketException if the connection ended before the message, or the peer broke the
     *     protocol
     */
    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        Objects.checkFromIndexSize(off, len, b.length);
        return len == 0 ? 0 : part.read(b, off, len);
    }
}
