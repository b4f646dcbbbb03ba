package evy.web.websocket;

import java.io.EOFException;
import java.io.IOException;

/**
 * Reads frames and refuses what RFC 6455 section 5 does not allow in a single one. A read that is
 * torn away in the middle, as by a timeout, can be made again: nothing is lost.
 *
 * <pre>
 *  0               1               2               3
 *  0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 * +-+-+-+-+-------+-+-------------+-------------------------------+
 * |F|R|R|R| opcode|M|  length 7   | length 16 or 64, if 126 or 127|
 * |I|S|S|S|  (4)  |A|             |                               |
 * |N|V|V|V|       |S|             | then the mask's 4 bytes, if M |
 * | |1|2|3|       |K|             |                               |
 * +-+-+-+-+-------+-+-------------+-------------------------------+
 * </pre>
 */
final class FrameReader {
    private static final int DIRECT = 4096; // so much is read past the buffer
    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;
    private static final int RSV2_AND_3 = 0x30;
    private static final int OPCODE = 0x0f;
    private static final int MASK = 0x80;
    private static final int LENGTH = 0x7f;

    private final Source source;
    private final boolean masked;
    private final boolean compressible;
    private final long limit;

    private byte[] buffer = SpareBuffers.NONE;
    private int start;
    private int end;

    // the current frame
    private boolean fin;
    private boolean rsv1;
    private int opcode;
    private int key;
    private long position;
    private long remaining;

    /** Where bytes come from. */
    @FunctionalInterface
    interface Source {
        /**
         * Reads what is there without waiting.
         *
         * @return bytes read, -1 at the end; 0 if {@link #await} has to come first
         */
        default int tryRead(byte[] b, int offset, int length) throws IOException {
            return 0;
        }

        /** Waits for bytes, if it can without a buffer for them. */
        default void await() throws IOException {}

        /** Reads at least one byte; -1 at the end. */
        int read(byte[] b, int offset, int length) throws IOException;
    }

    /**
     * Makes one.
     *
     * @param masked whether frames must be masked, as a client's, or must not, as a server's
     * @param compressible whether RSV1 may be set on the first frame of a message
     * @param limit longest payload of a data frame, in bytes
     */
    FrameReader(Source source, boolean masked, boolean compressible, long limit) {
        this.source = source;
        this.masked = masked;
        this.compressible = compressible;
        this.limit = limit;
    }

    /**
     * Reads the header of the next frame. The payload of the one before must have been read.
     *
     * @throws EOFException if the peer is gone
     * @throws ProtocolException if the frame must not be
     */
    void next() throws IOException {
        require(2);
        int first = buffer[start];
        int second = buffer[start + 1];
        int code = first & OPCODE;
        check(code, first, second);
        int seven = second & LENGTH;
        int lengthBytes = seven < 126 ? 0 : seven == 126 ? Short.BYTES : Long.BYTES;
        require(2 + lengthBytes + (masked ? Integer.BYTES : 0));
        long length = lengthBytes == 0 ? seven : number(start + 2, lengthBytes);
        checkLength(code, length, lengthBytes);
        start += 2 + lengthBytes;
        if (masked) {
            key = (int) number(start, Integer.BYTES);
            start += Integer.BYTES;
        }
        fin = (first & FIN) != 0;
        rsv1 = (first & RSV1) != 0;
        opcode = code;
        position = 0;
        remaining = length;
    }

    private void check(int code, int first, int second) throws ProtocolException {
        if ((first & RSV2_AND_3) != 0) {
            throw broken("reserved bits are set");
        }
        if (!Opcode.isKnown(code)) {
            throw broken("unknown opcode " + code);
        }
        if ((first & RSV1) != 0
                && !(compressible && (code == Opcode.TEXT || code == Opcode.BINARY))) {
            throw broken("reserved bit 1 is set");
        }
        if (Opcode.isControl(code)) {
            if ((first & FIN) == 0) {
                throw broken("fragmented control frame");
            }
            if ((second & LENGTH) > Opcode.MAX_CONTROL) {
                throw broken("control frame longer than " + Opcode.MAX_CONTROL + " bytes");
            }
        }
        if (((second & MASK) != 0) != masked) {
            throw broken(masked ? "a client's frame is not masked" : "a server's frame is masked");
        }
    }

    private void checkLength(int code, long length, int lengthBytes) throws ProtocolException {
        if (length < 0) {
            throw broken("frame length with its highest bit set");
        }
        if ((lengthBytes == Short.BYTES && length < 126)
                || (lengthBytes == Long.BYTES && length <= 0xffff)) {
            throw broken("frame length not in its shortest form");
        }
        if (!Opcode.isControl(code) && length > limit) {
            throw new ProtocolException(
                    CloseStatus.TOO_BIG,
                    "frame of " + length + " bytes exceeds the limit of " + limit);
        }
    }

    private static ProtocolException broken(String reason) {
        return new ProtocolException(CloseStatus.PROTOCOL_ERROR, reason);
    }

    private long number(int at, int bytes) {
        long n = 0;
        for (int i = 0; i < bytes; i++) {
            n = (n << Byte.SIZE) | (buffer[at + i] & 0xff);
        }
        return n;
    }

    private void require(int bytes) throws IOException {
        while (end - start < bytes) {
            if (start == end) {
                refill();
                continue;
            }
            if (start > 0) {
                System.arraycopy(buffer, start, buffer, 0, end - start);
                end -= start;
                start = 0;
            }
            end += readSome(buffer, end, buffer.length - end);
        }
    }

    /* A source that may have something finds out by reading; only then is its wait one without a buffer. */
    private void refill() throws IOException {
        rest();
        buffer = SpareBuffers.take();
        int n = source.tryRead(buffer, 0, buffer.length);
        if (n == 0) {
            rest();
            source.await();
            buffer = SpareBuffers.take();
            n = source.read(buffer, 0, buffer.length);
        }
        end = ensureNotEnded(n);
    }

    /** Gives the buffer back if nothing is in it. */
    void rest() {
        if (start == end) {
            byte[] unused = buffer;
            buffer = SpareBuffers.NONE;
            start = 0;
            end = 0;
            SpareBuffers.release(unused);
        }
    }

    private int readSome(byte[] b, int offset, int length) throws IOException {
        return ensureNotEnded(source.read(b, offset, length));
    }

    private static int ensureNotEnded(int n) throws EOFException {
        if (n < 0) {
            throw new EOFException("the peer is gone");
        }
        return n;
    }

    /**
     * Reads what has come of the current frame's payload, unmasked.
     *
     * @return number of bytes; -1 after the last
     */
    int read(byte[] b, int offset, int length) throws IOException {
        if (remaining == 0) {
            return -1;
        }
        int wanted = (int) Math.min(length, remaining);
        int n;
        if (start < end || wanted < DIRECT) {
            require(1);
            n = Math.min(wanted, end - start);
            System.arraycopy(buffer, start, b, offset, n);
            start += n;
        } else {
            n = readSome(b, offset, wanted);
        }
        if (masked) {
            Masks.apply(key, position, b, offset, n);
        }
        position += n;
        remaining -= n;
        return n;
    }

    boolean isLast() {
        return fin;
    }

    boolean isCompressed() {
        return rsv1;
    }

    int opcode() {
        return opcode;
    }

    /** Bytes of the payload still to be read. */
    long remaining() {
        return remaining;
    }

    /** Bytes that have been received and not read. */
    int buffered() {
        return end - start;
    }
}
