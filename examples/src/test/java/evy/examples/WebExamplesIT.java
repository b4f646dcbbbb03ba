package evy.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import evy.testkit.Spec;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** The examples that serve the web, asked by the JDK's client. */
@Spec("EX1")
class WebExamplesIT {
    private static final int TERMINATED = 143; // 128 and the number of SIGTERM

    private static final String RSS =
            "<rss version='2.0'><channel><title>News of\n the day</title><link>http://a/</link>"
                    + "<description>d</description></channel></rss>";
    private static final String ATOM =
            "<feed xmlns='http://www.w3.org/2005/Atom'><title>\u00c4pfel &amp; Birnen</title>"
                    + "<id>urn:a</id><updated>2026-01-01T00:00:00Z</updated></feed>";

    private static HttpResponse<String> ask(Example server, String method, String path, String body)
            throws IOException, InterruptedException {
        var uri = URI.create("http://localhost:" + server.port() + path);
        var request = HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body));
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    @Test
    void webServer_frontPage_saysHelloAndElsewhereThereIsNothing() throws Exception {
        try (var server = Example.serve("WebServer")) {
            var hello = ask(server, "GET", "/", "");

            assertThat(hello.statusCode()).isEqualTo(200);
            assertThat(hello.body()).isEqualTo("Hello, World!\n");
            assertThat(ask(server, "GET", "/any/where", "").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void webServer_noRequestAtAll_isRefusedAndItGoesOn() throws Exception {
        try (var server = Example.serve("WebServer");
                var rude = server.connect()) {
            send(rude, "hello\r\n\r\n");

            assertThat(new String(rude.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 400 ");
            assertThat(ask(server, "GET", "/", "").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void httpEcho_anyMethod_keepsItsContract() throws Exception {
        try (var server = Example.serve("HttpEcho")) {
            var answer = ask(server, "PROPFIND", "/a?b=c", "h\u00e9llo");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("h\u00e9llo");
            assertThat(answer.headers().firstValue("X-Method")).hasValue("PROPFIND");
            assertThat(answer.headers().firstValue("X-Target")).hasValue("/a?b=c");
            assertThat(answer.headers().firstValue("X-Body-Length")).hasValue("6");
        }
    }

    @Test
    void httpEcho_terminated_finishesTheRequestUnderWay() throws Exception {
        try (var server = Example.serve("HttpEcho");
                var idle = server.connect();
                var busy = server.connect()) {
            send(idle, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(idle.getInputStream().read()).isEqualTo('H');
            beginToPost(busy);

            server.terminate();

            assertThat(new String(idle.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("TTP/1.1 200 OK\r\n");
            assertThatThrownBy(server::connect).isInstanceOf(ConnectException.class);
            send(busy, "lo");
            assertThat(new String(busy.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("Connection: close\r\n")
                    .endsWith("\r\n\r\nhello");
            assertThat(server.awaitEnd()).isEqualTo(TERMINATED);
        }
    }

    @Test
    void httpEcho_terminatedTwice_cutsTheRequestUnderWay() throws Exception {
        try (var server = Example.serve("HttpEcho");
                var idle = server.connect();
                var busy = server.connect()) {
            beginToPost(busy);
            server.terminate();
            assertThat(idle.getInputStream().read()).isEqualTo(-1); // it has begun to stop

            server.terminate();

            assertThat(server.awaitEnd()).isEqualTo(TERMINATED);
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Returns when the example has begun to read the body, whose last two bytes are missing. */
    private static void beginToPost(Socket socket) throws IOException {
        send(
                socket,
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
                        + "Expect: 100-continue\r\n\r\n");
        var interim = new String(socket.getInputStream().readNBytes(25), StandardCharsets.US_ASCII);
        assertThat(interim).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        send(socket, "hel");
    }

    @Test
    void feedScraper_feedsOfAllKinds_titlesComeBackInOrder() throws Exception {
        try (var site = new FeedSite(Map.of("/rss", RSS, "/atom", ATOM, "/page", "<html/>"));
                var server = Example.serve("FeedScraper")) {
            var list =
                    List.of(
                            site.address("/atom"),
                            site.address("/gone"),
                            "",
                            site.address("/page"),
                            "no address",
                            "file:///etc/passwd",
                            "http://localhost:1/",
                            site.address("/rss"));

            var answer = ask(server, "POST", "/", String.join("\n", list));

            assertThat(answer.statusCode()).isEqualTo(200);
            var lines = answer.body().lines().toList();
            assertThat(lines).hasSize(7);
            assertThat(lines).startsWith("\u00c4pfel & Birnen").endsWith("News of the day");
            assertThat(lines.get(1)).startsWith(site.address("/gone") + ": no feed: ");
            assertThat(lines.get(2)).startsWith(site.address("/page") + ": no feed: ");
            assertThat(lines.get(3)).isEqualTo("no address: not a web address");
            assertThat(lines.get(4)).isEqualTo("file:///etc/passwd: not a web address");
            assertThat(lines.get(5)).startsWith("http://localhost:1/: no feed: ");
        }
    }

    @Test
    void feedScraper_feedIsSlow_othersComeBackAllTheSame() throws Exception {
        try (var silent = Example.listen();
                var site = new FeedSite(Map.of("/rss", RSS));
                var server = Example.serve("FeedScraper")) {
            var slow = "http://localhost:" + silent.getLocalPort() + "/";

            var answer = ask(server, "POST", "/", slow + "\n" + site.address("/rss"));

            assertThat(answer.body()).isEqualTo(slow + ": no answer after 5 s\nNews of the day\n");
        }
    }

    @Test
    void feedScraper_get_isForbidden() throws Exception {
        try (var server = Example.serve("FeedScraper")) {
            assertThat(ask(server, "GET", "/", "").statusCode()).isEqualTo(403);
            assertThat(ask(server, "POST", "/", "").body()).isEmpty();
        }
    }

    @Test
    @Spec("EX2")
    void feedScraperClient_ownFeeds_titlesComeInOrder() throws Exception {
        try (var server = Example.serve("FeedScraper");
                var client = Example.start("FeedScraperClient", "" + server.port())) {
            assertThat(client.awaitEnd()).as(client.output()).isZero();

            var titles = IntStream.rangeClosed(1, 30).mapToObj(i -> "The news of feed-" + i);
            assertThat(client.output().lines().limit(30))
                    .containsExactlyElementsOf(titles.toList());
        }
    }

    @Test
    @Spec("EX2")
    void feedScraperClient_noScraper_saysSoInOneLine() throws Exception {
        try (var client = Example.start("FeedScraperClient", "1", "http://feed.example/")) {
            assertThat(client.awaitEnd()).isOne();
            assertThat(client.output())
                    .startsWith("no scraper at port 1: java.net.ConnectException")
                    .doesNotContain("\n");
        }
    }

    @Test
    void main_wrongPort_saysSoInOneLine() throws Exception {
        for (var name : List.of("WebServer", "HttpEcho", "FeedScraper", "FeedScraperClient")) {
            try (var example = Example.start(name, "x")) {
                assertThat(example.awaitEnd()).isEqualTo(2);
                assertThat(example.output())
                        .isEqualTo("a port is a number from 0 to 65535, not 'x'");
            }
        }
    }

    /** A site of feeds: the JDK's server, each request in a thread of its own. */
    private static final class FeedSite implements AutoCloseable {
        private final HttpServer server;

        FeedSite(Map<String, String> documents) throws IOException {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext(
                    "/",
                    exchange -> {
                        try (exchange) {
                            var document = documents.get(exchange.getRequestURI().getPath());
                            if (document == null) {
                                exchange.sendResponseHeaders(404, -1);
                                return;
                            }
                            exchange.getResponseHeaders().set("Content-Type", "application/xml");
                            exchange.sendResponseHeaders(200, 0);
                            exchange.getResponseBody()
                                    .write(document.getBytes(StandardCharsets.UTF_8));
                        }
                    });
            server.start();
        }

        String address(String path) {
            return "http://localhost:" + server.getAddress().getPort() + path;
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
