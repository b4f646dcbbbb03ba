package evy.web.jdk;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;

import evy.Evy;
import evy.GreenThreadExit;
import evy.io.ListenOptions;
import evy.web.Request;
import evy.web.Response;
import evy.web.WebOptions;
import evy.web.WebServer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;

import javax.net.ssl.SSLSession;

/**
 * What the servers with and without TLS have in common: bound once, started once, stopped for ever.
 *
 * @thread any
 */
final class Engine {
    private static final System.Logger LOGGER = System.getLogger("evy.web");

    private final WebOptions options;
    private final Contexts contexts = new Contexts();
    private volatile @Nullable Executor executor;
    private volatile @Nullable InetSocketAddress address;

    // guarded by this
    private @Nullable ServerSocket listener;
    private @Nullable WebServer server;
    private boolean stopped;

    Engine(WebOptions options) {
        this.options = options;
    }

    Contexts contexts() {
        return contexts;
    }

    @Nullable Executor executor() {
        return executor;
    }

    synchronized void setExecutor(@Nullable Executor given) {
        requireNotStarted();
        executor = given;
    }

    @Nullable InetSocketAddress address() {
        return address;
    }

    synchronized void bind(InetSocketAddress at, int backlog) throws IOException {
        Objects.requireNonNull(at, "address");
        if (listener != null || stopped) {
            throw new BindException(stopped ? "the server has stopped" : "bound to " + address);
        }
        ListenOptions how = ListenOptions.DEFAULT;
        ServerSocket bound = Evy.listen(at, backlog > 0 ? how.withBacklog(backlog) : how);
        listener = bound;
        address = (InetSocketAddress) bound.getLocalSocketAddress();
    }

    /** Puts TLS over a listener, or leaves it as it is. */
    @FunctionalInterface
    interface Cover {
        ServerSocket over(ServerSocket listener) throws IOException;
    }

    /** Begins to serve. */
    synchronized void start(Cover cover) {
        requireNotStarted();
        ServerSocket bound = listener;
        if (bound == null || stopped) {
            throw new IllegalStateException(
                    stopped ? "the server has stopped" : "bind the server before it is started");
        }
        try {
            WebServer started = WebServer.start(cover.over(bound), this::handle, options);
            server = started;
            // as the JDK's server, this one keeps the program from ending
            Thread.ofPlatform().name("evy-httpserver").daemon(false).start(() -> await(started));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(WebServer started) {
        try {
            started.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the program need not wait for it any longer
        }
    }

    synchronized void requireNotStarted() {
        if (server != null) {
            throw new IllegalStateException("the server was started already");
        }
    }

    /**
     * Stops.
     *
     * @checkpoint if it was started
     */
    void stop(int delay) {
        if (delay < 0) {
            throw new IllegalArgumentException("delay must be >= 0: " + delay);
        }
        try {
            WebServer started = close();
            if (started != null) {
                boolean _ = started.stop(Duration.ofSeconds(delay));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it goes on stopping
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized @Nullable WebServer close() throws IOException {
        stopped = true;
        if (server == null && listener != null) {
            listener.close();
        }
        return server;
    }

    /* In the connection's thread, which then does what the handler asks for. */
    private Response handle(Request request) throws Exception {
        URI uri;
        try {
            uri = new URI(request.target());
        } catch (URISyntaxException e) {
            return refusal(400, "Bad Request", "URISyntaxException thrown");
        }
        Context context = uri.getPath() == null ? null : contexts.find(uri.getPath());
        if (context == null) {
            return refusal(404, "Not Found", "No context found for request");
        }
        ConnectionThread connection = new ConnectionThread();
        PlainExchange exchange = new PlainExchange(request, uri, context, connection);
        Filter.Chain chain = context.chain(exchange);
        if (chain == null) {
            return refusal(500, "Internal Server Error", "No handler for context");
        }
        SSLSession session = request.tlsSession();
        HttpExchange given = session == null ? exchange : new TlsExchange(exchange, session);
        Executor chosen = executor;
        Executor threads = chosen == null ? Runnable::run : chosen;
        Evy.spawnN(() -> hand(() -> run(chain, given, connection), threads, connection));
        connection.serve();
        return Response.handled();
    }

    private static Response refusal(int status, String reason, String why) {
        return Response.text("<h1>" + status + " " + reason + "</h1>" + why)
                .withType("text/html")
                .withStatus(status);
    }

    /* In a green thread of its own, as an executor may block, or run the handler right here. */
    private static void hand(Runnable handling, Executor to, ConnectionThread connection) {
        try {
            to.execute(handling);
        } catch (Throwable t) {
            connection.fail(t);
        }
    }

    /* In a thread of the executor. */
    private static void run(Filter.Chain chain, HttpExchange given, ConnectionThread connection) {
        try {
            chain.doFilter(given);
        } catch (Throwable t) {
            if (!connection.fail(t) && !(t instanceof GreenThreadExit)) {
                LOGGER.log(
                        t instanceof IOException
                                ? System.Logger.Level.DEBUG
                                : System.Logger.Level.ERROR,
                        given.getRequestURI() + ": the handler failed, and the exchange was over",
                        t);
            }
        }
    }
}
