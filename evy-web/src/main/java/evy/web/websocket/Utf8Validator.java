package evy.web.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Says at the first byte that cannot be that a text is not UTF-8, wherever the pieces it comes in
 * are cut.
 *
 * @source RFC 3629 section 4; Unicode table 3-7
 */
final class Utf8Validator {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private int missing; // continuation bytes still to come
    private int lowest; // of the next one
    private int highest;

    /**
     * Takes the next bytes.
     *
     * @return false if the text cannot be UTF-8, whatever follows
     */
    boolean accepts(byte[] bytes, int offset, int length) {
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            if (missing == 0) {
                i = skipAscii(bytes, i, end);
                if (i == end) {
                    return true;
                }
                if (bytes[i] < 0 && !begin(bytes[i] & 0xff)) {
                    return false;
                }
            } else {
                int b = bytes[i] & 0xff;
                if (b < lowest || b > highest) {
                    return false;
                }
                missing--;
                lowest = 0x80;
                highest = 0xbf;
            }
        }
        return true;
    }

    private static int skipAscii(byte[] bytes, int from, int end) {
        int i = from;
        while (i <= end - Long.BYTES && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
            i += Long.BYTES;
        }
        return i;
    }

    /* Overlong forms, surrogates and what is above U+10FFFF fall out by the second byte's range. */
    private boolean begin(int b) {
        lowest = b == 0xe0 ? 0xa0 : b == 0xf0 ? 0x90 : 0x80;
        highest = b == 0xed ? 0x9f : b == 0xf4 ? 0x8f : 0xbf;
        if (b >= 0xc2 && b <= 0xdf) {
            missing = 1;
        } else if (b >= 0xe0 && b <= 0xef) {
            missing = 2;
        } else if (b >= 0xf0 && b <= 0xf4) {
            missing = 3;
        } else {
            return false;
        }
        return true;
    }

    /** Asks whether the text may end here; begins anew. */
    boolean endsWhole() {
        boolean whole = missing == 0;
        missing = 0;
        return whole;
    }
}
