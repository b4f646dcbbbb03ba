package evy.web.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.io.tls.TlsOptions;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.web.App;
import evy.web.TestTls;
import evy.web.WebOptions;
import evy.web.WebServer;
import evy.web.websocket.Message.Binary;
import evy.web.websocket.Message.Text;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import javax.net.ssl.SSLException;

/** WebSockets over TLS, and the JDK's client over both. */
@ExtendWith(LeakCheckExtension.class)
class SecureWebSocketTest {
    private static final App ECHO =
            WebSocketApp.of(
                    ws -> {
                        for (Message message : ws) {
                            ws.send(message);
                        }
                    });

    @TempDir static Path directory;
    private static TestTls tls;

    @BeforeAll
    static void makeCertificate() throws Exception {
        tls = TestTls.make(directory);
    }

    private static WebServer start(App app) throws IOException {
        return WebServer.start(
                new InetSocketAddress("localhost", 0),
                app,
                WebOptions.DEFAULT.withLog(_ -> {}).withTls(tls.server()));
    }

    private static URI uri(String scheme, WebServer server) {
        return URI.create(scheme + "://localhost:" + server.port() + "/echo");
    }

    private static WebSocketOptions trusting() {
        return WebSocketOptions.DEFAULT.withTls(TlsOptions.client().withContext(tls.client()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "WITH_CONTEXT"})
    @Spec("WS9")
    void connect_wss_sameComesBack(String compression) throws Exception {
        WebSocketOptions options =
                compression.equals("NONE")
                        ? trusting()
                        : trusting().withCompression(Compression.WITH_CONTEXT);
        byte[] large = new byte[300_000];
        large[77] = 1;
        Evy.run(
                () -> {
                    try (WebServer server = start(ECHO);
                            WebSocket ws = WebSocket.connect(uri("wss", server), options)) {
                        ws.send("\u00e4\u20ac");
                        ws.send(large);

                        assertThat(ws.receive()).isEqualTo(new Text("\u00e4\u20ac"));
                        assertThat(((Binary) ws.receive()).bytes()).isEqualTo(large);
                        ws.close(4000, "through");
                        assertThat(ws.receive()).isNull();
                        assertThat(ws.closeStatus().code()).isEqualTo(4000);
                    }
                });
    }

    /** Both directions are in the middle of something, each in a green thread of its own. */
    @Test
    @Spec({"WS8", "WS9"})
    void send_whileReceiving_bothGoOn() throws Exception {
        byte[] bytes = new byte[100_000];
        Evy.run(
                () -> {
                    try (WebServer server = start(ECHO);
                            WebSocket ws = WebSocket.connect(uri("wss", server), trusting())) {
                        GreenThread<?> sender =
                                Evy.spawn(
                                        () -> {
                                            for (int i = 0; i < 50; i++) {
                                                ws.send(bytes);
                                            }
                                        });
                        for (int i = 0; i < 50; i++) {
                            assertThat(((Binary) ws.receive()).bytes()).hasSize(bytes.length);
                        }
                        sender.join();
                    }
                });
    }

    @Test
    @Spec("WS9")
    void connect_certificateNotTrusted_throws() throws Exception {
        Evy.run(
                () -> {
                    try (WebServer server = start(ECHO)) {
                        assertThatThrownBy(() -> WebSocket.connect(uri("wss", server)))
                                .isInstanceOf(SSLException.class);
                        WebSocketOptions options = trusting();
                        URI other = URI.create("wss://127.0.0.1:" + server.port() + "/");
                        assertThatThrownBy(() -> WebSocket.connect(other, options))
                                .isInstanceOf(SSLException.class);
                    }
                });
    }

    @Test
    @Spec("WS9")
    void connect_plainToTls_fails() throws Exception {
        Evy.run(
                () -> {
                    try (WebServer server = start(ECHO)) {
                        assertThatThrownBy(() -> WebSocket.connect(uri("ws", server)))
                                .isInstanceOf(IOException.class);
                    }
                });
    }

    /** The JDK's own client, on threads of its own. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Spec({"WS9", "WS12", "WS13"})
    void handle_jdkClient_echo(boolean secure) throws Exception {
        Evy.run(
                () -> {
                    try (WebServer server = secure ? start(ECHO) : Handshakes.start(ECHO);
                            HttpClient client =
                                    HttpClient.newBuilder().sslContext(tls.client()).build()) {
                        Listener listener = new Listener();
                        var ws =
                                Evy.await(
                                        client.newWebSocketBuilder()
                                                .subprotocols("unknown")
                                                .buildAsync(
                                                        uri(secure ? "wss" : "ws", server),
                                                        listener));
                        Evy.await(ws.sendText("to be ", false));
                        Evy.await(ws.sendText("continued", true));
                        Evy.await(ws.sendPing(ByteBuffer.wrap(new byte[] {7})));

                        assertThat(Evy.await(listener.text)).isEqualTo("to be continued");
                        assertThat(Evy.await(listener.pong)).isEqualTo((byte) 7);

                        Evy.await(ws.sendClose(3001, "done"));
                        assertThat(Evy.await(listener.closed)).isEqualTo(3001);
                    }
                });
    }

    /** Collects what comes. */
    private static final class Listener implements java.net.http.WebSocket.Listener {
        final CompletableFuture<String> text = new CompletableFuture<>();
        final CompletableFuture<Byte> pong = new CompletableFuture<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder parts = new StringBuilder();

        @Override
        public CompletionStage<?> onText(
                java.net.http.WebSocket ws, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                text.complete(parts.toString());
            }
            ws.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(java.net.http.WebSocket ws, ByteBuffer message) {
            pong.complete(message.get());
            ws.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(
                java.net.http.WebSocket ws, int statusCode, String reason) {
            closed.complete(statusCode);
            return null;
        }
    }
}
