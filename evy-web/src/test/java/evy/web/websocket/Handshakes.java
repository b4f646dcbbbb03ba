package evy.web.websocket;

import evy.Evy;
import evy.io.GreenSocket;
import evy.web.App;
import evy.web.WebOptions;
import evy.web.WebServer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Opens connections to an app by hand. */
final class Handshakes {
    static final String KEY = "d9MXuOzlVQ0h+qRllvSCIg==";

    private Handshakes() {}

    static WebServer start(App app) throws IOException {
        return WebServer.start(
                new InetSocketAddress("localhost", 0), app, WebOptions.DEFAULT.withLog(_ -> {}));
    }

    static String request(String... lines) {
        return "GET /echo?a=b HTTP/1.1\r\nHost: localhost\r\n"
                + String.join("\r\n", lines)
                + (lines.length == 0 ? "\r\n" : "\r\n\r\n");
    }

    static String rfc6455(String... lines) {
        String[] all = new String[lines.length + 4];
        all[0] = "Upgrade: websocket";
        all[1] = "Connection: keep-alive, UPGRADE";
        all[2] = "Sec-WebSocket-Version: 13";
        all[3] = "Sec-WebSocket-Key: " + KEY;
        System.arraycopy(lines, 0, all, 4, lines.length);
        return request(all);
    }

    static GreenSocket send(WebServer server, String request) throws IOException {
        GreenSocket socket = Evy.connect("localhost", server.port());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    /** The head of the answer, with its empty line. */
    static String head(GreenSocket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = socket.getInputStream().read();
            if (c < 0) {
                throw new java.io.EOFException("only " + head);
            }
            head.append((char) c);
        }
        return head.toString();
    }

    /** The whole answer of a server that declines. */
    static String refusal(App app, String request) throws Exception {
        return Evy.run(
                () -> {
                    try (WebServer server = start(app);
                            GreenSocket socket = send(server, request)) {
                        byte[] all = socket.getInputStream().readAllBytes();
                        return new String(all, StandardCharsets.ISO_8859_1);
                    }
                });
    }
}
