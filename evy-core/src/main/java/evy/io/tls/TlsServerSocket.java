package evy.io.tls;

import evy.hubs.Greenlet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.ServerSocketChannel;
import java.util.Set;

/**
 * A listener that accepts TLS connections: {@link #accept} returns before the handshake, which
 * happens when the connection is first used, in the green thread that handles it. Made by {@link
 * Tls#wrap(ServerSocket, TlsOptions)}.
 *
 * @thread any; one at a time may accept
 */
public final class TlsServerSocket extends ServerSocket {
    private final ServerSocket below;
    private final TlsOptions options;

    TlsServerSocket(ServerSocket below, TlsOptions options) throws IOException {
        this.below = below;
        this.options = options;
    }

    /**
     * Waits for a connection.
     *
     * @checkpoint always
     * @return a socket that is the caller's to close; the hands have not been shaken
     * @throws java.net.SocketTimeoutException if the timeout passes; the socket goes on listening
     * @throws SocketException if it is closed, here or meanwhile, or no descriptor is free
     */
    @Override
    public GreenTlsSocket accept() throws IOException {
        Socket accepted = below.accept();
        boolean wrapped = false;
        try {
            Greenlet.yieldNow(); // of a thousand that come at once, each gets an engine
            GreenTlsSocket socket = new GreenTlsSocket(accepted, options, "", true);
            wrapped = true;
            return socket;
        } finally {
            if (!wrapped) {
                accepted.close();
            }
        }
    }

    @Override
    public void bind(SocketAddress address) throws IOException {
        below.bind(address);
    }

    @Override
    public void bind(SocketAddress address, int backlog) throws IOException {
        below.bind(address, backlog);
    }

    @Override
    public void close() throws IOException {
        below.close();
    }

    @Override
    public boolean isClosed() {
        return below.isClosed();
    }

    @Override
    public boolean isBound() {
        return below.isBound();
    }

    @Override
    public InetAddress getInetAddress() {
        return below.getInetAddress();
    }

    @Override
    public int getLocalPort() {
        return below.getLocalPort();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return below.getLocalSocketAddress();
    }

    /** {@return null: the connections of a channel would go past TLS} */
    @Override
    @SuppressWarnings("NullAway") // so ServerSocket has it
    public ServerSocketChannel getChannel() {
        return null;
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        below.setSoTimeout(timeout);
    }

    @Override
    public int getSoTimeout() throws IOException {
        return below.getSoTimeout();
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        below.setReuseAddress(on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return below.getReuseAddress();
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        below.setReceiveBufferSize(size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return below.getReceiveBufferSize();
    }

    @Override
    public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        below.setPerformancePreferences(connectionTime, latency, bandwidth);
    }

    @Override
    public <T> ServerSocket setOption(SocketOption<T> name, T value) throws IOException {
        below.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return below.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return below.supportedOptions();
    }

    @Override
    public String toString() {
        return "TlsServerSocket[" + below + "]";
    }
}
