package evy.web.jdk;

import com.sun.net.httpserver.HttpsConfigurator;

import evy.Evy;
import evy.io.tls.GreenTlsSocket;
import evy.io.tls.Tls;
import evy.io.tls.TlsOptions;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;

/**
 * A listener whose connections speak TLS, each as the configurator says when it sees the client.
 * They shake hands later, when they are used.
 */
final class ConfiguredListener extends ServerSocket {
    private static final System.Logger LOGGER = System.getLogger("evy.web");

    private final ServerSocket below;
    private final HttpsConfigurator configurator;
    private final TlsOptions options;

    ConfiguredListener(ServerSocket below, HttpsConfigurator configurator) throws IOException {
        this.below = below;
        this.configurator = configurator;
        this.options = TlsOptions.server().withContext(configurator.getSSLContext());
    }

    @Override
    public Socket accept() throws IOException {
        while (true) {
            Evy.yield(); // of a thousand that come at once, each gets an engine
            Socket accepted = below.accept();
            try {
                GreenTlsSocket socket = Tls.wrap(accepted, options);
                ConnectionParameters.set(configurator, socket);
                return socket;
            } catch (IOException | RuntimeException e) {
                accepted.close();
                LOGGER.log(System.Logger.Level.ERROR, "the configurator failed for " + accepted, e);
            }
        }
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
    public SocketAddress getLocalSocketAddress() {
        return below.getLocalSocketAddress();
    }

    @Override
    public String toString() {
        return "ConfiguredListener[" + below + "]";
    }
}
