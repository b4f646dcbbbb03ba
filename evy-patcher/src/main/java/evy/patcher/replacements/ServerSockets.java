package evy.patcher.replacements;

import evy.io.GreenServerSocket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Makes {@link ServerSocket}s: {@link GreenServerSocket}s on a green thread. */
public final class ServerSockets {
    private static final int USUAL_BACKLOG = 50;
    private static final int LAST_PORT = 0xffff;

    private ServerSockets() {}

    /**
     * As {@link ServerSocket#ServerSocket()}.
     *
     * @return the socket
     * @throws IOException see there
     */
    public static ServerSocket construct() throws IOException {
        return Current.isGreen() ? new GreenServerSocket() : new ServerSocket();
    }

    /**
     * As {@link ServerSocket#ServerSocket(int)}.
     *
     * @param port see there
     * @return the socket
     * @throws IOException see there
     */
    public static ServerSocket construct(int port) throws IOException {
        return construct(port, USUAL_BACKLOG, null);
    }

    /**
     * As {@link ServerSocket#ServerSocket(int, int)}.
     *
     * @param port see there
     * @param backlog see there
     * @return the socket
     * @throws IOException see there
     */
    public static ServerSocket construct(int port, int backlog) throws IOException {
        return construct(port, backlog, null);
    }

    /**
     * As {@link ServerSocket#ServerSocket(int, int, InetAddress)}.
     *
     * @param port see there
     * @param backlog see there
     * @param address see there
     * @return the socket
     * @throws IOException see there
     */
    public static ServerSocket construct(int port, int backlog, @Nullable InetAddress address)
            throws IOException {
        if (port < 0 || port > LAST_PORT || !Current.isGreen()) {
            return new ServerSocket(port, backlog, address);
        }
        GreenServerSocket server = new GreenServerSocket();
        try {
            server.bind(
                    new InetSocketAddress(address, port), backlog < 1 ? USUAL_BACKLOG : backlog);
            return server;
        } catch (Throwable t) {
            server.close();
            throw t;
        }
    }
}
