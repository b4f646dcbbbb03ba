package evy.web.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.web.Headers;
import evy.web.websocket.Message.Binary;
import evy.web.websocket.Message.Text;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** What RFC 6455, sections 5 to 7, demands of an end point; each test quotes its sentence. */
@ExtendWith(LeakCheckExtension.class)
class Rfc6455Test {
    private static final int FIN = 0x80;
    private static final int TEXT = FIN | Opcode.TEXT;
    private static final int BINARY = FIN | Opcode.BINARY;
    private static final int CLOSE = FIN | Opcode.CLOSE;
    private static final int PING = FIN | Opcode.PING;
    private static final int PONG = FIN | Opcode.PONG;
    private static final Duration SOON = Duration.ofMillis(50);

    /** Does something with a link, on a green thread. */
    private interface Scene {
        void play(Rfc6455WebSocket ws, Peer peer) throws Exception;
    }

    private static void server(Scene scene) throws Exception {
        Evy.run(
                () -> {
                    try (Link link = Link.server()) {
                        scene.play(link.ws, link.peer);
                    }
                });
    }

    private static void client(Scene scene) throws Exception {
        Evy.run(
                () -> {
                    try (Link link = Link.client()) {
                        scene.play(link.ws, link.peer);
                    }
                });
    }

    /* The ws gets what the peer sends, ends, and tells the peer so. */
    private static void refused(int code, String reason, Scene sending) throws Exception {
        server(
                (ws, peer) -> {
                    sending.play(ws, peer);

                    Peer.Frame close = refusal(ws, peer);

                    assertThat(close.closeCode()).isEqualTo(code);
                    assertThat(close.closeReason()).contains(reason);
                    assertThat(ws.closeStatus().code()).isEqualTo(code);
                    assertThat(ws.receive()).isNull();
                });
    }

    private static Peer.Frame refusal(Rfc6455WebSocket ws, Peer peer) throws IOException {
        GreenThread<Message> receiver = Evy.spawn(ws::receive);
        Peer.Frame close = peer.receive();
        assertThat(close.opcode()).isEqualTo(Opcode.CLOSE);
        assertThat(peer.readToEnd()).isZero();
        peer.close();
        assertThat(receiver.join()).isNull();
        return close;
    }

    /** 5.1: "The server MUST close the connection upon receiving a frame that is not masked." */
    @Test
    @Spec({"WS14", "WS21"})
    void serverReceive_unmaskedFrame_closes1002() throws Exception {
        refused(1002, "mask", (ws, peer) -> peer.sendHex("81 05 48 65 6c 6c 6f"));
    }

    /** 5.1: "A client MUST close a connection if it detects a masked frame." */
    @Test
    @Spec({"WS14", "WS17"})
    void clientReceive_maskedFrame_closes1002() throws Exception {
        client(
                (ws, peer) -> {
                    peer.sendHex("81 85 37 fa 21 3d 7f 9f 4d 51 58");

                    assertThat(refusal(ws, peer).closeCode()).isEqualTo(1002);
                });
    }

    /** 5.1: "a client MUST mask all frames that it sends to the server", empty ones included. */
    @Test
    @Spec({"WS17", "WS21"})
    void clientSend_anyFrame_isMasked() throws Exception {
        client(
                (ws, peer) -> {
                    ws.send("");
                    ws.send("hello");
                    ws.ping(new byte[0]);

                    for (String expected : List.of("", "hello", "")) {
                        Peer.Frame frame = peer.receive();
                        assertThat(frame.masked()).isTrue();
                        assertThat(frame.text()).isEqualTo(expected);
                    }
                });
    }

    /** 5.1: "A server MUST NOT mask any frames that it sends to the client." */
    @Test
    void serverSend_anyFrame_isNotMasked() throws Exception {
        server(
                (ws, peer) -> {
                    ws.send("hello");

                    Peer.Frame frame = peer.receive();
                    assertThat(frame.first()).isEqualTo(TEXT);
                    assertThat(frame.masked()).isFalse();
                    assertThat(frame.text()).isEqualTo("hello");
                });
    }

    /** 5.2: RSV bits "MUST be 0 unless an extension is negotiated that defines meanings". */
    @ParameterizedTest
    @ValueSource(ints = {0x40, 0x20, 0x10, 0x70})
    @Spec({"WS14", "WS21"})
    void receive_reservedBits_closes1002(int bits) throws Exception {
        refused(1002, "reserved", (ws, peer) -> peer.send(TEXT | bits, "x"));
    }

    /** 5.2: "If an unknown opcode is received, the receiving endpoint MUST fail" */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    @Spec("WS14")
    void receive_unknownOpcode_closes1002(int opcode) throws Exception {
        refused(1002, "opcode " + opcode, (ws, peer) -> peer.send(FIN | opcode, "x"));
    }

    /** 5.2: "in all cases, the minimal number of bytes MUST be used to encode the length" */
    @ParameterizedTest
    @ValueSource(strings = {"81 fe 00 7d 00000000", "81 ff 00 00 00 00 00 00 ff ff 00000000"})
    @Spec("WS14")
    void receive_lengthNotMinimal_closes1002(String header) throws Exception {
        refused(1002, "shortest", (ws, peer) -> peer.sendHex(header));
    }

    /** 5.2: 64-bit length, "the most significant bit MUST be 0" */
    @Test
    @Spec("WS14")
    void receive_lengthNegative_closes1002() throws Exception {
        refused(1002, "highest bit", (ws, peer) -> peer.sendHex("82 ff ffffffffffffffff 00000000"));
    }

    /** 5.2: lengths of 7, 16 and 64 bits. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65535, 65536, 300_000})
    @Spec("WS12")
    void echo_everyLength_textAndBytes(int length) throws Exception {
        server(
                (ws, peer) -> {
                    String text = "x".repeat(length);
                    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
                    GreenThread<?> sender =
                            Evy.spawn(
                                    () -> {
                                        peer.send(TEXT, text);
                                        peer.send(BINARY, bytes);
                                        return null;
                                    });

                    Message first = ws.receive();
                    Message second = ws.receive();
                    sender.join();
                    GreenThread<?> echo =
                            Evy.spawn(
                                    () -> {
                                        ws.send(first);
                                        ws.send(second);
                                        return null;
                                    });

                    assertThat(first).isEqualTo(new Text(text));
                    assertThat(second).isEqualTo(new Binary(bytes));
                    assertThat(peer.receive().text()).isEqualTo(text);
                    assertThat(peer.receive().payload()).isEqualTo(bytes);
                    echo.join();
                });
    }

    /** 5.4: fragments of one message, control frames among them. */
    @Test
    @Spec("WS13")
    void receive_fragmentsWithPingsAmongThem_oneMessageAndPongs() throws Exception {
        server(
                (ws, peer) -> {
                    peer.send(Opcode.TEXT, "one ");
                    peer.send(PING, "p1");
                    peer.send(Opcode.CONTINUATION, "");
                    peer.send(PONG, "unasked");
                    peer.send(Opcode.CONTINUATION, "two ");
                    peer.send(PING, "");
                    peer.send(FIN, "three");

                    assertThat(ws.receive()).isEqualTo(new Text("one two three"));
                    Peer.Frame first = peer.receive();
                    assertThat(first.first()).isEqualTo(PONG);
                    assertThat(first.text()).isEqualTo("p1");
                    assertThat(peer.receive().text()).isEmpty();
                });
    }

    /** 5.4: "Control frames themselves MUST NOT be fragmented." */
    @Test
    @Spec("WS14")
    void receive_fragmentedControlFrame_closes1002() throws Exception {
        refused(1002, "fragmented control", (ws, peer) -> peer.send(Opcode.PING, "x"));
    }

    /** 5.5: "All control frames MUST have a payload length of 125 bytes or less" */
    @Test
    @Spec("WS14")
    void receive_longControlFrame_closes1002() throws Exception {
        refused(1002, "125", (ws, peer) -> peer.send(PING, "x".repeat(126)));
    }

    @Test
    void ping_longPayload_throws() throws Exception {
        server(
                (ws, peer) ->
                        assertThatThrownBy(() -> ws.ping(new byte[126]))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("126"));
    }

    /** 5.4: a continuation without a message; a message within a message. */
    @Test
    @Spec("WS14")
    void receive_framesOutOfOrder_closes1002() throws Exception {
        refused(1002, "not begun", (ws, peer) -> peer.send(FIN, "x"));
        refused(
                1002,
                "inside",
                (ws, peer) -> {
                    peer.send(Opcode.TEXT, "x");
                    peer.send(TEXT, "y");
                });
    }

    /** 5.5.2: "Upon receipt of a Ping frame, an endpoint MUST send a Pong frame in response" */
    @Test
    @Spec("WS13")
    void receive_ping_answeredWithTheSameData() throws Exception {
        server(
                (ws, peer) -> {
                    peer.send(PING, "are you there");
                    peer.send(TEXT, "x");

                    ws.receive();

                    assertThat(peer.receive().text()).isEqualTo("are you there");
                });
    }

    /**
     * 8.1: "When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream
     * is not, in fact, a valid UTF-8 stream, that endpoint MUST Fail"
     */
    @Test
    @Spec("WS21")
    void receive_textNotUtf8_closes1007() throws Exception {
        byte[] bad = {'a', (byte) 0xff};
        refused(1007, "UTF-8", (ws, peer) -> peer.send(TEXT, bad));
        byte[] cut = {(byte) 0xc3};
        refused(1007, "UTF-8", (ws, peer) -> peer.send(TEXT, cut));
    }

    /**
     * A character may be cut by fragments; a bad byte is told at once, not at the message's end.
     */
    @Test
    @Spec("WS21")
    void receive_textInFragments_checkedAcrossThemAndAtOnce() throws Exception {
        server(
                (ws, peer) -> {
                    peer.send(Opcode.TEXT, new byte[] {'a', (byte) 0xc3});
                    peer.send(FIN, new byte[] {(byte) 0xa9});

                    assertThat(ws.receive()).isEqualTo(new Text("aé"));
                });
        refused(1007, "", (ws, peer) -> peer.send(Opcode.TEXT, new byte[] {(byte) 0xc0}));
    }

    /** 5.5.1: "the endpoint MUST send a Close frame in response", with the code that came. */
    @ParameterizedTest
    @ValueSource(
            ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1014, 3000, 4999})
    @Spec({"WS14", "WS15", "WS16"})
    void receive_close_echoedOnceAndEnds(int code) throws Exception {
        server(
                (ws, peer) -> {
                    peer.send(CLOSE, closing(code, "bye"));

                    assertThat(ws.receive()).isNull();
                    assertThat(ws.receive()).isNull();

                    assertThat(ws.closeStatus()).isEqualTo(new CloseStatus(code, "bye"));
                    assertThat(peer.receive().closeCode()).isEqualTo(code);
                    assertThat(peer.readToEnd()).isZero();
                });
    }

    @Test
    @Spec("WS15")
    void receive_closeWithoutCode_answered1000() throws Exception {
        server(
                (ws, peer) -> {
                    peer.send(CLOSE, "");

                    assertThat(ws.receive()).isNull();
                    assertThat(ws.closeStatus().code()).isEqualTo(CloseStatus.NONE);
                    assertThat(peer.receive().closeCode()).isEqualTo(1000);
                });
    }

    /** 7.4.1, 7.4.2: codes that "MUST NOT be set" by an endpoint, or are not used. */
    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
    @Spec("WS14")
    void receive_illegalCloseCode_closes1002(int code) throws Exception {
        refused(1002, "" + code, (ws, peer) -> peer.send(CLOSE, closing(code, "")));
    }

    /** 5.5.1: "the first two bytes of the body MUST be a 2-byte unsigned integer" */
    @Test
    @Spec("WS14")
    void receive_closeOfOneByte_closes1002() throws Exception {
        refused(1002, "one byte", (ws, peer) -> peer.send(CLOSE, new byte[] {3}));
    }

    @Test
    @Spec("WS14")
    void receive_closeReasonNotUtf8_closes1007() throws Exception {
        refused(1007, "", (ws, peer) -> peer.send(CLOSE, new byte[] {3, (byte) 0xe8, (byte) 0xff}));
    }

    /** 5.5.1: "The application MUST NOT send any more data frames after sending a Close frame." */
    @Test
    void send_afterClose_throws() throws Exception {
        server(
                (ws, peer) -> {
                    GreenThread<?> closing = Evy.spawn(() -> ws.close(4000, "enough"));
                    assertThat(peer.receive().closeCode()).isEqualTo(4000);

                    assertThatThrownBy(() -> ws.send("x"))
                            .isInstanceOf(WebSocketException.class)
                            .hasMessageContaining("4000");

                    peer.send(CLOSE, closing(4000, ""));
                    closing.join();
                    assertThat(peer.readToEnd()).isZero();
                });
    }

    /** 7.1.2: closing waits for the peer's part; what it still sends is passed over. */
    @Test
    void close_peerStillSends_waitsForItsClose() throws Exception {
        server(
                (ws, peer) -> {
                    GreenThread<?> closing = Evy.spawn(() -> ws.close());
                    peer.receive();
                    peer.send(TEXT, "late");
                    peer.send(PING, "late");
                    Evy.yield();
                    assertThat(closing.isDead()).isFalse();

                    peer.send(CLOSE, closing(1000, ""));
                    closing.join();

                    assertThat(peer.readToEnd()).isZero();
                    assertThat(ws.isOpen()).isFalse();
                });
    }

    @Test
    void close_whileAnotherReceives_itGetsNull() throws Exception {
        server(
                (ws, peer) -> {
                    GreenThread<Message> receiver = Evy.spawn(ws::receive);
                    Evy.yield();
                    GreenThread<?> closing = Evy.spawn(() -> ws.close());
                    peer.receive();
                    peer.send(CLOSE, closing(1000, ""));

                    assertThat(receiver.join()).isNull();
                    closing.join();
                });
    }

    @Test
    void close_peerNeverAnswers_endsInTime() throws Exception {
        Evy.run(
                () -> {
                    WebSocketOptions hasty =
                            WebSocketOptions.DEFAULT.withTimeouts(Duration.ofSeconds(1), SOON);
                    try (Link link = Link.server(hasty, null)) {
                        link.ws.close();

                        assertThat(link.ws.closeStatus().code()).isEqualTo(1000);
                        assertThat(link.ws.receive()).isNull();
                    }
                });
    }

    @Test
    void close_twice_sendsOneFrame() throws Exception {
        server(
                (ws, peer) -> {
                    peer.send(CLOSE, closing(1000, ""));
                    ws.receive();
                    ws.close();
                    ws.close(3000, "again");

                    peer.receive();
                    assertThat(peer.readToEnd()).isZero();
                });
    }

    @ParameterizedTest
    @CsvSource({"999, x", "1005, x", "1006, x", "5000, x"})
    void close_codeThatCannotBeSent_throws(int code, String reason) throws Exception {
        server(
                (ws, peer) -> {
                    assertThatThrownBy(() -> ws.close(code, reason))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("" + code);
                    assertThatThrownBy(() -> ws.close(1000, "ä".repeat(62)))
                            .hasMessageContaining("124");
                    peer.send(CLOSE, "");
                });
    }

    @Test
    @Spec("WS16")
    void receive_peerVanishes_isAnOrdinaryEnd() throws Exception {
        server(
                (ws, peer) -> {
                    peer.sendHex("81 85 37 fa 21");
                    peer.close();

                    assertThat(ws.receive()).isNull();
                    assertThat(ws.closeStatus().code()).isEqualTo(CloseStatus.LOST);
                });
    }

    /** A half-closed peer has gone without a word: nobody can answer it. */
    @Test
    void receive_peerHalfClosed_isLost() throws Exception {
        server(
                (ws, peer) -> {
                    peer.shutdownOutput();

                    assertThat(ws.receive()).isNull();
                    assertThat(peer.readToEnd()).isZero();
                });
    }

    @Test
    @Spec("WS15")
    void receive_limits_exactlyPassesMoreCloses1009() throws Exception {
        WebSocketOptions limited = WebSocketOptions.DEFAULT.withLimits(10, 8);
        Evy.run(
                () -> {
                    try (Link link = Link.server(limited, null)) {
                        link.peer.send(TEXT, "12345678");
                        link.peer.send(Opcode.TEXT, "12345");
                        link.peer.send(FIN, "67890");
                        assertThat(link.ws.receive()).isEqualTo(new Text("12345678"));
                        assertThat(link.ws.receive()).isEqualTo(new Text("1234567890"));

                        link.peer.send(TEXT, "123456789");
                        Peer.Frame close = refusal(link.ws, link.peer);
                        assertThat(close.closeCode()).isEqualTo(1009);
                        assertThat(close.closeReason()).contains("9").contains("8");
                    }
                    try (Link link = Link.server(limited, null)) {
                        link.peer.send(Opcode.TEXT, "12345678");
                        link.peer.send(FIN, "901");
                        assertThat(refusal(link.ws, link.peer).closeReason())
                                .contains("11")
                                .contains("10");
                    }
                });
    }

    /** Memory is not given for what is only announced. */
    @Test
    void receive_hugeLengthAnnounced_refusedBeforeItComes() throws Exception {
        refused(1009, "exceeds", (ws, peer) -> peer.sendHex("82 ff 7fffffffffffffff 00000000"));
    }

    @Test
    @Spec("WS8")
    void send_fromManyThreads_framesNeverMix() throws Exception {
        server(
                (ws, peer) -> {
                    List<GreenThread<?>> senders = new ArrayList<>();
                    for (int i = 0; i < 20; i++) {
                        String text = ("" + (char) ('a' + i)).repeat(50_000);
                        senders.add(Evy.spawn(() -> ws.send(text)));
                    }

                    for (int i = 0; i < 20; i++) {
                        String text = peer.receive().text();
                        assertThat(text).hasSize(50_000).matches("(.)\\1*");
                    }
                    for (GreenThread<?> sender : senders) {
                        sender.join();
                    }
                });
    }

    @Test
    void sendStream_fragments_controlFramesMayGoBetween() throws Exception {
        server(
                (ws, peer) -> {
                    GreenThread<?> other;
                    try (Writer out = ws.sendText()) {
                        out.write("one");
                        out.flush();
                        other = Evy.spawn(() -> ws.send("other"));
                        Evy.yield();
                        ws.ping(new byte[] {1});
                        out.write("two");
                    }
                    other.join();

                    assertThat(peer.receive().first()).isEqualTo(Opcode.TEXT);
                    assertThat(peer.receive().opcode()).isEqualTo(Opcode.PING);
                    Peer.Frame second = peer.receive();
                    assertThat(second.first()).isEqualTo(Opcode.CONTINUATION);
                    assertThat(second.text()).isEqualTo("two");
                    assertThat(peer.receive().first()).isEqualTo(FIN);
                    assertThat(peer.receive().text()).isEqualTo("other");
                });
    }

    @Test
    void sendStream_empty_isAnEmptyMessage() throws Exception {
        server(
                (ws, peer) -> {
                    OutputStream out = ws.sendStream();
                    out.close();
                    out.close();

                    assertThat(peer.receive().first()).isEqualTo(BINARY);
                    assertThatThrownBy(() -> out.write(1)).isInstanceOf(IOException.class);
                });
    }

    @Test
    void receiveStream_partlyRead_nextPassesOverTheRest() throws Exception {
        server(
                (ws, peer) -> {
                    peer.send(Opcode.BINARY, "abc");
                    peer.send(FIN, "def");
                    peer.send(TEXT, "next");

                    MessageInput in = ws.receiveStream();
                    assertThat(in.isText()).isFalse();
                    assertThat(in.readNBytes(4)).isEqualTo("abcd".getBytes());

                    assertThat(ws.receive()).isEqualTo(new Text("next"));
                    assertThat(in.read()).isEqualTo(-1);
                });
    }

    @Test
    void receive_timeoutInTheMiddle_resumes() throws Exception {
        server(
                (ws, peer) -> {
                    byte[] frame = Peer.frame(TEXT, "hello".getBytes(), true);
                    for (byte b : frame) {
                        Message early = Timeout.call(Duration.ofMillis(1), ws::receive, null);
                        assertThat(early).isNull();
                        peer.sendRaw(new byte[] {b});
                    }

                    assertThat(ws.receive()).isEqualTo(new Text("hello"));
                });
    }

    @Test
    void send_timeoutInTheMiddleOfAFrame_closesTheConnection() throws Exception {
        server(
                (ws, peer) -> {
                    byte[] large = new byte[8 << 20];

                    boolean sent = Timeout.run(SOON, () -> ws.send(large));

                    assertThat(sent).isFalse();
                    assertThatThrownBy(() -> ws.send("x")).isInstanceOf(IOException.class);
                    assertThat(ws.receive()).isNull();
                });
    }

    @Test
    @Spec("WS13")
    void send_nobodyReceives_pingIsAnsweredAllTheSame() throws Exception {
        server(
                (ws, peer) -> {
                    peer.send(0x89, "there?");

                    ws.send("a");
                    ws.send("b");

                    assertThat(peer.receive().text()).isEqualTo("a");
                    assertThat(peer.receive().first()).isEqualTo(0x8a);
                    assertThat(peer.receive().text()).isEqualTo("b");
                });
    }

    @Test
    @Spec("WS16")
    void send_nobodyReceives_closeIsSeenAllTheSame() throws Exception {
        server(
                (ws, peer) -> {
                    peer.send(0x81, "");
                    ws.receive();
                    peer.sendHex("8882 37fa213d 3412");

                    ws.send("a");

                    assertThatThrownBy(() -> ws.send("b")).isInstanceOf(WebSocketException.class);
                    assertThat(ws.closeStatus().code()).isEqualTo(1000);
                });
    }

    @Test
    @Spec("WS13")
    void receive_pingWhileASenderIsStuck_goesOnAndAnswersLater() throws Exception {
        server(
                (ws, peer) -> {
                    GreenThread<?> sender = Evy.spawn(() -> ws.send(new byte[8 << 20]));
                    Evy.yield();
                    peer.send(0x89, "first");
                    peer.send(0x89, "last");
                    peer.send(0x81, "x");

                    assertThat(ws.receive()).isEqualTo(new Text("x"));

                    assertThat(peer.receive().payload().length).isEqualTo(8 << 20);
                    Peer.Frame pong = peer.receive();
                    assertThat(pong.first()).isEqualTo(0x8a);
                    assertThat(pong.text()).isEqualTo("last");
                    sender.join();
                });
    }

    @Test
    void send_peerTakesNothing_isGivenUp() throws Exception {
        WebSocketOptions nervous =
                WebSocketOptions.DEFAULT.withKeepAlive(Duration.ZERO, Duration.ofMillis(50));
        Evy.run(
                () -> {
                    try (Link link = Link.server(nervous, null)) {
                        assertThatThrownBy(() -> link.ws.send(new byte[8 << 20]))
                                .isInstanceOf(WebSocketException.class)
                                .hasMessageContaining("taken nothing");
                        assertThat(link.ws.isOpen()).isFalse();
                    }
                });
    }

    @Test
    void receive_closeWhileASenderIsStuck_endsInTime() throws Exception {
        WebSocketOptions brisk = WebSocketOptions.DEFAULT.withTimeouts(SOON, SOON);
        Evy.run(
                () -> {
                    try (Link link = Link.server(brisk, null)) {
                        GreenThread<?> sender = Evy.spawn(() -> link.ws.send(new byte[8 << 20]));
                        Evy.yield();
                        link.peer.send(0x88, new byte[] {3, (byte) 0xe8});

                        assertThat(link.ws.receive()).isNull();
                        assertThatThrownBy(sender::join).isInstanceOf(Exception.class);
                    }
                });
    }

    @Test
    @Spec("WS21")
    void receive_silence_pingsThenGivesUp() throws Exception {
        WebSocketOptions nervous =
                WebSocketOptions.DEFAULT.withKeepAlive(
                        Duration.ofMillis(20), Duration.ofMillis(60));
        Evy.run(
                () -> {
                    try (Link link = Link.server(nervous, null)) {
                        GreenThread<Message> receiver = Evy.spawn(link.ws::receive);

                        assertThat(link.peer.receive().opcode()).isEqualTo(Opcode.PING);
                        assertThat(link.peer.receive().opcode()).isEqualTo(Opcode.PING);

                        assertThat(receiver.join()).isNull();
                        assertThat(link.ws.closeStatus().code()).isEqualTo(CloseStatus.LOST);
                    }
                });
    }

    @Test
    @Spec("WS19")
    void compression_allTakeoverCombinations_bothWays() throws Exception {
        for (Compression ours : List.of(Compression.WITH_CONTEXT, Compression.WITHOUT_CONTEXT)) {
            for (String offer :
                    List.of(
                            "permessage-deflate",
                            "permessage-deflate; client_no_context_takeover",
                            "permessage-deflate; server_no_context_takeover")) {
                Evy.run(() -> echoCompressed(ours, offer));
            }
        }
    }

    private static void echoCompressed(Compression ours, String offer) throws IOException {
        WebSocketOptions options = WebSocketOptions.DEFAULT.withCompression(ours);
        try (Link link = Link.server(options, offer)) {
            DeflateAgreement agreed = DeflateAgreement.choose(Extension.parse(offer), ours);
            DeflateAgreement theirs =
                    new DeflateAgreement(
                            ours,
                            agreed.keepPeerContext(),
                            agreed.keepOwnContext(),
                            agreed.reply());
            Deflation deflation = new Deflation(theirs);
            Inflation inflation = new Inflation(theirs);
            String text = "the same text again and again, the same text. ".repeat(50);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 3; i++) {
                deflation.message(bytes, 0, bytes.length);
                byte[] sent = java.util.Arrays.copyOf(deflation.output(), deflation.length());
                int half = sent.length / 2;
                link.peer.send(0x40 | Opcode.TEXT, java.util.Arrays.copyOf(sent, half));
                link.peer.send(PING, "between");
                link.peer.send(FIN, java.util.Arrays.copyOfRange(sent, half, sent.length));
                link.peer.send(TEXT, "plain");

                assertThat(link.ws.receive()).isEqualTo(new Text(text));
                assertThat(link.ws.receive()).isEqualTo(new Text("plain"));
                assertThat(link.peer.receive().first()).isEqualTo(PONG);

                link.ws.send(text);
                Peer.Frame back = link.peer.receive();
                assertThat(back.first()).isEqualTo(0x40 | TEXT);
                assertThat(back.payload().length).isLessThan(bytes.length / 4);
                assertThat(inflate(inflation, back.payload(), bytes.length)).isEqualTo(bytes);
            }
            deflation.close();
            inflation.close();
        }
    }

    private static byte[] inflate(Inflation inflation, byte[] payload, int length)
            throws IOException {
        byte[] out = new byte[length + 1];
        int n = 0;
        for (byte[] part : new byte[][] {payload, Deflation.TAIL}) {
            inflation.feed(part, part.length);
            for (int k = inflation.read(out, n, out.length - n); k > 0; ) {
                n += k;
                k = inflation.read(out, n, out.length - n);
            }
        }
        inflation.endMessage();
        return java.util.Arrays.copyOf(out, n);
    }

    @Test
    void compression_streamedMessage_fragmentsInflateToTheWhole() throws Exception {
        WebSocketOptions options =
                WebSocketOptions.DEFAULT.withCompression(Compression.WITH_CONTEXT);
        Evy.run(
                () -> {
                    try (Link link = Link.server(options, "permessage-deflate")) {
                        try (OutputStream out = link.ws.sendStream()) {
                            out.write("aaaaaaaaaabbbbbbbbbb".getBytes());
                            out.flush();
                            out.write("aaaaaaaaaabbbbbbbbbb".getBytes());
                        }

                        var all = new java.io.ByteArrayOutputStream();
                        Peer.Frame frame = link.peer.receive();
                        assertThat(frame.first()).isEqualTo(0x40 | Opcode.BINARY);
                        while (true) {
                            all.write(frame.payload());
                            if ((frame.first() & FIN) != 0) {
                                break;
                            }
                            frame = link.peer.receive();
                            assertThat(frame.first() & 0x40).isZero();
                        }
                        Inflation inflation =
                                new Inflation(
                                        new DeflateAgreement(
                                                Compression.WITH_CONTEXT,
                                                true,
                                                true,
                                                new Extension("x", java.util.Map.of())));
                        assertThat(new String(inflate(inflation, all.toByteArray(), 40)))
                                .isEqualTo("aaaaaaaaaabbbbbbbbbb".repeat(2));
                        inflation.close();
                    }
                });
    }

    @Test
    @Spec("WS15")
    void compression_bomb_refusedByTheLimit() throws Exception {
        WebSocketOptions options =
                WebSocketOptions.DEFAULT
                        .withCompression(Compression.WITH_CONTEXT)
                        .withLimits(100_000, 100_000);
        Evy.run(
                () -> {
                    try (Link link = Link.server(options, "permessage-deflate")) {
                        Deflation deflation =
                                new Deflation(
                                        DeflateAgreement.choose(
                                                Extension.parse("permessage-deflate"),
                                                Compression.WITH_CONTEXT));
                        deflation.message(new byte[50_000_000], 0, 50_000_000);
                        link.peer.send(
                                0x40 | BINARY,
                                java.util.Arrays.copyOf(deflation.output(), deflation.length()));
                        deflation.close();

                        assertThat(refusal(link.ws, link.peer).closeCode()).isEqualTo(1009);
                    }
                });
    }

    @Test
    @Spec({"WS14", "WS21"})
    void compression_bitOnContinuationOrControl_closes1002() throws Exception {
        WebSocketOptions options =
                WebSocketOptions.DEFAULT.withCompression(Compression.WITH_CONTEXT);
        for (int first : new int[] {0x40 | PING, 0x40 | FIN}) {
            Evy.run(
                    () -> {
                        try (Link link = Link.server(options, "permessage-deflate")) {
                            link.peer.send(Opcode.TEXT, "x");
                            link.peer.send(first, "x");

                            assertThat(refusal(link.ws, link.peer).closeCode()).isEqualTo(1002);
                        }
                    });
        }
    }

    @Test
    void compression_garbage_closes1007() throws Exception {
        WebSocketOptions options =
                WebSocketOptions.DEFAULT.withCompression(Compression.WITH_CONTEXT);
        Evy.run(
                () -> {
                    try (Link link = Link.server(options, "permessage-deflate")) {
                        link.peer.send(0x40 | BINARY, new byte[] {(byte) 0xff, (byte) 0xff, 1, 2});

                        assertThat(refusal(link.ws, link.peer).closeCode()).isEqualTo(1007);
                    }
                });
    }

    private static byte[] closing(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[2 + text.length];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, text.length);
        return payload;
    }

    // streams, and ends that are not ordinary

    @Test
    void receiveStream_peerCloses_isNullFromThenOn() throws Exception {
        server(
                (ws, peer) -> {
                    peer.send(CLOSE, closing(1000, "bye"));

                    assertThat(ws.receiveStream()).isNull();
                    assertThat(ws.receiveStream()).isNull();
                    assertThat(ws.closeStatus()).isEqualTo(new CloseStatus(1000, "bye"));
                });
    }

    @Test
    void receiveStream_peerBreaksTheProtocol_isNullAndThePeerIsTold() throws Exception {
        server(
                (ws, peer) -> {
                    peer.send(FIN | 3, "x");
                    GreenThread<Boolean> ended = Evy.spawn(() -> ws.receiveStream() == null);

                    assertThat(peer.receive().closeCode()).isEqualTo(1002);
                    peer.close();
                    assertThat(ended.join()).isTrue();
                });
    }

    @Test
    void receiveStream_peerVanishesInTheMiddle_readingSaysSo() throws Exception {
        server(
                (ws, peer) -> {
                    peer.send(Opcode.TEXT, "half");
                    MessageInput message = ws.receiveStream();
                    assertThat(message.readNBytes(4)).asString().isEqualTo("half");
                    peer.close();

                    assertThatThrownBy(message::read)
                            .isInstanceOf(WebSocketException.class)
                            .hasMessageContaining("the message ends early")
                            .hasMessageContaining("1006");
                    assertThat(message.read()).isEqualTo(-1);
                    assertThat(ws.receiveStream()).isNull();
                });
    }

    @Test
    void receiveStream_nextOneIsAskedFor_theFormerIsAtItsEnd() throws Exception {
        server(
                (ws, peer) -> {
                    peer.send(TEXT, "first");
                    peer.send(TEXT, "second");
                    MessageInput first = ws.receiveStream();
                    MessageInput second = ws.receiveStream();

                    assertThat(first.read()).isEqualTo(-1);
                    assertThat(second.readAllBytes()).asString().isEqualTo("second");
                    assertThat(second.read()).isEqualTo(-1);
                });
    }

    @Test
    void sendStream_singleBytes_areGatheredUntilAFlush() throws Exception {
        server(
                (ws, peer) -> {
                    try (OutputStream stream = ws.sendStream()) {
                        stream.write('x');
                        stream.write('y');
                        stream.flush();
                        stream.write('z');
                    }

                    Peer.Frame first = peer.receive();
                    Peer.Frame last = peer.receive();
                    assertThat(first.first()).isEqualTo(Opcode.BINARY);
                    assertThat(first.text()).isEqualTo("xy");
                    assertThat(last.first()).isEqualTo(FIN);
                    assertThat(last.text()).isEqualTo("z");
                });
    }

    @Test
    void receive_interrupted_saysSoAndTheConnectionGoesOn() throws Exception {
        server(
                (ws, peer) -> {
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(ws::receive).isInstanceOf(InterruptedIOException.class);
                    assertThat(Thread.interrupted()).isTrue();

                    peer.send(TEXT, "on");
                    assertThat(ws.receive()).isEqualTo(new Text("on"));
                });
    }

    @Test
    void receive_interruptedWhileAnotherReceives_saysSoAndTheOtherGoesOn() throws Exception {
        server(
                (ws, peer) -> {
                    GreenThread<Message> first = Evy.spawn(ws::receive);
                    Evy.yield();
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(ws::receive)
                            .isInstanceOf(InterruptedIOException.class)
                            .hasMessageContaining("waiting for a turn");
                    assertThat(Thread.interrupted()).isTrue();

                    peer.send(TEXT, "on");
                    assertThat(first.join()).isEqualTo(new Text("on"));
                });
    }

    @Test
    void close_interruptedWhileAnotherReceives_endsAtOnceAndStaysInterrupted() throws Exception {
        server(
                (ws, peer) -> {
                    GreenThread<Message> receiver = Evy.spawn(ws::receive);
                    Evy.yield();
                    Thread.currentThread().interrupt();
                    ws.close();

                    assertThat(Thread.interrupted()).isTrue();
                    assertThat(ws.isOpen()).isFalse();
                    assertThat(receiver.join()).isNull();
                    assertThat(peer.receive().closeCode()).isEqualTo(1000);
                });
    }

    private static Rfc6455WebSocket over(ScriptedSocket socket) throws IOException {
        Transport transport = new Transport(socket, new byte[0], Duration.ZERO);
        return new Rfc6455WebSocket(
                transport,
                new Opening("/x?y", Headers.empty(), null, null),
                WebSocketOptions.DEFAULT,
                FrameWriter.plain(transport::write));
    }

    @Test
    void receive_transportFailsInItsOwnWay_throwsThatAndCloses() throws Exception {
        var socket =
                new ScriptedSocket(
                        ScriptedSocket.failing(new IOException("bad record")),
                        OutputStream.nullOutputStream());
        WebSocket ws = over(socket);

        assertThatThrownBy(ws::receive)
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("bad record");
        assertThat(socket.closed).isTrue();
        assertThat(ws.receive()).isNull();
        assertThat(ws.closeStatus().code()).isEqualTo(1006);
        assertThat(ws).hasToString("WebSocket /x?y closed by " + ws.closeStatus());
    }

    @Test
    void iterator_transportFails_throwsUncheckedAndEnds() throws Exception {
        WebSocket ws =
                over(
                        new ScriptedSocket(
                                ScriptedSocket.failing(new IOException("bad record")),
                                OutputStream.nullOutputStream()));
        Iterator<Message> messages = ws.iterator();

        assertThatThrownBy(messages::hasNext)
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("bad record");
        assertThat(messages.hasNext()).isFalse();
        assertThatThrownBy(messages::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("1006");
    }

    @Test
    void receive_wrongFrameOfAPeerThatCannotBeTold_endsAllTheSame() throws Exception {
        OutputStream broken =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("broken pipe");
                    }
                };
        var socket = new ScriptedSocket(new ByteArrayInputStream(new byte[] {3, 0}), broken);
        WebSocket ws = over(socket);

        assertThat(ws.receive()).isNull();
        assertThat(ws.closeStatus().code()).isEqualTo(1002);
        assertThat(socket.closed).isTrue();
    }

    @Test
    void receive_wrongFrameOnATransportThatCannotHalfClose_tellsAndEnds() throws Exception {
        var told = new ByteArrayOutputStream();
        var socket = new ScriptedSocket(new ByteArrayInputStream(new byte[] {3, 0}), told);
        WebSocket ws = over(socket);

        assertThat(ws.receive()).isNull();
        assertThat(told.toByteArray()).startsWith(CLOSE);
        assertThat(socket.closed).isTrue();
    }

    @Test
    void send_compressedAfterTheEnd_saysThatItIsClosed() throws Exception {
        WebSocketOptions options =
                WebSocketOptions.DEFAULT.withCompression(Compression.WITH_CONTEXT);
        Evy.run(
                () -> {
                    try (Link link = Link.server(options, "permessage-deflate")) {
                        link.peer.send(CLOSE, closing(1000, "bye"));
                        assertThat(link.ws.receive()).isNull();

                        assertThatThrownBy(() -> link.ws.send("z".repeat(1000)))
                                .isInstanceOf(WebSocketException.class)
                                .hasMessageContaining("bye");
                    }
                });
    }

    @Test
    void values_messages_areComparedByWhatIsInThem() {
        Binary one = new Binary(new byte[] {1, 2});

        assertThat(one).hasSameHashCodeAs(new Binary(new byte[] {1, 2}));
        assertThat(one.hashCode()).isNotEqualTo(new Binary(new byte[] {2, 1}).hashCode());
        assertThat(one).hasToString("Binary[2 bytes]");
    }
}
