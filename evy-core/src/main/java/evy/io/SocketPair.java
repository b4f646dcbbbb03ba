package evy.io;

import evy.hubs.Hub;
import evy.internal.poll.UnixSocket;

import java.io.IOException;

/**
 * Two sockets that are connected to each other: what one sends the other receives. They are
 * Unix-domain sockets without a name.
 *
 * @param first one end
 * @param second the other
 * @source socketpair(2); eventlet {@code socket.socketpair}
 */
public record SocketPair(GreenSocket first, GreenSocket second) implements AutoCloseable {
    /**
     * Opens a pair. Never waits.
     *
     * @return both ends; the caller's to close
     * @throws IOException if the system refuses, say for lack of descriptors
     */
    public static SocketPair open() throws IOException {
        UnixSocket[] ends = GreenSocketImpl.backendOf(Hub.current()).openUnixPair();
        return new SocketPair(GreenSocket.connected(ends[0]), GreenSocket.connected(ends[1]));
    }

    /** Closes both. */
    @Override
    public void close() throws IOException {
        try (first) {
            second.close();
        }
    }
}
