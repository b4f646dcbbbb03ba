package evy.web.jdk;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;

/** A server without TLS. */
final class PlainServer extends HttpServer {
    private final Engine engine;

    PlainServer(Engine engine) {
        this.engine = engine;
    }

    @Override
    public void bind(InetSocketAddress address, int backlog) throws IOException {
        engine.bind(address, backlog);
    }

    @Override
    public void start() {
        engine.start(listener -> listener);
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
