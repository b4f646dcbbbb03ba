package evy.io.tls;

import java.io.IOException;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** Records on their way out: what has been encrypted and not been taken by the transport. */
final class Outgoing {
    private final SSLEngine engine;
    private final Transport transport;

    /* Ready to be read from. */
    private ByteBuffer buffer = Buffers.NONE;

    Outgoing(SSLEngine engine, Transport transport) {
        this.engine = engine;
        this.transport = transport;
    }

    boolean isEmpty() {
        return !buffer.hasRemaining();
    }

    int remaining() {
        return buffer.remaining();
    }

    /** Encrypts as much as there is room for, and whatever the engine itself has to say. */
    void encrypt(ByteBuffer data) throws SSLException {
        ByteBuffer target = buffer == Buffers.NONE ? Buffers.take() : buffer;
        target.compact();
        try {
            boolean more = true;
            while (more) {
                SSLEngineResult result = engine.wrap(data, target);
                boolean wanted =
                        data.hasRemaining()
                                || result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
                more = wanted && result.bytesProduced() > 0;
            }
        } finally {
            target.flip();
            buffer = target.hasRemaining() ? target : Buffers.give(target);
        }
    }

    /** Encrypts what the engine itself has to say. */
    void encrypt() throws SSLException {
        encrypt(Buffers.NONE);
    }

    /** Sends all, waiting for it. */
    void flush(Limit limit) throws IOException {
        while (!flushNow()) {
            transport.awaitWritable(limit);
        }
    }

    /**
     * Sends what the transport takes now.
     *
     * @return false if something is left
     */
    boolean flushNow() throws IOException {
        while (buffer.hasRemaining()) {
            int at = buffer.arrayOffset() + buffer.position();
            int n = transport.write(buffer.array(), at, buffer.remaining());
            if (n == 0) {
                return false;
            }
            buffer.position(buffer.position() + n);
        }
        forget();
        return true;
    }

    void forget() {
        buffer = Buffers.give(buffer);
    }
}
