package evy.internal.poll;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that were taken from a channel only to be looked at, and are still to be read. */
final class Peeked {
    private static final int MAX_CAPACITY = 64 * 1024;
    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private int start;
    private int end;

    boolean isEmpty() {
        return start == end;
    }

    int size() {
        return end - start;
    }

    /** Room for as many bytes more as make {@code wanted} in all; {@link #added} has to follow. */
    ByteBuffer space(int wanted) {
        int size = size();
        int capacity = Math.max(size, Math.min(wanted, MAX_CAPACITY));
        if (start + capacity > bytes.length) {
            bytes = Arrays.copyOfRange(bytes, start, start + capacity);
            start = 0;
            end = size;
        }
        return ByteBuffer.wrap(bytes, end, capacity - size);
    }

    /** Takes over {@code n} bytes written to the {@link #space}. */
    void added(int n) {
        end += n;
    }

    /** Copies what is there and keeps it. */
    int copy(byte[] target, int offset, int length) {
        int n = Math.min(length, size());
        System.arraycopy(bytes, start, target, offset, n);
        return n;
    }

    /** Moves what is there. */
    int take(ByteBuffer target) {
        int n = Math.min(target.remaining(), size());
        target.put(bytes, start, n);
        start += n;
        if (start == end) {
            bytes = NONE;
            start = 0;
            end = 0;
        }
        return n;
    }
}
