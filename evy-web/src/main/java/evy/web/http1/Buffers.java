package evy.web.http1;

import java.util.ArrayDeque;

/**
 * The buffers of a hub's connections. A connection has one only while it has something to do, so
 * that idle ones cost next to nothing and busy ones share what is warm.
 *
 * @thread the green threads of one hub
 */
public final class Buffers {
    /** Bytes of a buffer. */
    public static final int SIZE = 16 * 1024;

    private static final int MOST_KEPT = 256;

    private static final int POSITIONS = 64;

    private final ArrayDeque<byte[]> free = new ArrayDeque<>();
    private final ArrayDeque<int[]> freePositions = new ArrayDeque<>();

    /** No buffers yet. */
    public Buffers() {}

    byte[] take() {
        byte[] buffer = free.pollFirst(); // the one used last: it is the warmest
        return buffer == null ? new byte[SIZE] : buffer;
    }

    void release(byte[] buffer) {
        if (buffer.length == SIZE && free.size() < MOST_KEPT) {
            free.addFirst(buffer);
        }
    }

    /** Somewhere to note where the fields of a head are. */
    int[] takePositions() {
        int[] positions = freePositions.pollFirst();
        return positions == null ? new int[POSITIONS] : positions;
    }

    void release(int[] positions) {
        if (positions.length == POSITIONS && freePositions.size() < MOST_KEPT) {
            freePositions.addFirst(positions);
        }
    }
}
