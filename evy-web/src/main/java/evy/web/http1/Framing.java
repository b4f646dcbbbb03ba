package evy.web.http1;

/**
 * What the fields of a request say about where it ends and what becomes of the connection. Whatever
 * two readers might read differently is refused.
 *
 * @source RFC 9112 sections 3.2, 6 and 9.6, RFC 9110 section 10.1.1
 */
public final class Framing {
    private static final byte[] HOST = Grammar.ascii("host");
    private static final byte[] EXPECT = Grammar.ascii("expect");
    private static final byte[] CONNECTION = Grammar.ascii("connection");
    private static final byte[] CONTENT_LENGTH = Grammar.ascii("content-length");
    private static final byte[] TRANSFER_ENCODING = Grammar.ascii("transfer-encoding");
    private static final byte[] CLOSE = Grammar.ascii("close");
    private static final byte[] KEEP_ALIVE = Grammar.ascii("keep-alive");
    private static final byte[] CHUNKED = Grammar.ascii("chunked");
    private static final byte[] CONTINUE = Grammar.ascii("100-continue");

    private final Limits limits;
    private long contentLength;
    private boolean transferEncoding;
    private boolean chunked;
    private boolean otherCoding;
    private boolean chunkedEarlier;
    private int hosts;
    private boolean close;
    private boolean keepAlive;
    private boolean expectContinue;
    private boolean expectOther;

    Framing(Limits limits) {
        this.limits = limits;
    }

    void clear() {
        contentLength = -1;
        transferEncoding = false;
        chunked = false;
        otherCoding = false;
        chunkedEarlier = false;
        hosts = 0;
        close = false;
        keepAlive = false;
        expectContinue = false;
        expectOther = false;
    }

    /** Takes note of a field. */
    void note(byte[] b, int nameStart, int nameEnd, int from, int to) throws BadRequestException {
        switch (nameEnd - nameStart) {
            case 4 -> {
                if (Grammar.equalsIgnoreCase(b, nameStart, nameEnd, HOST)) {
                    noteHost(b, from, to);
                }
            }
            case 6 -> {
                if (Grammar.equalsIgnoreCase(b, nameStart, nameEnd, EXPECT)) {
                    boolean known = Grammar.equalsIgnoreCase(b, from, to, CONTINUE);
                    expectContinue |= known;
                    expectOther |= !known;
                }
            }
            case 10 -> {
                if (Grammar.equalsIgnoreCase(b, nameStart, nameEnd, CONNECTION)) {
                    noteConnection(b, from, to);
                }
            }
            case 14 -> {
                if (Grammar.equalsIgnoreCase(b, nameStart, nameEnd, CONTENT_LENGTH)) {
                    noteLength(b, from, to);
                }
            }
            case 17 -> {
                if (Grammar.equalsIgnoreCase(b, nameStart, nameEnd, TRANSFER_ENCODING)) {
                    noteCodings(b, from, to);
                }
            }
            default -> {}
        }
    }

    private void noteHost(byte[] b, int from, int to) throws BadRequestException {
        hosts++;
        if (!Target.isAuthority(b, from, to)) {
            throw BadRequestException.malformed("Host is not a host and a port");
        }
    }

    private void noteConnection(byte[] b, int from, int to) {
        for (int i = from; i < to; ) {
            int end = elementEnd(b, i, to);
            int first = FieldLine.valueStart(b, i, end);
            int last = trimmed(b, first, end);
            close |= Grammar.equalsIgnoreCase(b, first, last, CLOSE);
            keepAlive |= Grammar.equalsIgnoreCase(b, first, last, KEEP_ALIVE);
            i = end + 1;
        }
    }

    private void noteLength(byte[] b, int from, int to) throws BadRequestException {
        if (contentLength >= 0) {
            throw BadRequestException.malformed("more than one Content-Length");
        }
        if (from == to) {
            throw BadRequestException.malformed("Content-Length is empty");
        }
        long length = 0;
        for (int i = from; i < to; i++) {
            if (!Grammar.isDigit(b[i])) {
                throw BadRequestException.malformed("Content-Length is not a number");
            }
            int digit = b[i] - '0';
            if (length > (Long.MAX_VALUE - digit) / 10) {
                throw BadRequestException.malformed("Content-Length has too many digits");
            }
            length = length * 10 + digit;
        }
        contentLength = length;
    }

    private void noteCodings(byte[] b, int from, int to) {
        transferEncoding = true;
        int i = from;
        do {
            int end = elementEnd(b, i, to);
            int first = FieldLine.valueStart(b, i, end);
            chunkedEarlier |= chunked;
            chunked = Grammar.equalsIgnoreCase(b, first, trimmed(b, first, end), CHUNKED);
            otherCoding |= !chunked;
            i = end + 1;
        } while (i <= to);
    }

    private static int elementEnd(byte[] b, int from, int to) {
        int i = from;
        while (i < to && b[i] != ',') {
            i++;
        }
        return i;
    }

    private static int trimmed(byte[] b, int from, int to) {
        int last = to;
        while (last > from && Grammar.isBlank(b[last - 1])) {
            last--;
        }
        return last;
    }

    /** Looks at all of it together, when the head is complete. */
    void check(RequestHead head) throws BadRequestException {
        if (hosts > 1 || (hosts == 0 && head.minorVersion() > 0)) {
            throw BadRequestException.malformed(hosts + " Host fields");
        }
        if (transferEncoding) {
            checkCodings(head);
        }
        if (contentLength > limits.body()) {
            throw new BadRequestException(
                    413, "body of " + contentLength + " bytes, at most " + limits.body());
        }
        if (expectOther) {
            throw new BadRequestException(417, "cannot meet what the client expects");
        }
        Target.check(head);
    }

    private void checkCodings(RequestHead head) throws BadRequestException {
        if (contentLength >= 0) {
            throw BadRequestException.malformed("both Content-Length and Transfer-Encoding");
        }
        if (head.minorVersion() == 0) {
            throw BadRequestException.malformed("Transfer-Encoding in HTTP/1.0");
        }
        if (!chunked || chunkedEarlier) {
            throw BadRequestException.malformed("chunked is not the last transfer coding");
        }
        if (otherCoding) {
            throw new BadRequestException(501, "no transfer coding but chunked is understood");
        }
    }

    /** {@return bytes of the body, -1 if not said} */
    public long contentLength() {
        return contentLength;
    }

    /** {@return true if the body comes in chunks} */
    public boolean isChunked() {
        return chunked;
    }

    /** {@return true if the client wants the connection closed} */
    public boolean wantsClose() {
        return close;
    }

    /** {@return true if the client says that it wants the connection kept} */
    public boolean saysKeepAlive() {
        return keepAlive;
    }

    /** {@return true if the client waits for a 100 before it sends the body} */
    public boolean expectsContinue() {
        return expectContinue;
    }
}
