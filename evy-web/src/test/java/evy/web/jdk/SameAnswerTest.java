package evy.web.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpHandlers;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.Request;
import com.sun.net.httpserver.SimpleFileServer;

import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** The same handlers on the JDK's server and on ours give the same responses. */
@ExtendWith(LeakCheckExtension.class)
class SameAnswerTest {
    @TempDir static Path root;

    /** What is set up on a server, and what it is then asked. */
    private record Case(String name, Setup setup, String request) {
        @Override
        public String toString() {
            return name;
        }
    }

    @FunctionalInterface
    private interface Setup {
        void on(HttpServer server) throws IOException;
    }

    @BeforeAll
    static void makeFiles() throws IOException {
        Path page = root.resolve("page.html");
        Files.writeString(page, "<p>page</p>".repeat(2000));
        Files.createDirectories(root.resolve("full/inner"));
        Files.writeString(root.resolve("full/a.txt"), "a");
        Files.createDirectories(root.resolve("indexed"));
        Files.writeString(root.resolve("indexed/index.html"), "index");
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource({"lengths", "requests", "contexts", "filters", "files"})
    void sameHandler_asked_answersTheSame(Case tried) throws Exception {
        Answer theirs = answer(Provider.JDK, tried);
        Answer ours = answer(Provider.EVY, tried);

        assertThat(ours).isEqualTo(theirs);
    }

    private static Answer answer(Provider provider, Case tried) throws IOException {
        HttpServer server = provider.server();
        tried.setup().on(server);
        try (Running running = Running.start(server)) {
            return running.ask(tried.request()).comparable();
        }
    }

    static Stream<Case> lengths() {
        return Stream.of(
                get("fixed", replying(200, 5, "hello")),
                get(
                        "fixed, in many writes",
                        x -> {
                            x.sendResponseHeaders(200, 40_000);
                            try (OutputStream out = x.getResponseBody()) {
                                for (int i = 0; i < 10_000; i++) {
                                    out.write('a' + i % 26);
                                }
                                out.write("z".repeat(29_990).getBytes(StandardCharsets.UTF_8));
                                out.write("0123456789".getBytes(StandardCharsets.UTF_8), 0, 10);
                            }
                        }),
                get("chunked", replying(200, 0, "hello")),
                get("chunked, long", replying(200, 0, "hello".repeat(20_000))),
                get("chunked, nothing in it", replying(200, 0, "")),
                get("none", x -> x.sendResponseHeaders(200, -1)),
                get(
                        "none, but a length was set",
                        x -> {
                            x.getResponseHeaders().set("Content-Length", "7");
                            x.sendResponseHeaders(200, -1);
                        }),
                get(
                        "fixed, but another length was set",
                        x -> {
                            x.getResponseHeaders().set("Content-Length", "7");
                            reply(x, 200, 5, "hello");
                        }),
                get("204", x -> x.sendResponseHeaders(204, -1)),
                get("204 with a length", x -> x.sendResponseHeaders(204, 5)),
                get("304", x -> x.sendResponseHeaders(304, -1)),
                get("304 with a length", x -> x.sendResponseHeaders(304, 5)),
                get(
                        "304 that says the length",
                        x -> {
                            x.getResponseHeaders().set("Content-Length", "7");
                            x.sendResponseHeaders(304, -1);
                        }),
                get("404 without a body", x -> x.sendResponseHeaders(404, -1)),
                get("a status nobody knows", replying(299, 5, "hello")),
                get("a status beyond all", replying(999, 5, "hello")),
                head("HEAD, fixed", replying(200, 5, "hello")),
                head("HEAD, chunked", replying(200, 0, "hello")),
                head(
                        "HEAD that says the length",
                        x -> {
                            x.getResponseHeaders().set("Content-Length", "7");
                            x.sendResponseHeaders(200, -1);
                        }),
                new Case(
                        "chunked for HTTP/1.0",
                        everywhere(replying(200, 0, "hello")),
                        "GET / HTTP/1.0\r\n\r\n"),
                new Case(
                        "fixed for HTTP/1.0",
                        everywhere(replying(200, 5, "hello")),
                        "GET / HTTP/1.0\r\n\r\n"),
                get(
                        "headers more than once",
                        x -> {
                            x.getResponseHeaders().add("X-A", "1");
                            x.getResponseHeaders().add("x-a", "2");
                            x.getResponseHeaders().put("X-B", List.of("3", "4"));
                            x.getResponseHeaders().put("X-C", List.of());
                            x.sendResponseHeaders(200, -1);
                        }),
                get(
                        "closed by the exchange",
                        x -> {
                            x.sendResponseHeaders(200, 5);
                            x.getResponseBody().write("hello".getBytes(StandardCharsets.UTF_8));
                            x.close();
                            x.close();
                        }));
    }

    static Stream<Case> requests() {
        return Stream.of(
                new Case(
                        "what is known",
                        everywhere(SameAnswerTest::describe),
                        """
                        PUT /a%20b/%C3%A4?x=%20+y HTTP/1.1\r
                        Host: h\r
                        X-A: 1\r
                        x-a: 2\r
                        Content-Length: 4\r
                        \r
                        body\
                        """),
                new Case(
                        "a body in chunks",
                        everywhere(SameAnswerTest::describe),
                        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n"),
                target("an absolute target", "http://host:80/a/b?c"),
                target("a path that looks like a host", "//a/b"),
                target("dots", "/a/../b/./c"),
                target("a target that is no URI", "/a|b"),
                target("another", "/a^b"),
                new Case(
                        "the asterisk",
                        everywhere(SameAnswerTest::describe),
                        "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"));
    }

    static Stream<Case> contexts() {
        Setup some =
                server -> {
                    server.createContext("/", replying(200, 1, "/"));
                    server.createContext("/a", replying(200, 2, "/a"));
                    server.createContext("/a/b/", replying(200, 5, "/a/b/"));
                    server.removeContext(server.createContext("/a/b/c", replying(200, 1, "-")));
                    server.createContext("/empty");
                };
        Setup one = server -> server.createContext("/a/", SameAnswerTest::describe);
        return Stream.of(
                new Case("the longest prefix", some, line("/a/b/c")),
                new Case("a prefix that is no segment", some, line("/ab")),
                new Case("the root", some, line("/b")),
                new Case("decoded", some, line("/%61/b/c")),
                new Case("without a handler", some, line("/empty")),
                new Case("none", one, line("/a")),
                new Case("the only one", one, line("/a/?q")));
    }

    static Stream<Case> filters() {
        Setup guarded =
                server -> {
                    var context = server.createContext("/", SameAnswerTest::describe);
                    context.setAuthenticator(
                            new BasicAuthenticator("realm", StandardCharsets.UTF_8) {
                                @Override
                                public boolean checkCredentials(String name, String password) {
                                    return name.equals("me") && password.equals("secret");
                                }
                            });
                    context.getFilters()
                            .add(
                                    Filter.beforeHandler(
                                            "sees nobody yet",
                                            x ->
                                                    x.getResponseHeaders()
                                                            .set(
                                                                    "X-Before",
                                                                    "" + x.getPrincipal())));
                };
        return Stream.of(
                new Case("nobody", guarded, line("/")),
                new Case("somebody", guarded, line("/", basic("me:secret"))),
                new Case("somebody else", guarded, line("/", basic("me:wrong"))),
                new Case("another scheme", guarded, line("/", "Authorization: Bearer x")),
                new Case(
                        "nobody, with a body",
                        guarded,
                        """
                        POST / HTTP/1.1\r
                        Host: h\r
                        Content-Length: 4\r
                        \r
                        body\
                        """),
                filtered(
                        "before",
                        Filter.beforeHandler("", x -> x.getResponseHeaders().set("X-B", "b"))),
                filtered("after", Filter.afterHandler("", HttpExchange::close)),
                filtered(
                        "another request",
                        Filter.adaptRequest("", r -> r.with("X-New", List.of("new")))),
                filtered("other streams", new Capitals()),
                filtered(
                        "an answer of its own",
                        new Filter() {
                            @Override
                            public void doFilter(HttpExchange x, Chain chain) throws IOException {
                                reply(x, 403, 2, "no");
                            }

                            @Override
                            public String description() {
                                return "";
                            }
                        }),
                get("made by HttpHandlers", HttpHandlers.of(200, Headers.of("X-A", "1"), "made")),
                get("made by HttpHandlers, empty", HttpHandlers.of(200, Headers.of(), "")),
                get(
                        "one or the other",
                        HttpHandlers.handleOrElse(
                                r -> r.getRequestMethod().equals("POST"),
                                replying(200, 4, "post"),
                                replying(200, 3, "get"))));
    }

    static Stream<Case> files() {
        Setup files =
                server -> {
                    ByteArrayOutputStream log = new ByteArrayOutputStream();
                    server.createContext("/", SimpleFileServer.createFileHandler(root))
                            .getFilters()
                            .add(
                                    SimpleFileServer.createOutputFilter(
                                            log, SimpleFileServer.OutputLevel.VERBOSE));
                };
        return Stream.of(
                new Case("file", files, line("/page.html")),
                new Case("listing", files, line("/full/")),
                new Case("listing without its slash", files, line("/full?q")),
                new Case("index", files, line("/indexed/")),
                new Case("nothing", files, line("/nothing<>")),
                new Case("nothing, spelled well", files, line("/nothing")),
                new Case("icon", files, line("/favicon.ico")),
                new Case("outside", files, line("/../" + root.getFileName() + "/page.html")),
                new Case("head", files, "HEAD /page.html HTTP/1.1\r\nHost: h\r\n\r\n"),
                new Case("head of a listing", files, "HEAD /full/ HTTP/1.1\r\nHost: h\r\n\r\n"),
                new Case("post", files, "POST /page.html HTTP/1.1\r\nHost: h\r\n\r\n"),
                new Case("unknown method", files, "NONE /page.html HTTP/1.1\r\nHost: h\r\n\r\n"));
    }

    private static Case get(String name, HttpHandler handler) {
        return new Case(name, everywhere(handler), line("/"));
    }

    private static Case head(String name, HttpHandler handler) {
        return new Case(name, everywhere(handler), "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
    }

    private static Case target(String name, String target) {
        return new Case(name, everywhere(SameAnswerTest::describe), line(target));
    }

    private static Case filtered(String name, Filter filter) {
        Setup setup =
                server ->
                        server.createContext("/", SameAnswerTest::describe)
                                .getFilters()
                                .add(filter);
        return new Case(name, setup, line("/path?query"));
    }

    private static Setup everywhere(HttpHandler handler) {
        return server -> server.createContext("/", handler);
    }

    private static String line(String target, String... headers) {
        String more = Stream.of(headers).map(h -> h + "\r\n").reduce("", String::concat);
        return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + more + "\r\n";
    }

    private static String basic(String credentials) {
        byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(bytes);
    }

    private static HttpHandler replying(int status, long length, String text) {
        return x -> reply(x, status, length, text);
    }

    private static void reply(HttpExchange x, int status, long length, String text)
            throws IOException {
        x.sendResponseHeaders(status, length);
        try (OutputStream out = x.getResponseBody()) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /* Tells the client what the handler sees. */
    private static void describe(HttpExchange x) throws IOException {
        Request request = x;
        String body = new String(x.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        x.setAttribute("body", body);
        String text =
                String.join(
                        "\n",
                        request.getRequestMethod(),
                        request.getRequestURI().toString(),
                        request.getRequestURI().getPath(),
                        request.getRequestURI().getQuery() + "",
                        x.getProtocol(),
                        request.getRequestHeaders().toString(),
                        x.getHttpContext().getPath(),
                        x.getHttpContext().getAttributes().toString(),
                        x.getPrincipal() + "",
                        x.getResponseCode() + "",
                        x.getAttribute("body") + "",
                        x.getAttribute("none") + "",
                        x.getRemoteAddress().getAddress().toString(),
                        x.getLocalAddress().getAddress().toString());
        reply(x, 200, text.getBytes(StandardCharsets.UTF_8).length, text);
    }

    /** Puts other streams around those of the exchange. */
    private static final class Capitals extends Filter {
        @Override
        public void doFilter(HttpExchange x, Chain chain) throws IOException {
            OutputStream capitals =
                    new FilterOutputStream(x.getResponseBody()) {
                        @Override
                        public void write(int b) throws IOException {
                            out.write(Character.toUpperCase(b));
                        }
                    };
            x.setStreams(x.getRequestBody(), capitals);
            chain.doFilter(x);
        }

        @Override
        public String description() {
            return "capitals";
        }
    }
}
