package evy.web.websocket;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Puts messages together from frames, and deals with the control frames among them. A read that is
 * torn away in the middle can be made again: what was read of the message by then is kept.
 */
final class MessageReader {
    private static final int FIRST_BUFFER = 1024;
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    /** Who is told of control frames. */
    interface Control {
        void onPing(byte[] payload) throws IOException;

        void onClose(CloseStatus status) throws IOException;
    }

    private final FrameReader frames;
    private final Control control;
    private final @Nullable Inflation inflation;
    private final int limit;

    // the current frame
    private boolean framed; // its header was read, its payload not to the end
    private byte[] payload = SpareBuffers.NONE; // of a control frame
    private int payloadLength;
    private boolean closed;

    // the current message
    private boolean inMessage;
    private boolean text;
    private boolean compressed;
    private boolean lastSeen;
    private final Utf8Validator utf8 = new Utf8Validator();
    private byte[] block = SpareBuffers.NONE; // of compressed bytes
    private byte[] buffer = SpareBuffers.NONE;
    private int size;
    private long total;

    /**
     * Makes one.
     *
     * @param inflation null if nothing may be compressed
     * @param limit most bytes of a message, decompressed
     */
    MessageReader(FrameReader frames, Control control, @Nullable Inflation inflation, int limit) {
        this.frames = frames;
        this.control = control;
        this.inflation = inflation;
        this.limit = limit;
    }

    /**
     * Reads a whole message.
     *
     * @return null once the peer has closed
     */
    @Nullable Message receive() throws IOException {
        if (!begin()) {
            return null;
        }
        while (true) {
            if (size == buffer.length) {
                buffer = Arrays.copyOf(buffer, enoughFor(size));
            }
            int n = read(buffer, size, buffer.length - size);
            if (n < 0) {
                return take();
            }
            size += n;
        }
    }

    /* What is announced is not believed beyond the fourfold of what has come. */
    private int enoughFor(int had) {
        if (compressed || !framed) {
            long doubled = Math.max(FIRST_BUFFER, 2L * had);
            return (int) Math.min(Math.min(doubled, limit + 1L), LARGEST_ARRAY);
        }
        long announced = had + frames.remaining();
        long wanted = frames.isLast() ? announced : Math.max(announced, 2L * had);
        long believed = Math.max(FIRST_BUFFER, 4 * ((long) had + frames.buffered()));
        return (int) Math.min(Math.min(wanted, believed), LARGEST_ARRAY);
    }

    private Message take() {
        byte[] bytes = buffer;
        int length = size;
        buffer = SpareBuffers.NONE;
        if (text) {
            return new Message.Text(new String(bytes, 0, length, StandardCharsets.UTF_8));
        }
        return new Message.Binary(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
    }

    /**
     * Waits for a message to begin, if none is being read.
     *
     * @return false once the peer has closed
     */
    boolean begin() throws IOException {
        if (inMessage) {
            return true;
        }
        if (!advance()) {
            return false;
        }
        inMessage = true;
        text = frames.opcode() == Opcode.TEXT;
        compressed = frames.isCompressed();
        lastSeen = false;
        size = 0;
        total = 0;
        return true;
    }

    boolean isText() {
        return text;
    }

    /**
     * Reads of the current message.
     *
     * @return number of bytes, at least 1; -1 at its end
     */
    int read(byte[] b, int offset, int length) throws IOException {
        if (!inMessage) {
            return -1;
        }
        int n = compressed ? readInflated(b, offset, length) : readRaw(b, offset, length);
        if (n < 0) {
            endMessage();
            return -1;
        }
        total += n;
        if (total > limit) {
            throw new ProtocolException(
                    CloseStatus.TOO_BIG,
                    "message of " + total + " bytes or more exceeds the limit of " + limit);
        }
        if (text && !utf8.accepts(b, offset, n)) {
            throw notUtf8();
        }
        return n;
    }

    private void endMessage() throws ProtocolException {
        inMessage = false;
        if (compressed && inflation != null) {
            releaseBlock();
            inflation.endMessage();
        }
        if (text && !utf8.endsWhole()) {
            throw notUtf8();
        }
    }

    private void releaseBlock() {
        byte[] read = block;
        block = SpareBuffers.NONE;
        SpareBuffers.release(read);
    }

    private static ProtocolException notUtf8() {
        return new ProtocolException(CloseStatus.INVALID_DATA, "text that is not UTF-8");
    }

    private int readInflated(byte[] b, int offset, int length) throws IOException {
        assert inflation != null;
        while (true) {
            int n = inflation.read(b, offset, length);
            if (n > 0) {
                return n;
            }
            if (lastSeen) {
                return -1;
            }
            if (block.length == 0) {
                block = SpareBuffers.take();
            }
            int fed = readRaw(block, 0, block.length);
            if (fed < 0) {
                lastSeen = true;
                inflation.feed(Deflation.TAIL, Deflation.TAIL.length);
            } else {
                inflation.feed(block, fed);
            }
        }
    }

    private int readRaw(byte[] b, int offset, int length) throws IOException {
        while (true) {
            if (framed) {
                int n = frames.read(b, offset, length);
                if (n >= 0) {
                    return n;
                }
                framed = false;
                if (frames.isLast()) {
                    return -1;
                }
            }
            if (!advance()) {
                throw new EOFException("the peer closed in the middle of a message");
            }
        }
    }

    /* Goes on to the next data frame. False once the peer has closed. */
    private boolean advance() throws IOException {
        while (!closed) {
            if (!framed) {
                frames.next();
                framed = true;
                payloadLength = 0;
                payload =
                        Opcode.isControl(frames.opcode())
                                ? new byte[(int) frames.remaining()]
                                : SpareBuffers.NONE;
            }
            if (!Opcode.isControl(frames.opcode())) {
                checkOrder();
                return true;
            }
            while (frames.remaining() > 0) {
                payloadLength +=
                        frames.read(payload, payloadLength, payload.length - payloadLength);
            }
            framed = false;
            handle(frames.opcode(), payload);
        }
        return false;
    }

    private void checkOrder() throws ProtocolException {
        boolean continuation = frames.opcode() == Opcode.CONTINUATION;
        if (continuation && !inMessage) {
            throw new ProtocolException(
                    CloseStatus.PROTOCOL_ERROR, "continuation of a message that was not begun");
        }
        if (!continuation && inMessage) {
            throw new ProtocolException(
                    CloseStatus.PROTOCOL_ERROR, "new message inside a fragmented one");
        }
    }

    private void handle(int opcode, byte[] bytes) throws IOException {
        switch (opcode) {
            case Opcode.PING -> control.onPing(bytes);
            case Opcode.CLOSE -> {
                closed = true;
                control.onClose(status(bytes));
            }
            default -> {} // a pong: that it came was all
        }
    }

    private static CloseStatus status(byte[] bytes) throws ProtocolException {
        if (bytes.length == 0) {
            return new CloseStatus(CloseStatus.NONE, "");
        }
        if (bytes.length == 1) {
            throw new ProtocolException(
                    CloseStatus.PROTOCOL_ERROR, "close frame with one byte of a code");
        }
        int code = ((bytes[0] & 0xff) << Byte.SIZE) | (bytes[1] & 0xff);
        if (!CloseStatus.isSendable(code)) {
            throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "illegal close code " + code);
        }
        try {
            ByteBuffer reason = ByteBuffer.wrap(bytes, 2, bytes.length - 2);
            return new CloseStatus(
                    code, StandardCharsets.UTF_8.newDecoder().decode(reason).toString());
        } catch (CharacterCodingException e) {
            throw new ProtocolException(CloseStatus.INVALID_DATA, "close reason that is not UTF-8");
        }
    }

    /** Gives the buffer back if nothing is in it. */
    void rest() {
        frames.rest();
    }

    /** Frees what is kept outside the heap. */
    void close() {
        if (inflation != null) {
            releaseBlock();
            inflation.close();
        }
    }
}
