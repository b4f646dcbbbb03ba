package evy.web.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.io.GreenSocket;
import evy.sync.Event;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.web.App;
import evy.web.WebServer;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The drafts of 2010. */
@ExtendWith(LeakCheckExtension.class)
class LegacyTest {
    private static final App ECHO =
            WebSocketApp.of(
                    ws -> {
                        for (Message message : ws) {
                            ws.send(message);
                        }
                    },
                    WebSocketOptions.DEFAULT.withLegacy());
    private static final String DRAFT_75 =
            Handshakes.request(
                    "Upgrade: WebSocket", "Connection: Upgrade", "Origin: http://localhost:1");
    private static final String DRAFT_76 =
            Handshakes.request(
                            "Upgrade: WebSocket",
                            "Connection: Upgrade",
                            "Origin: http://localhost:1",
                            "Sec-WebSocket-Protocol: ws",
                            "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5",
                            "Sec-WebSocket-Key2: 12998 5 Y3 1  .P00")
                    + "^n:ds[4U";

    /** Talks to the server by hand. */
    private interface Talk {
        void with(GreenSocket socket) throws Exception;
    }

    private static void talk(App app, String request, Talk talk) throws Exception {
        Evy.run(
                () -> {
                    try (WebServer server = Handshakes.start(app);
                            GreenSocket socket = Handshakes.send(server, request)) {
                        talk.with(socket);
                    }
                });
    }

    private static String read(GreenSocket socket, int bytes) throws Exception {
        byte[] read = socket.getInputStream().readNBytes(bytes);
        return new String(read, StandardCharsets.ISO_8859_1);
    }

    private static void write(GreenSocket socket, String latin1) throws Exception {
        socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    @Spec({"WS2", "WS4"})
    void handle_draft75_exactAnswer() throws Exception {
        talk(
                ECHO,
                DRAFT_75,
                socket ->
                        assertThat(Handshakes.head(socket))
                                .isEqualTo(
                                        "HTTP/1.1 101 Web Socket Protocol Handshake\r\n"
                                                + "Upgrade: WebSocket\r\n"
                                                + "Connection: Upgrade\r\n"
                                                + "WebSocket-Origin: http://localhost:1\r\n"
                                                + "WebSocket-Location:"
                                                + " ws://localhost/echo?a=b\r\n\r\n"));
    }

    @Test
    @Spec({"WS3", "WS4"})
    void handle_draft76_exactAnswerAndProof() throws Exception {
        talk(
                ECHO,
                DRAFT_76,
                socket -> {
                    assertThat(Handshakes.head(socket))
                            .isEqualTo(
                                    "HTTP/1.1 101 WebSocket Protocol Handshake\r\n"
                                            + "Upgrade: WebSocket\r\n"
                                            + "Connection: Upgrade\r\n"
                                            + "Sec-WebSocket-Origin: http://localhost:1\r\n"
                                            + "Sec-WebSocket-Protocol: ws\r\n"
                                            + "Sec-WebSocket-Location:"
                                            + " ws://localhost/echo?a=b\r\n\r\n");
                    assertThat(read(socket, 16)).isEqualTo("8jKS'y:G*Co,Wxa-");
                });
    }

    @Test
    @Spec({"WS3", "WS4"})
    void handle_draft76WithoutProtocolAndEmptyQuery_defaultAndBareQuestionMark() throws Exception {
        String request =
                DRAFT_76.replace("Sec-WebSocket-Protocol: ws\r\n", "").replace("?a=b", "?");

        talk(
                ECHO,
                request,
                socket ->
                        assertThat(Handshakes.head(socket))
                                .contains("Sec-WebSocket-Protocol: default\r\n")
                                .contains("Location: ws://localhost/echo?\r\n"));
    }

    @ParameterizedTest
    @Spec({"WS1", "WS3"})
    @ValueSource(
            strings = {
                "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5",
                "Sec-WebSocket-Key2: 12998 5 Y3 1  .P00",
                "Sec-WebSocket-Key1: 123|Sec-WebSocket-Key2: 12998 5 Y3 1  .P00",
                "Sec-WebSocket-Key1: a b|Sec-WebSocket-Key2: 12998 5 Y3 1  .P00",
                "Sec-WebSocket-Key1: 1 2 3|Sec-WebSocket-Key2: 12998 5 Y3 1  .P00",
                "Sec-WebSocket-Key1: 99999999999999999999 |Sec-WebSocket-Key2: 12998 5 Y3 1  .P00",
            })
    void handle_badKeys_400(String keys) throws Exception {
        String[] lines = ("Upgrade: WebSocket|Connection: Upgrade|" + keys).split("\\|");

        assertThat(Handshakes.refusal(ECHO, Handshakes.request(lines))).contains(" 400 ");
    }

    @Test
    void handle_legacyNotAskedFor_426() throws Exception {
        App app = WebSocketApp.of(ws -> {});

        assertThat(Handshakes.refusal(app, DRAFT_75)).contains(" 426 ");
    }

    @Test
    @Spec({"WS5", "WS6"})
    void receive_framesInPieces_inOrderUntilClose() throws Exception {
        talk(
                ECHO,
                DRAFT_76,
                socket -> {
                    Handshakes.head(socket);
                    read(socket, 16);
                    write(socket, "\0one\u00ff\0\u00ff\0t");
                    Evy.yield();
                    write(socket, "wo\u00c3");
                    write(socket, "\u00a9\u00ff\0bad \u00fe\u00ff");

                    assertThat(read(socket, 5)).isEqualTo("\0one\u00ff");
                    assertThat(read(socket, 2)).isEqualTo("\0\u00ff");
                    assertThat(read(socket, 7)).isEqualTo("\0two\u00c3\u00a9\u00ff");
                    assertThat(read(socket, 9)).isEqualTo("\0bad \u00ef\u00bf\u00bd\u00ff");

                    write(socket, "\u00ff\0");
                    assertThat(read(socket, 2)).isEqualTo("\u00ff\0");
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                });
    }

    @Test
    @Spec("WS6")
    void close_byServer_draft76SaysSoOnceDraft75JustCloses() throws Exception {
        App app =
                WebSocketApp.of(
                        ws -> {
                            ws.send("bye");
                            ws.close();
                        },
                        WebSocketOptions.DEFAULT.withLegacy());
        talk(
                app,
                DRAFT_76,
                socket -> {
                    Handshakes.head(socket);
                    read(socket, 16);
                    assertThat(read(socket, 100)).isEqualTo("\0bye\u00ff\u00ff\0");
                });
        talk(
                app,
                DRAFT_75,
                socket -> {
                    Handshakes.head(socket);
                    assertThat(read(socket, 100)).isEqualTo("\0bye\u00ff");
                });
    }

    @Test
    @Spec("WS6")
    void receive_invalidFrameType_isAnErrorInTheHandler() throws Exception {
        Event<String> error = new Event<>();
        App app =
                WebSocketApp.of(
                        ws -> {
                            try {
                                ws.receive();
                            } catch (WebSocketException e) {
                                error.send(e.getMessage());
                            }
                        },
                        WebSocketOptions.DEFAULT.withLegacy());
        talk(
                app,
                DRAFT_75,
                socket -> {
                    Handshakes.head(socket);
                    write(socket, "\u0001x\u00ff");
                    assertThat(error.await()).contains("frame type 1");
                });
    }

    @Test
    @Spec("WS7")
    void receive_peerGone_nullAndNullAgain() throws Exception {
        Event<Boolean> ended = new Event<>();
        App app =
                WebSocketApp.of(
                        ws -> ended.send(ws.receive() == null && ws.receive() == null),
                        WebSocketOptions.DEFAULT.withLegacy());
        talk(
                app,
                DRAFT_75,
                socket -> {
                    Handshakes.head(socket);
                    socket.close();
                    assertThat(ended.await()).isTrue();
                });
    }

    private static App app(WebSocketHandler handler) {
        return WebSocketApp.of(handler, WebSocketOptions.DEFAULT.withLegacy());
    }

    @Test
    void receive_messageBeyondTheLimit_isAnErrorAndEnds() throws Exception {
        Event<String> error = new Event<>();
        App app =
                WebSocketApp.of(
                        ws -> {
                            assertThat(ws.receive()).isEqualTo(new Message.Text("four"));
                            try {
                                ws.receive();
                            } catch (WebSocketException e) {
                                error.send(e.getMessage() + " " + ws.closeStatus().code());
                            }
                        },
                        WebSocketOptions.DEFAULT.withLegacy().withLimits(4, 4));
        talk(
                app,
                DRAFT_75,
                socket -> {
                    Handshakes.head(socket);
                    write(socket, "\0four\u00ff\0fiver\u00ff");
                    assertThat(error.await()).contains("limit of 4 bytes").endsWith("1006");
                });
    }

    @Test
    void handle_frameInOnePacketWithTheHandshake_isRead() throws Exception {
        talk(
                ECHO,
                DRAFT_76 + "\0at once\u00ff",
                socket -> {
                    Handshakes.head(socket);
                    assertThat(read(socket, 16)).isEqualTo("8jKS'y:G*Co,Wxa-");
                    assertThat(read(socket, 9)).isEqualTo("\0at once\u00ff");
                });
    }

    @Test
    void streams_ofText_areWholeMessages() throws Exception {
        App app =
                app(
                        ws -> {
                            Writer out = ws.sendText();
                            try (out;
                                    MessageInput in = ws.receiveStream()) {
                                out.write("text " + in.isText() + " ");
                                out.write(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                            }
                            out.close(); // again: nothing more is sent
                            ws.send(String.valueOf(ws.receiveStream()));
                        });
        talk(
                app,
                DRAFT_75,
                socket -> {
                    Handshakes.head(socket);
                    write(socket, "\0x\u00ff");
                    assertThat(read(socket, 13)).isEqualTo("\0text true x\u00ff");
                    socket.shutdownOutput();
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                });
    }

    @Test
    void send_whatTheDraftsDoNotKnow_isRefusedAndTheConnectionGoesOn() throws Exception {
        App app =
                app(
                        ws -> {
                            for (ThrowingCallable call :
                                    List.<ThrowingCallable>of(
                                            () -> ws.send(new byte[1]), ws::sendStream)) {
                                assertThatThrownBy(call)
                                        .isInstanceOf(WebSocketException.class)
                                        .hasMessageContaining("knows text only");
                            }
                            ws.ping(new byte[1]); // passed over
                            ws.send(
                                    String.join(
                                            " ",
                                            ws.target(),
                                            ws.header("Origin"),
                                            ws.subprotocol(),
                                            String.valueOf(ws.closeStatus()),
                                            ((InetSocketAddress) ws.remoteAddress())
                                                            .getAddress()
                                                            .isLoopbackAddress()
                                                    ? "here"
                                                    : "there"));
                            ws.close();
                            assertThatThrownBy(() -> ws.send("late"))
                                    .isInstanceOf(WebSocketException.class)
                                    .hasMessageContaining("closed");
                        });
        talk(
                app,
                DRAFT_76,
                socket -> {
                    Handshakes.head(socket);
                    read(socket, 16);
                    assertThat(read(socket, 100))
                            .isEqualTo("\0/echo?a=b http://localhost:1 ws null here\u00ff\u00ff\0");
                });
    }

    @Test
    void handle_originNotAdmitted_403() throws Exception {
        App app =
                WebSocketApp.of(
                        ws -> {}, WebSocketOptions.DEFAULT.withLegacy().withOrigins("x"::equals));

        assertThat(Handshakes.refusal(app, DRAFT_75)).contains(" 403 ");
    }

    @Test
    void handle_clientLeavesInTheHandshake_isNotServed() throws Exception {
        Event<Boolean> served = new Event<>();
        App app = app(_ -> served.send(true));
        talk(
                app,
                DRAFT_76.substring(0, DRAFT_76.length() - 1),
                socket -> {
                    socket.shutdownOutput();
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                    assertThat(served.isReady()).isFalse();
                });
    }
}
