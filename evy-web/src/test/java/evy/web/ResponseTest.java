package evy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.GreenThreadExit;
import evy.Timeout;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Responses on the wire: framing, headers, and the many forms of bodies. */
@ExtendWith(LeakCheckExtension.class)
class ResponseTest {
    private static Reply reply(App app, String request) throws Exception {
        return reply(app, request, Servers.QUIET);
    }

    private static Reply reply(App app, String request, WebOptions options) throws Exception {
        try (var server = Servers.start(app, options);
                var client = RawClient.to(server)) {
            return client.ask(request);
        }
    }

    private static List<byte[]> pieces(String... pieces) {
        return Arrays.stream(pieces).map(Servers::bytes).toList();
    }

    @Test
    @Spec("WSGI25")
    void length_known_isSentOnce() throws Exception {
        Reply own = reply(r -> Response.text("hello"), Servers.get("/"));
        Reply apps =
                reply(
                        r -> Response.text("hello").withHeader("content-LENGTH", "5"),
                        Servers.get("/"),
                        Servers.QUIET.withCapitalised(false));

        assertThat(own.all("Content-Length")).containsExactly("5");
        assertThat(apps.all("Content-Length")).containsExactly("5");
        assertThat(apps.lines()).contains("content-LENGTH: 5");
        assertThat(own.has("Transfer-Encoding")).isFalse();
    }

    @Test
    @Spec("WSGI25")
    void length_unknown_isSentInChunks() throws Exception {
        Reply reply = reply(r -> Response.chunks(pieces("a", "b")), Servers.get("/"));

        assertThat(reply.text()).isEqualTo("ab");
        assertThat(reply.header("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(reply.has("Content-Length")).isFalse();
    }

    @Test
    @Spec("WSGI25")
    void length_unknownInHttp10_endsWithTheConnection() throws Exception {
        try (var server = Servers.start(r -> Response.chunks(pieces("a", "b")));
                var client = RawClient.to(server)) {
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            Reply reply = client.reply();

            assertThat(reply.text()).isEqualTo("ab");
            assertThat(reply.header("Connection")).isEqualTo("close");
            assertThat(reply.has("Transfer-Encoding")).isFalse();
        }
    }

    @Test
    void maxVersion_10_isSpoken() throws Exception {
        Reply reply =
                reply(
                        r -> Response.chunks(pieces("a")),
                        Servers.get("/"),
                        Servers.QUIET.withMaxVersion(HttpVersion.HTTP_1_0));

        assertThat(reply.statusLine()).isEqualTo("HTTP/1.0 200 OK");
        assertThat(reply.has("Transfer-Encoding")).isFalse();
        assertThat(reply.header("Connection")).isEqualTo("close");
        assertThat(
                        reply(
                                        r -> Response.text("a"),
                                        Servers.get("/"),
                                        Servers.QUIET.withMaxVersion(HttpVersion.HTTP_1_0))
                                .header("Connection"))
                .isEqualTo("close");
    }

    @Test
    @Spec("WSGI26")
    void headers_sent_areCapitalisedAndDated() throws Exception {
        App app =
                r ->
                        Response.text("x")
                                .withHeader("x-ODD-name", "Kept As Is")
                                .withStatus(299, "All  Right");
        Reply reply = reply(app, Servers.get("/"));
        Reply raw = reply(app, Servers.get("/"), Servers.QUIET.withCapitalised(false));

        assertThat(reply.lines()).contains("X-Odd-Name: Kept As Is");
        assertThat(reply.statusLine()).isEqualTo("HTTP/1.1 299 All  Right");
        assertThat(reply.header("Date")).matches("\\w{3}, \\d\\d \\w{3} \\d{4} [\\d:]{8} GMT");
        assertThat(raw.lines()).contains("x-ODD-name: Kept As Is");
        assertThat(
                        reply(r -> Response.of(200).withHeader("date", "x"), Servers.get("/"))
                                .all("Date"))
                .containsExactly("x");
    }

    @Test
    @Spec("WSGI27")
    void chunks_small_areGathered() throws Exception {
        App app = r -> Response.chunks(pieces(Servers.repeat("x", 100).split("")));
        Reply gathered = reply(app, Servers.get("/"));
        Reply each = reply(r -> app.handle(r).withMinimumChunk(1), Servers.get("/"));
        Reply large =
                reply(
                        r -> Response.chunks(Collections.nCopies(10, new byte[8192])),
                        Servers.get("/"));

        assertThat(gathered.chunks()).containsExactly(100);
        assertThat(each.chunks()).hasSize(100);
        assertThat(large.chunks()).hasSizeGreaterThan(1);
        assertThat(large.body()).hasSize(81_920);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @Spec("WSGI27")
    void chunks_noMinimum_areThereAtOnce(int minimum) throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        App app =
                r ->
                        Response.streaming(
                                        out -> {
                                            out.write('a');
                                            seen.await();
                                            out.write('b');
                                        })
                                .withMinimumChunk(minimum);
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(Servers.get("/"));
            while (!client.line().isEmpty()) {
                assertThat(seen.getCount()).isEqualTo(1);
            }
            assertThat(client.line()).isEqualTo("1");
            assertThat(client.line()).isEqualTo("a");
            seen.countDown();

            assertThat(client.line()).isEqualTo("1");
            assertThat(client.line()).isEqualTo("b");
        }
    }

    @Test
    @Spec("WSGI27")
    void chunks_minimum_isTheServersOwn() throws Exception {
        App app = r -> Response.chunks(pieces("a", "b"));

        assertThat(reply(app, Servers.get("/"), Servers.QUIET.withMinimumChunk(1)).chunks())
                .hasSize(2);
        assertThat(reply(app, Servers.get("/")).chunks()).hasSize(1);
    }

    @Test
    @Spec("WSGI28")
    void chunks_empty_areNoEnd() throws Exception {
        try (var server =
                        Servers.start(
                                r ->
                                        Response.chunks(
                                                        r.path().equals("/all")
                                                                ? pieces("")
                                                                : pieces("", "a", "", "b", ""))
                                                .withMinimumChunk(0));
                var client = RawClient.to(server)) {
            client.send(Servers.get("/", "Connection: close"));
            String some = client.rest();
            try (var other = RawClient.to(server)) {
                other.send(Servers.get("/all", "Connection: close"));

                assertThat(some).endsWith("\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n");
                assertThat(other.rest()).endsWith("close\r\n\r\n0\r\n\r\n");
            }
        }
    }

    @Test
    @Spec("WSGI29")
    void begin_thenWritten_isFramedAsItShould() throws Exception {
        App sized =
                r -> {
                    var out = r.begin(Response.of(200).withHeader("Content-Length", "2"));
                    out.write('a');
                    out.write('b');
                    return Response.handled();
                };
        App chunked =
                r -> {
                    r.begin(Response.of(201)).write(Servers.bytes("ab"));
                    return Response.handled();
                };

        assertThat(reply(sized, Servers.get("/")).text()).isEqualTo("ab");
        assertThat(reply(chunked, Servers.get("/")).chunks()).containsExactly(2);
        assertThat(reply(chunked, Servers.get("/")).status()).isEqualTo(201);
    }

    @Test
    @Spec("WSGI29")
    void handled_nothingSent_isA500() throws Exception {
        assertThat(reply(r -> Response.handled(), Servers.get("/")).status()).isEqualTo(500);
        assertThat(reply(r -> null, Servers.get("/")).status()).isEqualTo(500);
        assertThat(
                        reply(
                                        r -> {
                                            r.begin(Response.of(200));
                                            r.begin(Response.of(200));
                                            return Response.handled();
                                        },
                                        Servers.get("/"))
                                .status())
                .isEqualTo(500);
    }

    @Test
    @Spec("WSGI30")
    void begin_notSentYet_givesWayToAnotherResponse() throws Exception {
        BlockingQueue<Boolean> stale = new LinkedBlockingQueue<>();
        App app =
                r -> {
                    var out = r.begin(Response.of(200).withHeader("A", "b"));
                    out.write(Servers.bytes("lost"));
                    r.onFinished(request -> stale.add(isRefused(out)));
                    return Response.text("instead").withStatus(404);
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            Reply reply = client.get("/");

            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.text()).isEqualTo("instead");
            assertThat(reply.has("A")).isFalse();
            assertThat(client.get("/").status()).isEqualTo(404);
            assertThat(stale.poll(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static boolean isRefused(OutputStream out) {
        try {
            out.write('x');
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    @Spec({"WSGI30", "WSGI32"})
    void failure_afterTheHeadWasSent_cutsTheBodyOff() throws Exception {
        App chunked =
                r -> {
                    var out = r.begin(Response.of(200));
                    out.write(Servers.bytes("sent"));
                    out.flush();
                    throw new IllegalStateException("dies");
                };
        App sized =
                r -> {
                    var out = r.begin(Response.of(200).withHeader("Content-Length", "13"));
                    out.write(Servers.bytes("12345678"));
                    out.flush();
                    throw new Timeout(null);
                };
        for (App app : List.of(chunked, sized)) {
            try (var server = Servers.start(app);
                    var client = RawClient.to(server)) {
                client.send(Servers.get("/") + Servers.get("/"));
                String all = client.rest();

                assertThat(all).startsWith("HTTP/1.1 200 OK");
                assertThat(all).endsWith(app == chunked ? "\r\n\r\n4\r\nsent\r\n" : "12345678");
            }
        }
    }

    @Test
    void failure_inHttp10WithoutLength_isSeenToBeOne() throws Exception {
        App app =
                r -> {
                    var out = r.begin(Response.of(200));
                    out.write(Servers.bytes("sent"));
                    out.flush();
                    throw new IllegalStateException("dies");
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send("GET / HTTP/1.0\r\n\r\n");

            assertThat(client.rest()).endsWith("<reset>");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Spec({"WSGI31", "WSGI32"})
    void failure_nothingSentYet_isA500(boolean begun) throws Exception {
        BlockingQueue<String> log = new LinkedBlockingQueue<>();
        App app =
                r -> {
                    if (begun) {
                        r.begin(Response.of(200)).write(Servers.bytes("not sent"));
                        throw new Timeout(null);
                    }
                    throw new IllegalStateException("secret");
                };
        try (var server = Servers.start(app, WebOptions.DEFAULT.withLog(log::add));
                var client = RawClient.to(server)) {
            Reply reply = client.get("/path");

            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.header("Content-Type")).isEqualTo("text/plain");
            assertThat(reply.header("Content-Length")).isEqualTo("0");
            assertThat(reply.header("Connection")).isEqualTo("close");
            assertThat(reply.has("Transfer-Encoding")).isFalse();
            assertThat(client.isAtEnd()).isTrue();
            assertThat(log)
                    .anyMatch(
                            line ->
                                    line.contains("GET /path")
                                            && line.contains(begun ? "Timeout" : "ResponseTest"));
        }
    }

    @Test
    @Spec("WSGI31")
    void failure_debug_showsTheTrace() throws Exception {
        Reply reply =
                reply(
                        r -> {
                            throw new IllegalStateException("shown");
                        },
                        Servers.get("/"),
                        Servers.QUIET.withDebug(true));

        assertThat(reply.text()).contains("IllegalStateException: shown").contains("\tat ");
    }

    /** Pieces that note that they were closed. */
    private record Closing(AtomicInteger closed, Supplier<Iterator<byte[]>> pieces)
            implements Iterable<byte[]>, AutoCloseable {
        @Override
        public Iterator<byte[]> iterator() {
            return pieces.get();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    @Test
    @Spec("WSGI33")
    void body_sentOrNot_isClosed() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        App app =
                r ->
                        Response.chunks(
                                new Closing(
                                        closed,
                                        () -> {
                                            if (r.path().equals("/dies")) {
                                                throw new IllegalStateException("dies");
                                            }
                                            return pieces("a").iterator();
                                        }));

        reply(app, Servers.get("/"));
        reply(app, Servers.request("HEAD", "/"));
        assertThat(reply(app, Servers.get("/dies")).status()).isEqualTo(500);

        assertThat(closed).hasValue(3);
    }

    @Test
    @Spec("WSGI34")
    void text_beyondAscii_isUtf8() throws Exception {
        Reply reply = reply(r -> Response.text("\u00e4\u20ac"), Servers.get("/"));

        assertThat(reply.text()).isEqualTo("\u00e4\u20ac");
        assertThat(reply.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(reply.header("Content-Length")).isEqualTo("5");
    }

    @Test
    @Spec("WSGI35")
    void body_notAllowed_isNotSentAndTheConnectionGoesOn() throws Exception {
        App app =
                r ->
                        switch (r.path()) {
                            case "/204" -> Response.text("body").withStatus(204);
                            case "/304" -> Response.text("body").withStatus(304);
                            case "/204/length" ->
                                    Response.text("body")
                                            .withStatus(204)
                                            .withHeader("Content-Length", "4");
                            case "/chunks" -> Response.chunks(pieces("body"));
                            default -> Response.text("body");
                        };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            for (String request :
                    List.of(
                            Servers.get("/204"),
                            Servers.get("/204/length"),
                            Servers.get("/304"),
                            Servers.request("HEAD", "/"),
                            Servers.request("HEAD", "/chunks"),
                            Servers.request("CONNECT", "a:80"))) {
                Reply reply = client.ask(request);

                assertThat(reply.has("Content-Length")).as(request).isFalse();
                assertThat(reply.has("Transfer-Encoding")).as(request).isFalse();
            }
            assertThat(client.get("/").text()).isEqualTo("body");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nB: c", "a\nb", "a\rb", "a\0b", "\u20ac"})
    @Spec("WSGI36")
    void header_notAllowed_isRefusedWhereItIsMade(String value) {
        assertThatThrownBy(() -> Response.text("x").withHeader("A", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("A");
        assertThatThrownBy(() -> Headers.of("A", value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Response.redirect(value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Response.of(200).withStatus(200, value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Headers.of(value, "a"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Spec("WSGI36")
    void response_thatCannotBe_isRefusedWhereItIsMade() {
        assertThatThrownBy(() -> Response.of(100)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Response.of(1000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Response.of(200).withHeader("Transfer-Encoding", "chunked"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Response.of(200).withHeader("Content-Length", "-1"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Headers.of("A")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Spec("WSGI36")
    void length_otherThanTheBodys_isAnError() throws Exception {
        App known = r -> Response.text("hello").withHeader("Content-Length", "4");
        App tooLong = r -> Response.chunks(pieces("hello")).withHeader("Content-Length", "4");
        App tooShort =
                r ->
                        Response.streaming(
                                        out -> {
                                            out.write(Servers.bytes("abc"));
                                            out.flush();
                                        })
                                .withHeader("Content-Length", "4");

        assertThat(reply(known, Servers.get("/")).status()).isEqualTo(500);
        assertThat(reply(tooLong, Servers.get("/")).status()).isEqualTo(500);
        try (var server = Servers.start(tooShort);
                var client = RawClient.to(server)) {
            assertThat(client.send(Servers.get("/") + Servers.get("/")).rest()).endsWith("\r\nabc");
        }
    }

    @Test
    @Spec("WSGI37")
    void body_large_isDeliveredWhole() throws Exception {
        byte[] large = new byte[3_000_000];
        new Random(7).nextBytes(large);
        App app =
                r ->
                        switch (r.path()) {
                            case "/bytes" -> Response.bytes(large);
                            case "/stream" -> Response.stream(new ByteArrayInputStream(large));
                            case "/sized" ->
                                    Response.stream(new ByteArrayInputStream(large), large.length);
                            default ->
                                    Response.streaming(
                                            out -> {
                                                for (int i = 0; i < large.length; i += 1000) {
                                                    out.write(large, i, 1000);
                                                }
                                            });
                        };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            for (String path : List.of("/bytes", "/stream", "/sized", "/written")) {
                assertThat(client.get(path).body()).as(path).isEqualTo(large);
            }
        }
    }

    @Test
    void stream_tooShort_cutsOffAndCloses() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        App app =
                r ->
                        Response.stream(
                                new ByteArrayInputStream(new byte[9000]) {
                                    @Override
                                    public void close() {
                                        closed.incrementAndGet();
                                    }
                                },
                                10_000);
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            assertThat(client.send(Servers.get("/")).rest()).contains("Content-Length: 10000");
        }
        assertThat(closed).hasValue(1);
        assertThatThrownBy(() -> Response.stream(InputStream.nullInputStream(), -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void trailers_given_followTheBody() throws Exception {
        Reply reply =
                reply(
                        r ->
                                Response.chunks(pieces("a"))
                                        .withTrailers(() -> Headers.of("X-Sum", "1")),
                        Servers.get("/"));

        assertThat(reply.trailers()).containsExactly("X-Sum: 1");
    }

    @Test
    void events_sent_areThereAtOnce() throws Exception {
        BlockingQueue<String> more = new LinkedBlockingQueue<>();
        App app =
                r ->
                        Response.events(
                                sink -> {
                                    sink.comment("hi");
                                    sink.retry(Duration.ofSeconds(3));
                                    sink.send("one\ntwo");
                                    sink.send("named", "7", more.poll(10, TimeUnit.SECONDS));
                                    assertThatThrownBy(() -> sink.send("a\nb", null, "x"))
                                            .isInstanceOf(IllegalArgumentException.class);
                                });
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(Servers.get("/", "Connection: close"));
            while (!client.line().isEmpty()) {
                assertThat(more).isEmpty();
            }
            assertThat(chunk(client)).isEqualTo(": hi\n\n");
            assertThat(chunk(client)).isEqualTo("retry: 3000\n\n");
            assertThat(chunk(client)).isEqualTo("data: one\ndata: two\n\n");
            more.add("three");

            assertThat(chunk(client)).isEqualTo("event: named\nid: 7\ndata: three\n\n");
            assertThat(client.rest()).isEqualTo("0\r\n\r\n");
        }
    }

    private static String chunk(RawClient client) throws Exception {
        int size = Integer.parseInt(client.line(), 16);
        String chunk = new String(client.exactly(size), StandardCharsets.US_ASCII);
        assertThat(client.line()).isEmpty();
        return chunk;
    }

    @Test
    void methodNotAllowed_namesWhatIs() throws Exception {
        Reply reply = reply(r -> Response.methodNotAllowed("GET", "HEAD"), Servers.get("/"));

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).isEqualTo("GET, HEAD");
    }

    // what apps do wrong

    private static List<String> logOf(App app, String request) throws Exception {
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        try (var server = Servers.start(app, WebOptions.DEFAULT.withLog(log::add));
                var client = RawClient.to(server)) {
            client.send(request).rest();
        }
        return List.copyOf(log);
    }

    private static final String ONCE = Servers.get("/", "Connection: close");

    @Test
    void response_afterATakeover_isAnErrorOfTheApp() throws Exception {
        List<String> log =
                logOf(
                        r -> {
                            r.takeOver();
                            return Response.text("x");
                        },
                        ONCE);

        assertThat(log).anyMatch(line -> line.contains("a response after takeOver()"));
    }

    @Test
    void response_afterOneThatWasSent_isAnErrorOfTheApp() throws Exception {
        List<String> log =
                logOf(
                        r -> {
                            OutputStream out = r.begin(Response.of(200));
                            out.write(Servers.bytes("sent"));
                            out.flush();
                            return Response.text("x");
                        },
                        ONCE);

        assertThat(log).anyMatch(line -> line.contains("a second response: return handled()"));
    }

    @Test
    void begin_withABodyOrAfterATakeover_isRefused() throws Exception {
        List<String> log =
                logOf(
                        r -> {
                            assertThatThrownBy(() -> r.begin(Response.text("x")))
                                    .isInstanceOf(IllegalArgumentException.class)
                                    .hasMessageContaining("must have no body");
                            r.takeOver();
                            assertThatThrownBy(() -> r.begin(Response.of(200)))
                                    .isInstanceOf(IllegalStateException.class)
                                    .hasMessage("the connection was taken over already");
                            return Response.handled();
                        },
                        ONCE);

        assertThat(log).noneMatch(line -> line.contains("failed"));
    }

    @Test
    void hook_isKilled_nothingElseIsRun() throws Exception {
        BlockingQueue<String> ran = new LinkedBlockingQueue<>();
        App app =
                r -> {
                    r.onFinished(
                            _ -> {
                                ran.add("first");
                                throw new GreenThreadExit();
                            });
                    r.onFinished(_ -> ran.add("second"));
                    return Response.text("x");
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(Servers.get("/") + Servers.get("/"));
            client.rest();
            assertThat(ran).containsExactly("first");
        }
    }

    @Test
    void values_madeByHand_showAndCheckThemselves() throws Exception {
        Response json = Response.json("[1]");

        assertThat(json).hasToString("Response[200]");
        assertThat(reply(_ -> json, Servers.get("/")).header("Content-Type"))
                .isEqualTo("application/json");
        assertThat(Headers.of("A", "b", "C", "d")).hasToString("A: b\r\nC: d\r\n");
        assertThatThrownBy(() -> Headers.of("Content-Length", "1", "content-length", "2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("more than one Content-Length: [1, 2]");
        var fields = Headers.of("A", "b").iterator();
        assertThat(fields.next()).isEqualTo(new Headers.Field("A", "b"));
        assertThatThrownBy(fields::next).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(
                        () ->
                                new Body.OfFile(Path.of("f"))
                                        .writeTo(OutputStream.nullOutputStream()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("f: was not made ready for a request");
    }
}
