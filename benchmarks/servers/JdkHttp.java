import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** The JDK's server with a virtual thread for each request. Arguments: see {@link Page}. */
final class JdkHttp {
    public static void main(String... args) throws Exception {
        var page = Page.of(args);
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Page.port(args));
        HttpServer server;
        if (Page.isTls(args)) {
            var secure = HttpsServer.create(address, Protocol.BACKLOG);
            var context = Certificates.context(Page.certificate(args));
            secure.setHttpsConfigurator(new HttpsConfigurator(context));
            server = secure;
        } else {
            server = HttpServer.create(address, Protocol.BACKLOG);
        }
        server.createContext(page.path(), exchange -> answer(exchange, page));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        Protocol.listening(server.getAddress().getPort());
    }

    private static void answer(HttpExchange exchange, Page page) throws IOException {
        try (exchange) {
            var content = page.isUpload() ? Page.upload(exchange.getRequestBody()) : page.content();
            exchange.getResponseHeaders().set("Content-Type", page.type());
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        }
    }
}
