package evy.io.tls;

import evy.io.GreenSocket;
import evy.io.Tcp;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;

import javax.net.ssl.SSLSocketFactory;

/** Makes green TLS sockets for those who ask by the JDK's interface. */
final class TlsSocketFactory extends SSLSocketFactory {
    private final TlsOptions options;

    TlsSocketFactory(TlsOptions options) {
        this.options = options;
    }

    @Override
    public Socket createSocket() throws IOException {
        return new GreenTlsSocket(new GreenSocket(), options, "", true);
    }

    @Override
    public Socket createSocket(Socket below, String host, int port, boolean autoClose)
            throws IOException {
        return new GreenTlsSocket(below, options, host, autoClose);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connect(host, port, null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
            throws IOException {
        return connect(host, port, new InetSocketAddress(local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connect(host.getHostAddress(), port, null);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
            throws IOException {
        return connect(host.getHostAddress(), port, new InetSocketAddress(local, localPort));
    }

    /* As the JDK's does, the handshake waits for the first use. */
    private Socket connect(String host, int port, @Nullable SocketAddress local)
            throws IOException {
        GreenSocket below = Tcp.connect(host, port, null, local);
        try {
            return new GreenTlsSocket(below, options, host, true);
        } catch (IOException | RuntimeException | Error e) {
            below.close();
            throw e;
        }
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return parameters(true);
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return parameters(false);
    }

    private String[] parameters(boolean enabled) {
        try {
            var engine = options.engine("", 0);
            return enabled ? engine.getEnabledCipherSuites() : engine.getSupportedCipherSuites();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
