package evy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;

/** The examples of TCP and the crawlers, from outside; the unhappy ways, too. */
@Spec("EX1")
class ExamplesIT {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    /** A port of this machine on which nobody listens. */
    private static final int CLOSED_PORT = 1;

    @Test
    void echoServer_lines_comeBack() throws Exception {
        try (var server = Example.serve("EchoServer");
                var client = server.connect();
                var other = server.connect()) {
            send(client, "one\r\ntwo\nthr");
            send(other, "other\n");
            client.shutdownOutput();

            assertThat(readAll(client)).isEqualTo("one\ntwo\nthr\n");
            assertThat(reader(other).readLine()).isEqualTo("other");
            server.await("^echoed two$");
            server.await("^client disconnected$");
        }
    }

    @Test
    void echoServer_clientResets_goesOn() throws Exception {
        try (var server = Example.serve("EchoServer")) {
            var client = server.connect();
            server.await("^client connected$");
            reset(client);
            server.await("^client lost: ");

            try (var next = server.connect()) {
                send(next, "still there\n");

                assertThat(reader(next).readLine()).isEqualTo("still there");
            }
        }
    }

    @Test
    void portForwarder_bothWays_passesEachEndOn() throws Exception {
        try (var target = Example.listen();
                var forwarder = Example.serve("PortForwarder", address(target.getLocalPort()));
                var client = forwarder.connect();
                var server = target.accept()) {
            send(client, "to the server");
            client.shutdownOutput();
            assertThat(readAll(server)).isEqualTo("to the server");
            forwarder.await("^client closed$");

            send(server, "to the client");
            server.close();

            assertThat(readAll(client)).isEqualTo("to the client");
        }
    }

    @Test
    void portForwarder_oneSideResets_closesTheOther() throws Exception {
        try (var target = Example.listen();
                var forwarder = Example.serve("PortForwarder", address(target.getLocalPort()));
                var client = forwarder.connect();
                var server = target.accept()) {
            send(client, "hello");
            assertThat(server.getInputStream().readNBytes(5)).hasSize(5);

            reset(server);

            assertThat(isOver(client)).isTrue();
            forwarder.await("^client closed$");
        }
    }

    @Test
    void portForwarder_targetRefuses_closesAndSaysWhy() throws Exception {
        try (var forwarder = Example.serve("PortForwarder", address(CLOSED_PORT));
                var client = forwarder.connect()) {
            assertThat(isOver(client)).isTrue();
            forwarder.await("^lost: Connection refused");
        }
    }

    @Test
    void chatServer_line_goesToAllOthers() throws Exception {
        try (var server = Example.serve("ChatServer");
                var anna = server.connect();
                var bert = server.connect();
                var carl = server.connect()) {
            server.await("joined chat", 3);

            send(anna, "hello\n");
            server.await("^Chat: hello$");
            send(bert, "hi, anna\n");

            assertThat(reader(anna).readLine()).isEqualTo("hi, anna");
            assertThat(reader(bert).readLine()).isEqualTo("hello");
            var forCarl = reader(carl);
            assertThat(List.of(forCarl.readLine(), forCarl.readLine()))
                    .containsExactly("hello", "hi, anna");
        }
    }

    @Test
    void chatServer_participantsLeave_othersGoOn() throws Exception {
        try (var server = Example.serve("ChatServer");
                var anna = server.connect();
                var bert = server.connect()) {
            var rude = server.connect();
            var polite = server.connect();
            server.await("joined chat", 4);
            reset(rude);
            polite.close();
            server.await("left chat", 2);

            send(anna, "who is left?\n");

            assertThat(reader(bert).readLine()).isEqualTo("who is left?");
        }
    }

    @Test
    void chatServer_oneDoesNotRead_isDroppedAndNobodyWaits() throws Exception {
        try (var server = Example.serve("ChatServer");
                var anna = server.connect();
                var bert = server.connect();
                var deaf = new Socket()) {
            deaf.setReceiveBufferSize(4096);
            deaf.connect(new InetSocketAddress(HERE, server.port()));
            server.await("joined chat", 3);
            var line = "x".repeat(16_000);
            var forBert = reader(bert);

            // what the system buffers, at most 6 MB of it, and 1000 lines in the outbox
            for (int i = 0; i < 1_500; i++) {
                send(anna, line + "\n");
                assertThat(forBert.readLine()).isEqualTo(line);
            }

            server.await("left chat");
            send(anna, "the end\n");
            assertThat(forBert.readLine()).isEqualTo("the end");
        }
    }

    @Test
    void connect_alone_printsAnswersInOrder() throws Exception {
        try (var connect = Example.start("Connect")) {
            assertThat(connect.awaitEnd()).isZero();

            assertThat(connect.output().lines().filter(line -> line.endsWith(" connected")))
                    .hasSize(3);
            assertThat(connect.output().lines().skip(3).map(line -> line.replaceAll(".*: ", "")))
                    .containsExactly("red", "green", "blue");
        }
    }

    @Test
    void connect_oneRefuses_printsTheOthers() throws Exception {
        try (var target = Example.listen();
                var connect =
                        Example.start(
                                "Connect", address(CLOSED_PORT), address(target.getLocalPort()));
                var server = target.accept()) {
            send(server, "here\n");

            assertThat(connect.awaitEnd()).isZero();
            connect.await("^%s: no answer: Connection refused".formatted(address(CLOSED_PORT)));
            connect.await("^%s: here$".formatted(address(target.getLocalPort())));
        }
    }

    @Test
    void webCrawler_alone_getsAllPagesOfTheSite() throws Exception {
        try (var crawler = Example.start("WebCrawler")) {
            assertThat(crawler.awaitEnd()).as(crawler.output()).isZero();

            var got = crawler.output().lines().filter(line -> line.startsWith("got body from "));
            assertThat(got).hasSize(pagesOfSite()).hasSizeGreaterThan(1_000);
            crawler.await("^%d pages, \\d+ bytes$".formatted(pagesOfSite()));
        }
    }

    @Test
    void webCrawler_someOfTheAddressesFail_saysSoAtTheirPlace() throws Exception {
        var site = site(Map.of("/a", "12345", "/b", "123"));
        var here = "http://" + address(site);
        try (var crawler =
                Example.start("WebCrawler", here + "/a", "http://127.0.0.1:1/", here + "/b")) {
            assertThat(crawler.awaitEnd()).isZero();

            assertThat(crawler.output().lines())
                    .containsExactly(
                            "got body from " + here + "/a of length 5",
                            "got no body from http://127.0.0.1:1/: java.net.ConnectException:"
                                    + " Connection refused",
                            "got body from " + here + "/b of length 3",
                            "2 pages, 8 bytes");
        } finally {
            site.stop(0);
        }
    }

    @Test
    void recursiveCrawler_alone_findsAllOfTheSite() throws Exception {
        try (var crawler = Example.start("RecursiveCrawler")) {
            assertThat(crawler.awaitEnd()).as(crawler.output()).isZero();

            var pages = crawler.output().lines().filter(line -> line.matches("http\\S+\\.html"));
            assertThat(pages).hasSize(linkedPagesOfSite());
            crawler.await("^\\d+ addresses, 1 broken, 0 late$");
        }
    }

    @Test
    void recursiveCrawler_smallSite_followsWhatBelongsToIt() throws Exception {
        var site =
                site(
                        Map.of(
                                "/",
                                "<a href=a.html>no</a> <a href='d/b.html#x'>b</a> <A HREF ="
                                        + " \"a.html\">a</A><a href=\"http://other.invalid/\">o</a>"
                                        + " <a href=\"mailto:a@b\">m</a><a href=\"%\">bad</a> <a"
                                        + " href=\"/gone\">gone</a>",
                                "/a.html",
                                "<img src=\"i.png\"> <a href=\"?q=1&amp;r=2#f\">q</a> <a"
                                        + " href=\"#f\">f</a>",
                                "/a.html?q=1&r=2",
                                "<a href=\"a.html\">back</a>",
                                "/d/b.html",
                                "<a href=\"../old\">moved</a>",
                                "/old",
                                "-> /d/c.html#there",
                                "/d/c.html",
                                "",
                                "/i.png",
                                "<a href=\"no-page.html\">not in a picture</a>"));
        var here = "http://" + address(site);
        try (var crawler = Example.start("RecursiveCrawler", here)) {
            assertThat(crawler.awaitEnd()).as(crawler.output()).isZero();

            assertThat(crawler.output().lines())
                    .containsExactly(
                            "broken: %1$s/gone (404 Not Found), on %1$s/".formatted(here),
                            "I saw these addresses:",
                            here + "/",
                            here + "/a.html",
                            here + "/a.html?q=1&r=2",
                            here + "/d/b.html",
                            here + "/d/c.html",
                            here + "/gone",
                            here + "/i.png",
                            here + "/old",
                            "8 addresses, 1 broken, 0 late");
        } finally {
            site.stop(0);
        }
    }

    @Test
    void recursiveCrawler_serverIsSilent_givesUp() throws Exception {
        try (var silent = Example.listen();
                var crawler =
                        Example.start(
                                "RecursiveCrawler", "http://" + address(silent.getLocalPort()));
                var _ = silent.accept()) {
            assertThat(crawler.awaitEnd()).isZero();

            crawler.await("^1 addresses, 0 broken, 1 late$");
        }
    }

    @Test
    void recursiveCrawler_noServer_countsItBroken() throws Exception {
        try (var crawler =
                Example.start("RecursiveCrawler", "http://" + address(CLOSED_PORT) + "/x")) {
            assertThat(crawler.awaitEnd()).isZero();

            crawler.await("^1 addresses, 1 broken, 0 late$");
        }
    }

    @Test
    void producerConsumer_alone_findsAllOfTheSite() throws Exception {
        try (var crawler = Example.start("ProducerConsumer")) {
            assertThat(crawler.awaitEnd()).isZero();

            var pages = crawler.output().lines().filter(line -> line.matches("http\\S+\\.html"));
            assertThat(pages).hasSize(linkedPagesOfSite());
            crawler.await("^I saw these \\d+ addresses\\.$");
        }
    }

    @Test
    void producerConsumer_noServer_saysWhyAndEnds() throws Exception {
        var nowhere = "http://" + address(CLOSED_PORT) + "/";
        try (var crawler = Example.start("ProducerConsumer", nowhere)) {
            assertThat(crawler.awaitEnd()).isZero();

            assertThat(crawler.output().lines())
                    .containsExactly(
                            nowhere + ": Connection refused", nowhere, "I saw these 1 addresses.");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EchoServer",
                "PortForwarder",
                "WebServer",
                "ZmqChat",
                "DistributedWebSocketChat"
            })
    void server_portTaken_endsWithTheSystemsMessage(String name) throws Exception {
        try (var taken = Example.listen();
                var example = Example.start(name, String.valueOf(taken.getLocalPort()))) {
            assertThat(example.awaitEnd()).as(example.output()).isOne();
            example.await("BindException: Address already in use: .*" + taken.getLocalPort());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "EchoServer; x; a port is a number from 0 to 65535, not 'x'",
                "ChatServer; 65536; a port is a number from 0 to 65535, not '65536'",
                "PortForwarder; -1; a port is a number from 0 to 65535, not '-1'",
                "Connect; nowhere; an address is HOST:PORT, not 'nowhere'",
                "WebCrawler; nowhere; a web address is http://HOST/..., not 'nowhere'",
                "RecursiveCrawler; ftp://x/; a web address is http://HOST/..., not 'ftp://x/'",
                "ProducerConsumer; http:/x; a web address is http://HOST/..., not 'http:/x'",
            })
    void main_wrongArgument_saysSoInOneLine(String name, String argument, String message)
            throws Exception {
        try (var example = Example.start(name, argument)) {
            assertThat(example.awaitEnd()).isEqualTo(2);
            assertThat(example.output()).isEqualTo(message);
        }
    }

    private static String address(int port) {
        return "127.0.0.1:" + port;
    }

    private static String address(HttpServer server) {
        return address(server.getAddress().getPort());
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Breaks a connection off as a program that crashes does. */
    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Waits for the end of a connection, decent or not. */
    private static boolean isOver(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    /** A site of these pages; a text that begins with an arrow is a redirection. */
    private static HttpServer site(Map<String, String> pages) throws IOException {
        var site = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
        site.createContext("/", exchange -> answer(exchange, pages));
        site.start();
        return site;
    }

    private static void answer(HttpExchange exchange, Map<String, String> pages)
            throws IOException {
        try (exchange) {
            var page = pages.get(exchange.getRequestURI().toString());
            if (page == null) {
                exchange.sendResponseHeaders(404, -1);
            } else if (page.startsWith("-> ")) {
                exchange.getResponseHeaders().set("Location", page.substring(3));
                exchange.sendResponseHeaders(302, -1);
            } else {
                var type =
                        exchange.getRequestURI().getPath().endsWith(".png")
                                ? "image/png"
                                : "text/html";
                var body = page.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", type);
                exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static int pagesOfSite() throws IOException {
        var site = Path.of(System.getProperty("evy.root"), "examples", "target", "site");
        try (var jars = Files.newDirectoryStream(site, "*.jar");
                var jar = new JarFile(jars.iterator().next().toFile())) {
            return (int) jar.stream().filter(entry -> entry.getName().endsWith(".html")).count();
        }
    }

    /** Nobody links to the page that is for old bookmarks only. */
    private static int linkedPagesOfSite() throws IOException {
        return pagesOfSite() - 1;
    }
}
