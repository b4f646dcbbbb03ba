package evy.web.http1;

import java.nio.charset.StandardCharsets;

/** The names of the usual methods, so that they need not be made anew for each request. */
final class Methods {
    private static final String[] USUAL = {
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE"
    };

    private Methods() {}

    /** The method that these bytes name. */
    static String of(byte[] buffer, int from, int to) {
        for (String method : USUAL) {
            if (matches(method, buffer, from, to)) {
                return method;
            }
        }
        return new String(buffer, from, to - from, StandardCharsets.US_ASCII);
    }

    static boolean matches(String method, byte[] buffer, int from, int to) {
        if (method.length() != to - from) {
            return false;
        }
        for (int i = 0; i < method.length(); i++) {
            if (buffer[from + i] != method.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
