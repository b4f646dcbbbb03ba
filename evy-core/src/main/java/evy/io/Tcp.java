package evy.io;

import evy.hubs.Hub;
import evy.io.dns.Dns;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.time.Duration;

/** Opens TCP and Unix-domain sockets. The everyday forms of this are in {@code evy.Evy}. */
public final class Tcp {
    private static final System.Logger LOG = System.getLogger("evy.io");

    private Tcp() {}

    /**
     * Listens.
     *
     * @param address where; port 0 lets the system choose one; a {@link
     *     java.net.UnixDomainSocketAddress} or {@link AbstractUnixAddress} makes a Unix socket
     * @param options how; for a Unix socket only the backlog counts
     * @return a bound socket
     * @throws IllegalArgumentException if a Unix address is to be shared, which it cannot be
     * @throws java.net.BindException if the address is taken or not this machine's
     * @throws IOException if it cannot be had for another reason
     */
    public static GreenServerSocket listen(SocketAddress address, ListenOptions options)
            throws IOException {
        boolean unix = UnixAddresses.isUnix(address);
        if (unix && options.reusePort()) {
            throw new IllegalArgumentException(
                    "listen: a Unix address cannot be shared: " + address);
        }
        GreenServerSocket server = new GreenServerSocket();
        try {
            if (unix) {
                server.bind(address, options.backlog());
                return server;
            }
            server.setReuseAddress(options.reuseAddress());
            if (options.reusePort()) {
                sharePort(server, address);
            }
            server.bind(address, options.backlog());
            return server;
        } catch (IOException | RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    private static void sharePort(GreenServerSocket server, SocketAddress address)
            throws IOException {
        if (address instanceof InetSocketAddress inet && inet.getPort() == 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "listen: sharing port 0 is of no use, each listener gets a port of its own");
        }
        try {
            server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        } catch (UnsupportedOperationException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "listen: this system cannot share ports, {0} is not shared",
                    address);
        }
    }

    /**
     * Connects to an address.
     *
     * @checkpoint always
     * @param remote where to; a {@link java.net.UnixDomainSocketAddress} or {@link
     *     AbstractUnixAddress} makes a Unix socket; a host that is not resolved is resolved as by
     *     {@link #connect(String, int, Duration, SocketAddress)}
     * @param timeout for the connection; null for no limit but the system's
     * @param local where from; null for any
     * @return a connected socket; the caller's to close
     * @throws IOException if it cannot be had; nothing is left open
     */
    public static GreenSocket connect(
            SocketAddress remote, @Nullable Duration timeout, @Nullable SocketAddress local)
            throws IOException {
        if (remote instanceof InetSocketAddress inet && inet.isUnresolved()) {
            return connect(inet.getHostString(), inet.getPort(), timeout, local);
        }
        GreenSocket socket = new GreenSocket();
        try {
            if (local != null) {
                socket.bind(local);
            }
            socket.connect(remote, millis(timeout));
            return socket;
        } catch (Throwable t) {
            socket.close();
            throw t;
        }
    }

    /**
     * Connects to a host by name: tries its addresses in order and returns the first connection
     * that works. The look-up happens off the hub.
     *
     * @checkpoint always
     * @param host name or address
     * @param port 0 to 65535
     * @param timeout for each attempt; null for no limit but the system's
     * @param local where from; null for any
     * @return a connected socket; the caller's to close
     * @throws UnknownHostException if the name cannot be resolved
     * @throws IOException the error of the last attempt; nothing is left open
     * @throws IllegalArgumentException if {@code port} is out of range
     */
    public static GreenSocket connect(
            String host, int port, @Nullable Duration timeout, @Nullable SocketAddress local)
            throws IOException {
        checkPort(port);
        IOException last = null;
        for (InetAddress address : resolve(host)) {
            try {
                return connect(new InetSocketAddress(address, port), timeout, local);
            } catch (IOException e) {
                if (last != null) {
                    e.addSuppressed(last);
                }
                last = e;
            }
        }
        throw last != null ? last : new ConnectException(host + " has no address");
    }

    /* On a hub not by InetAddress: who waits there for another's look-up cannot be killed. */
    private static InetAddress[] resolve(String host) throws IOException {
        return Hub.currentOrNull() == null
                ? InetAddress.getAllByName(host)
                : Dns.configured().getAllByName(host);
    }

    /**
     * Checks a port number.
     *
     * @param port the number
     * @return the same number
     * @throws IllegalArgumentException if it is not 0 to 65535; names the value
     */
    public static int checkPort(int port) {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port must be 0 to 65535: " + port);
        }
        return port;
    }

    private static int millis(@Nullable Duration timeout) {
        if (timeout == null) {
            return 0;
        }
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must be >= 0: " + timeout);
        }
        // never shorter than asked for, never 0, which would mean no limit
        long millis = timeout.plusNanos(999_999).toMillis();
        return (int) Math.max(1, Math.min(millis, Integer.MAX_VALUE));
    }
}
