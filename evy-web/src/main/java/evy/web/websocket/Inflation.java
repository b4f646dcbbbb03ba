package evy.web.websocket;

import org.jspecify.annotations.Nullable;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses messages.
 *
 * @source RFC 7692 section 7.2.2
 */
final class Inflation {
    private static final Spares<Inflater> SPARES = new Spares<>(16);

    private final boolean keepContext;
    private @Nullable Inflater inflater;
    private byte[] fed = SpareBuffers.NONE;
    private int fedLength;

    Inflation(DeflateAgreement agreed) {
        this.keepContext = agreed.keepPeerContext();
    }

    private Inflater inflater() {
        Inflater i = inflater;
        if (i == null) {
            i = SPARES.take();
            if (i == null) {
                i = new Inflater(true);
            }
            inflater = i;
        }
        return i;
    }

    /** Takes more of the message. All before must have been read. */
    void feed(byte[] bytes, int length) {
        fed = bytes;
        fedLength = length;
        inflater().setInput(bytes, 0, length);
    }

    /**
     * Reads what can be had.
     *
     * @return number of bytes; 0 if more must be fed first
     */
    int read(byte[] b, int offset, int length) throws ProtocolException {
        Inflater i = inflater();
        try {
            while (true) {
                int n = i.inflate(b, offset, length);
                if (n > 0 || !i.finished()) {
                    return n;
                }
                beginNewStream(i); // the peer ended one in the middle: section 7.2.3.5 of the RFC
            }
        } catch (DataFormatException e) {
            throw new ProtocolException(CloseStatus.INVALID_DATA, "the message cannot be inflated");
        }
    }

    private void beginNewStream(Inflater i) {
        int left = i.getRemaining();
        i.reset();
        i.setInput(fed, fedLength - left, left);
    }

    /** Ends a message; the next one may refer to it only if the context is kept. */
    void endMessage() {
        if (!keepContext) {
            close();
        }
    }

    /** Frees the memory outside the heap, or leaves it to another connection. */
    void close() {
        Inflater i = inflater;
        if (i != null) {
            inflater = null;
            i.reset();
            if (!SPARES.keep(i)) {
                i.end();
            }
        }
    }
}
