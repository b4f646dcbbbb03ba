package evy.web;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A connection whose client has sent everything already, in pieces of chosen sizes, and then ended.
 */
class MemorySocket extends Socket {
    private final byte[] request;
    private final int[] ends;
    private final ByteArrayOutputStream response = new ByteArrayOutputStream();
    private final CountDownLatch closed = new CountDownLatch(1);
    private int position;

    /**
     * A connection.
     *
     * @param ends where the pieces end; the last is the end of the request
     */
    MemorySocket(byte[] request, int... ends) {
        this.request = request;
        this.ends = ends;
    }

    /** What the server has sent when it closes. */
    String response() throws InterruptedException {
        if (!closed.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the server does not close");
        }
        synchronized (response) {
            return response.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private int pieceEnd() {
        for (int end : ends) {
            if (end > position) {
                return end;
            }
        }
        return request.length;
    }

    @Override
    public InputStream getInputStream() {
        return new ByteArrayInputStream(request) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                int n = super.read(buffer, offset, Math.min(length, pieceEnd() - position));
                position += Math.max(n, 0);
                return n == 0 ? -1 : n;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                synchronized (response) {
                    response.write(bytes, offset, length);
                }
            }
        };
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return InetSocketAddress.createUnresolved("memory", 1);
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return getRemoteSocketAddress();
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Set.of();
    }

    @Override
    public <T> Socket setOption(SocketOption<T> name, T value) {
        throw new UnsupportedOperationException(name + " of a socket in memory");
    }

    @Override
    public void setSoTimeout(int timeout) {}

    @Override
    public void setSoLinger(boolean on, int linger) {}

    @Override
    public void shutdownOutput() {}

    @Override
    public void close() throws IOException {
        closed.countDown();
    }
}
