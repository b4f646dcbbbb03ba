package evy.web;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** The two ends of a connection, as apps and the log see them. */
final class Peer {
    private static final SocketAddress UNKNOWN = UnixDomainSocketAddress.of("");

    private final Socket socket;
    private final SocketAddress remote;

    Peer(Socket socket) {
        this.socket = socket;
        this.remote = known(socket.getRemoteSocketAddress());
    }

    private static SocketAddress known(@Nullable SocketAddress address) {
        return address == null ? UNKNOWN : address;
    }

    SocketAddress remote() {
        return remote;
    }

    SocketAddress local() {
        return known(socket.getLocalSocketAddress());
    }

    boolean isUnix() {
        return !(remote instanceof InetSocketAddress);
    }

    /** The client's address; {@code unix} for a Unix socket. */
    String ip() {
        return ip(remote);
    }

    static String ip(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : "unix";
    }

    /** The client's port; empty for a Unix socket. */
    String port() {
        return port(remote);
    }

    static String port(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? Integer.toString(inet.getPort()) : "";
    }

    String scheme() {
        return socket instanceof SSLSocket ? "https" : "http";
    }

    @Nullable SSLSession tlsSession() {
        return socket instanceof SSLSocket tls ? tls.getSession() : null;
    }

    @Override
    public String toString() {
        return isUnix() ? "unix" : ip() + ":" + port();
    }
}
