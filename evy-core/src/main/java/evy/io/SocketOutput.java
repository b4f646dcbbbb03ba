package evy.io;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The bytes a socket sends. As in the JDK a write has no time limit of its own. Closing is up to
 * {@link java.net.Socket}, which wraps this.
 */
final class SocketOutput extends OutputStream {
    private final GreenSocketImpl socket;

    SocketOutput(GreenSocketImpl socket) {
        this.socket = socket;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        long limit =
                socket.timeoutNanos() == SocketTimeouts.NON_BLOCKING
                        ? SocketTimeouts.NON_BLOCKING
                        : SocketTimeouts.NONE;
        socket.link().writeAll(buffer, offset, length, new Deadline("Write", limit));
    }
}
