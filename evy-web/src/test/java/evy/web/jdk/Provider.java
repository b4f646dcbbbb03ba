package evy.web.jdk;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Whose servers a test runs on. */
enum Provider {
    JDK {
        @Override
        HttpServer unbound() throws IOException {
            return HttpServer.create();
        }

        @Override
        HttpsServer unboundTls() throws IOException {
            return HttpsServer.create();
        }

        /* It keeps its socket if it was never started. */
        @Override
        void discard(HttpServer server) throws IOException {
            if (server.getAddress() == null) {
                server.bind(ANY_PORT, 0);
            }
            server.start();
            server.stop(0);
        }
    },
    EVY {
        @Override
        HttpServer unbound() throws IOException {
            return new EvyHttpServerProvider().createHttpServer(null, 0);
        }

        @Override
        HttpsServer unboundTls() throws IOException {
            return new EvyHttpServerProvider().createHttpsServer(null, 0);
        }

        @Override
        void discard(HttpServer server) {
            server.stop(0);
        }
    };

    static final InetSocketAddress ANY_PORT = new InetSocketAddress("localhost", 0);

    abstract HttpServer unbound() throws IOException;

    abstract HttpsServer unboundTls() throws IOException;

    /** Stops a server that was never started. */
    abstract void discard(HttpServer server) throws IOException;

    HttpServer server() throws IOException {
        HttpServer server = unbound();
        server.bind(ANY_PORT, 0);
        return server;
    }
}
