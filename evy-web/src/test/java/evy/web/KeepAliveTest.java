package evy.web;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Whether a connection is used again. */
@ExtendWith(LeakCheckExtension.class)
class KeepAliveTest {
    @Test
    @Spec("WSGI38")
    void http11_several_areServedOnOneConnection() throws Exception {
        try (var server = Servers.start(Servers::echo);
                var client = RawClient.to(server)) {
            for (int i = 0; i < 3; i++) {
                Reply reply = client.get("/" + i);

                assertThat(reply.header("X-Target")).isEqualTo("/" + i);
                assertThat(reply.has("Connection")).isFalse();
            }
        }
    }

    private static RawClient secureClient(TestTls tls, WebServer server) throws IOException {
        return new RawClient(
                tls.client().getSocketFactory().createSocket("localhost", server.port()));
    }

    @Test
    @Spec("WSGI38")
    void tls_severalAndPipelined_areServedOnOneConnection(@TempDir Path folder) throws Exception {
        TestTls tls = TestTls.make(folder);
        try (var server = Servers.start(Servers::echo, Servers.QUIET.withTls(tls.server()));
                var client = secureClient(tls, server)) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.get("/" + i).header("X-Target")).isEqualTo("/" + i);
                client.send(Servers.get("/a") + Servers.get("/b"));
                assertThat(client.reply().header("X-Target")).isEqualTo("/a");
                assertThat(client.reply().header("X-Target")).isEqualTo("/b");
            }
        }
    }

    @Test
    @Spec("WSGI38")
    void tls_idle_isClosed(@TempDir Path folder) throws Exception {
        TestTls tls = TestTls.make(folder);
        WebOptions options =
                Servers.QUIET.withTls(tls.server()).withKeepAlive(Duration.ofMillis(20));
        try (var server = Servers.start(Servers::echo, options);
                var client = secureClient(tls, server)) {
            assertThat(client.get("/").header("X-Target")).isEqualTo("/");

            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    @Spec("WSGI38")
    void http11_pipelined_areAnsweredInOrder() throws Exception {
        try (var server = Servers.start(Servers::echo);
                var client = RawClient.to(server)) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 500; i++) {
                all.append(
                        i % 2 == 0
                                ? Servers.get("/" + i)
                                : Servers.request("POST", "/" + i, "Transfer-Encoding: chunked")
                                        + "3\r\nabc\r\n0\r\n\r\n");
            }
            client.send(all.toString());

            for (int i = 0; i < 500; i++) {
                Reply reply = client.reply();
                assertThat(reply.header("X-Target")).isEqualTo("/" + i);
                assertThat(reply.text()).isEqualTo(i % 2 == 0 ? "" : "abc");
            }
        }
    }

    @Test
    void pipelined_appWaits_theAnswersBeforeAreSentMeanwhile() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        App app =
                r -> {
                    if (r.path().equals("/slow")) {
                        go.await();
                    }
                    return Response.text(r.path());
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(Servers.get("/fast") + Servers.get("/slow"));

            assertThat(client.reply().text()).isEqualTo("/fast");
            go.countDown();
            assertThat(client.reply().text()).isEqualTo("/slow");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "Close", "x, CLOSE", "keep-alive , close", "close,"})
    @Spec({"WSGI38", "WSGI40"})
    void clientSaysClose_anywhereInTheList_isClosed(String value) throws Exception {
        try (var server = Servers.start(Servers::echo);
                var client = RawClient.to(server)) {
            Reply reply = client.ask(Servers.get("/", "Connection: " + value));

            assertThat(reply.all("Connection")).containsExactly("close");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep-alive", "Keep-Alive", "x, keep-alive"})
    @Spec({"WSGI38", "WSGI40"})
    void http10_saysKeepAlive_isKept(String value) throws Exception {
        try (var server = Servers.start(Servers::echo);
                var client = RawClient.to(server)) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.0\r\nConnection: " + value + "\r\n\r\n");

                assertThat(client.reply().header("Connection")).isEqualTo("keep-alive");
            }
        }
    }

    @Test
    @Spec("WSGI38")
    void http10_saysNothing_isClosed() throws Exception {
        try (var server = Servers.start(Servers::echo);
                var client = RawClient.to(server)) {
            Reply reply = client.send("GET / HTTP/1.0\r\n\r\n").reply();

            assertThat(reply.header("Connection")).isEqualTo("close");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    @Spec("WSGI38")
    void appSaysClose_isSaidOnceAndActedOn() throws Exception {
        App app = r -> Response.text("x").withHeader("connection", "Close");
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            Reply reply = client.get("/");

            assertThat(reply.all("Connection")).containsExactly("Close");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    @Spec({"WSGI19", "WSGI38"})
    void keepAlive_zero_isNone() throws Exception {
        try (var server = Servers.start(Servers::echo, Servers.QUIET.withKeepAlive(Duration.ZERO));
                var client = RawClient.to(server)) {
            assertThat(client.get("/").header("Connection")).isEqualTo("close");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    @Spec("WSGI19")
    void keepAlive_time_isToldToThoseWhoAskAndThenIsOver() throws Exception {
        WebOptions options = Servers.QUIET.withKeepAlive(Duration.ofMillis(50));
        WebOptions longer = Servers.QUIET.withKeepAlive(Duration.ofMillis(2500));
        try (var server = Servers.start(Servers::echo, options);
                var other = Servers.start(Servers::echo, longer);
                var client = RawClient.to(server);
                var asking = RawClient.to(other)) {
            assertThat(client.get("/").has("Keep-Alive")).isFalse();
            assertThat(client.isAtEnd()).isTrue();

            Reply reply = asking.ask(Servers.get("/", "Connection: keep-alive"));
            assertThat(reply.header("Connection")).isEqualTo("keep-alive");
            assertThat(reply.header("Keep-Alive")).isEqualTo("timeout=2");
        }
    }

    @Test
    @Spec("WSGI18")
    void head_neverComplete_isA408() throws Exception {
        WebOptions options =
                Servers.QUIET
                        .withHeadTimeout(Duration.ofMillis(60))
                        .withKeepAlive(Duration.ofSeconds(60));
        try (var server = Servers.start(Servers::echo, options);
                var client = RawClient.to(server);
                var silent = RawClient.to(server)) {
            client.get("/");
            client.send("GET / HTTP/1.1\r\nHo");

            assertThat(client.reply().status()).isEqualTo(408);
            assertThat(client.isAtEnd()).isTrue();
            assertThat(silent.isAtEnd()).isTrue();
        }
    }
}
