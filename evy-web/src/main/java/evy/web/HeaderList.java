package evy.web;

import evy.web.http1.Grammar;
import evy.web.http1.Output;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Fields to be sent, checked when they are made, so that none can end a line or the head. */
final class HeaderList implements Headers {
    static final HeaderList EMPTY = new HeaderList(new String[0]);

    /* name, value, name, value, … */
    private final String[] pairs;
    private final boolean dated;
    private final boolean closing;
    private final long contentLength;

    // any thread, the same whoever computes it
    private byte @Nullable [] encoded;
    private boolean sentBefore;

    private HeaderList(String[] pairs) {
        this.pairs = pairs;
        boolean date = false;
        boolean close = false;
        long length = -1;
        for (int i = 0; i < pairs.length; i += 2) {
            String name = pairs[i];
            if (name.equalsIgnoreCase("Date")) {
                date = true;
            } else if (name.equalsIgnoreCase("Connection")) {
                close = close || hasToken("Connection", "close");
            } else if (name.equalsIgnoreCase("Content-Length")) {
                if (length >= 0) {
                    throw new IllegalArgumentException(
                            "more than one Content-Length: " + all(name));
                }
                length = parsedLength(pairs[i + 1]);
            }
        }
        this.dated = date;
        this.closing = close;
        this.contentLength = length;
    }

    private static long parsedLength(String value) {
        if (!value.matches("[0-9]{1,19}")) {
            throw new IllegalArgumentException("Content-Length is not a number: " + value);
        }
        return Long.parseLong(value);
    }

    static HeaderList of(String... pairs) {
        if (pairs.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "a name without a value: " + pairs[pairs.length - 1]);
        }
        for (int i = 0; i < pairs.length; i += 2) {
            check(pairs[i], pairs[i + 1]);
        }
        return new HeaderList(pairs.clone());
    }

    static HeaderList copyOf(Headers headers) {
        if (headers instanceof HeaderList list) {
            return list;
        }
        String[] pairs = new String[headers.size() * 2];
        for (int i = 0; i < headers.size(); i++) {
            Field field = headers.field(i);
            pairs[2 * i] = field.name();
            pairs[2 * i + 1] = field.value();
        }
        return new HeaderList(pairs);
    }

    private static void check(String name, String value) {
        if (!Grammar.isToken(name)) {
            throw new IllegalArgumentException("not the name of a field: '" + name + "'");
        }
        if (!Grammar.isFieldValue(value)) {
            throw new IllegalArgumentException(
                    "value of "
                            + name
                            + " has a control character, or one beyond Latin-1: '"
                            + value.replaceAll("[\\p{Cntrl}]", "?")
                            + "'");
        }
    }

    @Override
    public @Nullable String get(String name) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equalsIgnoreCase(name)) {
                return pairs[i + 1];
            }
        }
        return null;
    }

    @Override
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equalsIgnoreCase(name)) {
                values.add(pairs[i + 1]);
            }
        }
        return values;
    }

    @Override
    public boolean contains(String name) {
        return get(name) != null;
    }

    @Override
    public int size() {
        return pairs.length / 2;
    }

    @Override
    public Field field(int index) {
        return new Field(pairs[2 * index], pairs[2 * index + 1]);
    }

    @Override
    public Headers copy() {
        return this;
    }

    @Override
    public HeaderList with(String name, String value) {
        check(name, value);
        String[] more = Arrays.copyOf(pairs, pairs.length + 2);
        more[pairs.length] = name;
        more[pairs.length + 1] = value;
        return new HeaderList(more);
    }

    @Override
    public HeaderList without(String name) {
        if (!contains(name)) {
            return this;
        }
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i].equalsIgnoreCase(name)) {
                rest.add(pairs[i]);
                rest.add(pairs[i + 1]);
            }
        }
        return new HeaderList(rest.toArray(String[]::new));
    }

    /** True if there is a Date. */
    boolean isDated() {
        return dated;
    }

    /** True if the connection is to be closed. */
    boolean isClosing() {
        return closing;
    }

    /** The Content-Length, -1 if there is none. */
    long contentLength() {
        return contentLength;
    }

    /**
     * Writes the lines. They are kept from the second time on: those of a response made for one
     * request are not worth it.
     *
     * @param capitalised to have names as {@code Foo-Bar}
     */
    void writeTo(Output output, boolean capitalised) throws IOException {
        if (!capitalised) {
            writeLines(output, false);
            return;
        }
        byte[] bytes = encoded;
        if (bytes != null) {
            output.write(bytes);
        } else if (sentBefore) {
            bytes = lines(true).getBytes(StandardCharsets.ISO_8859_1);
            encoded = bytes;
            output.write(bytes);
        } else {
            sentBefore = true;
            writeLines(output, true);
        }
    }

    private void writeLines(Output output, boolean capitalised) throws IOException {
        for (int i = 0; i < pairs.length; i += 2) {
            output.text(capitalised ? capitalised(pairs[i]) : pairs[i]);
            output.text(": ");
            output.text(pairs[i + 1]);
            output.text("\r\n");
        }
    }

    /** The lines as they are sent. */
    String lines(boolean capitalised) {
        StringBuilder lines = new StringBuilder(64);
        for (int i = 0; i < pairs.length; i += 2) {
            lines.append(capitalised ? capitalised(pairs[i]) : pairs[i])
                    .append(": ")
                    .append(pairs[i + 1])
                    .append("\r\n");
        }
        return lines.toString();
    }

    /* Nearly all names are so already. */
    private static String capitalised(String name) {
        boolean first = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != inCase(c, first)) {
                return recapitalised(name);
            }
            first = c == '-';
        }
        return name;
    }

    private static String recapitalised(String name) {
        char[] chars = name.toCharArray();
        boolean first = true;
        for (int i = 0; i < chars.length; i++) {
            chars[i] = inCase(chars[i], first);
            first = chars[i] == '-';
        }
        return new String(chars);
    }

    private static char inCase(char c, boolean upper) {
        if (upper) {
            return c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
        }
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }

    @Override
    public Iterator<Field> iterator() {
        return new FieldIterator(this);
    }

    @Override
    public String toString() {
        return lines(false);
    }
}
