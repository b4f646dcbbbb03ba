package evy.web.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import evy.Evy;
import evy.GreenThread;
import evy.io.GreenSocket;
import evy.io.tls.TlsOptions;
import evy.sync.Event;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.web.App;
import evy.web.Response;
import evy.web.Router;
import evy.web.WebServer;
import evy.web.websocket.Message.Binary;
import evy.web.websocket.Message.Text;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

@ExtendWith(LeakCheckExtension.class)
class WebSocketAppTest {
    private static final App ECHO = WebSocketApp.of(WebSocketAppTest::echo);

    private static void echo(WebSocket ws) throws IOException {
        for (Message message : ws) {
            ws.send(message);
        }
    }

    private static URI uri(WebServer server, String path) {
        return URI.create("ws://localhost:" + server.port() + path);
    }

    @Test
    @Spec("WS11")
    void handle_handshake_exactAnswer() throws Exception {
        Evy.run(
                () -> {
                    try (WebServer server = Handshakes.start(ECHO);
                            GreenSocket socket = Handshakes.send(server, Handshakes.rfc6455())) {
                        assertThat(Handshakes.head(socket))
                                .isEqualTo(
                                        "HTTP/1.1 101 Switching Protocols\r\n"
                                                + "Upgrade: websocket\r\n"
                                                + "Connection: Upgrade\r\n"
                                                + "Sec-WebSocket-Accept:"
                                                + " ywSyWXCPNsDxLrQdQrn5RFNRfBU=\r\n\r\n");
                    }
                });
    }

    /** Frames that come in one packet with the handshake. */
    @Test
    @Spec("WS12")
    void handle_framesRightBehindTheHandshake_areRead() throws Exception {
        Evy.run(
                () -> {
                    try (WebServer server = Handshakes.start(ECHO);
                            GreenSocket socket =
                                    Handshakes.send(
                                            server,
                                            Handshakes.rfc6455()
                                                    + "\u0081\u0082\0\0\0\0hi\u0082\u0081\0\0\0\0x")) {
                        Handshakes.head(socket);
                        Peer peer = new Peer(socket, true);
                        Peer.Frame text = peer.receive();
                        Peer.Frame binary = peer.receive();

                        assertThat(text.first()).isEqualTo(0x81);
                        assertThat(text.text()).isEqualTo("hi");
                        assertThat(binary.first()).isEqualTo(0x82);
                        assertThat(binary.text()).isEqualTo("x");
                    }
                });
    }

    @ParameterizedTest
    @Spec({"WS1", "WS10", "WS21"})
    @ValueSource(
            strings = {
                "Connection: close|Upgrade: websocket|Sec-WebSocket-Version: 13|Sec-WebSocket-Key:"
                        + " K",
                "Connection: upgrade|Upgrade: h2c|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: K",
                "Connection: upgrade|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: K",
                "Connection: upgrade|Upgrade: websocket|Sec-WebSocket-Version: 13",
                "Connection: upgrade|Upgrade: websocket|Sec-WebSocket-Version:"
                        + " 13|Sec-WebSocket-Key: c2hvcnQ=",
                "Connection: upgrade|Upgrade: websocket|Sec-WebSocket-Version:"
                        + " 13|Sec-WebSocket-Key: !",
                "X: y",
            })
    void handle_noHandshake_400AndCloses(String lines) throws Exception {
        String request =
                Handshakes.request(lines.replace(": K", ": " + Handshakes.KEY).split("\\|"));

        String answer = Handshakes.refusal(ECHO, request);

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("Connection: close");
        assertThat(answer).endsWith("\r\n\r\n");
    }

    @Test
    @Spec("WS21")
    void handle_otherMethodOrVersionOfHttp_400() throws Exception {
        String rfc6455 = Handshakes.rfc6455();

        assertThat(Handshakes.refusal(ECHO, rfc6455.replace("GET", "POST"))).contains(" 400 ");
        assertThat(Handshakes.refusal(ECHO, rfc6455.replace("HTTP/1.1", "HTTP/1.0")))
                .contains(" 400 ");
    }

    @ParameterizedTest
    @Spec("WS10")
    @ValueSource(strings = {"7", "12", "14", "x", ""})
    void handle_otherVersion_426(String version) throws Exception {
        String request = Handshakes.rfc6455().replace("Version: 13", "Version: " + version);

        assertThat(Handshakes.refusal(ECHO, request))
                .startsWith("HTTP/1.1 426 ")
                .containsIgnoringCase("Sec-WebSocket-Version: 8, 13");
    }

    @Test
    @Spec("WS10")
    void handle_version8_isServed() throws Exception {
        Evy.run(
                () -> {
                    String request = Handshakes.rfc6455().replace("Version: 13", "Version: 8");
                    try (WebServer server = Handshakes.start(ECHO);
                            GreenSocket socket = Handshakes.send(server, request)) {
                        assertThat(Handshakes.head(socket)).contains(" 101 ");
                    }
                });
    }

    @Test
    @Spec("WS10")
    void handle_originNotAdmitted_403() throws Exception {
        App app =
                WebSocketApp.of(
                        WebSocketAppTest::echo,
                        WebSocketOptions.DEFAULT.withOrigins("https://good.example"::equals));

        assertThat(Handshakes.refusal(app, Handshakes.rfc6455("Origin: https://bad.example")))
                .startsWith("HTTP/1.1 403 ");
        assertThat(Handshakes.refusal(app, Handshakes.rfc6455())).startsWith("HTTP/1.1 403 ");
        Evy.run(
                () -> {
                    String request = Handshakes.rfc6455("Origin: https://good.example");
                    try (WebServer server = Handshakes.start(app);
                            GreenSocket socket = Handshakes.send(server, request)) {
                        assertThat(Handshakes.head(socket)).contains(" 101 ");
                    }
                });
    }

    @ParameterizedTest
    @Spec("WS10")
    @CsvSource(
            delimiter = '|',
            value = {"b, a|b", "x, a, b|a", "x|", "A|", "|"})
    void handle_subprotocols_firstOfferedThatIsSpoken(String offered, String chosen)
            throws Exception {
        App app =
                WebSocketApp.of(
                        ws -> ws.send("speaking " + ws.subprotocol()),
                        WebSocketOptions.DEFAULT.withSubprotocols("a", "b"));
        String request =
                offered == null
                        ? Handshakes.rfc6455()
                        : Handshakes.rfc6455("Sec-WebSocket-Protocol: " + offered);
        Evy.run(
                () -> {
                    try (WebServer server = Handshakes.start(app);
                            GreenSocket socket = Handshakes.send(server, request)) {
                        String head = Handshakes.head(socket);
                        Peer peer = new Peer(socket, true);

                        assertThat(head.contains("Protocol: ")).isEqualTo(chosen != null);
                        assertThat(peer.receive().text()).isEqualTo("speaking " + chosen);
                        peer.send(0x88, "");
                    }
                });
    }

    @Test
    @Spec({"WS17", "WS12"})
    void connect_ownClient_echoesWithAndWithoutCompression() throws Exception {
        for (Compression compression :
                new Compression[] {null, Compression.WITH_CONTEXT, Compression.WITHOUT_CONTEXT}) {
            WebSocketOptions options =
                    compression == null
                            ? WebSocketOptions.DEFAULT
                            : WebSocketOptions.DEFAULT.withCompression(compression);
            App app = WebSocketApp.of(WebSocketAppTest::echo, options);
            Evy.run(
                    () -> {
                        try (WebServer server = Handshakes.start(app);
                                WebSocket ws = WebSocket.connect(uri(server, "/x"), options)) {
                            for (int length : new int[] {0, 1, 100, 1000, 70_000, 300_000}) {
                                Message sent = new Text("z".repeat(length));
                                ws.send(sent);
                                assertThat(ws.receive()).isEqualTo(sent);
                            }
                            ws.send(new byte[] {1, 2});
                            assertThat(ws.receive()).isEqualTo(new Binary(new byte[] {1, 2}));
                        }
                    });
        }
    }

    @Test
    void connect_details_areSeenByTheHandler() throws Exception {
        App app =
                WebSocketApp.of(
                        ws ->
                                ws.send(
                                        String.join(
                                                " ",
                                                ws.path(),
                                                ws.target(),
                                                ws.header("x-token"),
                                                ws.origin(),
                                                ws.header("none"))));
        Evy.run(
                () -> {
                    WebSocketOptions options =
                            WebSocketOptions.DEFAULT.withHeaders(
                                    Map.of("X-Token", "t", "Origin", "o"));
                    try (WebServer server = Handshakes.start(app);
                            WebSocket ws = WebSocket.connect(uri(server, "/p?q=r"), options)) {
                        assertThat(ws.receive()).isEqualTo(new Text("/p /p?q=r t o null"));
                        assertThat(ws.receive()).isNull();
                        assertThat(ws.closeStatus().code()).isEqualTo(1000);
                    }
                });
    }

    @Test
    void connect_serverDeclines_saysHow() throws Exception {
        App app = new Router().get("/ws", ECHO);
        Evy.run(
                () -> {
                    try (WebServer server = Handshakes.start(app)) {
                        assertThatThrownBy(() -> WebSocket.connect(uri(server, "/other")))
                                .isInstanceOf(WebSocketException.class)
                                .hasMessageContaining("404");
                    }
                });
        assertThatThrownBy(() -> WebSocket.connect(URI.create("http://localhost/")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http://localhost/");
    }

    @Test
    void connect_serverSaysNothing_endsInTime() throws Exception {
        Evy.run(
                () -> {
                    try (var listener = Evy.listen("localhost", 0)) {
                        URI uri = URI.create("ws://localhost:" + listener.getLocalPort());
                        WebSocketOptions hasty =
                                WebSocketOptions.DEFAULT.withTimeouts(
                                        Duration.ofMillis(50), Duration.ofSeconds(1));

                        assertThatThrownBy(() -> WebSocket.connect(uri, hasty))
                                .isInstanceOf(IOException.class)
                                .hasMessageContaining("PT0.05S");
                    }
                });
    }

    @Test
    @Spec("WS15")
    void handle_handlerFails_closes1011() throws Exception {
        App app =
                WebSocketApp.of(
                        _ -> {
                            throw new IllegalStateException("on purpose");
                        });
        Evy.run(
                () -> {
                    try (WebServer server = Handshakes.start(app);
                            WebSocket ws = WebSocket.connect(uri(server, "/"))) {
                        assertThat(ws.receive()).isNull();
                        assertThat(ws.closeStatus().code()).isEqualTo(1011);
                    }
                });
    }

    @Test
    @Spec("WS7")
    void handle_clientGone_sendsAreNoError() throws Exception {
        Event<String> outcome = new Event<>();
        App app =
                WebSocketApp.of(
                        ws -> {
                            while (ws.receive() != null) {}
                            try {
                                ws.send("to nobody");
                            } catch (WebSocketException e) {
                                outcome.send(e.getMessage());
                                throw e;
                            }
                        });
        Evy.run(
                () -> {
                    try (WebServer server = Handshakes.start(app)) {
                        WebSocket.connect(uri(server, "/")).close();

                        assertThat(outcome.await()).contains("closed");
                    }
                });
    }

    @Test
    @Spec("WS7")
    void send_clientVanished_endsTheHandlerQuietly() throws Exception {
        List<String> log = new java.util.ArrayList<>();
        App app =
                WebSocketApp.of(
                        ws -> {
                            while (true) {
                                ws.send("into the void");
                                Evy.yield();
                            }
                        });
        Evy.run(
                () -> {
                    WebServer server =
                            WebServer.start(0, app, evy.web.WebOptions.DEFAULT.withLog(log::add));
                    GreenSocket socket = Handshakes.send(server, Handshakes.rfc6455());
                    Handshakes.head(socket);
                    socket.close();

                    while (server.connections() > 0) {
                        Evy.yield();
                    }
                    server.close();
                });

        assertThat(log).noneMatch(line -> line.contains("Exception"));
    }

    @Test
    @Spec("WS20")
    void stop_openConnections_areNotWaitedFor() throws Exception {
        Evy.run(
                () -> {
                    WebServer server = Handshakes.start(ECHO);
                    try (WebSocket ws = WebSocket.connect(uri(server, "/"))) {
                        ws.send("x");
                        ws.receive();

                        boolean all = server.stop(Duration.ofSeconds(20));

                        assertThat(all).isTrue();
                        assertThat(ws.receive()).isNull();
                    }
                });
    }

    @Test
    @Spec("WS20")
    void stop_openConnections_areTold1001() throws Exception {
        Evy.run(
                () -> {
                    WebServer server = Handshakes.start(ECHO);
                    try (WebSocket ws = WebSocket.connect(uri(server, "/"))) {
                        ws.send("x");
                        ws.receive();
                        GreenThread<Message> receiver = Evy.spawn(ws::receive);

                        boolean all = server.stop(Duration.ofSeconds(20));

                        assertThat(all).isTrue();
                        assertThat(receiver.join()).isNull();
                        assertThat(ws.closeStatus().code()).isEqualTo(CloseStatus.GOING_AWAY);
                    }
                });
    }

    @Test
    void handle_besideOrdinaryRoutes_onePort() throws Exception {
        App app = new Router().get("/ws", ECHO).get("/", _ -> Response.text("page"));
        Evy.run(
                () -> {
                    try (WebServer server = Handshakes.start(app);
                            GreenSocket socket =
                                    Handshakes.send(
                                            server,
                                            "GET / HTTP/1.1\r\n"
                                                    + "Host: x\r\n"
                                                    + "Connection: close\r\n\r\n");
                            WebSocket ws = WebSocket.connect(uri(server, "/ws"))) {
                        ws.send("x");

                        assertThat(ws.receive()).isEqualTo(new Text("x"));
                        assertThat(socket.getInputStream().readAllBytes())
                                .asString()
                                .endsWith("page");
                    }
                });
    }

    @Test
    @Spec("WS8")
    void send_fromManyGreenThreads_allArriveWhole() throws Exception {
        App app =
                WebSocketApp.of(
                        ws -> {
                            List<GreenThread<?>> senders =
                                    java.util.stream.IntStream.range(0, 10)
                                            .<GreenThread<?>>mapToObj(
                                                    i ->
                                                            Evy.spawn(
                                                                    () ->
                                                                            ws.send(
                                                                                    ("" + i)
                                                                                            .repeat(
                                                                                                    9000))))
                                            .toList();
                            senders.forEach(GreenThread::join);
                        },
                        WebSocketOptions.DEFAULT.withCompression(Compression.WITH_CONTEXT));
        Evy.run(
                () -> {
                    try (WebServer server = Handshakes.start(app);
                            WebSocket ws =
                                    WebSocket.connect(
                                            uri(server, "/"),
                                            WebSocketOptions.DEFAULT.withCompression(
                                                    Compression.WITH_CONTEXT))) {
                        int count = 0;
                        for (Message message : ws) {
                            assertThat(((Text) message).text()).matches("(.)\\1{8999}");
                            count++;
                        }
                        assertThat(count).isEqualTo(10);
                    }
                });
    }

    @Test
    void connect_subprotocols_areOfferedAndTheChosenOneIsTold() throws Exception {
        App app =
                WebSocketApp.of(
                        ws -> {
                            var address = (InetSocketAddress) ws.remoteAddress();
                            ws.send(ws + " " + address.getAddress().isLoopbackAddress());
                        },
                        WebSocketOptions.DEFAULT.withSubprotocols("b"));
        Evy.run(
                () -> {
                    WebSocketOptions options = WebSocketOptions.DEFAULT.withSubprotocols("a", "b");
                    try (WebServer server = Handshakes.start(app);
                            WebSocket ws = WebSocket.connect(uri(server, "/x"), options)) {
                        assertThat(ws.subprotocol()).isEqualTo("b");
                        assertThat(ws.receive()).isEqualTo(new Text("WebSocket /x true"));
                    }
                });
    }

    @Test
    void handle_handlerThrowsAWebSocketExceptionItself_closes1011() throws Exception {
        App app =
                WebSocketApp.of(
                        _ -> {
                            throw new WebSocketException("on purpose");
                        });
        Evy.run(
                () -> {
                    try (WebServer server = Handshakes.start(app);
                            WebSocket ws = WebSocket.connect(uri(server, "/"))) {
                        assertThat(ws.receive()).isNull();
                        assertThat(ws.closeStatus().code()).isEqualTo(1011);
                    }
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SMTP ready|not HTTP: SMTP ready",
                "HTTP/1.1 101 x;nocolon|malformed header in the server's answer: nocolon",
                "HTTP/1.1 101 x;b@d name: x|malformed header",
                "HTTP/1.1 101 x;Connection: upgrade|did not upgrade",
                "HTTP/1.1 101 x;Upgrade: websocket|did not upgrade",
                "HTTP/1.1 101 x;UP|does not answer our key",
                "HTTP/1.1 101 x;UP;Sec-WebSocket-Accept: x|does not answer our key",
                "HTTP/1.1 101 x;UP;KEY;Sec-WebSocket-Protocol: z|not offered: z",
                "HTTP/1.1 101 x;UP;KEY;Sec-WebSocket-Extensions: z|not offered: z",
                "HTTP/1.1 101 x;UP;KEY;Sec-WebSocket-Extensions: permessage-deflate|not offered",
            })
    void connect_answerThatIsNone_saysWhatIsWrong(String answer, String message) throws Exception {
        Evy.run(
                () -> {
                    try (var listener = Evy.listen("localhost", 0)) {
                        GreenThread<String> server =
                                Evy.spawn(
                                        () -> {
                                            try (GreenSocket socket = listener.accept()) {
                                                String head = Handshakes.head(socket);
                                                socket.getOutputStream()
                                                        .write(
                                                                answer(answer, head)
                                                                        .getBytes(ISO_8859_1));
                                                // closed by the client, at once
                                                assertThat(socket.getInputStream().read())
                                                        .isEqualTo(-1);
                                            }
                                            return "done";
                                        });
                        URI uri = URI.create("ws://localhost:" + listener.getLocalPort());

                        assertThatThrownBy(() -> WebSocket.connect(uri))
                                .isInstanceOf(WebSocketException.class)
                                .hasMessageContaining(message);
                        assertThat(server.join()).isEqualTo("done");
                    }
                });
    }

    private static String answer(String lines, String request) {
        String key = request.split("Sec-WebSocket-Key: ", 2)[1].split("\r\n", 2)[0];
        return lines.replace("UP", "Upgrade: websocket;Connection: Upgrade")
                        .replace("KEY", "Sec-WebSocket-Accept: " + AcceptKey.of(key))
                        .replace(";", "\r\n")
                + "\r\n\r\n";
    }

    @Test
    void options_thatCannotBe_areRefused() {
        WebSocketOptions usual = WebSocketOptions.DEFAULT;
        Duration negative = Duration.ofSeconds(-1);
        refused("token: ''", () -> usual.withSubprotocols(""));
        refused("token: 'a,b'", () -> usual.withSubprotocols("a,b"));
        refused("token: 'a:'", () -> usual.withHeaders(Map.of("a:", "b")));
        refused("header 'a' has a value", () -> usual.withHeaders(Map.of("a", "b\r\nc")));
        refused("a client's are needed", () -> usual.withTls(TlsOptions.server()));
        refused("must be > 0: 0", () -> usual.withLimits(0, 1));
        refused("must be >= 0: PT-1S", () -> usual.withKeepAlive(negative, negative));
        refused("level must be in [1, 9]: 10", () -> new Compression(true, true, 10, 0));
        refused("threshold must be >= 0: -1", () -> new Compression(true, true, 6, -1));
        refused("no fragment", () -> WebSocket.connect(URI.create("ws://localhost/#x")));
        refused("has a host", () -> WebSocket.connect(URI.create("ws:///x")));
    }

    private static void refused(String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
