package evy.web.jdk;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** What a configurator is asked, and says, about one connection. */
final class ConnectionParameters extends HttpsParameters {
    private final HttpsConfigurator configurator;
    private final InetSocketAddress client;
    private @Nullable SSLParameters given;

    private ConnectionParameters(HttpsConfigurator configurator, InetSocketAddress client) {
        this.configurator = configurator;
        this.client = client;
    }

    /** Configures a socket that has not shaken hands. */
    static void set(HttpsConfigurator configurator, SSLSocket socket) {
        ConnectionParameters asked =
                new ConnectionParameters(
                        configurator, (InetSocketAddress) socket.getRemoteSocketAddress());
        configurator.configure(asked);
        socket.setSSLParameters(asked.over(socket.getSSLParameters()));
    }

    @SuppressWarnings("deprecation") // the old way to say it still counts
    private SSLParameters over(SSLParameters usual) {
        if (given != null) {
            return given;
        }
        if (getCipherSuites() != null) {
            usual.setCipherSuites(getCipherSuites());
        }
        if (getProtocols() != null) {
            usual.setProtocols(getProtocols());
        }
        if (getNeedClientAuth()) {
            usual.setNeedClientAuth(true);
        } else if (getWantClientAuth()) {
            usual.setWantClientAuth(true);
        }
        return usual;
    }

    @Override
    public HttpsConfigurator getHttpsConfigurator() {
        return configurator;
    }

    @Override
    public InetSocketAddress getClientAddress() {
        return client;
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        given = parameters;
    }
}
