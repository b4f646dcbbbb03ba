package evy.web.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.GreenThread;
import evy.io.GreenSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.web.App;
import evy.web.WebServer;
import evy.web.websocket.Message.Binary;
import evy.web.websocket.Message.Text;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the Autobahn test suite asks of an echo server, in the order of its groups; 8, 10 and 11 do
 * not exist or are about clients.
 */
@ExtendWith(LeakCheckExtension.class)
class AutobahnTest {
    private static final WebSocketOptions LARGE =
            WebSocketOptions.DEFAULT.withLimits(64 << 20, 64 << 20);

    private static App echo(WebSocketOptions options) {
        return WebSocketApp.of(
                ws -> {
                    for (Message message : ws) {
                        ws.send(message);
                    }
                },
                options);
    }

    /** What is done with a server. */
    private interface Use {
        void of(WebServer server) throws Exception;
    }

    private static void serve(WebSocketOptions options, Use use) throws Exception {
        Evy.run(
                () -> {
                    try (WebServer server = Handshakes.start(echo(options))) {
                        use.of(server);
                    }
                });
    }

    static List<AutobahnCases.Case> cases() {
        return AutobahnCases.all();
    }

    @ParameterizedTest
    @Spec({"WS12", "WS13", "WS14", "WS15"})
    @MethodSource("cases")
    void groups1to7_case_asExpected(AutobahnCases.Case one) throws Exception {
        serve(
                LARGE,
                server -> {
                    try (GreenSocket socket = Handshakes.send(server, Handshakes.rfc6455())) {
                        Handshakes.head(socket);
                        GreenThread<?> sending = Evy.spawn(() -> send(socket, one));

                        assertThat(received(new Peer(socket, true))).isEqualTo(one.expected());
                        sending.join();
                    }
                });
    }

    /* A server that has had enough closes, which is no failure of the sender. */
    private static void send(GreenSocket socket, AutobahnCases.Case one) {
        try {
            OutputStream out = socket.getOutputStream();
            for (int at = 0; at < one.sent().length; at += one.chop()) {
                out.write(one.sent(), at, Math.min(one.chop(), one.sent().length - at));
            }
        } catch (IOException e) {
            return;
        }
    }

    private static List<String> received(Peer peer) throws IOException {
        List<String> all = new ArrayList<>();
        Peer.Frame frame;
        do {
            frame = peer.receive();
            all.add(AutobahnCases.describe(frame.first(), frame.payload()));
        } while (frame.opcode() != Opcode.CLOSE);
        return all;
    }

    @ParameterizedTest
    @Spec("WS12")
    @ValueSource(ints = {64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20})
    void group9_largeMessages_echoed(int size) throws Exception {
        serve(
                LARGE,
                server -> {
                    try (WebSocket ws = WebSocket.connect(uri(server), LARGE)) {
                        byte[] bytes = new byte[size];
                        Arrays.fill(bytes, (byte) '*');
                        String text = new String(bytes, java.nio.charset.StandardCharsets.US_ASCII);
                        ws.send(text);
                        assertThat(((Text) ws.receive()).text().equals(text)).isTrue();
                        ws.send(bytes);
                        assertThat(ws.receive()).isEqualTo(new Binary(bytes));
                    }
                });
    }

    @ParameterizedTest
    @Spec("WS12")
    @CsvSource({"64, 65536", "256, 16384", "4096, 1024", "65536, 64", "1048576, 4"})
    void group9_manyFragments_echoedWhole(int size, int count) throws Exception {
        serve(
                LARGE,
                server -> {
                    try (WebSocket ws = WebSocket.connect(uri(server), LARGE)) {
                        GreenThread<?> sending =
                                Evy.spawn(
                                        () -> {
                                            try (OutputStream out = ws.sendStream()) {
                                                for (int i = 0; i < count; i++) {
                                                    out.write(new byte[size]);
                                                    out.flush();
                                                }
                                            }
                                        });
                        Binary echoed = (Binary) ws.receive();

                        assertThat(echoed.bytes().length).isEqualTo(size * count);
                        sending.join();
                    }
                });
    }

    @ParameterizedTest
    @Spec("WS12")
    @CsvSource({"0, false", "16, false", "1024, false", "16384, false", "16, true", "8192, true"})
    void groups9and12_thousandMessages_echoedInOrder(int size, boolean compressed)
            throws Exception {
        WebSocketOptions options =
                compressed ? LARGE.withCompression(new Compression(true, true, 6, 0)) : LARGE;
        serve(
                options,
                server -> {
                    try (WebSocket ws = WebSocket.connect(uri(server), options)) {
                        GreenThread<?> sending =
                                Evy.spawn(
                                        () -> {
                                            for (int i = 0; i < 1000; i++) {
                                                ws.send(i + "x".repeat(size));
                                            }
                                        });
                        for (int i = 0; i < 1000; i++) {
                            assertThat(ws.receive()).isEqualTo(new Text(i + "x".repeat(size)));
                        }
                        sending.join();
                    }
                });
    }

    private static URI uri(WebServer server) {
        return URI.create("ws://localhost:" + server.port() + "/");
    }

    /** The offers of group 13, each answered by terms that hold. */
    @ParameterizedTest
    @Spec({"WS18", "WS19"})
    @CsvSource(
            delimiter = '|',
            value = {
                "permessage-deflate | false",
                "permessage-deflate; client_no_context_takeover; client_max_window_bits | false",
                "permessage-deflate; server_max_window_bits=15; client_max_window_bits=15 | false",
                "permessage-deflate; server_no_context_takeover; client_max_window_bits=9 | true",
                "permessage-deflate; server_max_window_bits=9, permessage-deflate | false",
                "x-webkit-deflate-frame, permessage-deflate; server_no_context_takeover | true",
            })
    void group13_offer_isHonoured(String offer, boolean reset) throws Exception {
        serve(
                LARGE.withCompression(new Compression(true, true, 6, 0)),
                server -> {
                    String line = "Sec-WebSocket-Extensions: " + offer;
                    try (GreenSocket socket = Handshakes.send(server, Handshakes.rfc6455(line))) {
                        assertThat(Handshakes.head(socket)).contains(": permessage-deflate");
                        Peer peer = new Peer(socket, true);
                        for (int i = 0; i < 2; i++) {
                            peer.sendHex("c187 00000000 f248cdc9c90700");
                        }

                        String hello = "f248cdc9c90700";
                        assertThat(hex(peer.receive())).isEqualTo(hello);
                        assertThat(hex(peer.receive())).isEqualTo(reset ? hello : "f200110000");
                    }
                });
    }

    private static String hex(Peer.Frame frame) {
        assertThat(frame.first()).isEqualTo(0xc1);
        return java.util.HexFormat.of().formatHex(frame.payload());
    }
}
