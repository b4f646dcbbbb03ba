package evy.web.jdk;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A response as it came.
 *
 * @param statusLine without its end
 * @param headers by name in lower case
 * @param body without the sizes of chunks
 */
record Answer(String statusLine, Map<String, List<String>> headers, String body) {
    static Answer read(InputStream in, boolean toHead) throws IOException {
        String statusLine = line(in);
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        Answer head = new Answer(statusLine, headers, "");
        boolean bodiless = toHead || List.of(100, 204, 304).contains(head.status());
        byte[] body = bodiless ? new byte[0] : body(in, headers);
        return new Answer(statusLine, headers, new String(body, StandardCharsets.UTF_8));
    }

    private static byte[] body(InputStream in, Map<String, List<String>> headers)
            throws IOException {
        if (headers.containsKey("transfer-encoding")) {
            return chunks(in);
        }
        if (headers.containsKey("content-length")) {
            return exactly(in, Integer.parseInt(headers.get("content-length").getFirst()));
        }
        return in.readAllBytes();
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int size;
        do {
            size = Integer.parseInt(line(in), 16);
            body.writeBytes(exactly(in, size));
            line(in);
        } while (size > 0);
        return body.toByteArray();
    }

    private static byte[] exactly(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("end after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int c;
        while ((c = in.read()) != '\n') {
            if (c < 0) {
                throw new EOFException("end in the line '" + line + "'");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    int status() {
        return Integer.parseInt(statusLine.split(" ")[1]);
    }

    String header(String name) {
        return String.join(",", headers.getOrDefault(name, List.of()));
    }

    /** The same without what servers may do as they like. */
    Answer comparable() {
        Map<String, List<String>> compared = new TreeMap<>(headers);
        compared.keySet().removeAll(List.of("date", "connection", "keep-alive"));
        return new Answer(statusLine.strip(), compared, body);
    }
}
