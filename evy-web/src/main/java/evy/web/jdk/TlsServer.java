package evy.web.jdk;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.Executor;

/** A server that speaks TLS. */
final class TlsServer extends HttpsServer {
    private final Engine engine;
    private volatile @Nullable HttpsConfigurator configurator;

    TlsServer(Engine engine) {
        this.engine = engine;
    }

    @Override
    public void bind(InetSocketAddress address, int backlog) throws IOException {
        engine.bind(address, backlog);
    }

    @Override
    public void setHttpsConfigurator(HttpsConfigurator given) {
        Objects.requireNonNull(given, "configurator");
        engine.requireNotStarted();
        configurator = given;
    }

    @Override
    public @Nullable HttpsConfigurator getHttpsConfigurator() {
        return configurator;
    }

    @Override
    public void start() {
        HttpsConfigurator given = configurator;
        if (given == null) {
            throw new IllegalStateException("call setHttpsConfigurator before start");
        }
        engine.start(listener -> new ConfiguredListener(listener, given));
    }

    @Override
    public void setExecutor(@Nullable Executor executor) {
        engine.setExecutor(executor);
    }

    @Override
    public @Nullable Executor getExecutor() {
        return engine.executor();
    }

    @Override
    public void stop(int delay) {
        engine.stop(delay);
    }

    @Override
    public HttpContext createContext(String path, HttpHandler handler) {
        return engine.contexts().add(this, path, handler);
    }

    @Override
    public HttpContext createContext(String path) {
        return engine.contexts().add(this, path);
    }

    @Override
    public void removeContext(String path) {
        engine.contexts().remove(path);
    }

    @Override
    public void removeContext(HttpContext context) {
        engine.contexts().remove(context);
    }

    @Override
    public @Nullable InetSocketAddress getAddress() {
        return engine.address();
    }
}
