package evy.web.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import evy.web.Headers;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The head of the server's answer.
 *
 * @param rest what came behind it: frames already
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ResponseHead(int status, String reason, Headers headers, byte[] rest) {
    private static final int MAX_BYTES = 16 * 1024;
    private static final String END = "\r\n\r\n";

    /**
     * Reads it.
     *
     * @throws WebSocketException if it is no head of an HTTP/1 answer
     */
    static ResponseHead read(InputStream in) throws IOException {
        byte[] bytes = new byte[MAX_BYTES];
        int length = 0;
        int end = -1;
        while (end < 0) {
            int n = in.read(bytes, length, MAX_BYTES - length);
            if (n <= 0) {
                throw new WebSocketException(
                        n < 0
                                ? "the server closed before its answer was whole"
                                : "the server's answer exceeds " + MAX_BYTES + " bytes");
            }
            length += n;
            end = new String(bytes, 0, length, ISO_8859_1).indexOf(END);
        }
        int start = end + END.length();
        return parse(
                new String(bytes, 0, end, ISO_8859_1), Arrays.copyOfRange(bytes, start, length));
    }

    private static ResponseHead parse(String head, byte[] rest) throws WebSocketException {
        String[] lines = head.split("\r\n", -1);
        String[] first = lines[0].split(" ", 3);
        if (first.length < 2
                || !first[0].startsWith("HTTP/1.")
                || !first[1].matches("[1-9][0-9]{2}")) {
            throw new WebSocketException("the server's answer is not HTTP: " + lines[0]);
        }
        List<String> fields = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon <= 0) {
                throw new WebSocketException(
                        "malformed header in the server's answer: " + lines[i]);
            }
            fields.add(lines[i].substring(0, colon));
            fields.add(lines[i].substring(colon + 1).strip());
        }
        String reason = first.length > 2 ? first[2] : "";
        return new ResponseHead(Integer.parseInt(first[1]), reason, headers(fields), rest);
    }

    private static Headers headers(List<String> fields) throws WebSocketException {
        try {
            return Headers.of(fields.toArray(String[]::new));
        } catch (IllegalArgumentException e) {
            throw new WebSocketException(
                    "malformed header in the server's answer: " + e.getMessage());
        }
    }

    /** The value of a field; null if it is missing or there are several. */
    @Nullable String only(String name) {
        List<String> values = headers.all(name);
        return values.size() == 1 ? values.getFirst() : null;
    }
}
