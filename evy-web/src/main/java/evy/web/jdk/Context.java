package evy.web.jdk;

import com.sun.net.httpserver.Authenticator;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A path and what is done there. */
final class Context extends HttpContext {
    private final HttpServer server;
    private final String path;
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();
    private final List<Filter> filters = new CopyOnWriteArrayList<>();
    private volatile @Nullable HttpHandler handler;
    private volatile @Nullable Authenticator authenticator;

    Context(HttpServer server, String path, @Nullable HttpHandler handler) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a context's path begins with '/': '" + path + "'");
        }
        this.server = server;
        this.path = path;
        this.handler = handler;
    }

    /**
     * What answers a request: the filters, then the authenticator, then the handler.
     *
     * @return null if there is no handler yet
     */
    Filter.@Nullable Chain chain(PlainExchange exchange) {
        HttpHandler last = handler;
        if (last == null) {
            return null;
        }
        Authenticator asked = authenticator;
        return new Filter.Chain(
                filters, asked == null ? last : new Authenticated(asked, exchange, last));
    }

    @Override
    public @Nullable HttpHandler getHandler() {
        return handler;
    }

    @Override
    public void setHandler(HttpHandler given) {
        Objects.requireNonNull(given, "handler");
        if (handler != null) {
            throw new IllegalArgumentException("context " + path + " has a handler");
        }
        handler = given;
    }

    @Override
    public String getPath() {
        return path;
    }

    @Override
    public HttpServer getServer() {
        return server;
    }

    @Override
    public Map<String, Object> getAttributes() {
        return attributes;
    }

    @Override
    public List<Filter> getFilters() {
        return filters;
    }

    @Override
    public @Nullable Authenticator setAuthenticator(@Nullable Authenticator given) {
        Authenticator before = authenticator;
        authenticator = given;
        return before;
    }

    @Override
    public @Nullable Authenticator getAuthenticator() {
        return authenticator;
    }
}
