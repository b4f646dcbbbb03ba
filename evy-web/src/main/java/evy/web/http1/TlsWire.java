package evy.web.http1;

import evy.io.tls.GreenTlsSocket;

import java.io.IOException;
import java.time.Duration;

/** A TLS socket of ours: it can wait without a buffer, and without decrypting a byte by itself. */
final class TlsWire extends StreamWire {
    private final GreenTlsSocket socket;

    TlsWire(GreenTlsSocket socket) throws IOException {
        super(socket);
        this.socket = socket;
    }

    @Override
    public boolean awaitReadable(long nanos) throws IOException {
        return nanos > 0 && socket.awaitReadable(Duration.ofNanos(nanos));
    }
}
