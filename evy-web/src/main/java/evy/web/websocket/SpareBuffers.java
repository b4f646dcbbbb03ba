package evy.web.websocket;

/**
 * Buffers for what is on its way through. A connection has one only while there is something in it,
 * so that idle ones cost nothing, and busy ones share what is warm.
 *
 * @thread any
 */
final class SpareBuffers {
    /** Bytes of a buffer: a frame of 64 KB with its header. */
    static final int SIZE = 64 * 1024 + 16;

    /** What is used by a connection that has none. */
    static final byte[] NONE = {};

    private static final Spares<byte[]> SPARES = new Spares<>(32);

    private SpareBuffers() {}

    static byte[] take() {
        byte[] buffer = SPARES.take();
        return buffer == null ? new byte[SIZE] : buffer;
    }

    /** Gives a buffer back; one of another size is left to the GC. */
    static void release(byte[] buffer) {
        if (buffer.length == SIZE) {
            boolean _ = SPARES.keep(buffer);
        }
    }
}
