package evy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Bodies of requests: their ends, 100 Continue, what is left unread. */
@ExtendWith(LeakCheckExtension.class)
class RequestBodyTest {
    private static final String CHUNKED =
            Servers.request("POST", "/chunked", "Transfer-Encoding: chunked");
    private static final String LINES =
            "10\r\nthis is chunked\n\r\n7;ext=\"\\\"\"\r\nline 2\n\r\n5\r\nline3\r\n0\r\n\r\n";

    private static String sized(String body, String... lines) {
        List<String> all = new ArrayList<>(List.of(lines));
        all.add("Content-Length: " + body.length());
        return Servers.request("POST", "/sized", all.toArray(String[]::new)) + body;
    }

    @Test
    @Spec("WSGI15")
    void noLength_isAnEmptyBodyAndTheConnectionGoesOn() throws Exception {
        App app = r -> Response.text(r.body().read(new byte[1024]) + " " + r.contentLength());
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            assertThat(client.ask(Servers.request("POST", "/")).text()).isEqualTo("-1 0");
            assertThat(client.ask(Servers.request("POST", "/")).text()).isEqualTo("-1 0");
        }
    }

    @Test
    @Spec("WSGI16")
    void sized_bytesBehindIt_areNotPartOfIt() throws Exception {
        try (var server = Servers.start(Servers::echo);
                var client = RawClient.to(server)) {
            Reply reply = client.ask(sized("hello") + "junk\r\n\r\n");

            assertThat(reply.text()).isEqualTo("hello");
            assertThat(client.reply().status()).isEqualTo(400);
        }
    }

    @Test
    @Spec({"WSGI43", "WSGI51"})
    void chunked_read_isTheSameAsSized() throws Exception {
        try (var server = Servers.start(Servers::echo);
                var client = RawClient.to(server)) {
            assertThat(client.ask(CHUNKED + LINES).text())
                    .isEqualTo("this is chunked\nline 2\nline3");
            assertThat(client.ask(sized("this is sized")).text()).isEqualTo("this is sized");
        }
    }

    @Test
    @Spec("WSGI43")
    void chunked_lines_crossTheChunks() throws Exception {
        App app =
                r -> {
                    var reader =
                            new BufferedReader(
                                    new InputStreamReader(r.body(), StandardCharsets.US_ASCII));
                    return Response.text(String.join("|", reader.lines().toList()));
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            assertThat(client.ask(CHUNKED + LINES).text())
                    .isEqualTo("this is chunked|line 2|line3");
        }
    }

    @Test
    @Spec("WSGI43")
    void body_largeRead_isFewSteps() throws Exception {
        BlockingQueue<Integer> steps = new LinkedBlockingQueue<>();
        App app =
                r -> {
                    byte[] buffer = new byte[8192];
                    for (int n = r.body().read(buffer); n > 0; n = r.body().read(buffer)) {
                        steps.add(n);
                    }
                    return Response.of(204);
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.ask(sized(Servers.repeat("x", 1500)));

            assertThat(steps).containsExactly(1500);
        }
    }

    @Test
    @Spec({"WSGI38", "WSGI43"})
    void body_partlyRead_doesNotDisturbTheNextRequest() throws Exception {
        App app =
                r -> Response.text(new String(r.body().readNBytes(10), StandardCharsets.US_ASCII));
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(CHUNKED + LINES + sized("0123456789abc") + CHUNKED + LINES);

            assertThat(client.reply().text()).isEqualTo("this is ch");
            assertThat(client.reply().text()).isEqualTo("0123456789");
            assertThat(client.reply().text()).isEqualTo("this is ch");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Spec("WSGI39")
    void body_unread_isNotTakenForARequest(boolean chunked) throws Exception {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        App app =
                r -> {
                    seen.add(r.target());
                    return Response.of(204);
                };
        String inner = Servers.get("/smuggled");
        String outer =
                chunked
                        ? CHUNKED
                                + Integer.toHexString(inner.length())
                                + "\r\n"
                                + inner
                                + "\r\n0\r\nTrailer-One: 1\r\n\r\n"
                        : sized(inner);
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(outer + Servers.get("/next"));

            assertThat(client.reply().status()).isEqualTo(204);
            assertThat(client.reply().status()).isEqualTo(204);
            assertThat(seen).containsExactly(chunked ? "/chunked" : "/sized", "/next");
        }
    }

    @Test
    @Spec("WSGI39")
    void body_unreadAndBroken_closesAndStillRunsTheHooks() throws Exception {
        BlockingQueue<String> hooks = new LinkedBlockingQueue<>();
        App app =
                r -> {
                    r.onFinished(request -> hooks.add(request.target()));
                    return Response.text("unread");
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            Reply reply = client.ask(CHUNKED + "nonsense\r\n" + Servers.get("/next"));

            assertThat(reply.text()).isEqualTo("unread");
            assertThat(client.rest()).isEmpty();
            assertThat(hooks.poll(10, TimeUnit.SECONDS)).isEqualTo("/chunked");
        }
    }

    @Test
    @Spec("WSGI39")
    void body_unreadAndLarge_closesInsteadOfReadingIt() throws Exception {
        try (var server = Servers.start(r -> Response.text("no"));
                var client = RawClient.to(server)) {
            client.send(Servers.request("POST", "/", "Content-Length: 50000000"));
            Reply reply = client.reply();

            assertThat(reply.text()).isEqualTo("no");
            assertThat(reply.header("Connection")).isEqualTo("close");
        }
    }

    @Test
    @Spec("WSGI39")
    void trailers_afterTheBody_canBeRead() throws Exception {
        App app =
                r -> {
                    String before = r.trailers().get("A") + " ";
                    r.bytes();
                    return Response.text(before + r.trailers().get("a"));
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            assertThat(client.ask(CHUNKED + "1\r\nx\r\n0\r\nA: 1\r\n\r\n").text())
                    .isEqualTo("null 1");
        }
    }

    // 100 Continue

    @Test
    @Spec({"WSGI41", "WSGI42"})
    void expectContinue_bodyRead_isAnsweredAtTheFirstRead() throws Exception {
        try (var server = Servers.start(Servers::echo);
                var client = RawClient.to(server)) {
            client.send(Servers.request("PUT", "/", "Content-Length: 3", "Expect: 100-CONTINUE"));
            assertThat(client.line()).isEqualTo("HTTP/1.1 100 Continue");
            assertThat(client.line()).isEmpty();
            client.send("abc");

            assertThat(client.reply().text()).isEqualTo("abc");
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    @Spec("WSGI41")
    void expectContinue_appDecidesByLength_refusesWithoutAskingForIt() throws Exception {
        App app = r -> r.contentLength() > 1024 ? Response.of(417) : Response.text(r.text());
        try (var server = Servers.start(app);
                var client = RawClient.to(server);
                var other = RawClient.to(server)) {
            client.send(
                    Servers.request("PUT", "/", "Content-Length: 1025", "Expect: 100-continue"));
            Reply reply = client.reply();

            assertThat(reply.status()).isEqualTo(417);
            assertThat(reply.header("Connection")).isEqualTo("close");
            assertThat(client.isAtEnd()).isTrue();

            other.send(Servers.request("PUT", "/", "Content-Length: 2", "Expect: 100-continue"));
            assertThat(other.reply().status()).isEqualTo(100);
            assertThat(other.send("ab").reply().text()).isEqualTo("ab");
        }
    }

    @Test
    @Spec("WSGI42")
    void expectContinue_responseBegun_isNotAnsweredAnyMore() throws Exception {
        App app =
                r -> {
                    var out = r.begin(Response.of(200));
                    out.write(Servers.bytes("begun "));
                    out.flush();
                    out.write(r.bytes());
                    return Response.handled();
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(Servers.request("PUT", "/", "Content-Length: 2", "Expect: 100-continue"));
            assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
            client.send("ab");

            assertThat(client.rest()).contains("begun ").contains("ab").doesNotContain("100");
        }
    }

    @Test
    @Spec("WSGI42")
    void expectContinue_appHasHeaders_areSentWithIt() throws Exception {
        App app =
                r -> {
                    r.setContinueHeaders(Headers.of("hundred-CONTINUE-header", "h1"));
                    String first = new String(r.body().readNBytes(2), StandardCharsets.US_ASCII);
                    r.sendContinue(Headers.of("X-Second", "h2"));
                    return Response.text(first + r.text());
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(
                    Servers.request(
                            "PUT", "/", "Transfer-Encoding: chunked", "Expect: 100-continue"));
            Reply first = client.reply();
            client.send("2\r\nab\r\n");
            Reply second = client.reply();
            client.send("2\r\ncd\r\n0\r\n\r\n");

            assertThat(first.status()).isEqualTo(100);
            assertThat(first.lines()).containsExactly("Hundred-Continue-Header: h1");
            assertThat(second.lines()).containsExactly("X-Second: h2");
            assertThat(client.reply().text()).isEqualTo("abcd");
        }
    }

    @Test
    void expectContinue_http10_isNotAnswered() throws Exception {
        try (var server = Servers.start(Servers::echo);
                var client = RawClient.to(server)) {
            client.send("PUT / HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            client.send("ab");

            assertThat(client.reply().text()).isEqualTo("ab");
        }
    }

    // what goes wrong

    /** Reads a body, and notes how that ended. */
    private static App failing(BlockingQueue<IOException> failures) {
        return r -> {
            try {
                return Response.text(r.text());
            } catch (IOException e) {
                failures.add(e);
                throw e;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"5\r\nab", "2\r\nab\r\n", "2\r\nab\r\n0\r\n", ""})
    @Spec("WSGI44")
    void chunked_endsEarly_isAnErrorInTheApp(String part) throws Exception {
        BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();
        try (var server = Servers.start(failing(failures));
                var client = RawClient.to(server)) {
            client.send(CHUNKED + part).socket().shutdownOutput();

            assertThat(client.reply().status()).isEqualTo(400);
            assertThat(failures.poll(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    @Spec("WSGI44")
    void sized_endsEarly_isAnErrorInTheApp() throws Exception {
        BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();
        try (var server = Servers.start(failing(failures));
                var client = RawClient.to(server)) {
            client.send(Servers.request("POST", "/", "Content-Length: 5") + "ab");
            client.socket().shutdownOutput();

            assertThat(client.reply().status()).isEqualTo(400);
            assertThat(failures.poll(10, TimeUnit.SECONDS)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    @Spec("WSGI18")
    void body_stalls_isA408() throws Exception {
        BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();
        WebOptions options = Servers.QUIET.withSocketTimeout(Duration.ofMillis(50));
        try (var server = Servers.start(failing(failures), options);
                var client = RawClient.to(server)) {
            client.send(Servers.request("POST", "/", "Content-Length: 5") + "ab");

            assertThat(client.reply().status()).isEqualTo(408);
            assertThat(client.isAtEnd()).isTrue();
            assertThat(failures.poll(10, TimeUnit.SECONDS))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void body_dripsForEver_isA408() throws Exception {
        BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();
        WebOptions options =
                Servers.QUIET
                        .withSocketTimeout(Duration.ofMillis(500))
                        .withMinimumBodyRate(Integer.MAX_VALUE);
        try (var server = Servers.start(failing(failures), options);
                var client = RawClient.to(server)) {
            client.send(Servers.request("POST", "/", "Content-Length: 60000000"));
            Thread drip = Thread.ofVirtual().start(() -> drip(client, failures));

            IOException failure = failures.poll(10, TimeUnit.SECONDS);
            drip.interrupt();
            drip.join();

            assertThat(failure).isInstanceOf(SocketTimeoutException.class);
        }
    }

    /* One byte after the other, each well within the time for one. */
    private static void drip(RawClient client, BlockingQueue<IOException> failures) {
        try {
            while (failures.isEmpty() && !Thread.currentThread().isInterrupted()) {
                client.send("x");
            }
        } catch (IOException e) {
            return; // the server has had enough
        }
    }

    @Test
    void chunked_moreThanAllowed_isA413() throws Exception {
        WebOptions options = Servers.QUIET.withMaxBody(10);
        try (var server = Servers.start(Servers::echo, options);
                var client = RawClient.to(server);
                var other = RawClient.to(server)) {
            assertThat(client.ask(CHUNKED + "a\r\n0123456789\r\n0\r\n\r\n").status())
                    .isEqualTo(200);
            assertThat(client.ask(CHUNKED + "a\r\n0123456789\r\n1\r\nx\r\n0\r\n\r\n").status())
                    .isEqualTo(413);
            assertThat(other.ask(sized("01234567890")).status()).isEqualTo(413);
        }
    }

    @Test
    void body_readBytewiseAndClosed_isReadAllTheSame() throws Exception {
        App app =
                r -> {
                    int first = r.body().read();
                    r.body().close();
                    int second = r.body().read();
                    return Response.text(first + " " + second + " " + r.body().read());
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            assertThat(client.ask(sized("AB")).text()).isEqualTo("65 66 -1");
            assertThat(client.ask(Servers.request("POST", "/")).text()).isEqualTo("-1 -1 -1");
        }
    }

    @Test
    void body_failedAndReadAgain_failsInTheSameWay() throws Exception {
        BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
        App app =
                r -> {
                    for (int i = 0; i < 2; i++) {
                        seen.add(catchThrowable(() -> r.body().readAllBytes()));
                    }
                    throw new IllegalStateException("the app's own failure");
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            Reply reply = client.ask(CHUNKED + "nonsense\r\n");

            assertThat(reply.status()).as("not a 400: it is the app's").isEqualTo(500);
            Object first = seen.take();
            assertThat(first).isInstanceOf(IOException.class);
            assertThat(seen.take()).isSameAs(first);
        }
    }

    @Test
    void body_readWhenTheRequestIsOver_isRefused() throws Exception {
        BlockingQueue<InputStream> bodies = new LinkedBlockingQueue<>();
        App app =
                r -> {
                    bodies.add(r.body());
                    return Response.of(204);
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(Servers.request("POST", "/", "Content-Length: 9000000"));
            assertThat(client.reply().status()).isEqualTo(204);
            InputStream body = bodies.take();
            client.rest();

            assertThatThrownBy(body::read)
                    .isInstanceOf(IOException.class)
                    .hasMessage("the request is over");
        }
    }

    @Test
    void body_unreadLargeAndInChunks_closesInsteadOfReadingIt() throws Exception {
        try (var server = Servers.start(_ -> Response.of(204));
                var client = RawClient.to(server)) {
            String chunk = "8000\r\n" + "x".repeat(0x8000) + "\r\n";
            client.send(CHUNKED + chunk.repeat(12));

            assertThat(client.reply().status()).isEqualTo(204);
            client.rest(); // which has an end
        }
    }
}
