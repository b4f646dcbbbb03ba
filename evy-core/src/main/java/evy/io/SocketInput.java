package evy.io;

import java.io.IOException;
import java.io.InputStream;

/** The bytes a socket receives. Closing is up to {@link java.net.Socket}, which wraps this. */
final class SocketInput extends InputStream {
    private final GreenSocketImpl socket;

    SocketInput(GreenSocketImpl socket) {
        this.socket = socket;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return socket.link().read(buffer, offset, length, false, socket.timeoutNanos());
    }

    @Override
    public int available() throws IOException {
        return socket.link().available();
    }
}
