package evy.web.websocket;

import evy.web.Headers;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.net.SocketAddress;
import java.net.URI;

/**
 * One WebSocket connection, either end of it.
 *
 * <p>Messages come one after the other, so one green thread receives; others that try wait their
 * turn. Pings are answered, and the peer's close is seen, while somebody receives; where nobody
 * does, sends look for them about once a second, up to the first message that was not received. Any
 * thread may send: messages are never mixed. A thread that is killed or timed out while it waits to
 * receive has lost nothing; one that is torn from the middle of a send has broken the stream, and
 * the connection is closed.
 *
 * @thread any
 * @source RFC 6455
 */
public interface WebSocket extends Iterable<Message>, Closeable {
    /**
     * Opens a connection.
     *
     * @checkpoint always
     * @param uri {@code ws://host:port/path} or {@code wss://…}
     * @return the open connection
     * @throws WebSocketException if the server declines, or answers what is no handshake
     * @throws IOException if it cannot be reached, or not in time
     */
    static WebSocket connect(URI uri) throws IOException {
        return connect(uri, WebSocketOptions.DEFAULT);
    }

    /**
     * Opens a connection.
     *
     * @checkpoint always
     * @param uri {@code ws://host:port/path} or {@code wss://…}
     * @param options how it behaves
     * @return the open connection
     * @throws WebSocketException if the server declines, or answers what is no handshake
     * @throws IOException if it cannot be reached, or not in time
     */
    static WebSocket connect(URI uri, WebSocketOptions options) throws IOException {
        return ClientHandshake.open(uri, options);
    }

    /**
     * Waits for a message.
     *
     * @checkpoint always
     * @return the whole message; null once the connection is closed, and {@link #closeStatus} says
     *     why: by the peer, by this end, because the peer broke the protocol or is gone
     * @throws IOException if the connection fails in another way
     */
    @Nullable Message receive() throws IOException;

    /**
     * Waits for a message and gives it as it comes in, without keeping it. What is not read of it
     * is passed over when the next one is asked for. Limits hold as for {@link #receive}.
     *
     * @checkpoint always
     * @return the message's bytes; null once the connection is closed
     * @throws IOException if the connection fails
     */
    @Nullable MessageInput receiveStream() throws IOException;

    /**
     * Sends text.
     *
     * @checkpoint if the peer does not read as fast
     * @param text the message
     * @throws WebSocketException if the connection is closed
     * @throws IOException if it fails
     */
    void send(String text) throws IOException;

    /**
     * Sends bytes.
     *
     * @checkpoint if the peer does not read as fast
     * @param bytes the message
     * @throws WebSocketException if the connection is closed
     * @throws IOException if it fails
     */
    void send(byte[] bytes) throws IOException;

    /**
     * Sends a message.
     *
     * @checkpoint if the peer does not read as fast
     * @param message text or bytes
     * @throws WebSocketException if the connection is closed
     * @throws IOException if it fails
     */
    default void send(Message message) throws IOException {
        switch (message) {
            case Message.Text(String text) -> send(text);
            case Message.Binary(byte[] bytes) -> send(bytes);
        }
    }

    /**
     * Begins to send bytes piece by piece: each flush sends a fragment, closing ends the message.
     * Until then other messages wait.
     *
     * @checkpoint if another message is being sent
     * @return what to write to; must be closed
     * @throws WebSocketException if the connection is closed
     * @throws IOException if it fails
     */
    OutputStream sendStream() throws IOException;

    /**
     * Begins to send text piece by piece; otherwise as {@link #sendStream}.
     *
     * @checkpoint if another message is being sent
     * @return what to write to; must be closed
     * @throws WebSocketException if the connection is closed
     * @throws IOException if it fails
     */
    Writer sendText() throws IOException;

    /**
     * Pings the peer, which answers at once if it is alive.
     *
     * @checkpoint if the peer does not read as fast
     * @param payload at most 125 bytes
     * @throws IllegalArgumentException if it is longer
     * @throws WebSocketException if the connection is closed
     * @throws IOException if it fails
     */
    void ping(byte[] payload) throws IOException;

    /**
     * Closes normally, as {@link #close(int, String)} with the code 1000.
     *
     * @checkpoint if it is open
     */
    @Override
    default void close() {
        close(CloseStatus.NORMAL, "");
    }

    /**
     * Closes: tells the peer, waits for its answer and for what it still sends, up to the time
     * limit of the options, and closes the connection. Whoever waits to receive gets null. Does
     * nothing if it is closed.
     *
     * @checkpoint if it is open
     * @param code why: 1000 to 1003, 1007 to 1014, or 3000 to 4999
     * @param reason for people who debug; at most 123 bytes of UTF-8
     * @throws IllegalArgumentException if either cannot be sent
     */
    void close(int code, String reason);

    /**
     * Why the connection was closed.
     *
     * @return what the peer said, or if it said nothing first what this end said; 1006 if it is
     *     gone; null while open
     */
    @Nullable CloseStatus closeStatus();

    /** {@return true until either end closes} */
    default boolean isOpen() {
        return closeStatus() == null;
    }

    /** {@return the request's path and query, as they were sent} */
    String target();

    /** {@return the request's path, as it was sent} */
    default String path() {
        String target = target();
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** {@return the headers of the peer's part of the handshake} */
    Headers headers();

    /**
     * One header of the peer's.
     *
     * @param name in any case
     * @return its first value; null if it was not sent
     */
    default @Nullable String header(String name) {
        return headers().get(name);
    }

    /** {@return where the client's page comes from, if it says} */
    default @Nullable String origin() {
        return header("Origin");
    }

    /** {@return the subprotocol that was agreed on} */
    @Nullable String subprotocol();

    /** {@return the peer's address; null if it has none} */
    @Nullable SocketAddress remoteAddress();
}
