package evy.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A target for Jazzer: forms of both encodings, at which nothing but an {@link IOException} is
 * thrown.
 */
public final class FormsFuzzer {
    static final String MULTIPART = "multipart/form-data; boundary=b";
    private static final int LIMIT = 10_000;

    private FormsFuzzer() {}

    /**
     * Tries one input.
     *
     * @param data the body of a request
     */
    public static void fuzzerTestOneInput(byte[] data) {
        try {
            Form.parse(new String(data, StandardCharsets.ISO_8859_1));
        } catch (FormException e) {
            assert e.getMessage() != null;
        }
        try {
            Form.read(new ByteArrayInputStream(data), MULTIPART, LIMIT);
        } catch (IOException e) {
            assert e.getMessage() != null;
        }
    }
}
