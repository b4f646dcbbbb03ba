package evy.web;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of a form or of a query: names with one value or several.
 *
 * <p>A form with files is read by {@link Multipart}; here a part counts as a field, whatever it
 * holds.
 *
 * @source WHATWG URL, application/x-www-form-urlencoded; RFC 7578
 */
public final class Form {
    /** The most bytes a form may have when nothing else is said. */
    public static final int DEFAULT_LIMIT = 1 << 20;

    private static final int MAX_FIELDS = 10_000;

    private final Map<String, List<String>> fields;

    private Form(Map<String, List<String>> fields) {
        fields.replaceAll((name, values) -> Collections.unmodifiableList(values));
        this.fields = Collections.unmodifiableMap(fields);
    }

    /**
     * Reads {@code a=1&b=two+words&b=%C3%A9}.
     *
     * @param text the query or body, UTF-8 percent-encoded
     * @return the fields in their order
     * @throws FormException if an escape is broken, or is no UTF-8, or there are too many fields
     */
    public static Form parse(String text) throws FormException {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        int count = 0;
        for (int at = 0; at < text.length(); ) {
            int next = text.indexOf('&', at);
            int end = next < 0 ? text.length() : next;
            if (end > at) {
                if (++count > MAX_FIELDS) {
                    throw new FormException("the form has more than " + MAX_FIELDS + " fields");
                }
                int equals = text.indexOf('=', at);
                int nameEnd = equals < 0 || equals > end ? end : equals;
                String name = decode(text.substring(at, nameEnd));
                String value = nameEnd == end ? "" : decode(text.substring(nameEnd + 1, end));
                fields.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
            }
            at = end + 1;
        }
        return new Form(fields);
    }

    /**
     * Reads a body of either type that forms come in.
     *
     * @checkpoint when it has to read
     * @param body the whole body
     * @param contentType {@code application/x-www-form-urlencoded} or {@code multipart/form-data}
     * @param limit most bytes of all names and values together
     * @return the fields in their order
     * @throws FormException if it is no form, malformed, or exceeds the limit
     * @throws IOException if reading fails
     */
    public static Form read(InputStream body, @Nullable String contentType, int limit)
            throws IOException {
        if (Multipart.isMultipart(contentType)) {
            return readMultipart(Multipart.of(body, contentType), limit);
        }
        if (contentType == null
                || !HeaderParameters.mainValue(contentType)
                        .equals("application/x-www-form-urlencoded")) {
            throw new FormException("the body is no form: Content-Type " + contentType);
        }
        return parse(text(readAtMost(body, limit)));
    }

    private static Form readMultipart(Multipart parts, int limit) throws IOException {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        int left = limit;
        for (Multipart.Part part = parts.next(); part != null; part = parts.next()) {
            byte[] value = readAtMost(part.body(), left);
            left -= value.length + part.name().length();
            if (left < 0) {
                throw new FormException("the form exceeds its limit of bytes: " + limit);
            }
            fields.computeIfAbsent(part.name(), _ -> new ArrayList<>()).add(text(value));
        }
        return new Form(fields);
    }

    private static byte[] readAtMost(InputStream in, int limit) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] block = new byte[4096];
        for (int n = in.read(block); n >= 0; n = in.read(block)) {
            if (n > limit - bytes.size()) {
                throw new FormException("the form exceeds its limit of bytes: " + limit);
            }
            bytes.write(block, 0, n);
        }
        return bytes.toByteArray();
    }

    /**
     * The value of a field.
     *
     * @param name its name
     * @return its first value; null if it is not there
     */
    public @Nullable String get(String name) {
        List<String> values = fields.get(name);
        return values == null ? null : values.getFirst();
    }

    /**
     * All values of a field.
     *
     * @param name its name
     * @return in their order; none if it is not there
     */
    public List<String> all(String name) {
        return fields.getOrDefault(name, List.of());
    }

    /** {@return all fields, in their order} */
    public Map<String, List<String>> fields() {
        return fields;
    }

    @Override
    public String toString() {
        return "form with " + fields.keySet();
    }

    private static String decode(String s) throws FormException {
        if (s.indexOf('%') < 0) {
            return s.indexOf('+') < 0 ? s : s.replace('+', ' ');
        }
        byte[] in = s.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int n = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%') {
                int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
                int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw new FormException("broken escape at " + i + " in '" + s + "'");
                }
                out[n++] = (byte) ((high << 4) | low);
                i += 2;
            } else {
                out[n++] = in[i] == '+' ? (byte) ' ' : in[i];
            }
        }
        return text(Arrays.copyOf(out, n));
    }

    private static String text(byte[] bytes) throws FormException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new FormException("a field is not UTF-8");
        }
    }
}
