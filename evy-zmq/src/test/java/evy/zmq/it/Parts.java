package evy.zmq.it;

import evy.zmq.Context;
import evy.zmq.Socket;
import evy.zmq.SocketType;
import evy.zmq.ZmqTimeoutException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Messages as tests like them: text, the parts of one joined by {@code |}. */
final class Parts {
    /** Longer than anything here takes, shorter than a test may. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private Parts() {}

    /** A socket that does not wait for ever. */
    static Socket open(Context context, SocketType type) {
        Socket socket = context.socket(type);
        socket.options().receiveTimeout(PATIENCE).sendTimeout(PATIENCE).linger(Duration.ZERO);
        socket.options().reconnectInterval(Duration.ofMillis(10));
        return socket;
    }

    static void send(Socket socket, String... parts) {
        socket.sendStrings(parts);
    }

    /** Receives a message. */
    static String texts(Socket socket) {
        return String.join("|", socket.recvStrings());
    }

    /** Receives a message and forgets it; false if none comes in the time that the socket waits. */
    static boolean arrives(Socket socket) {
        try {
            socket.recvMultipart();
            return true;
        } catch (ZmqTimeoutException e) {
            return false;
        }
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Bytes whose value follows from their place; {@code peer.py} makes the same. */
    static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i % 251);
        }
        return bytes;
    }
}
