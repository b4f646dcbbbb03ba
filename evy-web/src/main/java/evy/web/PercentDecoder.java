package evy.web;

import evy.web.http1.Grammar;

import java.nio.charset.Charset;

/** Decodes what is percent-encoded. */
final class PercentDecoder {
    private PercentDecoder() {}

    /** The text that a well-formed encoding stands for; what is not of the charset is replaced. */
    static String decode(String text, Charset charset) {
        int first = text.indexOf('%');
        if (first < 0) {
            return text;
        }
        byte[] bytes = new byte[text.length()];
        int n = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                c = (char) (Grammar.hex(text.charAt(i + 1)) << 4 | Grammar.hex(text.charAt(i + 2)));
                i += 2;
            }
            bytes[n++] = (byte) c;
        }
        return new String(bytes, 0, n, charset);
    }
}
