package evy.web.websocket;

import evy.web.Headers;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.Writer;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/**
 * A connection by the drafts 75 and 76, of 2010: text only, each message between a byte 00 and a
 * byte FF; FF 00 closes, by draft 76.
 *
 * @source draft-hixie-thewebsocketprotocol-75 and -76
 */
final class HixieWebSocket implements WebSocket {
    private static final int BUFFER = 4096;
    private static final int BEGIN = 0x00;
    private static final int END = 0xff;
    private static final byte[] CLOSING = {(byte) END, BEGIN};
    private static final CloseStatus LOST = new CloseStatus(CloseStatus.LOST, "");
    private static final CloseStatus NORMAL = new CloseStatus(CloseStatus.NORMAL, "");

    private final Transport transport;
    private final Opening opening;
    private final WebSocketOptions options;
    private final boolean closes; // draft 76 has a close frame
    private final Turn receiving = new Turn();
    private final Turn sending = new Turn();

    // in the turn of receiving
    private final byte[] buffer = new byte[BUFFER];
    private int start;
    private int end;
    private @Nullable ByteArrayOutputStream text; // of the message that has begun

    // written in the turn of sending
    private boolean closeSent;
    private volatile @Nullable CloseStatus status;

    HixieWebSocket(Transport transport, Opening opening, WebSocketOptions options, boolean closes) {
        this.transport = transport;
        this.opening = opening;
        this.options = options;
        this.closes = closes;
    }

    @Override
    public @Nullable Message receive() throws IOException {
        receiving.take();
        try {
            return status == null ? read() : null;
        } catch (EOFException | SocketException e) {
            end(LOST);
            return null;
        } finally {
            receiving.pass();
        }
    }

    private @Nullable Message read() throws IOException {
        ByteArrayOutputStream message = text;
        if (message == null) {
            int type = next();
            if (type == END && peek() == BEGIN) {
                end(NORMAL);
                return null;
            }
            if (type != BEGIN) {
                end(LOST);
                throw new WebSocketException("illegal frame type " + type);
            }
            message = new ByteArrayOutputStream();
            text = message;
        }
        for (int b = next(); b != END; b = next()) {
            if (message.size() == options.maxMessage()) {
                end(LOST);
                throw new WebSocketException(
                        "a message exceeds the limit of " + options.maxMessage() + " bytes");
            }
            message.write(b);
        }
        text = null;
        return new Message.Text(message.toString(StandardCharsets.UTF_8));
    }

    private int next() throws IOException {
        int b = peek();
        start++;
        return b;
    }

    private int peek() throws IOException {
        if (start == end) {
            int n = transport.read(buffer, 0, buffer.length, Transport.FOREVER);
            if (n < 0) {
                throw new EOFException("the peer is gone");
            }
            start = 0;
            end = n;
        }
        return buffer[start] & 0xff;
    }

    @Override
    public @Nullable MessageInput receiveStream() throws IOException {
        return receive() instanceof Message.Text(String whole) ? stream(whole) : null;
    }

    private static MessageInput stream(String whole) {
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
        return new MessageInput(new ByteArrayInputStream(bytes)::read, true);
    }

    @Override
    public void send(String message) throws IOException {
        byte[] utf8 = message.getBytes(StandardCharsets.UTF_8); // never has a byte FF
        byte[] frame = new byte[utf8.length + 2];
        System.arraycopy(utf8, 0, frame, 1, utf8.length);
        frame[frame.length - 1] = (byte) END;
        sending.take();
        try {
            if (status != null || closeSent) {
                throw new WebSocketException("the WebSocket is closed");
            }
            write(frame);
        } finally {
            sending.pass();
        }
    }

    private void write(byte[] frame) throws IOException {
        boolean whole = false;
        try {
            transport.write(frame, 0, frame.length);
            whole = true;
        } catch (SocketException | SocketTimeoutException e) {
            throw new WebSocketException("the peer is gone, or takes nothing", e);
        } finally {
            if (!whole) {
                status = LOST;
                transport.close();
            }
        }
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        throw textOnly();
    }

    @Override
    public OutputStream sendStream() throws IOException {
        throw textOnly();
    }

    private static WebSocketException textOnly() {
        return new WebSocketException("the client speaks a draft of 2010, which knows text only");
    }

    @Override
    public Writer sendText() {
        return new StringWriter() {
            private boolean sent;

            @Override
            public void close() throws IOException {
                if (!sent) {
                    sent = true;
                    send(toString());
                }
            }
        };
    }

    /** Does nothing: the drafts have no pings. */
    @Override
    public void ping(byte[] payload) {}

    @Override
    public void close(int code, String reason) {
        end(new CloseStatus(code, reason));
    }

    private void end(CloseStatus why) {
        if (status != null) {
            return;
        }
        status = why;
        try {
            sendClosing();
        } catch (IOException e) {
            // the peer has gone before us
        } finally {
            transport.close();
        }
    }

    private void sendClosing() throws IOException {
        if (!closes) {
            return;
        }
        sending.take();
        try {
            if (!closeSent) {
                closeSent = true;
                write(CLOSING);
            }
        } finally {
            sending.pass();
        }
    }

    @Override
    public @Nullable CloseStatus closeStatus() {
        return status;
    }

    @Override
    public String target() {
        return opening.target();
    }

    @Override
    public Headers headers() {
        return opening.headers();
    }

    @Override
    public @Nullable String subprotocol() {
        return opening.subprotocol();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return transport.remoteAddress();
    }

    @Override
    public Iterator<Message> iterator() {
        return new Messages(this);
    }
}
