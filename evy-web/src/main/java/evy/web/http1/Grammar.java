package evy.web.http1;

import java.nio.charset.StandardCharsets;

/**
 * The characters of HTTP, and comparisons of bytes.
 *
 * @source RFC 9110 section 5.6, RFC 9112 section 3.2, RFC 3986
 */
public final class Grammar {
    private static final int TOKEN = 1;
    private static final int VALUE = 2;
    private static final int TARGET = 4;
    private static final int HOST = 8;

    private static final byte[] CLASSES = classes();
    private static final byte[] HEX = hexDigits();

    private Grammar() {}

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int c = 0; c < 256; c++) {
            boolean alphanumeric = isAlphanumeric(c);
            if (alphanumeric || "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                classes[c] |= TOKEN;
            }
            if (c == '\t' || (c >= ' ' && c != 127)) {
                classes[c] |= VALUE;
            }
            if (c > ' ' && c < 127 && c != '#') {
                classes[c] |= TARGET;
            }
            if (alphanumeric || "-._~!$&'()*+;=%:[]".indexOf(c) >= 0) {
                classes[c] |= HOST;
            }
        }
        return classes;
    }

    private static boolean isAlphanumeric(int c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    private static byte[] hexDigits() {
        byte[] digits = new byte[256];
        for (int c = 0; c < 256; c++) {
            digits[c] = (byte) (c < 128 ? Character.digit((char) c, 16) : -1);
        }
        return digits;
    }

    static boolean isToken(byte b) {
        return (CLASSES[b & 0xff] & TOKEN) != 0;
    }

    /** Visible, space, tab or above ASCII. */
    static boolean isValue(byte b) {
        return (CLASSES[b & 0xff] & VALUE) != 0;
    }

    /** Visible ASCII, but no number sign: a fragment is not for servers. */
    static boolean isTarget(byte b) {
        return (CLASSES[b & 0xff] & TARGET) != 0;
    }

    static boolean isHost(byte b) {
        return (CLASSES[b & 0xff] & HOST) != 0;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** The value of a hexadecimal digit, or -1. */
    public static int hex(int b) {
        return HEX[b & 0xff];
    }

    /**
     * Asks whether a text is a token: a method or the name of a field.
     *
     * @param text any
     * @return false also for the empty text
     */
    public static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 127 || !isToken((byte) c)) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /**
     * Asks whether a text can be the value of a field: no control characters, nothing beyond
     * Latin-1.
     *
     * @param text any
     * @return true for the empty text
     */
    public static boolean isFieldValue(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 255 || !isValue((byte) c)) {
                return false;
            }
        }
        return true;
    }

    /** Compares ASCII, the letters of the bytes in either case. */
    static boolean equalsIgnoreCase(byte[] buffer, int from, int to, byte[] lower) {
        if (to - from != lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            if (lower(buffer[from + i]) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    /** Compares ASCII, letters in either case. */
    static boolean equalsIgnoreCase(byte[] buffer, int from, int to, String name) {
        if (to - from != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c > 127 || lower(buffer[from + i]) != lower((byte) c)) {
                return false;
            }
        }
        return true;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }
}
