package evy.io;

import evy.hubs.Descriptor;
import evy.hubs.Greenlet;
import evy.internal.os.Errors;
import evy.internal.poll.UnixSocket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/**
 * A TCP socket whose waits are green: everything a {@link Socket} does, and the manual's words.
 *
 * <p>Bound or connected to a {@link java.net.UnixDomainSocketAddress} or an {@link
 * AbstractUnixAddress} it is a Unix-domain socket. {@link #getLocalSocketAddress} and {@link
 * #getRemoteSocketAddress} then give such addresses, an unnamed one as {@code
 * UnixDomainSocketAddress.of("")}; {@link #getInetAddress} is the loopback address, ports are 0;
 * options of TCP are refused.
 *
 * <p>One green thread may read while another writes. A second one that wants to read while one
 * waits to do so gets an {@link IllegalStateException} that names both, a second writer likewise.
 * Closing wakes all who wait. A timeout or kill leaves the socket usable: the next call goes on
 * where the last one stopped.
 *
 * @thread any; fastest on the hub it was made on, any other thread simply blocks
 * @source eventlet {@code greenio.GreenSocket}
 */
public final class GreenSocket extends Socket {
    private static final int EBADF = 9;
    private static final int EAGAIN = 11;
    private static final int ECONNREFUSED = 111;
    private static final int EHOSTUNREACH = 113;
    private static final int EIO = 5;

    private final GreenSocketImpl impl;

    /**
     * An unconnected socket.
     *
     * @throws SocketException never; {@link Socket} declares it
     */
    public GreenSocket() throws SocketException {
        this(new GreenSocketImpl(false));
    }

    private GreenSocket(GreenSocketImpl impl) throws SocketException {
        super(impl);
        this.impl = impl;
    }

    /** A socket that is one of a pair. */
    static GreenSocket connected(UnixSocket socket) throws IOException {
        GreenSocketImpl impl = new GreenSocketImpl(false);
        GreenSocket connected = new GreenSocket(impl);
        impl.adoptConnected(socket);
        connected.connect(UnixEnds.STAND_IN);
        return connected;
    }

    /**
     * Sets the timeout that sockets made from now on start with.
     *
     * @param timeout null for none, zero for non-blocking mode
     * @throws IllegalArgumentException if {@code timeout} is negative
     */
    public static void setDefaultTimeout(@Nullable Duration timeout) {
        SocketTimeouts.setDefault(timeout);
    }

    /** {@return the timeout that new sockets start with; null for none} */
    public static @Nullable Duration defaultTimeout() {
        return SocketTimeouts.toDuration(SocketTimeouts.defaultNanos());
    }

    /**
     * Sets how long connect, recv, send, sendAll and the input stream may wait; one limit for each
     * call. {@link #setSoTimeout} sets the same in milliseconds. Writes to the output stream wait
     * as long as it takes, as the JDK's.
     *
     * @param timeout null for no limit; zero for non-blocking mode, in which what would wait throws
     *     {@link WouldBlockException}
     * @throws IllegalArgumentException if {@code timeout} is negative
     */
    public void setTimeout(@Nullable Duration timeout) {
        impl.setTimeoutNanos(SocketTimeouts.fromDuration(timeout));
    }

    /** {@return how long a call may wait; null for no limit, zero in non-blocking mode} */
    public @Nullable Duration timeout() {
        return SocketTimeouts.toDuration(impl.timeoutNanos());
    }

    /**
     * Switches blocking mode.
     *
     * @param blocking true for no limit, false for a timeout of zero
     */
    public void setBlocking(boolean blocking) {
        setTimeout(blocking ? null : Duration.ZERO);
    }

    /**
     * Binds, so that it connects from there. A Unix socket forgets the options set before, but for
     * the timeout.
     */
    @Override
    public void bind(@Nullable SocketAddress local) throws IOException {
        if (local != null && UnixAddresses.isUnix(local) && !isClosed() && !isBound()) {
            super.bind(impl.standInFor(local));
        } else {
            super.bind(local);
        }
    }

    /**
     * Connects. In non-blocking mode throws {@link WouldBlockException} until the connection is
     * there: ask again. A Unix socket that was not bound forgets the options set before, but for
     * the timeout.
     *
     * @checkpoint always
     */
    @Override
    public void connect(SocketAddress remote, int timeout) throws IOException {
        boolean unix = UnixAddresses.isUnix(remote) && !isClosed() && !isConnected();
        try {
            super.connect(unix ? impl.standInFor(remote) : remote, timeout);
        } catch (GreenSocketImpl.Underway underway) {
            throw underway.cause; // not by way of Socket.connect, which closes upon an IOException
        }
    }

    /**
     * Connects, and gives the result as a number instead of an exception.
     *
     * @checkpoint always
     * @param remote where to
     * @return 0 if connected; else the system's error number, EAGAIN (11) if the time was over or
     *     it would have to wait
     */
    public int connectEx(SocketAddress remote) {
        try {
            connect(remote);
            return 0;
        } catch (SocketTimeoutException | WouldBlockException e) {
            return EAGAIN;
        } catch (IOException e) {
            return errorNumber(e);
        }
    }

    private int errorNumber(IOException e) {
        if (isClosed() && e.getMessage() != null && e.getMessage().contains("closed")) {
            return EBADF;
        }
        int known = Errors.errno(e);
        if (known != 0) {
            return known;
        }
        if (e instanceof NoRouteToHostException) {
            return EHOSTUNREACH;
        }
        return e instanceof ConnectException ? ECONNREFUSED : EIO;
    }

    /**
     * Receives up to {@code size} bytes, waiting for at least one.
     *
     * @checkpoint always
     * @param size how many at most, at least 0
     * @return 1 to {@code size} bytes; none at the end of the stream
     * @throws IllegalArgumentException if {@code size} is negative
     * @throws SocketTimeoutException if the {@linkplain #setTimeout timeout} passes; nothing is
     *     lost
     * @throws SocketException if the socket is closed or not connected, or the peer reset it
     */
    public byte[] recv(int size) throws IOException {
        return receive(size, false);
    }

    private byte[] receive(int size, boolean peek) throws IOException {
        if (size < 0) {
            throw new IllegalArgumentException("size must be >= 0: " + size);
        }
        ensureOpen();
        byte[] buffer = new byte[size];
        int n = impl.read(buffer, 0, size, peek);
        return n == size ? buffer : Arrays.copyOf(buffer, Math.max(n, 0));
    }

    /**
     * Receives into an array, waiting for at least one byte.
     *
     * @checkpoint always
     * @param buffer gets the bytes
     * @param offset where the first goes
     * @param length how many at most; 0 for as many as there is room
     * @return bytes received, 0 at the end of the stream
     * @throws IOException as {@link #recv}
     */
    public int recvInto(byte[] buffer, int offset, int length) throws IOException {
        ensureOpen();
        int most = length == 0 ? buffer.length - offset : length;
        return Math.max(0, impl.read(buffer, offset, most, false));
    }

    /**
     * Receives into a buffer, waiting for at least one byte.
     *
     * @checkpoint always
     * @param buffer heap or direct, writable; its position advances by the result
     * @return bytes received, -1 at the end of the stream
     * @throws IOException as {@link #recv}
     */
    public int recvInto(ByteBuffer buffer) throws IOException {
        ensureOpen();
        return impl.read(buffer);
    }

    /**
     * Looks at what would be received next and leaves it there.
     *
     * @checkpoint always
     * @param size how many bytes at most
     * @return 1 to {@code size} bytes; none at the end of the stream
     * @throws IOException as {@link #recv}
     */
    public byte[] peek(int size) throws IOException {
        return receive(size, true);
    }

    /**
     * Sends some of the bytes, waiting until at least one is taken.
     *
     * @checkpoint always
     * @param data the bytes
     * @return how many were taken
     * @throws SocketTimeoutException if the {@linkplain #setTimeout timeout} passes; nothing was
     *     sent
     * @throws SocketException if the socket is closed or not connected, or the peer reset it
     */
    public int send(byte[] data) throws IOException {
        return send(data, 0, data.length);
    }

    /**
     * Sends some bytes of an array; otherwise as {@link #send(byte[])}.
     *
     * @checkpoint always
     * @param data holds the bytes
     * @param offset of the first
     * @param length how many
     * @return how many were taken
     * @throws IOException as {@link #send(byte[])}
     */
    public int send(byte[] data, int offset, int length) throws IOException {
        ensureOpen();
        Greenlet.checkRaised();
        return impl.write(data, offset, length, deadline());
    }

    /**
     * Sends some bytes of a buffer; otherwise as {@link #send(byte[])}.
     *
     * @checkpoint always
     * @param data heap or direct; its position advances by the result
     * @return how many were taken
     * @throws IOException as {@link #send(byte[])}
     */
    public int send(ByteBuffer data) throws IOException {
        ensureOpen();
        Greenlet.checkRaised();
        return impl.write(data, deadline());
    }

    /**
     * Sends all of the bytes. One time limit holds for the whole call.
     *
     * @checkpoint always
     * @param data the bytes
     * @throws SocketTimeoutException if the {@linkplain #setTimeout timeout} passes; some may have
     *     been sent
     * @throws SocketException if the socket is closed or not connected, or the peer reset it
     */
    public void sendAll(byte[] data) throws IOException {
        ensureOpen();
        impl.writeAll(data, 0, data.length, deadline());
    }

    /**
     * Sends all of a buffer; otherwise as {@link #sendAll(byte[])}.
     *
     * @checkpoint always
     * @param data heap or direct; its position advances to its limit
     * @throws IOException as {@link #sendAll(byte[])}
     */
    public void sendAll(ByteBuffer data) throws IOException {
        ensureOpen();
        Greenlet.checkRaised();
        Deadline deadline = deadline();
        while (data.hasRemaining()) {
            impl.write(data, deadline);
        }
    }

    private Deadline deadline() {
        return new Deadline("Write", impl.timeoutNanos());
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        UnixEnds ends = impl.unixEnds();
        return ends == null || isClosed() ? super.getLocalSocketAddress() : ends.local();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        UnixEnds ends = impl.unixEnds();
        return ends == null ? super.getRemoteSocketAddress() : ends.remote();
    }

    @Override
    public String toString() {
        UnixEnds ends = impl.unixEnds();
        return ends == null ? super.toString() : "Socket" + ends;
    }

    /**
     * The descriptor that its green threads wait for.
     *
     * @return the descriptor
     * @throws SocketException if the socket has none yet
     */
    public Descriptor descriptor() throws SocketException {
        return impl.descriptor();
    }

    private void ensureOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        if (!isConnected()) {
            throw new SocketException("Socket is not connected");
        }
    }
}
