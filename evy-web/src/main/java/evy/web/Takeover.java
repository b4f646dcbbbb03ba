package evy.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * A connection that an app has taken over, to speak another protocol on it. The server closes it
 * when the app returns.
 *
 * @thread the app's
 */
public final class Takeover {
    private final Connection connection;
    private final Socket socket;
    private final InputStream input;

    Takeover(Connection connection, Socket socket, InputStream input) {
        this.connection = connection;
        this.socket = socket;
        this.input = input;
    }

    /**
     * The socket, in blocking mode and without a time limit. What the client sent right behind the
     * request has been received already and is in {@link #input} only.
     *
     * @return the socket
     */
    public Socket socket() {
        return socket;
    }

    /** {@return what the client sends, from behind the head of the request on} */
    public InputStream input() {
        return input;
    }

    /**
     * What goes to the client.
     *
     * @return the socket's stream
     * @throws IOException if it is closed
     */
    public OutputStream output() throws IOException {
        return socket.getOutputStream();
    }

    /**
     * Says whether the connection may be closed at once when the server stops, instead of being
     * waited for.
     *
     * @param idle true if nothing would be lost
     */
    public void setIdle(boolean idle) {
        connection.setIdle(idle);
    }

    /**
     * Says what is to be done when the server stops, to take leave of the client in the words of
     * the protocol; at once if it stops already. It runs once, in a green thread of its own beside
     * the app's, for at most five seconds and not longer than the server waits for requests under
     * way. After it the connection is closed if it is {@linkplain #setIdle idle}; if the app
     * returns before, that ends it.
     *
     * @param hook may block; replaces one given before
     */
    public void onStop(Runnable hook) {
        connection.onStop(hook);
    }
}
