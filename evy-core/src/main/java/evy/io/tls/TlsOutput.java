package evy.io.tls;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** The bytes a TLS socket sends; nothing is held back. Closing it closes the socket. */
final class TlsOutput extends OutputStream {
    private final GreenTlsSocket socket;

    TlsOutput(GreenTlsSocket socket) {
        this.socket = socket;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        socket.sendAll(ByteBuffer.wrap(buffer, offset, length));
    }

    @Override
    public void flush() throws IOException {
        socket.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
