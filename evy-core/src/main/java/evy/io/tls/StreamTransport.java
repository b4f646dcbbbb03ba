package evy.io.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * Any other socket as a transport: the JDK's, or a TLS socket inside which another session runs. A
 * write that is torn has sent nobody knows how much, so it closes the socket; a write has no time
 * limit but that of the socket below.
 */
final class StreamTransport implements Transport {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final int timeoutBefore;

    // reader only
    private int timeoutNow;

    StreamTransport(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.timeoutBefore = socket.getSoTimeout();
        this.timeoutNow = timeoutBefore;
    }

    @Override
    public int read(byte[] buffer, int offset, int length, Limit limit) throws IOException {
        int timeout = limit.leftMillis();
        if (timeout != timeoutNow) {
            socket.setSoTimeout(timeout);
            timeoutNow = timeout;
        }
        return in.read(buffer, offset, length);
    }

    @Override
    public void awaitReadable(Limit limit) {
        // read waits
    }

    @Override
    public int write(byte[] buffer, int offset, int length) throws IOException {
        boolean whole = false;
        try {
            out.write(buffer, offset, length);
            out.flush();
            whole = true;
        } finally {
            if (!whole) {
                socket.close();
            }
        }
        return length;
    }

    @Override
    public void awaitWritable(Limit limit) {
        // write waits
    }

    @Override
    public boolean waitsInWrite() {
        return true;
    }

    @Override
    public void discardInput() throws IOException {
        int left = in.available();
        while (left > 0) {
            long skipped = in.skip(left);
            left = skipped == 0 ? 0 : left - (int) skipped;
        }
    }

    @Override
    public void wakeReader() throws IOException {
        socket.shutdownInput();
    }

    @Override
    public Socket detach() throws IOException {
        socket.setSoTimeout(timeoutBefore);
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
