package evy.web.http1;

/**
 * Takes a header or trailer line apart. Nothing is repaired: no folding, no space before the colon,
 * no control characters.
 *
 * @source RFC 9112 section 5
 */
final class FieldLine {
    private FieldLine() {}

    /** Where the colon is. */
    static int nameEnd(byte[] buffer, int from, int end) throws BadRequestException {
        int i = from;
        while (i < end && Grammar.isToken(buffer[i])) {
            i++;
        }
        if (i == from || i == end || buffer[i] != ':') {
            throw BadRequestException.malformed(
                    i == from && Grammar.isBlank(buffer[i])
                            ? "header line is folded"
                            : "header line is not a name and a colon");
        }
        return i;
    }

    /** Where the value begins, behind the blanks. */
    static int valueStart(byte[] buffer, int from, int end) {
        int i = from;
        while (i < end && Grammar.isBlank(buffer[i])) {
            i++;
        }
        return i;
    }

    /** Where the value ends, before the blanks. Checks it. */
    static int valueEnd(byte[] buffer, int from, int end) throws BadRequestException {
        for (int i = from; i < end; i++) {
            if (!Grammar.isValue(buffer[i])) {
                throw BadRequestException.malformed("control character in a header line");
            }
        }
        int last = end;
        while (last > from && Grammar.isBlank(buffer[last - 1])) {
            last--;
        }
        return last;
    }
}
