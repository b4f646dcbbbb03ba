package evy.io;

import evy.hubs.Descriptor;
import evy.hubs.Greenlet;
import evy.internal.os.Errors;
import evy.internal.poll.NonBlockingSocket;
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
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;

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

    /** A socket that the next accept into it gives a connection that is there already. */
    static GreenSocket taking(NonBlockingSocket ready) throws SocketException {
        GreenSocketImpl impl = new GreenSocketImpl(false);
        impl.take(ready);
        return new GreenSocket(impl);
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
        StreamLink link = open();
        byte[] buffer = new byte[size];
        int n = link.read(buffer, 0, size, peek, impl.timeoutNanos());
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
        StreamLink link = open();
        int most = length == 0 ? buffer.length - offset : length;
        return Math.max(0, link.read(buffer, offset, most, false, impl.timeoutNanos()));
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
        return open().read(buffer, impl.timeoutNanos());
    }

    /**
     * Receives into several buffers, one after the other, waiting for at least one byte.
     *
     * @checkpoint always
     * @param buffers heap or direct, writable; their positions advance by the result in all
     * @return bytes received, 0 if there is no room, -1 at the end of the stream
     * @throws java.nio.ReadOnlyBufferException if one of them is read-only; nothing is received
     * @throws IOException as {@link #recv}
     */
    public long recvInto(ByteBuffer... buffers) throws IOException {
        StreamLink link = open();
        for (ByteBuffer buffer : buffers) {
            if (buffer.isReadOnly()) {
                throw new ReadOnlyBufferException();
            }
        }
        return link.read(buffers, impl.timeoutNanos());
    }

    /**
     * Receives into an array what is there now. Never waits, whatever the timeout.
     *
     * @checkpoint never
     * @param buffer gets the bytes
     * @param offset where the first goes
     * @param length how many at most
     * @return bytes received; 0 if none are there now, or {@code length} is 0; -1 at the end of the
     *     stream
     * @throws SocketException if the socket is closed or not connected, or the peer reset it
     */
    public int tryRecvInto(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        return orNone(open().tryRead(buffer, offset, length, false));
    }

    /**
     * Receives into a buffer what is there now. Never waits, whatever the timeout.
     *
     * @checkpoint never
     * @param buffer heap or direct, writable; its position advances by the result
     * @return bytes received; 0 if none are there now, or there is no room; -1 at the end of the
     *     stream
     * @throws IOException as {@link #tryRecvInto(byte[], int, int)}
     */
    public int tryRecvInto(ByteBuffer buffer) throws IOException {
        return orNone(open().tryRead(buffer));
    }

    private static int orNone(int n) {
        return n == NonBlockingSocket.WOULD_BLOCK ? 0 : n;
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
        StreamLink link = open();
        Greenlet.checkRaised();
        return link.write(data, offset, length, deadline());
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
        StreamLink link = open();
        Greenlet.checkRaised();
        return link.write(data, deadline());
    }

    /**
     * Sends some bytes of several buffers, one after the other, as if they were one; otherwise as
     * {@link #send(byte[])}. Good for a head and a body, which then share a packet: small ones go
     * by one call to the system, large ones without a copy.
     *
     * @checkpoint always
     * @param data heap or direct; their positions advance by the result in all, also if it throws
     * @return how many were taken; 0 only if the buffers hold none
     * @throws IOException as {@link #send(byte[])}
     */
    public long send(ByteBuffer... data) throws IOException {
        StreamLink link = open();
        Greenlet.checkRaised();
        return link.write(data, deadline());
    }

    /**
     * Sends what there is room for now. Never waits, whatever the timeout.
     *
     * @checkpoint never
     * @param data holds the bytes
     * @param offset of the first
     * @param length how many
     * @return how many were taken, 0 if there is no room now
     * @throws SocketException if the socket is closed or not connected, or the peer reset it
     */
    public int trySend(byte[] data, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, data.length);
        return orNone(open().tryWrite(data, offset, length));
    }

    /**
     * Sends what there is room for now. Never waits, whatever the timeout.
     *
     * @checkpoint never
     * @param data heap or direct; its position advances by the result
     * @return how many were taken, 0 if there is no room now
     * @throws IOException as {@link #trySend(byte[], int, int)}
     */
    public int trySend(ByteBuffer data) throws IOException {
        return orNone(open().tryWrite(data));
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
        sendAll(data, 0, data.length);
    }

    /**
     * Sends all of some bytes of an array; otherwise as {@link #sendAll(byte[])}.
     *
     * @checkpoint always
     * @param data holds the bytes
     * @param offset of the first
     * @param length how many
     * @throws IOException as {@link #sendAll(byte[])}
     */
    public void sendAll(byte[] data, int offset, int length) throws IOException {
        open().writeAll(data, offset, length, deadline());
    }

    /**
     * Sends all of a buffer; otherwise as {@link #sendAll(byte[])}.
     *
     * @checkpoint always
     * @param data heap or direct; its position advances to its limit, or to what was not sent any
     *     more if it throws
     * @throws IOException as {@link #sendAll(byte[])}
     */
    public void sendAll(ByteBuffer data) throws IOException {
        StreamLink link = open();
        Greenlet.checkRaised();
        Deadline deadline = deadline();
        while (data.hasRemaining()) {
            link.write(data, deadline);
        }
    }

    /**
     * Sends all of several buffers, one after the other, by as few calls to the system as it takes;
     * otherwise as {@link #sendAll(byte[])}.
     *
     * @checkpoint always
     * @param data heap or direct; their positions advance to their limits, or to what was not sent
     *     any more if it throws
     * @throws IOException as {@link #sendAll(byte[])}
     */
    public void sendAll(ByteBuffer... data) throws IOException {
        StreamLink link = open();
        Greenlet.checkRaised();
        Deadline deadline = deadline();
        long n = link.write(data, deadline);
        while (n > 0) {
            n = link.write(data, deadline);
        }
    }

    /**
     * Sends a file. On hubs of the kind {@code epoll} the system copies it straight to the socket
     * if it is on the default file system; else it goes by way of a buffer. The disk is waited for
     * by a native thread.
     *
     * @checkpoint always
     * @param file a regular file
     * @return how many bytes were sent: as many as the file has when its end is met
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws SocketTimeoutException if the {@linkplain #setTimeout timeout} passes; its {@code
     *     bytesTransferred} tells how many were sent
     * @throws IOException if it cannot be read, or as {@link #sendAll(byte[])}
     */
    public long sendFile(Path file) throws IOException {
        return sendFile(file, 0, Long.MAX_VALUE);
    }

    /**
     * Sends a part of a file; otherwise as {@link #sendFile(Path)}. Who has to know how much was
     * sent whatever ends it, be it a kill, {@linkplain #sendFile(FileChannel, long, long) sends
     * from a channel}.
     *
     * @checkpoint always
     * @param file a regular file
     * @param position of the first byte, at least 0
     * @param count how many bytes, at least 0
     * @return how many bytes were sent; fewer than {@code count} if the file ends before
     * @throws IllegalArgumentException if {@code position} or {@code count} is negative
     * @throws IOException as {@link #sendFile(Path)}
     */
    public long sendFile(Path file, long position, long count) throws IOException {
        FileSending sending = sending(position, count);
        sending.send(file, position, count);
        return sending.sent();
    }

    /**
     * Sends a part of a file by way of a buffer, which a native thread fills. Afterwards the
     * channel's position is that of the first byte not sent, also when this throws: whatever ended
     * it, a timeout, a kill, the peer, how much was sent can be seen, and another call can go on
     * from there.
     *
     * @checkpoint always
     * @param file open for reading; not closed
     * @param position of the first byte, at least 0
     * @param count how many bytes, at least 0
     * @return how many bytes were sent; fewer than {@code count} if the file ends before
     * @throws IllegalArgumentException if {@code position} or {@code count} is negative
     * @throws SocketTimeoutException if the {@linkplain #setTimeout timeout} passes; its {@code
     *     bytesTransferred} tells how many were sent
     * @throws IOException if it cannot be read, or as {@link #sendAll(byte[])}
     */
    public long sendFile(FileChannel file, long position, long count) throws IOException {
        FileSending sending = sending(position, count);
        try {
            sending.send(new ChannelFeed(file, false), position, count);
        } finally {
            if (file.isOpen()) {
                file.position(position + sending.sent());
            }
        }
        return sending.sent();
    }

    private FileSending sending(long position, long count) throws SocketException {
        FileSending.check(position, count);
        return new FileSending(open(), deadline());
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

    private StreamLink open() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        if (!isConnected()) {
            throw new SocketException("Socket is not connected");
        }
        return impl.link();
    }
}
