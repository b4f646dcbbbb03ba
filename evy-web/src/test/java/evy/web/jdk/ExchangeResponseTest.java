package evy.web.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import evy.testkit.LeakCheckExtension;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** What a handler may do with a response. */
@ExtendWith(LeakCheckExtension.class)
class ExchangeResponseTest {
    @ParameterizedTest
    @EnumSource
    void headers_sentTwice_isRefused(Provider provider) throws Exception {
        Handlers.check(
                provider,
                x -> {
                    x.sendResponseHeaders(200, -1);

                    assertThatThrownBy(() -> x.sendResponseHeaders(200, -1))
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("headers already sent");
                    assertThat(x.getResponseCode()).isEqualTo(200);
                });
    }

    @ParameterizedTest
    @EnumSource
    void body_beforeTheHeaders_isRefused(Provider provider) throws Exception {
        Handlers.check(
                provider,
                x -> {
                    OutputStream body = x.getResponseBody();

                    for (var use :
                            List.<ThrowingCallable>of(
                                    () -> body.write('x'), body::flush, body::close)) {
                        assertThatThrownBy(use)
                                .isInstanceOf(IOException.class)
                                .hasMessageContaining("headers not sent yet");
                    }
                    Handlers.sendHello(x);
                });
    }

    @ParameterizedTest
    @EnumSource
    void body_afterTheEnd_isRefused(Provider provider) throws Exception {
        Handlers.check(
                provider,
                x -> {
                    Handlers.sendHello(x);

                    x.getResponseBody().write(Handlers.HELLO, 0, 0);
                    assertThatThrownBy(() -> x.getResponseBody().write(Handlers.HELLO))
                            .isInstanceOf(IOException.class);
                });
    }

    @ParameterizedTest
    @EnumSource
    void body_tooLong_isRefusedAndMayBeMended(Provider provider) throws Exception {
        HttpHandler handler =
                x -> {
                    x.sendResponseHeaders(200, 4);
                    assertThatThrownBy(() -> x.getResponseBody().write(Handlers.HELLO))
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("too many bytes");
                    x.getResponseBody().write(Handlers.HELLO, 0, 4);
                    x.close();
                };
        try (Running running = Running.with(provider, handler)) {
            assertThat(running.get("/").body()).isEqualTo("hell");
        }
    }

    @ParameterizedTest
    @EnumSource
    void body_tooShort_closeThrowsAndTheConnectionEnds(Provider provider) throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        HttpHandler handler =
                x -> {
                    x.sendResponseHeaders(200, 6);
                    x.getResponseBody().write(Handlers.HELLO);
                    x.getResponseBody().flush();
                    try {
                        x.getResponseBody().close();
                    } catch (IOException e) {
                        seen.complete(e);
                        throw e;
                    }
                };
        try (Running running = Running.with(provider, handler);
                Caller caller = running.caller()) {
            caller.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

            assertThat(caller.rest()).endsWith("hello");
            assertThat(seen.get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("insufficient bytes written");
        }
    }

    @ParameterizedTest
    @EnumSource
    void request_changed_isRefused(Provider provider) throws Exception {
        Handlers.check(
                provider,
                x -> {
                    var headers = x.getRequestHeaders();

                    assertThat(headers.getFirst("hOST")).isEqualTo("h");
                    assertThatThrownBy(() -> headers.set("a", "b"))
                            .isInstanceOf(UnsupportedOperationException.class);
                    assertThatThrownBy(() -> headers.get("Host").add("b"))
                            .isInstanceOf(UnsupportedOperationException.class);
                    Handlers.sendHello(x);
                });
    }

    @ParameterizedTest
    @EnumSource
    void header_thatWouldEndTheLine_isRefused(Provider provider) throws Exception {
        Handlers.check(
                provider,
                x -> {
                    assertThatThrownBy(() -> x.getResponseHeaders().set("X-A", "1\r\nX-B: 2"))
                            .isInstanceOf(IllegalArgumentException.class);
                    x.getResponseHeaders().set("X-A", "1");
                    x.getResponseHeaders().get("X-A").add("1\r\nX-B: 2");
                    assertThatThrownBy(() -> x.sendResponseHeaders(200, -1))
                            .isInstanceOf(IllegalArgumentException.class);
                });
    }

    /* The JDK's server sends it as it is, which clients may refuse. */
    @Test
    void header_folded_isSentInOneLine() throws Exception {
        HttpHandler handler =
                x -> {
                    x.getResponseHeaders().set("X-A", "1,\r\n  2");
                    x.sendResponseHeaders(200, -7);
                };
        try (Running running = Running.with(Provider.EVY, handler)) {
            Answer answer = running.get("/");

            assertThat(answer.header("x-a")).isEqualTo("1, 2");
            assertThat(answer.header("content-length")).isEqualTo("0");
        }
    }

    @Test
    void status_thatIsNoFinalOne_isRefused() throws Exception {
        Handlers.check(
                Provider.EVY,
                x -> {
                    assertThatThrownBy(() -> x.sendResponseHeaders(101, -1))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("101");
                    Handlers.sendHello(x);
                });
    }

    /* Chunks and a length at once would be malformed; the JDK's server sends both. */
    @Test
    void length_setByHandForChunks_isNotSent() throws Exception {
        HttpHandler handler =
                x -> {
                    x.getResponseHeaders().set("Content-Length", "5");
                    x.sendResponseHeaders(200, 0);
                    x.getResponseBody().write(Handlers.HELLO);
                    x.close();
                };
        try (Running running = Running.with(Provider.EVY, handler)) {
            Answer answer = running.get("/");

            assertThat(answer.headers()).doesNotContainKey("content-length");
            assertThat(answer.body()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectionClose_setByTheHandler_isObeyed(Provider provider) throws Exception {
        HttpHandler handler =
                x -> {
                    x.getResponseHeaders().set("Connection", "close");
                    Handlers.sendHello(x);
                };
        try (Running running = Running.with(provider, handler);
                Caller caller = running.caller()) {
            caller.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

            assertThat(caller.rest()).contains("Connection: close").endsWith("hello");
        }
    }

    @ParameterizedTest
    @EnumSource
    void streams_replaced_areClosedWithTheExchange(Provider provider) throws Exception {
        AtomicReference<String> closed = new AtomicReference<>("");
        Filter filter =
                Filter.beforeHandler(
                        "",
                        x ->
                                x.setStreams(
                                        null,
                                        new FilterOutputStream(x.getResponseBody()) {
                                            @Override
                                            public void close() throws IOException {
                                                closed.set("closed");
                                                out.write('!');
                                                super.close();
                                            }
                                        }));
        var server = provider.server();
        server.createContext("/", x -> sendOpen(x)).getFilters().add(filter);
        try (Running running = Running.start(server)) {
            assertThat(running.get("/body").body()).isEqualTo("hello!");
            assertThat(closed.getAndSet("")).isEqualTo("closed");
            assertThat(running.get("/none").status()).isEqualTo(304);
        }
        assertThat(closed.get()).isEqualTo("closed");
    }

    private static void sendOpen(HttpExchange x) throws IOException {
        if (x.getRequestURI().getPath().equals("/none")) {
            x.sendResponseHeaders(304, -1);
        } else {
            x.sendResponseHeaders(200, 0);
            x.getResponseBody().write(Handlers.HELLO);
            x.close();
        }
    }
}
