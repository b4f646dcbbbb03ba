package evy.web;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A {@code multipart/form-data} body, part by part, as it comes in: a file of any size passes
 * through without being kept.
 *
 * <pre>{@code
 * Multipart parts = Multipart.of(request.body(), request.header("Content-Type"));
 * for (Multipart.Part part = parts.next(); part != null; part = parts.next()) {
 *     part.body().transferTo(sink(part.name()));
 * }
 * }</pre>
 *
 * <p>Memory: one buffer of {@value #BUFFER} bytes. Bounded are the number of parts, {@value
 * #MAX_PARTS}, and the bytes of the headers of one, {@value #MAX_HEADER_BYTES}; how long the whole
 * may be is the body's affair.
 *
 * @thread one at a time
 * @source RFC 7578, RFC 2046 section 5.1
 */
public final class Multipart {
    private static final int BUFFER = 16 * 1024;
    private static final int MAX_PARTS = 1000;
    private static final int MAX_HEADER_BYTES = 8 * 1024;
    private static final int MAX_BOUNDARY = 70;

    private final InputStream in;
    private final byte[] delimiter; // CR LF - - boundary
    private final byte[] buffer = new byte[BUFFER];
    private int start;
    private int end;
    private int parts;
    private boolean ended;
    private @Nullable Body current;

    private Multipart(InputStream in, String boundary) {
        this.in = in;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
        // the first delimiter may stand at the very beginning, without its line end
        buffer[0] = '\r';
        buffer[1] = '\n';
        end = 2;
    }

    /**
     * Reads parts from a body.
     *
     * @param body the whole body, read by nobody else
     * @param contentType the request's {@code Content-Type}, with its boundary
     * @return the parts to come
     * @throws FormException if the type is another, or has no boundary that RFC 2046 allows
     */
    public static Multipart of(InputStream body, @Nullable String contentType)
            throws FormException {
        if (contentType == null || !isMultipart(contentType)) {
            throw new FormException("the body is not multipart/form-data: " + contentType);
        }
        String boundary = HeaderParameters.of(contentType).get("boundary");
        if (boundary == null || !isBoundary(boundary)) {
            throw new FormException("Content-Type has no usable boundary: " + contentType);
        }
        return new Multipart(body, boundary);
    }

    static boolean isMultipart(@Nullable String contentType) {
        return contentType != null
                && HeaderParameters.mainValue(contentType).equals("multipart/form-data");
    }

    private static boolean isBoundary(String s) {
        return !s.isEmpty()
                && s.length() <= MAX_BOUNDARY
                && !s.endsWith(" ")
                && s.chars()
                        .allMatch(
                                c ->
                                        (c >= '0' && c <= '9')
                                                || (c >= 'a' && c <= 'z')
                                                || (c >= 'A' && c <= 'Z')
                                                || "'()+_,-./:=? ".indexOf(c) >= 0);
    }

    /**
     * Goes on to the next part. What was not read of the one before is passed over.
     *
     * @checkpoint when it has to read
     * @return the part; null after the last
     * @throws FormException if the body is malformed or ends early
     * @throws IOException if reading fails
     */
    public @Nullable Part next() throws IOException {
        if (ended) {
            return null;
        }
        Body before = current == null ? new Body() : current; // at first: the preamble
        before.skipAll();
        if (isLastDelimiter()) {
            ended = true;
            return null;
        }
        if (++parts > MAX_PARTS) {
            throw new FormException("the form has more than " + MAX_PARTS + " parts");
        }
        Map<String, String> headers = readHeaders();
        Map<String, String> disposition =
                HeaderParameters.of(headers.getOrDefault("content-disposition", ""));
        String name = disposition.get("name");
        if (name == null) {
            throw new FormException("part " + parts + " has no name");
        }
        current = new Body();
        return new Part(
                name, disposition.get("filename"), headers.get("content-type"), headers, current);
    }

    /* Past a delimiter: blanks and a line end, or two hyphens after the last. */
    private boolean isLastDelimiter() throws IOException {
        int first = read();
        if (first == '-' && read() == '-') {
            return true;
        }
        int c = first;
        while (c == ' ' || c == '\t') {
            c = read();
        }
        if (c != '\r' || read() != '\n') {
            throw new FormException("after a boundary there must be a line end");
        }
        return false;
    }

    private Map<String, String> readHeaders() throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int left = MAX_HEADER_BYTES;
        while (true) {
            String line = readLine(left);
            if (line.isEmpty()) {
                return headers;
            }
            left -= line.length();
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new FormException("part " + parts + " has a malformed header");
            }
            headers.putIfAbsent(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
    }

    private String readLine(int most) throws IOException {
        byte[] line = new byte[Math.max(most, 0)];
        int n = 0;
        for (int c = read(); c != '\r'; c = read()) {
            if (n == line.length) {
                throw new FormException(
                        "the headers of part " + parts + " exceed " + MAX_HEADER_BYTES + " bytes");
            }
            line[n++] = (byte) c;
        }
        if (read() != '\n') {
            throw new FormException("part " + parts + " has a bare carriage return in its headers");
        }
        return new String(line, 0, n, StandardCharsets.UTF_8);
    }

    private int read() throws IOException {
        if (start == end) {
            fill();
        }
        return buffer[start++];
    }

    private void fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        int n = in.read(buffer, end, buffer.length - end);
        if (n < 0) {
            throw new FormException("the form ends before its last boundary");
        }
        end += n;
    }

    /**
     * How many bytes at the start of the buffer are surely the part's; -1 if a delimiter is there.
     */
    private int plain() {
        int last = end - delimiter.length;
        for (int i = start; i < end; i++) {
            if (buffer[i] == '\r') {
                if (i > last) {
                    return i - start; // what follows decides
                }
                if (isDelimiterAt(i)) {
                    return i == start ? -1 : i - start;
                }
            }
        }
        return end - start;
    }

    private boolean isDelimiterAt(int at) {
        for (int i = 0; i < delimiter.length; i++) {
            if (buffer[at + i] != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * One part.
     *
     * @param name the field's name
     * @param fileName as the client says, never to be trusted as a path; null if it is no file
     * @param contentType as the client says; null if it does not
     * @param headers all of its headers, names in any case
     * @param body what it holds; readable until {@link Multipart#next} is called
     */
    public record Part(
            String name,
            @Nullable String fileName,
            @Nullable String contentType,
            Map<String, String> headers,
            InputStream body) {}

    /** What stands before the next delimiter. */
    private final class Body extends InputStream {
        private boolean atEnd;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            Objects.checkFromIndexSize(off, len, b.length);
            if (len == 0) {
                return 0;
            }
            int plain = await();
            if (plain < 0) {
                return -1;
            }
            int n = Math.min(plain, len);
            System.arraycopy(buffer, start, b, off, n);
            start += n;
            return n;
        }

        private int await() throws IOException {
            if (atEnd || (current != null && current != this)) {
                return -1;
            }
            int plain = plain();
            while (plain == 0) {
                fill();
                plain = plain();
            }
            if (plain < 0) {
                atEnd = true;
                start += delimiter.length;
            }
            return plain;
        }

        void skipAll() throws IOException {
            for (int n = await(); n >= 0; n = await()) {
                start += n;
            }
        }
    }
}
