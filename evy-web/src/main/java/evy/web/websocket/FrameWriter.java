package evy.web.websocket;

import java.io.IOException;
import java.util.random.RandomGenerator;

/** Writes frames. Header and payload go out in one piece, up to 64 KB. */
final class FrameWriter {
    private static final int SMALL = 1024; // an array of so many bytes costs less than a spare one
    private static final int MAX_HEADER = 14;
    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;
    private static final int MASK = 0x80;

    private final Sink sink;
    private final RandomGenerator keys;
    private final boolean masking;

    /** Where bytes go. */
    @FunctionalInterface
    interface Sink {
        void write(byte[] b, int offset, int length) throws IOException;
    }

    private FrameWriter(Sink sink, RandomGenerator keys, boolean masking) {
        this.sink = sink;
        this.keys = keys;
        this.masking = masking;
    }

    /** A server's: frames go out as they are. */
    static FrameWriter plain(Sink sink) {
        return new FrameWriter(sink, () -> 0, false);
    }

    /**
     * A client's: frames are masked.
     *
     * @param keys must be unpredictable to whoever chooses the payload
     */
    static FrameWriter masking(Sink sink, RandomGenerator keys) {
        return new FrameWriter(sink, keys, true);
    }

    boolean isMasking() {
        return masking;
    }

    /** Writes one frame. If it throws, a part of the frame may have gone out. */
    void write(int opcode, boolean fin, boolean compressed, byte[] payload, int offset, int length)
            throws IOException {
        byte[] buffer = length <= SMALL ? new byte[length + MAX_HEADER] : SpareBuffers.take();
        int key = masking ? keys.nextInt() : 0;
        int at = header(buffer, opcode | (fin ? FIN : 0) | (compressed ? RSV1 : 0), length, key);
        int done = 0;
        do {
            int n = Math.min(length - done, buffer.length - at);
            System.arraycopy(payload, offset + done, buffer, at, n);
            if (masking) {
                Masks.apply(key, done, buffer, at, n);
            }
            sink.write(buffer, 0, at + n);
            done += n;
            at = 0;
            if (!masking && done < length) {
                sink.write(payload, offset + done, length - done);
                done = length;
            }
        } while (done < length);
        SpareBuffers.release(buffer);
    }

    private int header(byte[] buffer, int first, int length, int key) {
        int mask = masking ? MASK : 0;
        buffer[0] = (byte) first;
        int at = 2;
        if (length < 126) {
            buffer[1] = (byte) (mask | length);
        } else if (length <= 0xffff) {
            buffer[1] = (byte) (mask | 126);
            at = number(buffer, at, length, Short.BYTES);
        } else {
            buffer[1] = (byte) (mask | 127);
            at = number(buffer, at, length, Long.BYTES);
        }
        if (masking) {
            at = number(buffer, at, key, Integer.BYTES);
        }
        return at;
    }

    private static int number(byte[] buffer, int at, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            buffer[at + i] = (byte) (value >>> ((bytes - 1 - i) * Byte.SIZE));
        }
        return at + bytes;
    }
}
