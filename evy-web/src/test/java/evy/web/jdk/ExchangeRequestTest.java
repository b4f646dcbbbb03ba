package evy.web.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Authenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

import evy.testkit.LeakCheckExtension;
import evy.web.WebOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a handler knows and reads of a request. */
@ExtendWith(LeakCheckExtension.class)
class ExchangeRequestTest {
    @ParameterizedTest
    @EnumSource
    void requestBody_leftUnread_connectionIsUsedAgain(Provider provider) throws Exception {
        try (Running running = Running.with(provider, Handlers::sendHello);
                Caller caller = running.caller()) {
            for (int i = 0; i < 2; i++) {
                assertThat(caller.ask(Handlers.POST_FOUR + "body").body()).isEqualTo("hello");
            }
        }
    }

    @Test
    void requestBody_announcedAsHuge_isLeftToTheHandler() throws Exception {
        HttpHandler handler =
                x -> {
                    x.getRequestBody().read();
                    Handlers.sendHello(x);
                };
        try (Running running = Running.with(Provider.EVY, handler);
                Caller caller = running.caller()) {
            caller.send(Handlers.POST_FOUR.replace("4", "9000000000") + "body");
            caller.endOutput();

            assertThat(caller.answer(false).body()).isEqualTo("hello");
        }
    }

    @Test
    void options_limitTheBody_isRefusedAsTheySay() throws Exception {
        HttpServer server =
                new EvyHttpServerProvider(WebOptions.DEFAULT.withMaxBody(3))
                        .createHttpServer(Provider.ANY_PORT, 0);
        server.createContext(
                "/",
                x -> {
                    x.getRequestBody().readAllBytes();
                    Handlers.sendHello(x);
                });
        try (Running running = Running.start(server)) {
            assertThat(running.ask(Handlers.POST_FOUR + "body").status()).isEqualTo(413);
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestBody_byPieces_isAllThere(Provider provider) throws Exception {
        HttpHandler handler =
                x -> {
                    var in = x.getRequestBody();
                    StringBuilder read = new StringBuilder();
                    read.append((char) in.read());
                    while (in.available() == 0) {
                        Thread.yield();
                    }
                    read.append(in.available() > 0).append(in.skip(1));
                    read.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    read.append(in.read()).append(in.available());
                    byte[] answer = read.toString().getBytes(StandardCharsets.UTF_8);
                    in.close();
                    x.sendResponseHeaders(200, answer.length);
                    x.getResponseBody().write(answer);
                    x.close();
                };
        try (Running running = Running.with(provider, handler)) {
            assertThat(running.ask(Handlers.POST_FOUR + "body").body()).isEqualTo("btrue1dy-10");
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestBody_cutOff_readThrows(Provider provider) throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        HttpHandler handler =
                x -> {
                    try {
                        byte[] body = x.getRequestBody().readAllBytes();
                        seen.complete(new AssertionError("read " + body.length));
                    } catch (IOException e) {
                        seen.complete(e);
                        throw e;
                    }
                };
        try (Running running = Running.with(provider, handler);
                Caller caller = running.caller()) {
            caller.send(Handlers.POST_FOUR + "bo");
            caller.endOutput();

            assertThat(seen.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void requests_pipelined_areAnsweredInOrder(Provider provider) throws Exception {
        HttpHandler handler =
                x -> {
                    byte[] path = x.getRequestURI().getPath().getBytes(StandardCharsets.UTF_8);
                    x.sendResponseHeaders(200, path.length % 2 == 0 ? 0 : path.length);
                    x.getResponseBody().write(path);
                    x.close();
                };
        try (Running running = Running.with(provider, handler);
                Caller caller = running.caller()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                all.append("POST /" + "x".repeat(i) + " HTTP/1.1\r\nHost: h\r\n")
                        .append("Content-Length: 4\r\n\r\nbody");
            }
            caller.send(all.toString());

            for (int i = 0; i < 50; i++) {
                assertThat(caller.answer(false).body()).isEqualTo("/" + "x".repeat(i));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void known_afterTheEnd_isStillKnown(Provider provider) throws Exception {
        BlockingQueue<HttpExchange> over = new LinkedBlockingQueue<>();
        HttpHandler handler =
                x -> {
                    Handlers.sendHello(x);
                    over.add(x);
                };
        InetSocketAddress client;
        try (Running running = Running.with(provider, handler);
                Caller caller = running.caller()) {
            assertThat(caller.ask("GET /a?b HTTP/1.1\r\nHost: h\r\n\r\n").status()).isEqualTo(200);
            client = caller.address();

            HttpExchange x = over.take();
            assertThat(x.getRequestMethod()).isEqualTo("GET");
            assertThat(x.getRequestURI()).hasToString("/a?b");
            assertThat(x.getRequestHeaders().getFirst("Host")).isEqualTo("h");
            assertThat(x.getProtocol()).isEqualTo("HTTP/1.1");
            assertThat(x.getRemoteAddress()).isEqualTo(client);
            assertThat(x.getLocalAddress()).isEqualTo(running.server().getAddress());
            x.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void addresses_ofBothFamilies_areAsTheClientSeesThem(Provider provider) throws Exception {
        var server = provider.unbound();
        server.bind(new InetSocketAddress(0), 0);
        server.createContext(
                "/",
                x -> {
                    byte[] seen =
                            (x.getRemoteAddress() + " " + x.getLocalAddress())
                                    .getBytes(StandardCharsets.UTF_8);
                    x.sendResponseHeaders(200, seen.length);
                    x.getResponseBody().write(seen);
                    x.close();
                });
        try (Running running = Running.start(server)) {
            int port = server.getAddress().getPort();
            for (String host : List.of("127.0.0.1", "::1")) {
                InetSocketAddress at = new InetSocketAddress(InetAddress.getByName(host), port);
                if (NetworkInterface.getByInetAddress(at.getAddress()) == null) {
                    continue; // this machine does not speak that
                }
                try (Caller caller = new Caller(at)) {
                    assertThat(caller.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").body())
                            .isEqualTo(caller.address() + " " + at);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void expectContinue_bodyReadAfterTheHeadersWereGiven_isAskedFor(Provider provider)
            throws Exception {
        HttpHandler handler =
                x -> {
                    x.sendResponseHeaders(200, 0);
                    x.getRequestBody().transferTo(x.getResponseBody());
                    x.close();
                };
        try (Running running = Running.with(provider, handler);
                Caller caller = running.caller()) {
            caller.send(Handlers.POST_FOUR.replace("Host", "Expect: 100-continue\r\nHost"));
            assertThat(caller.answer(false).status()).isEqualTo(100);
            caller.send("body");

            assertThat(caller.answer(false).body()).isEqualTo("body");
        }
    }

    /* The JDK's server asks for every body. */
    @Test
    void expectContinue_bodyNotRead_isNotAskedFor() throws Exception {
        try (Running running = Running.with(Provider.EVY, Handlers::sendHello)) {
            Answer answer =
                    running.ask(Handlers.POST_FOUR.replace("Host", "Expect: 100-continue\r\nHost"));

            assertThat(answer.body()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestBody_readByteByByte_isAllThere(Provider provider) throws Exception {
        HttpHandler handler =
                x -> {
                    StringBuilder read = new StringBuilder();
                    for (int c = x.getRequestBody().read(); c >= 0; c = x.getRequestBody().read()) {
                        read.append((char) c);
                    }
                    x.setAttribute("read", read);
                    x.setAttribute("read", null);
                    read.append(x.getAttribute("read"));
                    byte[] body = read.toString().getBytes(StandardCharsets.US_ASCII);
                    x.sendResponseHeaders(200, body.length);
                    x.getResponseBody().write(body);
                    x.close();
                };
        try (Running running = Running.with(provider, handler)) {
            assertThat(running.ask(Handlers.POST_FOUR + "four").body()).isEqualTo("fournull");
        }
    }

    @Test
    void authenticator_resultOfItsOwnKind_isAFailure() throws Exception {
        HttpServer server = Provider.EVY.server();
        server.createContext("/", Handlers::sendHello)
                .setAuthenticator(
                        new Authenticator() {
                            @Override
                            public Result authenticate(HttpExchange exchange) {
                                return new Result() {};
                            }
                        });
        try (Running running = Running.start(server)) {
            assertThat(running.get("/").status()).isEqualTo(500);
        }
    }
}
