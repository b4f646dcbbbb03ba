package evy.io.tls;

import evy.io.Tcp;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;

import javax.net.ssl.SSLSocketFactory;

/**
 * Puts TLS over sockets. The everyday form of this is in {@code evy.Evy}.
 *
 * <p>Nothing here shakes hands, but for {@link #connect}: that happens in the green thread that
 * first uses the connection.
 */
public final class Tls {
    private Tls() {}

    /**
     * Puts TLS over a socket: over a green one in the best way, over any other by its streams.
     *
     * <p>The socket below must not be used meanwhile. A client that verifies needs to know the
     * host's name: if the socket does not, say it by {@link TlsOptions#withServerHostname}.
     *
     * @checkpoint on a green thread, the first time that the options are used
     * @param socket the socket; if it is not connected, {@link GreenTlsSocket#connect} will do it
     * @param options how, and which end
     * @return a socket; closing it closes the other
     * @throws java.nio.file.NoSuchFileException if a file that the options name is not there
     * @throws javax.net.ssl.SSLException if the content of one is of no use
     * @throws IOException if one cannot be read; the socket stays as it was
     * @throws IllegalArgumentException if the options are a server's without a certificate, or name
     *     a version or a cipher suite that is not known
     */
    public static GreenTlsSocket wrap(Socket socket, TlsOptions options) throws IOException {
        return wrap(socket, options, hostOf(socket), true);
    }

    static GreenTlsSocket wrap(Socket socket, TlsOptions options, String host, boolean closesBelow)
            throws IOException {
        options.check();
        return new GreenTlsSocket(socket, options, host, closesBelow);
    }

    private static String hostOf(Socket socket) {
        SocketAddress remote = socket.getRemoteSocketAddress();
        return remote instanceof InetSocketAddress inet ? inet.getHostString() : "";
    }

    /**
     * Puts TLS over a listener: what it accepts are {@link GreenTlsSocket}s that have not shaken
     * hands, so that a client that says nothing holds up nobody else.
     *
     * @checkpoint on a green thread, the first time that the options are used
     * @param server the listener; bound or not
     * @param options how
     * @return a listener; closing it closes the other
     * @throws IOException as {@link #wrap(Socket, TlsOptions)}
     * @throws IllegalArgumentException as {@link #wrap(Socket, TlsOptions)}; or if the options are
     *     a client's
     */
    public static TlsServerSocket wrap(ServerSocket server, TlsOptions options) throws IOException {
        if (!options.isServer()) {
            throw new IllegalArgumentException(
                    "a listener needs options of a server, not of a client: " + server);
        }
        options.check();
        return new TlsServerSocket(server, options);
    }

    /**
     * Connects to a host, and shakes hands unless the options say otherwise. The certificate must
     * be for that host.
     *
     * @checkpoint always
     * @param host name or address
     * @param port 0 to 65535
     * @param options a client's
     * @return a connected socket; the caller's to close
     * @throws java.net.UnknownHostException if the name cannot be resolved
     * @throws javax.net.ssl.SSLException if there is no agreement, or the peer is not trusted
     * @throws IOException if it cannot be had; nothing is left open
     */
    public static GreenTlsSocket connect(String host, int port, TlsOptions options)
            throws IOException {
        return connect(host, port, options, null);
    }

    /**
     * Connects to a host; otherwise as {@link #connect(String, int, TlsOptions)}.
     *
     * @checkpoint always
     * @param host name or address
     * @param port 0 to 65535
     * @param options a client's
     * @param timeout for each attempt to connect; null for no limit but the system's
     * @return a connected socket; the caller's to close
     * @throws IOException if it cannot be had; nothing is left open
     */
    public static GreenTlsSocket connect(
            String host, int port, TlsOptions options, @Nullable Duration timeout)
            throws IOException {
        options.check();
        Socket below = Tcp.connect(host, port, timeout, null);
        boolean usable = false;
        try {
            GreenTlsSocket socket = new GreenTlsSocket(below, options, host, true);
            if (options.handshakeOnConnect()) {
                socket.startHandshake();
            }
            usable = true;
            return socket;
        } finally {
            if (!usable) {
                below.close();
            }
        }
    }

    /**
     * Makes what JDK classes that speak TLS themselves want, such as {@link
     * javax.net.ssl.HttpsURLConnection}: their connections are green then.
     *
     * @param options a client's, as a rule
     * @return a factory of {@link GreenTlsSocket}s
     * @throws IOException as {@link #wrap(Socket, TlsOptions)}
     */
    public static SSLSocketFactory socketFactory(TlsOptions options) throws IOException {
        options.check();
        return new TlsSocketFactory(options);
    }
}
