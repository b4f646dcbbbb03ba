package evy.web.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Masking of payloads, eight bytes at a time. */
final class Masks {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Masks() {}

    /**
     * Masks bytes in place; a second time unmasks them.
     *
     * @param key the frame's four key bytes, the first one highest
     * @param position of the first of the bytes within the payload
     */
    static void apply(int key, long position, byte[] bytes, int offset, int length) {
        int turned = Integer.rotateLeft(key, (int) (position & 3) * Byte.SIZE);
        long pattern = ((long) turned << Integer.SIZE) | (turned & 0xffff_ffffL);
        int i = offset;
        int end = offset + length;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ pattern);
        }
        for (int shift = 24; i < end; i++) {
            bytes[i] ^= (byte) (turned >>> shift);
            shift = (shift - Byte.SIZE) & 31;
        }
    }
}
