package evy.web;

import java.nio.charset.StandardCharsets;

/**
 * A target for Jazzer: the parsers of header values, which throw nothing whatever a client sends,
 * and find no range outside of what there is.
 */
public final class FieldsFuzzer {
    private static final int SIZE = 1000;

    private FieldsFuzzer() {}

    /**
     * Tries one input.
     *
     * @param data the value of a field
     */
    public static void fuzzerTestOneInput(byte[] data) {
        String value = new String(data, StandardCharsets.ISO_8859_1);
        Cookie.parse(value);
        HeaderParameters.of(value);
        HeaderParameters.mainValue(value);
        ByteRange range = ByteRange.parse(value, SIZE);
        if (range != null && !range.isEmpty() && !isWithin(range)) {
            throw new AssertionError(value + " is " + range);
        }
    }

    private static boolean isWithin(ByteRange range) {
        return range.first() >= 0 && range.length() <= SIZE - range.first();
    }
}
