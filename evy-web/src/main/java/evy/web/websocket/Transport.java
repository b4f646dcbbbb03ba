package evy.web.websocket;

import evy.web.Takeover;
import evy.web.http1.Wire;
import evy.web.http1.Wires;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The connection under the frames, after its handshake. */
final class Transport {
    /** No limit, in nanoseconds; may be added to a time. */
    static final long FOREVER = Long.MAX_VALUE / 2;

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_LINGERING_READS = 64;

    private final Socket socket;
    private final Wire wire;
    private final long stallNanos;

    // what came along with the handshake; whose turn it is to receive
    private byte[] early;
    private int earlyStart;

    /**
     * Takes over a socket.
     *
     * @param early what was received behind the handshake
     * @param stall for so long the peer may take nothing of what is sent; zero for no limit
     */
    Transport(Socket socket, byte[] early, Duration stall) throws IOException {
        this.socket = socket;
        this.wire = Wires.of(socket);
        this.early = early;
        this.stallNanos = nanos(stall);
    }

    /** Takes over a connection of a server. */
    static Transport of(Takeover connection, Duration stall) throws IOException {
        InputStream in = connection.input();
        byte[] early = in.readNBytes(in.available()); // all that the server has, and no wait
        return new Transport(connection.socket(), early, stall);
    }

    /** A limit as the calls here take it: zero means none. */
    static long nanos(Duration limit) {
        return limit.isZero() ? FOREVER : Math.min(FOREVER, TimeUnit.NANOSECONDS.convert(limit));
    }

    /**
     * Waits until there is something to read, or the end.
     *
     * @return false if the time was over first
     */
    boolean awaitReadable(long nanos) throws IOException {
        return earlyStart < early.length || wire.awaitReadable(nanos);
    }

    /**
     * Reads what is there without waiting.
     *
     * @return bytes read, -1 at the end; 0 if {@link #awaitReadable} has to come first
     */
    int tryRead(byte[] b, int offset, int length) throws IOException {
        return earlyStart == early.length
                ? wire.tryRead(b, offset, length)
                : readEarly(b, offset, length);
    }

    /**
     * Reads what is there, waiting for at least one byte.
     *
     * @return bytes read, -1 at the end
     * @throws SocketTimeoutException if the time was over first
     */
    int read(byte[] b, int offset, int length, long nanos) throws IOException {
        return earlyStart == early.length
                ? wire.read(b, offset, length, nanos)
                : readEarly(b, offset, length);
    }

    private int readEarly(byte[] b, int offset, int length) {
        int n = Math.min(length, early.length - earlyStart);
        System.arraycopy(early, earlyStart, b, offset, n);
        earlyStart += n;
        if (earlyStart == early.length) {
            early = new byte[0];
            earlyStart = 0;
        }
        return n;
    }

    /**
     * Writes all of it.
     *
     * @throws SocketTimeoutException if the peer takes nothing for too long
     */
    void write(byte[] b, int offset, int length) throws IOException {
        wire.write(b, offset, length, stallNanos);
    }

    @Nullable SocketAddress remoteAddress() {
        return socket.getRemoteSocketAddress();
    }

    /**
     * Says that nothing more comes, and reads for a moment what the peer still sends: a socket
     * closed with unread data resets the connection, and the peer might lose what was written last.
     */
    void linger() {
        try {
            wire.endOutput();
            awaitEnd();
        } catch (IOException | UnsupportedOperationException e) {
            // long enough, or it is gone already
        }
    }

    /** Waits for a moment until the peer closes. */
    void awaitEnd() throws IOException {
        byte[] rest = new byte[4096];
        long end = System.nanoTime() + LINGER_NANOS;
        for (int i = 0; i < MOST_LINGERING_READS; i++) {
            if (read(rest, 0, rest.length, end - System.nanoTime()) < 0) {
                return;
            }
        }
    }

    /** Closes at once; whoever reads or writes it gets an exception. */
    void close() {
        try {
            wire.close();
        } catch (IOException e) {
            // it is gone all the same
        }
    }
}
