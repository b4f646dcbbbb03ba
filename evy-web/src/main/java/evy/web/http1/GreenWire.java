package evy.web.http1;

import evy.hubs.Descriptor;
import evy.hubs.Greenlet;
import evy.io.GreenSocket;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A green socket. The waits are made here, as reader and writer have limits of their own; the
 * socket's timeout is the writer's.
 */
final class GreenWire implements Wire {
    private static final int SLICE_BYTES = 64 * 1024;
    private static final long MOST_AT_ONCE = 1L << 30; // so that an int can say how much was sent

    private final GreenSocket socket;
    private final Descriptor descriptor;
    private boolean fresh = true;
    private long timeoutNanos;

    GreenWire(GreenSocket socket) throws SocketException {
        this.socket = socket;
        this.descriptor = socket.descriptor();
    }

    /* The first wait is told also of what came before it, so there is no need to try first. */
    @Override
    public boolean awaitReadable(long nanos) throws IOException {
        boolean first = fresh;
        fresh = false;
        return (!first && descriptor.mayRead()) || await(true, nanos);
    }

    @Override
    public int tryRead(byte[] buffer, int offset, int length) throws IOException {
        Greenlet.checkRaised();
        return !fresh && descriptor.mayRead() ? socket.tryRecvInto(buffer, offset, length) : 0;
    }

    @Override
    public int read(byte[] buffer, int offset, int length, long nanos) throws IOException {
        Greenlet.checkRaised();
        fresh = false;
        int n = descriptor.mayRead() ? socket.tryRecvInto(buffer, offset, length) : 0;
        return n == 0 ? awaitAndRead(buffer, offset, length, nanos) : n;
    }

    private int awaitAndRead(byte[] buffer, int offset, int length, long nanos) throws IOException {
        long end = System.nanoTime() + nanos;
        while (await(true, end - System.nanoTime())) {
            int n = socket.tryRecvInto(buffer, offset, length);
            if (n != 0) {
                return n;
            }
        }
        throw new SocketTimeoutException("Read timed out");
    }

    @Override
    public void write(byte[] buffer, int offset, int length, long nanos) throws IOException {
        Greenlet.checkRaised();
        int done = tryWrite(buffer, offset, length);
        while (done < length) {
            int slice = Math.min(SLICE_BYTES, length - done);
            writeSlice(buffer, offset + done, slice, System.nanoTime() + nanos);
            done += slice;
        }
    }

    private void writeSlice(byte[] buffer, int offset, int length, long end) throws IOException {
        int done = tryWrite(buffer, offset, length);
        while (done < length) {
            if (!await(false, end - System.nanoTime())) {
                throw new SocketTimeoutException("Write timed out");
            }
            done += tryWrite(buffer, offset + done, length - done);
        }
    }

    /* What the system does not take of both at once goes one after the other. */
    @Override
    public void write(
            byte[] first, int firstLength, byte[] second, int offset, int length, long nanos)
            throws IOException {
        ByteBuffer head = ByteBuffer.wrap(first, 0, firstLength);
        ByteBuffer body = ByteBuffer.wrap(second, offset, length);
        limit(nanos);
        socket.send(head, body);
        if (head.hasRemaining()) {
            write(first, head.position(), head.remaining(), nanos);
        }
        if (body.hasRemaining()) {
            write(second, body.position(), body.remaining(), nanos);
        }
    }

    @Override
    public boolean sendsFiles() {
        return true;
    }

    /* The time is over only for who took less than 64 KiB in it. */
    @Override
    public long sendFile(Path file, long position, long count, long nanos) throws IOException {
        limit(nanos);
        long done = 0;
        while (done < count) {
            long part = Math.min(count - done, MOST_AT_ONCE);
            try {
                long n = socket.sendFile(file, position + done, part);
                done += n;
                if (n < part) {
                    return done;
                }
            } catch (SocketTimeoutException e) {
                if (e.bytesTransferred < SLICE_BYTES) {
                    throw e;
                }
                done += e.bytesTransferred;
            }
        }
        return done;
    }

    private void limit(long nanos) {
        if (nanos != timeoutNanos) {
            socket.setTimeout(Duration.ofNanos(nanos));
            timeoutNanos = nanos;
        }
    }

    @Override
    public int tryWrite(byte[] buffer, int offset, int length) throws IOException {
        return socket.trySend(buffer, offset, length);
    }

    private boolean await(boolean reading, long nanos) throws IOException {
        if (nanos <= 0) {
            return false;
        }
        try {
            return reading ? descriptor.awaitReadable(nanos) : descriptor.awaitWritable(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
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
    public Socket release() {
        socket.setTimeout(null);
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
