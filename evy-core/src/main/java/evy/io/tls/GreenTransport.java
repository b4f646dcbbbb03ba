package evy.io.tls;

import evy.hubs.Descriptor;
import evy.internal.util.Interrupts;
import evy.io.GreenSocket;
import evy.io.WouldBlockException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;

/**
 * A green socket as a transport. It is in non-blocking mode meanwhile, and the waits are made here:
 * reader and writer have limits of their own, and a wait that ends early has touched nothing.
 */
final class GreenTransport implements Transport {
    private static final int MOST_DISCARDED = 256 * 1024;

    private final GreenSocket socket;
    private final Descriptor descriptor;
    private final @Nullable Duration timeoutBefore;

    GreenTransport(GreenSocket socket) throws SocketException {
        this.socket = socket;
        this.descriptor = socket.descriptor();
        this.timeoutBefore = socket.timeout();
        socket.setBlocking(false);
    }

    @Override
    public int read(byte[] buffer, int offset, int length, Limit limit) throws IOException {
        if (!descriptor.mayRead()) {
            return 0;
        }
        try {
            int n = socket.recvInto(buffer, offset, length);
            return n == 0 ? EOF : n;
        } catch (WouldBlockException e) {
            return 0;
        }
    }

    @Override
    public void awaitReadable(Limit limit) throws IOException {
        try {
            if (!descriptor.awaitReadable(limit.left())) {
                throw limit.timedOut();
            }
        } catch (InterruptedException e) {
            throw Interrupts.asIOException(e);
        }
    }

    @Override
    public int write(byte[] buffer, int offset, int length) throws IOException {
        try {
            return socket.send(buffer, offset, length);
        } catch (WouldBlockException e) {
            return 0;
        }
    }

    @Override
    public void awaitWritable(Limit limit) throws IOException {
        try {
            if (!descriptor.awaitWritable(limit.left())) {
                throw limit.timedOut();
            }
        } catch (InterruptedException e) {
            throw Interrupts.asIOException(e);
        }
    }

    @Override
    public boolean waitsInWrite() {
        return false;
    }

    @Override
    public void discardInput() throws IOException {
        byte[] buffer = new byte[4 * 1024];
        int discarded = 0;
        try {
            int n = 1;
            while (n > 0 && discarded < MOST_DISCARDED) {
                n = socket.recvInto(buffer, 0, buffer.length);
                discarded += n;
            }
        } catch (WouldBlockException e) {
            // nothing left
        }
    }

    @Override
    public void wakeReader() throws IOException {
        socket.shutdownInput();
    }

    @Override
    public Socket detach() {
        socket.setTimeout(timeoutBefore);
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
