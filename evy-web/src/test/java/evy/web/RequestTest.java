package evy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What apps see of a request. */
@ExtendWith(LeakCheckExtension.class)
class RequestTest {
    /** Sends a request, and gives what an app made of it. */
    private static <T> T seen(String request, Function<Request, T> look) throws Exception {
        return seen(request, Servers.QUIET, look);
    }

    private static <T> T seen(String request, WebOptions options, Function<Request, T> look)
            throws Exception {
        BlockingQueue<T> results = new LinkedBlockingQueue<>();
        App app =
                r -> {
                    results.add(look.apply(r));
                    return Response.of(204);
                };
        try (var server = Servers.start(app, options);
                var client = RawClient.to(server)) {
            client.send(request);
            assertThat(client.reply().status()).isEqualTo(204);
            return results.poll(10, TimeUnit.SECONDS);
        }
    }

    private static Map<String, Object> environment(String request) throws Exception {
        return seen(request, r -> new HashMap<>(r.environment()));
    }

    @Test
    void target_parts_areTakenApart() throws Exception {
        String request = Servers.get("/a%20b/%C3%A4?x=%31&y");

        assertThat(RequestTest.<String>seen(request, Request::method)).isEqualTo("GET");
        assertThat(RequestTest.<String>seen(request, Request::target))
                .isEqualTo("/a%20b/%C3%A4?x=%31&y");
        assertThat(RequestTest.<String>seen(request, Request::path)).isEqualTo("/a b/\u00e4");
        assertThat(RequestTest.<String>seen(request, Request::rawPath)).isEqualTo("/a%20b/%C3%A4");
        assertThat(RequestTest.<String>seen(request, Request::query)).isEqualTo("x=%31&y");
        assertThat(RequestTest.<HttpVersion>seen(request, Request::version))
                .isEqualTo(HttpVersion.HTTP_1_1);
        assertThat(RequestTest.<String>seen(Servers.get("/?"), Request::query)).isEmpty();
        assertThat(RequestTest.<String>seen(Servers.get("/"), r -> String.valueOf(r.query())))
                .isEqualTo("null");
    }

    @Test
    void target_absolute_namesTheHostWhateverHostSays() throws Exception {
        String request = "GET http://a:81/x?y HTTP/1.1\r\nHost: b\r\n\r\n";

        assertThat(RequestTest.<String>seen(request, Request::host)).isEqualTo("a:81");
        assertThat(RequestTest.<String>seen(request, Request::path)).isEqualTo("/x");
        assertThat(RequestTest.<String>seen(request, Request::query)).isEqualTo("y");
        assertThat(RequestTest.<String>seen(Servers.get("/"), Request::host)).isEqualTo("a");
    }

    @Test
    @Spec("WSGI20")
    void environment_ofARequest_hasTheVariablesOfCgi() throws Exception {
        Map<String, Object> env =
                environment(Servers.request("POST", "/a%20b?c=d", "Content-Length: 0", "X-One: 1"));

        assertThat(env)
                .containsEntry("REQUEST_METHOD", "POST")
                .containsEntry("SCRIPT_NAME", "")
                .containsEntry("RAW_PATH_INFO", "/a%20b")
                .containsEntry("PATH_INFO", "/a b")
                .containsEntry("QUERY_STRING", "c=d")
                .containsEntry("CONTENT_TYPE", "text/plain")
                .containsEntry("CONTENT_LENGTH", "0")
                .containsEntry("SERVER_PROTOCOL", "HTTP/1.1")
                .containsEntry("REMOTE_ADDR", "127.0.0.1")
                .containsEntry("GATEWAY_INTERFACE", "CGI/1.1")
                .containsEntry("REQUEST_SCHEME", "http")
                .containsEntry("HTTP_HOST", "a")
                .containsEntry("HTTP_X_ONE", "1")
                .containsKeys("SERVER_NAME", "SERVER_PORT", "REMOTE_PORT")
                .doesNotContainKey("HTTPS");
    }

    @Test
    @Spec("WSGI20")
    void environment_noQueryNorLength_hasNoneOfThem() throws Exception {
        assertThat(environment(Servers.get("/")))
                .doesNotContainKeys("QUERY_STRING", "CONTENT_LENGTH");
        assertThat(environment(Servers.get("/?"))).containsEntry("QUERY_STRING", "");
        assertThat(environment("GET / HTTP/1.0\r\n\r\n"))
                .containsEntry("SERVER_PROTOCOL", "HTTP/1.0");
    }

    @Test
    @Spec({"WSGI20", "WSGI21"})
    void environment_path_isDecodedAsLatin1AndKeptRaw() throws Exception {
        assertThat(environment(Servers.get("/a*b@%40%233")))
                .containsEntry("PATH_INFO", "/a*b@@#3")
                .containsEntry("RAW_PATH_INFO", "/a*b@%40%233");
        assertThat(environment(Servers.get("/%C3%A4"))).containsEntry("PATH_INFO", "/\u00c3\u00a4");
    }

    @Test
    @Spec({"WSGI21", "WSGI24"})
    void environment_ofTheOptions_isInEveryRequestAndMayBeSpoilt() throws Exception {
        WebOptions options = Servers.QUIET.withEnvironment(Map.of("my.key", "my value"));
        BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
        App app =
                r -> {
                    seen.add(r.environment().get("my.key"));
                    r.environment().replaceAll((name, value) -> null);
                    return Response.text("fine");
                };
        try (var server = Servers.start(app, options);
                var client = RawClient.to(server)) {
            assertThat(client.get("/").text()).isEqualTo("fine");
            assertThat(client.get("/").text()).isEqualTo("fine");

            assertThat(seen).containsExactly("my value", "my value");
        }
    }

    @Test
    @Spec("WSGI22")
    void headers_sentTwice_areJoined() throws Exception {
        String request = Servers.get("/", "A: 1", "b: 2", "a: 3");

        assertThat(environment(request)).containsEntry("HTTP_A", "1,3");
        assertThat(RequestTest.<String>seen(request, r -> r.headers().joined("a")))
                .isEqualTo("1,3");
        assertThat(RequestTest.<String>seen(request, r -> r.headers().get("A"))).isEqualTo("1");
        assertThat(RequestTest.<List<String>>seen(request, r -> r.headers().all("a")))
                .containsExactly("1", "3");
        assertThat(RequestTest.<List<String>>seen(request, r -> r.headers().all("c"))).isEmpty();
    }

    @Test
    @Spec("WSGI22")
    void headers_namedAsVariables_doNotReplaceThem() throws Exception {
        assertThat(environment(Servers.get("/real", "Path-Info: foo")))
                .containsEntry("PATH_INFO", "/real")
                .containsEntry("HTTP_PATH_INFO", "foo");
    }

    @Test
    @Spec("WSGI23")
    void headers_withUnderscores_areInTheHeadersOnly() throws Exception {
        String request = Servers.get("/", "X_Real-Ip: 1", "x-CASE: \t\u00e4\u00a0 \t");

        assertThat(environment(request))
                .doesNotContainKey("HTTP_X_REAL_IP")
                .containsEntry("HTTP_X_CASE", "\u00e4\u00a0");
        assertThat(RequestTest.<Headers>seen(request, r -> r.headers().copy()))
                .containsExactly(
                        new Headers.Field("Host", "a"),
                        new Headers.Field("X_Real-Ip", "1"),
                        new Headers.Field("x-CASE", "\u00e4\u00a0"));
    }

    @Test
    void request_isOver_refusesWhatWasNotAskedForBefore() throws Exception {
        Request request =
                seen(
                        Servers.get("/", "A: b"),
                        r -> {
                            r.method();
                            return r;
                        });

        assertThat(request.method()).isEqualTo("GET");
        assertThatThrownBy(request::target)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("over");
        assertThatThrownBy(() -> request.headers().get("A"))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> request.begin(Response.of(200)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> request.onFinished(r -> {}))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(request::takeOver).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void addresses_ofAConnection_areItsEnds() throws Exception {
        InetSocketAddress remote =
                (InetSocketAddress) seen(Servers.get("/"), Request::remoteAddress);
        InetSocketAddress local = (InetSocketAddress) seen(Servers.get("/"), Request::localAddress);

        assertThat(remote.getAddress().isLoopbackAddress()).isTrue();
        assertThat(local.getPort()).isPositive();
        assertThat(RequestTest.<String>seen(Servers.get("/"), r -> String.valueOf(r.tlsSession())))
                .isEqualTo("null");
    }

    @Test
    void forwarded_noTrustedHops_meansNothing() throws Exception {
        String request = Servers.get("/", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: https");

        assertThat(RequestTest.<String>seen(request, Request::clientAddress))
                .isEqualTo("127.0.0.1");
        assertThat(RequestTest.<String>seen(request, Request::scheme)).isEqualTo("http");
    }

    @Test
    void forwarded_trustedHops_isTheirWordOnly() throws Exception {
        String request =
                Servers.get(
                        "/",
                        "X-Forwarded-For: 6.6.6.6",
                        "X-Forwarded-For: 1.2.3.4, 10.0.0.1",
                        "X-Forwarded-Proto: https");
        WebOptions two = Servers.QUIET.withTrustedHops(2);

        assertThat(RequestTest.<String>seen(request, two, Request::clientAddress))
                .isEqualTo("1.2.3.4");
        assertThat(RequestTest.<String>seen(request, two, Request::scheme)).isEqualTo("https");
        assertThat(
                        RequestTest.<String>seen(
                                request, Servers.QUIET.withTrustedHops(9), Request::clientAddress))
                .isEqualTo("6.6.6.6");
        assertThat(RequestTest.<String>seen(Servers.get("/"), two, Request::clientAddress))
                .isEqualTo("127.0.0.1");
    }

    @Test
    void text_charsetNamed_isDecodedByItOrElseAsUtf8() throws Exception {
        String[][] cases = {
            {"text/plain; charset=iso-8859-1", "\u00e4"},
            {"text/plain; CHARSET=\"ISO-8859-1\"; x=y", "\u00e4"},
            {"text/plain", "\ufffd"},
            {"text/plain; charset=none-such", "\ufffd"},
            {"text/plain; charset=!", "\ufffd"},
        };
        for (String[] each : cases) {
            String request =
                    Servers.request("POST", "/", "Content-Length: 1", "Content-Type: " + each[0])
                            + "\u00e4";
            assertThat(RequestTest.<String>seen(request, RequestTest::text))
                    .as(each[0])
                    .isEqualTo(each[1]);
        }
    }

    private static String text(Request request) {
        try {
            return request.text();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void headers_changed_areOthers() throws Exception {
        String seen =
                seen(
                        Servers.get("/", "A: b"),
                        r -> {
                            Headers own = r.headers();
                            assertThatThrownBy(() -> own.field(2))
                                    .isInstanceOf(IndexOutOfBoundsException.class)
                                    .hasMessageContaining("field 2 of 2");
                            return own.with("C", "d").without("Host")
                                    + "|"
                                    + own.without("A")
                                    + "|"
                                    + own
                                    + own.copy().copy();
                        });

        assertThat(seen)
                .isEqualTo("A: b\r\nC: d\r\n|Host: a\r\n|Host: a\r\nA: b\r\nHost: a\r\nA: b\r\n");
    }
}
