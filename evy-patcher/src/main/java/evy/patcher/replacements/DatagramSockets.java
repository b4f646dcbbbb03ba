package evy.patcher.replacements;

import evy.io.GreenDatagramSocket;

import org.jspecify.annotations.Nullable;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketException;

/** Makes {@link DatagramSocket}s: {@link GreenDatagramSocket}s on a green thread. */
public final class DatagramSockets {
    private static final int LAST_PORT = 0xffff;

    private DatagramSockets() {}

    private static boolean isPort(int port) {
        return port >= 0 && port <= LAST_PORT; // of another the JDK says what is wrong
    }

    /**
     * As {@link DatagramSocket#DatagramSocket()}.
     *
     * @return the socket
     * @throws SocketException see there
     */
    public static DatagramSocket construct() throws SocketException {
        return Current.isGreen() ? new GreenDatagramSocket() : new DatagramSocket();
    }

    /**
     * As {@link DatagramSocket#DatagramSocket(int)}.
     *
     * @param port see there
     * @return the socket
     * @throws SocketException see there
     */
    public static DatagramSocket construct(int port) throws SocketException {
        return Current.isGreen() && isPort(port)
                ? new GreenDatagramSocket(port)
                : new DatagramSocket(port);
    }

    /**
     * As {@link DatagramSocket#DatagramSocket(int, InetAddress)}.
     *
     * @param port see there
     * @param address see there
     * @return the socket
     * @throws SocketException see there
     */
    public static DatagramSocket construct(int port, @Nullable InetAddress address)
            throws SocketException {
        return Current.isGreen() && isPort(port)
                ? new GreenDatagramSocket(port, address)
                : new DatagramSocket(port, address);
    }

    /**
     * As {@link DatagramSocket#DatagramSocket(SocketAddress)}.
     *
     * @param address see there
     * @return the socket
     * @throws SocketException see there
     */
    public static DatagramSocket construct(@Nullable SocketAddress address) throws SocketException {
        return Current.isGreen() ? new GreenDatagramSocket(address) : new DatagramSocket(address);
    }
}
