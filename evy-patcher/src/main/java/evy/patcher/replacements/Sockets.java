package evy.patcher.replacements;

import evy.io.GreenSocket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;

/**
 * Makes {@link Socket}s: {@link GreenSocket}s on a green thread, unless a SOCKS proxy is to be
 * used, which they know nothing of.
 */
public final class Sockets {
    private Sockets() {}

    private static boolean isGreen() {
        return Current.isGreen() && System.getProperty("socksProxyHost") == null;
    }

    /**
     * As {@link Socket#Socket()}.
     *
     * @return the socket
     */
    public static Socket construct() {
        try {
            return isGreen() ? new GreenSocket() : new Socket();
        } catch (SocketException e) {
            return new Socket(); // it says so when it is used
        }
    }

    /**
     * As {@link Socket#Socket(Proxy)}.
     *
     * @param proxy see there
     * @return the socket
     */
    public static Socket construct(Proxy proxy) {
        if (!Proxy.NO_PROXY.equals(proxy) || !Current.isGreen()) {
            return new Socket(proxy);
        }
        try {
            return new GreenSocket();
        } catch (SocketException e) {
            return new Socket(proxy); // it says so when it is used
        }
    }

    /**
     * As {@link Socket#Socket(String, int)}.
     *
     * @param host see there
     * @param port see there
     * @return the socket
     * @throws IOException see there
     */
    public static Socket construct(@Nullable String host, int port) throws IOException {
        return isGreen() ? connected(address(host, port), null) : new Socket(host, port);
    }

    /**
     * As {@link Socket#Socket(InetAddress, int)}.
     *
     * @param host see there
     * @param port see there
     * @return the socket
     * @throws IOException see there
     */
    public static Socket construct(InetAddress host, int port) throws IOException {
        return isGreen() && host != null
                ? connected(new InetSocketAddress(host, port), null)
                : new Socket(host, port);
    }

    /**
     * As {@link Socket#Socket(String, int, InetAddress, int)}.
     *
     * @param host see there
     * @param port see there
     * @param localHost see there
     * @param localPort see there
     * @return the socket
     * @throws IOException see there
     */
    public static Socket construct(
            @Nullable String host, int port, @Nullable InetAddress localHost, int localPort)
            throws IOException {
        return isGreen()
                ? connected(address(host, port), new InetSocketAddress(localHost, localPort))
                : new Socket(host, port, localHost, localPort);
    }

    /**
     * As {@link Socket#Socket(InetAddress, int, InetAddress, int)}.
     *
     * @param host see there
     * @param port see there
     * @param localHost see there
     * @param localPort see there
     * @return the socket
     * @throws IOException see there
     */
    public static Socket construct(
            InetAddress host, int port, @Nullable InetAddress localHost, int localPort)
            throws IOException {
        return isGreen() && host != null
                ? connected(
                        new InetSocketAddress(host, port),
                        new InetSocketAddress(localHost, localPort))
                : new Socket(host, port, localHost, localPort);
    }

    /**
     * As {@link Socket#Socket(String, int, boolean)}.
     *
     * @param host see there
     * @param port see there
     * @param stream see there
     * @return the socket
     * @throws IOException see there
     */
    @SuppressWarnings("removal") // old code uses it
    public static Socket construct(@Nullable String host, int port, boolean stream)
            throws IOException {
        return isGreen() && stream
                ? connected(address(host, port), null)
                : new Socket(host, port, stream);
    }

    /**
     * As {@link Socket#Socket(InetAddress, int, boolean)}.
     *
     * @param host see there
     * @param port see there
     * @param stream see there
     * @return the socket
     * @throws IOException see there
     */
    @SuppressWarnings("removal") // old code uses it
    public static Socket construct(InetAddress host, int port, boolean stream) throws IOException {
        return isGreen() && stream && host != null
                ? connected(new InetSocketAddress(host, port), new InetSocketAddress(0))
                : new Socket(host, port, stream);
    }

    private static InetSocketAddress address(@Nullable String host, int port) throws IOException {
        return host != null
                ? new InetSocketAddress(host, port)
                : new InetSocketAddress(InetAddress.getByName(null), port);
    }

    private static Socket connected(SocketAddress remote, @Nullable SocketAddress local)
            throws IOException {
        GreenSocket socket = new GreenSocket();
        try {
            if (local != null) {
                socket.bind(local);
            }
            socket.connect(remote);
            return socket;
        } catch (Throwable t) {
            socket.close();
            throw t;
        }
    }
}
