package evy.io.tls;

import java.io.IOException;
import java.io.InputStream;

/** The bytes a TLS socket receives. Closing it closes the socket. */
final class TlsInput extends InputStream {
    private final GreenTlsSocket socket;

    TlsInput(GreenTlsSocket socket) {
        this.socket = socket;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return socket.read(buffer, offset, length);
    }

    @Override
    public int available() throws IOException {
        return socket.available();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
