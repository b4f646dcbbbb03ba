package evy.patcher.library;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;

/** Fetches pages, many at once, from a server that redirects. */
public final class Crawler {
    private static final int BACKLOG = 50;

    private Crawler() {}

    /** Fetches from a server of its own; all requests are there before one is answered. */
    public static List<String> crawl(int pages, boolean newClient) throws Exception {
        return crawl(pages, newClient, null);
    }

    /** Fetches by https if there is a context for it. */
    public static List<String> crawl(int pages, boolean newClient, @Nullable SSLContext tls)
            throws Exception {
        CountDownLatch there = new CountDownLatch(pages);
        HttpServer server = server(tls);
        ExecutorService handlers = Executors.newCachedThreadPool();
        ExecutorService fetchers = Executors.newFixedThreadPool(pages);
        server.setExecutor(handlers);
        server.createContext("/old", exchange -> redirect(exchange));
        server.createContext("/new", exchange -> page(exchange, there));
        server.start();
        try {
            URI address =
                    URI.create((tls == null ? "http:/" : "https:/") + server.getAddress() + "/old");
            Callable<String> fetch =
                    () -> newClient ? fetch(address, tls) : fetchByUrl(address, tls);
            List<String> bodies = new ArrayList<>();
            for (var body : fetchers.invokeAll(Collections.nCopies(pages, fetch))) {
                bodies.add(body.get());
            }
            return bodies;
        } finally {
            server.stop(0);
            handlers.shutdown();
            fetchers.shutdown();
        }
    }

    private static HttpServer server(@Nullable SSLContext tls) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        if (tls == null) {
            return HttpServer.create(address, BACKLOG);
        }
        HttpsServer server = HttpsServer.create(address, BACKLOG);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return server;
    }

    private static String fetchByUrl(URI address, @Nullable SSLContext tls) throws IOException {
        var connection = (HttpURLConnection) address.toURL().openConnection();
        if (connection instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(tls.getSocketFactory());
        }
        try (var in = connection.getInputStream()) {
            return connection.getResponseCode() + new String(in.readAllBytes());
        }
    }

    private static String fetch(URI address, @Nullable SSLContext tls) throws Exception {
        HttpClient.Builder builder =
                HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL);
        if (tls != null) {
            builder.sslContext(tls);
        }
        try (HttpClient client = builder.build()) {
            var response =
                    client.send(
                            HttpRequest.newBuilder(address).build(),
                            HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + response.body();
        }
    }

    private static void redirect(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Location", "/new");
            exchange.sendResponseHeaders(302, -1);
        }
    }

    private static void page(HttpExchange exchange, CountDownLatch there) throws IOException {
        try (exchange) {
            there.countDown();
            there.await();
            byte[] body = "page".repeat(10_000).getBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
