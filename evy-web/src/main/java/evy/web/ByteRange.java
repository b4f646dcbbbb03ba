package evy.web;

import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of something that has a size.
 *
 * @param first place of the first byte
 * @param length how many bytes
 * @source RFC 9110 section 14.1
 */
record ByteRange(long first, long length) {
    private static final Pattern FORM = Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*");

    boolean isEmpty() {
        return length <= 0;
    }

    /**
     * Understands a {@code Range} that asks for one part.
     *
     * @return an empty one if there is no such part; null if it is to be ignored
     */
    static @Nullable ByteRange parse(String text, long size) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String from = matcher.group(1);
        String to = matcher.group(2);
        if (from.isEmpty()) {
            return to.isEmpty() ? null : suffix(Long.parseLong(to), size);
        }
        long first = Long.parseLong(from);
        long last = to.isEmpty() ? size - 1 : Math.min(Long.parseLong(to), size - 1);
        if (!to.isEmpty() && Long.parseLong(to) < first) {
            return null;
        }
        return new ByteRange(first, last - first + 1);
    }

    private static ByteRange suffix(long wanted, long size) {
        long length = Math.min(wanted, size);
        return new ByteRange(size - length, length);
    }
}
