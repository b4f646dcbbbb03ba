package evy.web.websocket;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/**
 * Compresses messages.
 *
 * @source RFC 7692 section 7.2.1
 */
final class Deflation {
    /** What a flush leaves at the end, and a message leaves out. */
    static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    /** The last fragment of a message whose earlier ones were flushed whole. */
    static final byte[] END = {0};

    private static final int LEAST_OUTPUT = 64;

    /* By level. A new one has to clear some 256 KB, one that was used only its table of 64 KB. */
    private static final List<Spares<Deflater>> SPARES =
            Stream.generate(() -> new Spares<Deflater>(8)).limit(10).toList();

    private final int level;
    private final boolean keepContext;
    private @Nullable Deflater deflater;
    private byte[] output = SpareBuffers.NONE;
    private int length;

    Deflation(DeflateAgreement agreed) {
        this.level = agreed.wanted().level();
        this.keepContext = agreed.keepOwnContext();
    }

    private Deflater deflater() {
        Deflater d = deflater;
        if (d == null) {
            d = SPARES.get(level).take();
            if (d == null) {
                d = new Deflater(level, true);
            }
            deflater = d;
        }
        return d;
    }

    /** Compresses a whole message, or the whole rest of one, into {@link #output}. */
    void message(byte[] bytes, int offset, int count) {
        fragment(bytes, offset, count);
        length -= TAIL.length;
        endMessage();
    }

    /** Compresses a part of a message that is to be understood at once into {@link #output}. */
    void fragment(byte[] bytes, int offset, int count) {
        Deflater d = deflater();
        int expected = LEAST_OUTPUT + count / 2;
        output = expected <= SpareBuffers.SIZE ? SpareBuffers.take() : new byte[expected];
        length = 0;
        d.setInput(bytes, offset, count);
        while (true) {
            length += d.deflate(output, length, output.length - length, Deflater.SYNC_FLUSH);
            if (length < output.length) {
                return;
            }
            output = Arrays.copyOf(output, output.length * 2);
        }
    }

    /** Ends a message; the next one knows of it only if the context is kept. */
    void endMessage() {
        if (!keepContext) {
            close();
        }
    }

    /** What came of it, until {@link #release}. */
    byte[] output() {
        return output;
    }

    int length() {
        return length;
    }

    /** Gives the output's buffer back. */
    void release() {
        byte[] sent = output;
        output = SpareBuffers.NONE;
        SpareBuffers.release(sent);
    }

    /** Frees the memory outside the heap, or leaves it to another connection. */
    void close() {
        Deflater d = deflater;
        if (d != null) {
            deflater = null;
            d.reset();
            if (!SPARES.get(level).keep(d)) {
                d.end();
            }
        }
    }
}
