package evy.web.http1;

/**
 * What may stand behind the size of a chunk. It is checked and ignored.
 *
 * @source RFC 9112 section 7.1.1
 */
final class ChunkExtension {
    private ChunkExtension() {}

    /** Asks whether the rest of a size line is a list of {@code ;name=value}. */
    static boolean isValid(Input input, int from, int end) {
        int i = from;
        while (i < end) {
            i = blanks(input, i, end);
            if (i == end || input.at(i) != ';') {
                return false;
            }
            i = blanks(input, i + 1, end);
            int name = i;
            i = token(input, i, end);
            if (i == name) {
                return false;
            }
            int equals = blanks(input, i, end);
            if (equals < end && input.at(equals) == '=') {
                int value = blanks(input, equals + 1, end);
                i =
                        value < end && input.at(value) == '"'
                                ? quoted(input, value + 1, end)
                                : token(input, value, end);
                if (i <= value) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int blanks(Input input, int from, int end) {
        int i = from;
        while (i < end && Grammar.isBlank(input.at(i))) {
            i++;
        }
        return i;
    }

    private static int token(Input input, int from, int end) {
        int i = from;
        while (i < end && Grammar.isToken(input.at(i))) {
            i++;
        }
        return i;
    }

    /** Returns where a quoted string ends, behind the quote; -1 if it does not. */
    private static int quoted(Input input, int from, int end) {
        for (int i = from; i < end; i++) {
            byte b = input.at(i);
            if (b == '"') {
                return i + 1;
            }
            if (b == '\\') {
                i++;
            }
            if (i == end || !Grammar.isValue(input.at(i))) {
                return -1;
            }
        }
        return -1;
    }
}
