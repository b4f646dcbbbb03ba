package evy.web.http1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A wire that keeps what is sent, and has nothing to read. */
class RecordingWire implements Wire {
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    int takesAtOnce = Integer.MAX_VALUE;
    boolean fails;

    byte[] sent() {
        return sent.toByteArray();
    }

    String text() {
        return sent.toString(StandardCharsets.ISO_8859_1);
    }

    void clear() {
        sent.reset();
    }

    @Override
    public boolean awaitReadable(long nanos) {
        return true;
    }

    @Override
    public int read(byte[] buffer, int offset, int length, long nanos) {
        return -1;
    }

    @Override
    public void write(byte[] buffer, int offset, int length, long nanos) throws IOException {
        if (fails) {
            throw new IOException("Broken pipe");
        }
        sent.write(buffer, offset, length);
    }

    @Override
    public int tryWrite(byte[] buffer, int offset, int length) {
        int n = Math.min(length, takesAtOnce);
        sent.write(buffer, offset, n);
        return n;
    }

    @Override
    public void endOutput() {}

    @Override
    public void reset() {}

    @Override
    public Socket release() {
        throw new UnsupportedOperationException("no socket");
    }

    @Override
    public void close() {}
}
