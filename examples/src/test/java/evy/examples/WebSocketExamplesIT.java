package evy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.Spec;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The examples of WebSockets, from outside, by the JDK's client; a browser is in evy-web's tests.
 */
@Spec("EX1")
class WebSocketExamplesIT {
    @Test
    void webSocket_eachPath_doesWhatItSays() throws Exception {
        try (var server = Example.serve("WebSocket");
                var client = HttpClient.newHttpClient()) {
            var echo = new Browser(client, server, "/echo");
            var data = new Browser(client, server, "/data");

            echo.say("\u00e4 or so");

            assertThat(echo.next()).isEqualTo("\u00e4 or so");
            assertThat(data.next()).matches("0 0[.]\\d+(E-\\d+)?");
            assertThat(data.next()).startsWith("1 ");
            assertThat(page(client, server)).contains("<canvas");
            data.breakOff();
            echo.say("still there?");
            assertThat(echo.next()).isEqualTo("still there?");
            echo.breakOff();
        }
    }

    @Test
    void webSocket_brokenFrame_endsThatConnectionOnly() throws Exception {
        try (var server = Example.serve("WebSocket");
                var rude = server.connect();
                var client = HttpClient.newHttpClient()) {
            rude.getOutputStream()
                    .write(
                            """
                            GET /echo HTTP/1.1\r
                            Host: x\r
                            Upgrade: websocket\r
                            Connection: Upgrade\r
                            Sec-WebSocket-Version: 13\r
                            Sec-WebSocket-Key: d9MXuOzlVQ0h+qRllvSCIg==\r
                            \r
                            """
                                    .getBytes(StandardCharsets.US_ASCII));
            rude.getOutputStream()
                    .write(new byte[] {(byte) 0xff, 0x00}); // no such opcode, unmasked

            var answer = rude.getInputStream().readAllBytes(); // up to its end

            assertThat(new String(answer, StandardCharsets.ISO_8859_1)).startsWith("HTTP/1.1 101 ");
            var next = new Browser(client, server, "/echo");
            next.say("here");
            assertThat(next.next()).isEqualTo("here");
            next.breakOff();
        }
    }

    @Test
    void webSocketChat_oneBreaksOff_othersGoOn() throws Exception {
        try (var server = Example.serve("WebSocketChat");
                var client = HttpClient.newHttpClient()) {
            var anna = new Browser(client, server, "/chat");
            var bert = new Browser(client, server, "/chat");
            var rude = new Browser(client, server, "/chat");
            server.await("^Participant joined chat", 3);

            rude.breakOff();
            server.await("^Participant left chat");
            anna.say("hello");

            assertThat(bert.next()).isEqualTo("hello");
            assertThat(anna.next()).isEqualTo("hello");
            assertThat(page(client, server)).contains("<form");
            anna.breakOff();
            bert.breakOff();
        }
    }

    @Test
    @Spec("EX2")
    void chatBridge_bothChats_hearEachOtherUntilOneEnds() throws Exception {
        try (var lines = Example.serve("ChatServer");
                var page = Example.serve("WebSocketChat");
                var bridge = Example.start("ChatBridge", "" + lines.port(), "" + page.port());
                var client = HttpClient.newHttpClient();
                var anna = lines.connect()) {
            var bert = new Browser(client, page, "/chat");
            bridge.await("^joined ");
            lines.await("joined chat", 2);
            page.await("joined chat", 2);

            anna.getOutputStream().write("hello, bert\n".getBytes(StandardCharsets.UTF_8));
            assertThat(bert.next()).isEqualTo("hello, bert");
            bert.say("hello, anna");
            var heard = new InputStreamReader(anna.getInputStream(), StandardCharsets.UTF_8);
            assertThat(new BufferedReader(heard).readLine()).isEqualTo("hello, anna");
            lines.terminate();

            assertThat(bridge.awaitEnd()).as(bridge.output()).isZero();
            bridge.await("^one of the chats is over$");
            bert.breakOff();
        }
    }

    @Test
    @Spec("EX2")
    void chatBridge_noChat_saysWhy() throws Exception {
        try (var bridge = Example.start("ChatBridge", "1", "1")) {
            assertThat(bridge.awaitEnd()).isOne();
            bridge.await("ConnectException: Connection refused");
        }
    }

    @Test
    void main_wrongPort_saysSoInOneLine() throws Exception {
        for (var name : List.of("WebSocket", "WebSocketChat", "ChatBridge")) {
            try (var example = Example.start(name, "x")) {
                assertThat(example.awaitEnd()).isEqualTo(2);
                assertThat(example.output())
                        .isEqualTo("a port is a number from 0 to 65535, not 'x'");
            }
        }
    }

    private static String page(HttpClient client, Example server) throws Exception {
        var uri = URI.create("http://localhost:" + server.port() + "/");
        var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html");
        return answer.body();
    }
}
