package evy.web.websocket;

import evy.web.Request;
import evy.web.Response;
import evy.web.Takeover;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A server's part of the handshakes of the drafts 75 and 76.
 *
 * @source draft-hixie-thewebsocketprotocol-75 section 4 and -76 section 5
 */
final class LegacyHandshake {
    private static final int BODY_BYTES = 8;

    private LegacyHandshake() {}

    /** What is done with the open connection. */
    @FunctionalInterface
    interface Serving {
        void serve(Takeover connection, WebSocket ws) throws Exception;
    }

    static Response serve(Request request, WebSocketOptions options, Serving serving)
            throws Exception {
        String key1 = request.header("Sec-WebSocket-Key1");
        String key2 = request.header("Sec-WebSocket-Key2");
        boolean draft76 = key1 != null || key2 != null;
        long number1 = number(key1);
        long number2 = number(key2);
        if (request.host() == null || (draft76 && (number1 < 0 || number2 < 0))) {
            return Response.of(400).withHeader("Connection", "close");
        }
        if (!options.admits(request.header("Origin"))) {
            return Response.of(403).withHeader("Connection", "close");
        }
        String protocol = request.header("Sec-WebSocket-Protocol");
        Opening opening = new Opening(request.target(), request.headers().copy(), protocol, null);
        String head = draft76 ? head76(request, protocol) : head75(request);
        Takeover connection = request.takeOver();
        byte[] proof = draft76 ? proof(number1, number2, connection.input()) : new byte[0];
        byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer answer = ByteBuffer.allocate(bytes.length + proof.length).put(bytes).put(proof);
        Transport transport = Transport.of(connection, options.idleTimeout());
        transport.write(answer.array(), 0, answer.capacity());
        serving.serve(connection, new HixieWebSocket(transport, opening, options, draft76));
        return Response.handled();
    }

    private static String head75(Request request) {
        return "HTTP/1.1 101 Web Socket Protocol Handshake\r\n"
                + "Upgrade: WebSocket\r\n"
                + "Connection: Upgrade\r\n"
                + ("WebSocket-Origin: " + request.header("Origin") + "\r\n")
                + ("WebSocket-Location: " + location(request) + "\r\n\r\n");
    }

    private static String head76(Request request, @Nullable String protocol) {
        return "HTTP/1.1 101 WebSocket Protocol Handshake\r\n"
                + "Upgrade: WebSocket\r\n"
                + "Connection: Upgrade\r\n"
                + ("Sec-WebSocket-Origin: " + request.header("Origin") + "\r\n")
                + ("Sec-WebSocket-Protocol: " + (protocol == null ? "default" : protocol) + "\r\n")
                + ("Sec-WebSocket-Location: " + location(request) + "\r\n\r\n");
    }

    private static String location(Request request) {
        String scheme = request.scheme().equals("https") ? "wss" : "ws";
        String query = request.query() == null ? "" : "?" + request.query();
        return scheme + "://" + request.host() + request.rawPath() + query;
    }

    /* The digits of a key, as a number, over the number of its blanks; -1 if that is nothing whole. */
    private static long number(@Nullable String key) {
        if (key == null) {
            return -1;
        }
        long blanks = key.chars().filter(c -> c == ' ').count();
        String digits = key.replaceAll("[^0-9]", "");
        if (blanks == 0 || digits.isEmpty() || digits.length() > 10) {
            return -1;
        }
        long number = Long.parseLong(digits);
        return number % blanks == 0 && number / blanks <= 0xffff_ffffL ? number / blanks : -1;
    }

    private static byte[] proof(long number1, long number2, InputStream in) throws Exception {
        byte[] body = in.readNBytes(BODY_BYTES);
        if (body.length < BODY_BYTES) {
            throw new EOFException("the client left in the middle of the handshake");
        }
        MessageDigest md5 = AcceptKey.digest("MD5");
        md5.update(
                ByteBuffer.allocate(2 * Integer.BYTES)
                        .putInt((int) number1)
                        .putInt((int) number2)
                        .array());
        return md5.digest(body);
    }
}
