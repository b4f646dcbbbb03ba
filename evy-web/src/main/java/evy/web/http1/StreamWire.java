package evy.web.http1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

/** Any other socket by its streams. */
class StreamWire implements Wire {
    private static final int SLICE_BYTES = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] one = new byte[1];
    private int waiting; // 1 if awaitReadable got a byte that has not been read yet
    private int timeoutMillis = -1;

    StreamWire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    @Override
    public boolean awaitReadable(long nanos) throws IOException {
        if (waiting == 0) {
            limit(nanos);
            try {
                waiting = Math.max(in.read(one, 0, 1), 0);
            } catch (SocketTimeoutException e) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int read(byte[] buffer, int offset, int length, long nanos) throws IOException {
        if (waiting == 0) {
            limit(nanos);
            return in.read(buffer, offset, length);
        }
        waiting = 0;
        buffer[offset] = one[0];
        return 1;
    }

    @Override
    public void write(byte[] buffer, int offset, int length, long nanos) throws IOException {
        limit(nanos);
        for (int done = 0; done < length; done += SLICE_BYTES) {
            out.write(buffer, offset + done, Math.min(SLICE_BYTES, length - done));
        }
        out.flush();
    }

    /* Streams cannot say how much they would take. */
    @Override
    public int tryWrite(byte[] buffer, int offset, int length) {
        return 0;
    }

    private void limit(long nanos) throws IOException {
        if (nanos <= 0) {
            throw new SocketTimeoutException("timed out");
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos + 999_999);
        int limit = (int) Math.min(millis, Integer.MAX_VALUE);
        if (limit != timeoutMillis) {
            socket.setSoTimeout(limit);
            timeoutMillis = limit;
        }
    }

    @Override
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public Socket release() throws IOException {
        socket.setSoTimeout(0);
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
