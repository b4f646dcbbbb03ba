package evy.internal.poll;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.util.Set;

/**
 * A UDP socket on which no call ever blocks. It keeps no state about who uses it: the caller sees
 * to it that nobody is in a call while or after {@link #close} runs.
 *
 * <p>Errors are the JDK's: {@code PortUnreachableException} for a connected socket whose peer is
 * not there, {@code BindException}, {@code NoRouteToHostException} and {@code SocketException}.
 */
public interface NonBlockingDatagram {
    /**
     * A datagram that was received.
     *
     * @param length how many bytes of it fitted
     * @param sender who sent it
     */
    record Arrival(int length, InetSocketAddress sender) {}

    /** The descriptor number, or -1 if this socket is a channel. */
    int fd();

    /** The channel, or null if this socket is a descriptor number. */
    @Nullable SelectableChannel channel();

    /** Receives a datagram; what does not fit is lost. Null if there is none now. */
    @Nullable Arrival receive(byte[] buffer, int offset, int length) throws IOException;

    /**
     * Sends a datagram.
     *
     * @param to where to; null to whom it is connected to
     * @return false if it would have to wait
     */
    boolean send(byte[] buffer, int offset, int length, @Nullable InetSocketAddress to)
            throws IOException;

    /** Receives into the buffer's remaining space, heap or direct; advances its position. */
    @Nullable Arrival receive(ByteBuffer buffer) throws IOException;

    /**
     * Sends the buffer's remaining bytes and advances its position, unless it would have to wait.
     */
    boolean send(ByteBuffer data, @Nullable InetSocketAddress to) throws IOException;

    void bind(InetSocketAddress local) throws IOException;

    /** Connects, also if it is connected to another. What came in before is thrown away. */
    void connect(InetSocketAddress remote) throws IOException;

    /** Takes back {@link #connect}; the local port stays. */
    void disconnect() throws IOException;

    InetSocketAddress localAddress() throws IOException;

    /**
     * Joins a multicast group.
     *
     * @param at where; null for the one that multicast datagrams go out by
     */
    void join(InetAddress group, @Nullable NetworkInterface at) throws IOException;

    /** Leaves a multicast group that it {@linkplain #join joined}. */
    void leave(InetAddress group, @Nullable NetworkInterface at) throws IOException;

    /**
     * Sets a {@link java.net.StandardSocketOptions} option.
     *
     * @throws UnsupportedOperationException if the option is not in {@link #supportedOptions}
     * @throws IllegalArgumentException if the value is out of range; the message names it
     */
    <T> void setOption(SocketOption<T> option, @Nullable T value) throws IOException;

    /** The value of an option; null only for a network interface that is not set. */
    <T> @Nullable T getOption(SocketOption<T> option) throws IOException;

    Set<SocketOption<?>> supportedOptions();

    /** Releases the descriptor. Called once. */
    void close() throws IOException;
}
