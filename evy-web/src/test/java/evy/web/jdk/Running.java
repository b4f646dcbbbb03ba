package evy.web.jdk;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;

/** A server that has been started, and is stopped at the end of a test. */
record Running(HttpServer server) implements AutoCloseable {
    /** A server with one context, for everything. */
    static Running with(Provider provider, HttpHandler handler) throws IOException {
        HttpServer server = provider.server();
        server.createContext("/", handler);
        return start(server);
    }

    static Running start(HttpServer server) {
        server.start();
        return new Running(server);
    }

    Caller caller() throws IOException {
        return new Caller(server.getAddress());
    }

    /** Asks on a connection of its own. */
    Answer ask(String request) throws IOException {
        try (Caller caller = caller()) {
            return caller.ask(request);
        }
    }

    Answer get(String target) throws IOException {
        return ask("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
