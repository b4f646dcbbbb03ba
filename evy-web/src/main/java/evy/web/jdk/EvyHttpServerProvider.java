package evy.web.jdk;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import com.sun.net.httpserver.spi.HttpServerProvider;

import evy.web.WebOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * Makes servers with the JDK's API that are Evy's inside. They serve on the hub of the thread that
 * binds them, each handler in a green thread of its own, or in the threads of the executor that was
 * set. {@code stop} does not kill handlers: their next use of an exchange throws an {@link
 * IOException}.
 *
 * @thread any
 */
public final class EvyHttpServerProvider extends HttpServerProvider {
    private final WebOptions options;

    /**
     * A provider whose servers log errors only, and as the JDK's take any number of connections and
     * bodies of any length.
     */
    public EvyHttpServerProvider() {
        this(WebOptions.DEFAULT.withMaxConnections(Integer.MAX_VALUE).withMaxBody(Long.MAX_VALUE));
    }

    /**
     * A provider whose servers have the limits, the log and the rest of some options.
     *
     * @param options how they serve; hubs, backlog and TLS do not apply
     */
    public EvyHttpServerProvider(WebOptions options) {
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * Makes a server.
     *
     * @param address where it is to listen; null to say so later, by {@code bind}
     * @param backlog most connections the system keeps waiting; 0 or less for the usual
     */
    @Override
    public HttpServer createHttpServer(@Nullable InetSocketAddress address, int backlog)
            throws IOException {
        PlainServer server = new PlainServer(new Engine(options));
        if (address != null) {
            server.bind(address, backlog);
        }
        return server;
    }

    /**
     * Makes a server that speaks TLS.
     *
     * @param address where it is to listen; null to say so later, by {@code bind}
     * @param backlog most connections the system keeps waiting; 0 or less for the usual
     */
    @Override
    public HttpsServer createHttpsServer(@Nullable InetSocketAddress address, int backlog)
            throws IOException {
        TlsServer server = new TlsServer(new Engine(options));
        if (address != null) {
            server.bind(address, backlog);
        }
        return server;
    }
}
