package evy.web.http1;

import java.net.Socket;

/** A wire that gives bytes in pieces of one size, then the end, and forgets what is sent. */
final class FedWire implements Wire {
    private final byte[] bytes;
    private final int piece;
    private int position;

    FedWire(byte[] bytes, int piece) {
        this.bytes = bytes;
        this.piece = piece;
    }

    @Override
    public boolean awaitReadable(long nanos) {
        return true;
    }

    @Override
    public int read(byte[] buffer, int offset, int length, long nanos) {
        int n = Math.min(Math.min(length, piece), bytes.length - position);
        System.arraycopy(bytes, position, buffer, offset, n);
        position += n;
        return n == 0 ? -1 : n;
    }

    @Override
    public void write(byte[] buffer, int offset, int length, long nanos) {}

    @Override
    public int tryWrite(byte[] buffer, int offset, int length) {
        return length;
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
