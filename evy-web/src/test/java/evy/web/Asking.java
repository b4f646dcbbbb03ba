package evy.web;

import evy.Evy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Asks an app one thing, over a real connection, and reads the whole answer by hand. */
final class Asking {
    private Asking() {}

    /**
     * An answer.
     *
     * @param headers by name in lower case; of several the last
     * @param body as it came, chunks put together
     */
    record Answer(int status, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(String name) {
            return headers.get(name.toLowerCase(java.util.Locale.ROOT));
        }
    }

    /** Sends {@code request}, a request line and header lines without the last two line ends. */
    static Answer ask(App app, String request) throws Exception {
        return Evy.run(
                () -> {
                    try (WebServer server =
                                    WebServer.start(
                                            new InetSocketAddress("localhost", 0),
                                            app,
                                            WebOptions.DEFAULT.withLog(_ -> {}));
                            Socket socket = Evy.connect("localhost", server.port())) {
                        String head = request + "\r\nHost: x\r\nConnection: close\r\n\r\n";
                        socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
                        return read(socket.getInputStream().readAllBytes());
                    }
                });
    }

    static Answer get(App app, String target, String... headers) throws Exception {
        String lines = headers.length == 0 ? "" : "\r\n" + String.join("\r\n", headers);
        return ask(app, "GET " + target + " HTTP/1.1" + lines);
    }

    private static Answer read(byte[] all) throws IOException {
        String text = new String(all, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        String[] lines = text.substring(0, end).split("\r\n");
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] field = lines[i].split(": *", 2);
            headers.put(field[0].toLowerCase(java.util.Locale.ROOT), field[1]);
        }
        InputStream body = new java.io.ByteArrayInputStream(all, end + 4, all.length - end - 4);
        boolean chunked = "chunked".equals(headers.get("transfer-encoding"));
        byte[] bytes = chunked ? unchunked(body) : body.readAllBytes();
        return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, bytes);
    }

    private static byte[] unchunked(InputStream in) throws IOException {
        var all = new java.io.ByteArrayOutputStream();
        while (true) {
            StringBuilder size = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new java.io.EOFException("cut off");
                }
                size.append((char) c);
            }
            int n = Integer.parseInt(size.toString().strip(), 16);
            all.write(in.readNBytes(n));
            in.readNBytes(2);
            if (n == 0) {
                return all.toByteArray();
            }
        }
    }
}
