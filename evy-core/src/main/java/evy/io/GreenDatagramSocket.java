package evy.io;

import evy.hubs.Descriptor;
import evy.internal.poll.NonBlockingDatagram.Arrival;
import evy.internal.util.Cleaners;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A UDP socket whose waits are green: everything a {@link DatagramSocket} does, and the manual's
 * words.
 *
 * <p>One green thread may receive while others send. A second one that wants to receive while one
 * waits to do so gets an {@link IllegalStateException} that names both, unless {@link
 * Descriptor#allowSharing} was told that it is meant. Closing wakes all who wait. A timeout or kill
 * leaves the socket usable and loses no datagram.
 *
 * <p>A packet that {@link #receive} used before has its full room again when the same socket uses
 * it again. One that went round several sockets has as much room as its length says.
 *
 * @thread any; fastest on the hub it was made on, any other thread simply blocks
 * @source eventlet {@code greenio.GreenSocket}, for {@code SOCK_DGRAM}
 */
public final class GreenDatagramSocket extends DatagramSocket {
    private final DatagramLink link;
    private final Cleaner.Cleanable cleaner;
    private final DatagramRoom room = new DatagramRoom();

    // any thread
    private volatile long timeoutNanos = SocketTimeouts.defaultNanos();

    // written under the lock
    private final Object naming = new Object();
    private volatile @Nullable InetSocketAddress local;
    private volatile @Nullable InetSocketAddress remote;

    /**
     * A socket that is bound to a port the system chooses, at all the machine's addresses.
     *
     * @throws SocketException if it cannot be had
     */
    public GreenDatagramSocket() throws SocketException {
        this(new InetSocketAddress(0));
    }

    /**
     * A socket that is bound to a port, at all the machine's addresses.
     *
     * @param port 0 lets the system choose one
     * @throws SocketException if it cannot be had
     * @throws IllegalArgumentException if {@code port} is not 0 to 65535
     */
    public GreenDatagramSocket(int port) throws SocketException {
        this(new InetSocketAddress(Tcp.checkPort(port)));
    }

    /**
     * A socket that is bound to a port.
     *
     * @param port 0 lets the system choose one
     * @param address one of the machine's; null for all
     * @throws SocketException if it cannot be had
     * @throws IllegalArgumentException if {@code port} is not 0 to 65535
     */
    public GreenDatagramSocket(int port, @Nullable InetAddress address) throws SocketException {
        this(new InetSocketAddress(address, Tcp.checkPort(port)));
    }

    /**
     * A socket that is bound to an address. As the JDK's it may broadcast.
     *
     * @param address where; null for a socket that is not bound yet
     * @throws SocketException if it cannot be had
     */
    public GreenDatagramSocket(@Nullable SocketAddress address) throws SocketException {
        this(openLink());
        try {
            setOption(StandardSocketOptions.SO_BROADCAST, true);
            if (address != null) {
                bind(address);
            }
        } catch (IOException e) {
            close();
            throw asSocketException(e);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** A socket over an open link. */
    GreenDatagramSocket(DatagramLink link) {
        super(new DatagramNoImpl());
        this.link = link;
        this.cleaner = Cleaners.register(this, link::closeQuietly);
    }

    private static DatagramLink openLink() throws SocketException {
        try {
            return DatagramLink.open();
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    private static SocketException asSocketException(IOException e) {
        return e instanceof SocketException s ? s : new SocketException(e.getMessage(), e);
    }

    // the manual's words

    /**
     * Sends a datagram.
     *
     * @checkpoint only if it has to wait for room
     * @param data its bytes
     * @param to where to
     * @return how many bytes were sent: all
     * @throws SocketTimeoutException if the {@linkplain #setTimeout timeout} passes; nothing was
     *     sent
     * @throws SocketException if the socket is closed or the datagram is too long
     * @throws IllegalArgumentException if {@code to} is no resolved internet address, or another
     *     than the one the socket is connected to
     */
    public int sendTo(byte[] data, SocketAddress to) throws IOException {
        Objects.requireNonNull(data, "data must not be null");
        return sendTo(data, 0, data.length, to);
    }

    /**
     * Sends a datagram; otherwise as {@link #sendTo(byte[], SocketAddress)}.
     *
     * @checkpoint only if it has to wait for room
     * @param data holds its bytes
     * @param offset of the first
     * @param length how many
     * @param to where to
     * @return how many bytes were sent: all
     * @throws IOException as {@link #sendTo(byte[], SocketAddress)}
     */
    public int sendTo(byte[] data, int offset, int length, SocketAddress to) throws IOException {
        Objects.requireNonNull(data, "data must not be null");
        Objects.requireNonNull(to, "address to send to must not be null");
        Objects.checkFromIndexSize(offset, length, data.length);
        send(data, offset, length, internet(to));
        return length;
    }

    /**
     * Sends a datagram to whom the socket is connected to.
     *
     * @checkpoint only if it has to wait for room
     * @param data its bytes
     * @return how many bytes were sent: all
     * @throws SocketTimeoutException if the {@linkplain #setTimeout timeout} passes; nothing was
     *     sent
     * @throws java.net.PortUnreachableException if an earlier one did not find its port
     * @throws SocketException if the socket is closed or not connected, or the datagram is too long
     */
    public int send(byte[] data) throws IOException {
        Objects.requireNonNull(data, "data must not be null");
        ensureConnected();
        link.send(data, 0, data.length, null, timeoutNanos);
        return data.length;
    }

    private void ensureConnected() throws SocketException {
        ensureOpen();
        if (remote == null) {
            throw new SocketException("Socket is not connected");
        }
    }

    /**
     * Sends what a buffer holds as one datagram; otherwise as {@link #sendTo(byte[],
     * SocketAddress)}.
     *
     * @checkpoint only if it has to wait for room
     * @param data heap or direct; its position advances to its limit, or stays if this throws
     * @param to where to
     * @return how many bytes were sent: all
     * @throws IOException as {@link #sendTo(byte[], SocketAddress)}
     */
    public int sendTo(ByteBuffer data, SocketAddress to) throws IOException {
        int size = data.remaining();
        link.send(data, destination(required(to)), timeoutNanos);
        return size;
    }

    /**
     * Sends what a buffer holds as one datagram if there is room now. Never waits, whatever the
     * timeout.
     *
     * @checkpoint never
     * @param data heap or direct; its position advances to its limit if it was sent, else it stays
     * @param to where to
     * @return false if there is no room now
     * @throws IOException as {@link #sendTo(byte[], SocketAddress)}
     */
    public boolean trySendTo(ByteBuffer data, SocketAddress to) throws IOException {
        Objects.requireNonNull(data, "data must not be null");
        return link.trySend(data, destination(required(to)));
    }

    private static InetSocketAddress required(SocketAddress to) {
        return internet(Objects.requireNonNull(to, "address to send to must not be null"));
    }

    /**
     * Sends what a buffer holds to whom the socket is connected to; otherwise as {@link
     * #send(byte[])}.
     *
     * @checkpoint only if it has to wait for room
     * @param data heap or direct; its position advances to its limit, or stays if this throws
     * @return how many bytes were sent: all
     * @throws IOException as {@link #send(byte[])}
     */
    public int send(ByteBuffer data) throws IOException {
        int size = data.remaining();
        ensureConnected();
        link.send(data, null, timeoutNanos);
        return size;
    }

    /**
     * Receives a datagram into a buffer, waiting for it; otherwise as {@link #recvFrom}.
     *
     * @checkpoint if there is none yet
     * @param buffer heap or direct, writable; its position advances by as many bytes as came; what
     *     does not fit is lost
     * @return who sent it
     * @throws java.nio.ReadOnlyBufferException if {@code buffer} is read-only; nothing is received
     * @throws IOException as {@link #recvFrom}
     */
    public InetSocketAddress receive(ByteBuffer buffer) throws IOException {
        prepareToReceive(buffer);
        return link.receive(buffer, timeoutNanos).sender();
    }

    /**
     * Receives a datagram into a buffer if there is one now. Never waits, whatever the timeout.
     *
     * @checkpoint never
     * @param buffer as for {@link #receive(ByteBuffer)}
     * @return who sent it; null if there is none now
     * @throws java.nio.ReadOnlyBufferException if {@code buffer} is read-only; nothing is received
     * @throws IOException as {@link #recvFrom}
     */
    public @Nullable InetSocketAddress tryReceive(ByteBuffer buffer) throws IOException {
        prepareToReceive(buffer);
        Arrival arrival = link.tryReceive(buffer);
        return arrival == null ? null : arrival.sender();
    }

    private void prepareToReceive(ByteBuffer buffer) throws SocketException {
        if (buffer.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        ensureOpen();
        ensureBound();
    }

    /**
     * Receives a datagram, waiting for it.
     *
     * @checkpoint if there is none yet
     * @param size how many bytes of it at most; the rest is lost
     * @return the datagram
     * @throws IllegalArgumentException if {@code size} is negative
     * @throws SocketTimeoutException if the {@linkplain #setTimeout timeout} passes
     * @throws java.net.PortUnreachableException if the socket is connected and one sent before did
     *     not find its port
     * @throws SocketException if the socket is closed, here or meanwhile
     */
    public Datagram recvFrom(int size) throws IOException {
        if (size < 0) {
            throw new IllegalArgumentException("size must be >= 0: " + size);
        }
        byte[] buffer = new byte[size];
        Arrival arrival = receive(buffer, 0, size);
        int n = arrival.length();
        return new Datagram(n == size ? buffer : Arrays.copyOf(buffer, n), arrival.sender());
    }

    /**
     * Receives a datagram, waiting for it; otherwise as {@link #recvFrom}.
     *
     * @checkpoint if there is none yet
     * @param size how many bytes of it at most; the rest is lost
     * @return its bytes; none if it is empty
     * @throws IOException as {@link #recvFrom}
     */
    public byte[] recv(int size) throws IOException {
        return recvFrom(size).data();
    }

    /**
     * Receives a datagram into an array, waiting for it; otherwise as {@link #recvFrom}. Who has to
     * know the sender calls {@link #receive}.
     *
     * @checkpoint if there is none yet
     * @param buffer gets the bytes
     * @param offset where the first goes
     * @param length how many at most; the rest is lost
     * @return how many
     * @throws IOException as {@link #recvFrom}
     */
    public int recvInto(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        return receive(buffer, offset, length).length();
    }

    /**
     * Sets how long receiving and sending may wait; one limit for each call. {@link #setSoTimeout}
     * sets the same in milliseconds.
     *
     * @param timeout null for no limit; zero for non-blocking mode, in which what would wait throws
     *     {@link WouldBlockException}
     * @throws IllegalArgumentException if {@code timeout} is negative
     */
    public void setTimeout(@Nullable Duration timeout) {
        timeoutNanos = SocketTimeouts.fromDuration(timeout);
    }

    /** {@return how long a call may wait; null for no limit, zero in non-blocking mode} */
    public @Nullable Duration timeout() {
        return SocketTimeouts.toDuration(timeoutNanos);
    }

    /**
     * Switches blocking mode.
     *
     * @param blocking true for no limit, false for a timeout of zero
     */
    public void setBlocking(boolean blocking) {
        setTimeout(blocking ? null : Duration.ZERO);
    }

    /** {@return the descriptor that its green threads wait for} */
    public Descriptor descriptor() {
        return link.descriptor();
    }

    // sending and receiving

    /**
     * Sends a datagram. Unlike with the JDK's, the timeout holds for this, too.
     *
     * @checkpoint only if it has to wait for room
     */
    @Override
    public void send(DatagramPacket packet) throws IOException {
        InetSocketAddress to;
        InetSocketAddress connected = remote;
        if (packet.getAddress() != null) {
            to = (InetSocketAddress) packet.getSocketAddress();
        } else if (connected != null) {
            packet.setSocketAddress(connected); // as the JDK's do
            to = connected;
        } else {
            ensureOpen();
            throw new IllegalArgumentException("Address not set");
        }
        send(packet.getData(), packet.getOffset(), packet.getLength(), to);
    }

    private void send(byte[] data, int offset, int length, InetSocketAddress to)
            throws IOException {
        link.send(data, offset, length, destination(to), timeoutNanos);
    }

    /* What the system needs to be told: nothing if the socket is connected there. */
    private @Nullable InetSocketAddress destination(InetSocketAddress to) throws SocketException {
        ensureOpen();
        InetSocketAddress connected = remote;
        if (connected != null) {
            if (!connected.equals(to)) {
                throw new IllegalArgumentException(
                        "Connected and packet address differ: " + connected + ", " + to);
            }
            return null;
        }
        if (to.getPort() == 0) {
            throw new SocketException("Can't send to port 0");
        }
        ensureBound();
        return to;
    }

    /**
     * Receives a datagram, waiting for it.
     *
     * @checkpoint if there is none yet
     */
    @Override
    public void receive(DatagramPacket packet) throws IOException {
        int most = room.of(packet);
        Arrival arrival = receive(packet.getData(), packet.getOffset(), most);
        packet.setSocketAddress(arrival.sender());
        packet.setLength(arrival.length());
        room.used(packet, most);
    }

    private Arrival receive(byte[] buffer, int offset, int length) throws IOException {
        ensureOpen();
        ensureBound();
        return link.receive(buffer, offset, length, timeoutNanos);
    }

    /* As of a receive or send that the close comes upon. */
    private void ensureOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket closed");
        }
    }

    // naming

    @Override
    public void bind(@Nullable SocketAddress address) throws SocketException {
        InetSocketAddress wanted = address == null ? new InetSocketAddress(0) : inet(address);
        synchronized (naming) {
            requireOpen();
            if (local != null) {
                throw new SocketException("Already bound");
            }
            if (wanted.isUnresolved()) {
                throw new SocketException("Unresolved address: " + wanted);
            }
            bindNow(wanted);
        }
    }

    private void bindNow(InetSocketAddress wanted) throws SocketException {
        local =
                settle(
                        socket -> {
                            socket.bind(wanted);
                            return socket.localAddress();
                        });
    }

    private void ensureBound() throws SocketException {
        if (local == null) {
            synchronized (naming) {
                if (local == null) {
                    bindNow(new InetSocketAddress(0));
                }
            }
        }
    }

    @Override
    public void connect(SocketAddress address) throws SocketException {
        if (address == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        InetSocketAddress to = inet(address);
        if (to.isUnresolved()) {
            throw new SocketException("Unresolved address: " + to);
        }
        synchronized (naming) {
            requireOpen();
            if (to.getPort() == 0) {
                throw new SocketException("Can't connect to port 0");
            }
            ensureBound();
            local =
                    settle(
                            socket -> {
                                socket.connect(to);
                                return socket.localAddress();
                            });
            remote = to;
        }
    }

    @Override
    public void connect(InetAddress address, int port) {
        if (address == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        try {
            connect(new InetSocketAddress(address, port));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void disconnect() {
        synchronized (naming) {
            if (remote == null || isClosed()) {
                return;
            }
            remote = null;
            try {
                local =
                        settle(
                                socket -> {
                                    socket.disconnect();
                                    return socket.localAddress();
                                });
            } catch (SocketException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static InetSocketAddress inet(SocketAddress address) {
        if (address instanceof InetSocketAddress internet) {
            return internet;
        }
        throw new IllegalArgumentException("not an internet address: " + address);
    }

    private static InetSocketAddress internet(SocketAddress address) {
        InetSocketAddress internet = inet(address);
        if (internet.isUnresolved()) {
            throw new IllegalArgumentException("Unresolved address: " + address);
        }
        return internet;
    }

    @Override
    public boolean isBound() {
        return local != null;
    }

    @Override
    public boolean isConnected() {
        return remote != null;
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        InetSocketAddress to = remote;
        return to == null ? null : to.getAddress();
    }

    @Override
    public int getPort() {
        InetSocketAddress to = remote;
        return to == null ? -1 : to.getPort();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return remote;
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return isClosed() ? null : local;
    }

    @Override
    public @Nullable InetAddress getLocalAddress() {
        if (isClosed()) {
            return null;
        }
        InetSocketAddress at = local;
        return (at == null ? new InetSocketAddress(0) : at).getAddress();
    }

    @Override
    public int getLocalPort() {
        if (isClosed()) {
            return -1;
        }
        InetSocketAddress at = local;
        return at == null ? 0 : at.getPort();
    }

    // options

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        requireOpen();
        if (millis < 0) {
            throw new IllegalArgumentException("timeout must be >= 0 ms: " + millis);
        }
        timeoutNanos = millis == 0 ? SocketTimeouts.NONE : TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public int getSoTimeout() throws SocketException {
        requireOpen();
        return SocketOptionIds.timeoutMillis(timeoutNanos);
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        set(StandardSocketOptions.SO_SNDBUF, requirePositive("send", size));
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_SNDBUF);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        set(StandardSocketOptions.SO_RCVBUF, requirePositive("receive", size));
    }

    private static int requirePositive(String which, int size) {
        if (size <= 0) {
            throw new IllegalArgumentException(which + " buffer size must be > 0: " + size);
        }
        return size;
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return get(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setBroadcast(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_BROADCAST, on);
    }

    @Override
    public boolean getBroadcast() throws SocketException {
        return get(StandardSocketOptions.SO_BROADCAST);
    }

    @Override
    public void setTrafficClass(int trafficClass) throws SocketException {
        set(StandardSocketOptions.IP_TOS, trafficClass);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return get(StandardSocketOptions.IP_TOS);
    }

    private <T> void set(SocketOption<T> name, T value) throws SocketException {
        requireOpen();
        settle(
                socket -> {
                    socket.setOption(name, value);
                    return socket;
                });
    }

    private <T> T get(SocketOption<T> name) throws SocketException {
        requireOpen();
        return Objects.requireNonNull(this.<@Nullable T>settle(socket -> socket.getOption(name)));
    }

    @Override
    public <T> DatagramSocket setOption(SocketOption<T> name, @Nullable T value)
            throws IOException {
        Objects.requireNonNull(name);
        requireOpen();
        link.call(
                socket -> {
                    socket.setOption(name, value);
                    return socket;
                });
        return this;
    }

    @Override
    public <T> @Nullable T getOption(SocketOption<T> name) throws IOException {
        Objects.requireNonNull(name);
        requireOpen();
        return link.<@Nullable T>call(socket -> socket.getOption(name));
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return link.supportedOptions();
    }

    // multicast

    @Override
    public void joinGroup(SocketAddress group, @Nullable NetworkInterface at) throws IOException {
        InetAddress address = multicast(group);
        requireOpen();
        link.call(
                socket -> {
                    socket.join(address, at);
                    return socket;
                });
    }

    @Override
    public void leaveGroup(SocketAddress group, @Nullable NetworkInterface at) throws IOException {
        InetAddress address = multicast(group);
        requireOpen();
        link.call(
                socket -> {
                    socket.leave(address, at);
                    return socket;
                });
    }

    private static InetAddress multicast(SocketAddress group) throws SocketException {
        InetAddress address = internet(group).getAddress();
        if (!address.isMulticastAddress()) {
            throw new SocketException("Not a multicast address: " + address);
        }
        return address;
    }

    // closing

    @Override
    public void close() {
        try {
            link.descriptor().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            cleaner.clean();
        }
    }

    @Override
    public boolean isClosed() {
        return link.descriptor().isClosed();
    }

    /** {@return null: it has no channel} */
    @Override
    public @Nullable DatagramChannel getChannel() {
        return null;
    }

    private void requireOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
    }

    /* For methods that may throw no other. */
    private <T extends @Nullable Object> T settle(DatagramLink.Call<T> call)
            throws SocketException {
        try {
            return link.call(call);
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }
}
