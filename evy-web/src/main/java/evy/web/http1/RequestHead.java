package evy.web.http1;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The head of a request, as positions in the bytes received. One object serves all requests of a
 * connection, one after the other.
 *
 * @source RFC 9112 sections 2 and 3
 */
public final class RequestHead {
    /* Per field: where the name begins and ends, where the value begins and ends. */
    private static final int WIDTH = 4;
    private static final byte[] VERSION = Grammar.ascii("HTTP/");
    private static final int MOST_BLANK_LINES = 2;
    private static final int[] NONE = {};

    private final Input input;
    private final Buffers buffers;
    private final Limits limits;
    private final Framing framing;

    private int start;
    private int methodEnd;
    private int targetStart;
    private int targetEnd;
    private int minor;
    private int count;
    private int[] fields = NONE;

    /**
     * No request yet.
     *
     * @param input where requests come from
     * @param buffers where the positions of the fields are kept
     * @param limits how large they may be
     */
    public RequestHead(Input input, Buffers buffers, Limits limits) {
        this.input = input;
        this.buffers = buffers;
        this.limits = limits;
        this.framing = new Framing(limits);
    }

    /** Forgets the request, and gives back what is needed only while there is one. */
    public void rest() {
        count = 0;
        if (fields.length != 0) {
            buffers.release(fields);
            fields = NONE;
        }
    }

    /**
     * Reads the next head, of which at least one byte has been received.
     *
     * @checkpoint if it is not there
     * @throws BadRequestException if it is refused
     * @throws java.net.SocketTimeoutException if it takes too long
     * @throws IOException if the connection is lost
     */
    public void read() throws IOException {
        count = 0;
        methodEnd = 0;
        targetStart = 0;
        targetEnd = 0;
        minor = 1;
        framing.clear();
        Patience patience = input.head();
        skipBlankLines(patience);
        if (!Grammar.isToken(input.at(0))) {
            throw BadRequestException.malformed("request line begins with no method");
        }
        int end = input.lineEnd(0, limits.requestLine(), 414, patience);
        readRequestLine(end);
        int next = readFields(end + 2, patience);
        start = input.position();
        framing.check(this);
        input.consumeHead(next);
    }

    private void skipBlankLines(Patience patience) throws IOException {
        for (int i = 0; i < MOST_BLANK_LINES && input.at(0) == '\r'; i++) {
            input.lineEnd(0, 1, 400, patience);
            input.consume(2);
            if (input.buffered() == 0 && input.fill(patience.left()) < 0) {
                throw new NoRequestException();
            }
        }
    }

    private void readRequestLine(int end) throws BadRequestException {
        int i = 0;
        while (i < end && Grammar.isToken(input.at(i))) {
            i++;
        }
        methodEnd = i;
        if (i == end || input.at(i) != ' ') {
            throw BadRequestException.malformed("method is not followed by a space");
        }
        targetStart = ++i;
        while (i < end && Grammar.isTarget(input.at(i))) {
            i++;
        }
        targetEnd = i;
        if (i == targetStart || i == end || input.at(i) != ' ') {
            throw BadRequestException.malformed("target is missing, or not followed by a version");
        }
        readVersion(i + 1, end);
    }

    private void readVersion(int from, int end) throws BadRequestException {
        boolean wellFormed = end - from == 8 && input.at(from + 6) == '.';
        for (int i = 0; wellFormed && i < VERSION.length; i++) {
            wellFormed = input.at(from + i) == VERSION[i];
        }
        if (!wellFormed
                || !Grammar.isDigit(input.at(from + 5))
                || !Grammar.isDigit(input.at(from + 7))) {
            throw BadRequestException.malformed("not a version of HTTP");
        }
        if (input.at(from + 5) != '1') {
            throw new BadRequestException(505, "not HTTP/1.0 or 1.1");
        }
        minor = Math.min(input.at(from + 7) - '0', 1);
    }

    private int readFields(int from, Patience patience) throws IOException {
        int at = from;
        while (true) {
            int end = input.lineEnd(at, limits.fieldLine(), 431, patience);
            if (end == at) {
                return end + 2;
            }
            if (count == limits.fieldCount()) {
                throw new BadRequestException(431, "more than " + count + " header lines");
            }
            if (end - from > limits.fields()) {
                throw new BadRequestException(
                        431, "header lines have more than " + limits.fields() + " bytes");
            }
            addField(at, end);
            at = end + 2;
        }
    }

    private void addField(int from, int end) throws BadRequestException {
        if (fields.length == count * WIDTH) {
            makeRoom();
        }
        int at = count++ * WIDTH;
        byte[] buffer = input.buffer();
        int base = input.position();
        int nameEnd = FieldLine.nameEnd(buffer, base + from, base + end);
        int valueStart = FieldLine.valueStart(buffer, nameEnd + 1, base + end);
        int valueEnd = FieldLine.valueEnd(buffer, valueStart, base + end);
        fields[at] = from;
        fields[at + 1] = nameEnd - base;
        fields[at + 2] = valueStart - base;
        fields[at + 3] = valueEnd - base;
        framing.note(buffer, base + from, nameEnd, valueStart, valueEnd);
    }

    private void makeRoom() {
        int[] full = fields;
        if (full.length == 0) {
            fields = buffers.takePositions();
        } else {
            fields = Arrays.copyOf(full, full.length * 2);
            buffers.release(full);
        }
    }

    /** {@return what the fields say about the message and the connection} */
    public Framing framing() {
        return framing;
    }

    /** {@return 0 or 1: the version is HTTP/1 of it} */
    public int minorVersion() {
        return minor;
    }

    /** {@return the method} */
    public String method() {
        return Methods.of(input.buffer(), start, start + methodEnd);
    }

    boolean methodIs(String method) {
        return Methods.matches(method, input.buffer(), start, start + methodEnd);
    }

    /** {@return true if the method is HEAD} */
    public boolean isHead() {
        return methodIs("HEAD");
    }

    /** {@return true if the method is CONNECT} */
    public boolean isConnect() {
        return methodIs("CONNECT");
    }

    /** {@return the target as sent} */
    public String target() {
        return latin1(targetStart, targetEnd);
    }

    /** {@return the request line as sent, as far as it was understood} */
    public String line() {
        return targetEnd == 0 ? "" : latin1(0, targetEnd) + " HTTP/1." + minor;
    }

    byte targetByte(int index) {
        return input.buffer()[start + targetStart + index];
    }

    int targetLength() {
        return targetEnd - targetStart;
    }

    /** {@return how many header lines there are} */
    public int fieldCount() {
        return count;
    }

    /**
     * The name of a field.
     *
     * @param index which
     * @return as sent
     */
    public String fieldName(int index) {
        return latin1(fields[index * WIDTH], fields[index * WIDTH + 1]);
    }

    /**
     * The value of a field.
     *
     * @param index which
     * @return without blanks around it, bytes beyond ASCII as Latin-1
     */
    public String fieldValue(int index) {
        return latin1(fields[index * WIDTH + 2], fields[index * WIDTH + 3]);
    }

    /**
     * Finds a field.
     *
     * @param name in any case
     * @param from index to begin with
     * @return index of the first from there on, or -1
     */
    public int findField(String name, int from) {
        byte[] buffer = input.buffer();
        for (int i = from; i < count; i++) {
            int at = i * WIDTH;
            if (Grammar.equalsIgnoreCase(
                    buffer, start + fields[at], start + fields[at + 1], name)) {
                return i;
            }
        }
        return -1;
    }

    private String latin1(int from, int to) {
        return new String(input.buffer(), start + from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** The peer sent blank lines and left. */
    public static final class NoRequestException extends IOException {
        private static final long serialVersionUID = 1L;

        NoRequestException() {
            super("end of input before a request");
        }
    }
}
