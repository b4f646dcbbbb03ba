package evy.io.tls;

import java.io.IOException;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/** Records on their way in: what the transport gave and has not been decrypted. */
final class Incoming {
    private static final int RECORD_HEADER = 5;

    private final SSLEngine engine;
    private final Transport transport;

    /* Ready to be read from. */
    private ByteBuffer buffer = Buffers.NONE;

    Incoming(SSLEngine engine, Transport transport) {
        this.engine = engine;
        this.transport = transport;
    }

    boolean isEmpty() {
        return !buffer.hasRemaining();
    }

    int remaining() {
        return buffer.remaining();
    }

    /** Decrypts one record, if it has come wholly. */
    SSLEngineResult decrypt(ByteBuffer target) throws SSLException {
        SSLEngineResult result = engine.unwrap(buffer, target);
        if (!buffer.hasRemaining()) {
            forget();
        }
        return result;
    }

    /**
     * Waits until more has come. While nothing has, no buffer is held.
     *
     * @return false at the end of the stream
     */
    boolean fill(Limit limit) throws IOException {
        int n = fillNow(Buffers.SIZE, limit);
        while (n == 0) {
            transport.awaitReadable(limit);
            n = fillNow(Buffers.SIZE, limit);
        }
        return n > 0;
    }

    /**
     * Waits for one record and takes not a byte more: what follows may not be TLS.
     *
     * @return false at the end of the stream
     */
    boolean fillExactly(Limit limit) throws IOException {
        int missing = missing();
        while (missing > 0) {
            int n = fillNow(missing, limit);
            if (n < 0) {
                return false;
            }
            if (n == 0) {
                transport.awaitReadable(limit);
            }
            missing = missing();
        }
        return true;
    }

    /* Of the first record; of its header, as long as that is not there. */
    private int missing() {
        int missing = RECORD_HEADER - buffer.remaining();
        if (missing > 0) {
            return missing;
        }
        int at = buffer.position() + RECORD_HEADER - 2;
        int length = ((buffer.get(at) & 0xff) << 8) | (buffer.get(at + 1) & 0xff);
        if (RECORD_HEADER + length > Buffers.SIZE) {
            return 0; // the engine will say what is wrong
        }
        return missing + length;
    }

    private int fillNow(int atMost, Limit limit) throws IOException {
        ByteBuffer target = buffer.capacity() == Buffers.SIZE ? buffer.compact() : grown();
        try {
            int room = Math.min(target.remaining(), atMost);
            int at = target.arrayOffset() + target.position();
            int n = transport.read(target.array(), at, room, limit);
            if (n > 0) {
                target.position(target.position() + n);
            }
            return n;
        } finally {
            target.flip();
            buffer = target.hasRemaining() ? target : Buffers.give(target);
        }
    }

    private ByteBuffer grown() {
        return Buffers.take().clear().put(buffer);
    }

    /** Keeps what has come in as little room as it takes, during a wait for something else. */
    void shrink() {
        if (buffer.hasRemaining()) {
            ByteBuffer small = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
            Buffers.give(buffer);
            buffer = small;
        }
    }

    void forget() {
        buffer = Buffers.give(buffer);
    }
}
