package evy.io.tls;

import evy.internal.util.SpinLock;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Buffers for records, lent while there is something in them: a connection that has nothing to do
 * holds none.
 */
final class Buffers {
    /** Two records of the usual size, or one of the largest that JSSE takes. */
    static final int SIZE = 34 * 1024;

    /** Stands for no buffer. */
    static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private static final int MOST_KEPT = 64;
    private static final SpinLock LOCK = new SpinLock();

    // guarded by LOCK
    private static final ArrayDeque<ByteBuffer> FREE = new ArrayDeque<>(MOST_KEPT);

    private Buffers() {}

    /** {@return a heap buffer, empty and ready to be read} */
    static ByteBuffer take() {
        ByteBuffer buffer;
        LOCK.lock();
        try {
            buffer = FREE.pollLast();
        } finally {
            LOCK.unlock();
        }
        return buffer != null ? buffer : ByteBuffer.allocate(SIZE).limit(0);
    }

    /**
     * Takes a buffer back; its content is forgotten.
     *
     * @return {@link #NONE}, to be put in its place
     */
    static ByteBuffer give(ByteBuffer buffer) {
        if (buffer.capacity() == SIZE) {
            buffer.position(0).limit(0);
            LOCK.lock();
            try {
                if (FREE.size() < MOST_KEPT) {
                    FREE.addLast(buffer);
                }
            } finally {
                LOCK.unlock();
            }
        }
        return NONE;
    }
}
