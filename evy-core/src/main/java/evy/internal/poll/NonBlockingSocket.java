package evy.internal.poll;

import evy.internal.os.RawFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.util.Set;

/**
 * A TCP socket on which no call ever blocks. It keeps no state about who uses it: the caller sees
 * to it that nobody is in a call while or after {@link #close} runs.
 *
 * <p>Errors are the JDK's: {@code ConnectException}, {@code NoRouteToHostException}, {@code
 * BindException} and {@code SocketException} by error number, with the system's text.
 */
public interface NonBlockingSocket {
    /** Result of a read at the end of the stream. */
    int EOF = -1;

    /** Result of a read or write that would have to wait. */
    int WOULD_BLOCK = -2;

    /** The descriptor number, or -1 if this socket is a channel. */
    int fd();

    /** The channel, or null if this socket is a descriptor number. */
    @Nullable SelectableChannel channel();

    /**
     * Reads what is there.
     *
     * @param peek true to leave the bytes in the socket (MSG_PEEK)
     * @return bytes read (0 only if {@code length} is 0), {@link #EOF} or {@link #WOULD_BLOCK}
     * @throws UnsupportedOperationException if {@code peek} is asked of a backend without it
     */
    int read(byte[] buffer, int offset, int length, boolean peek) throws IOException;

    /** Reads into the buffer's remaining space, heap or direct; advances its position. */
    int read(ByteBuffer buffer) throws IOException;

    /**
     * Writes as much as the socket takes now.
     *
     * @return bytes written, or {@link #WOULD_BLOCK} if none
     */
    int write(byte[] buffer, int offset, int length) throws IOException;

    /** Writes from the buffer's remaining bytes, heap or direct; advances its position. */
    int write(ByteBuffer buffer) throws IOException;

    /**
     * Reads into the buffers, one after the other, as many as are of use; advances their positions.
     *
     * @param buffers with room in at least one of them; none read-only
     * @return bytes read, {@link #EOF} or {@link #WOULD_BLOCK}
     */
    long read(ByteBuffer[] buffers) throws IOException;

    /**
     * Writes from the buffers, one after the other, as if they were one; advances their positions,
     * also if it throws.
     *
     * @param buffers with something in at least one of them
     * @return bytes written, or {@link #WOULD_BLOCK} if none
     */
    long write(ByteBuffer[] buffers) throws IOException;

    /**
     * Writes from a file, without copying.
     *
     * @return bytes written, {@link #EOF} at the end of the file, or {@link #WOULD_BLOCK}
     * @throws UnsupportedOperationException if this socket is a channel
     */
    int write(RawFile file, long position, int length) throws IOException;

    /** Number of bytes that can be read without waiting. 0 if the backend cannot tell. */
    int available() throws IOException;

    void bind(InetAddress address, int port) throws IOException;

    void listen(int backlog) throws IOException;

    /**
     * Starts to connect.
     *
     * @return true if connected at once, false if {@link #finishConnect} has to follow when
     *     writable
     */
    boolean connect(InetSocketAddress remote) throws IOException;

    /**
     * Asks whether the connection begun by {@link #connect} is there.
     *
     * @return false if it is still under way
     * @throws IOException if it failed, with the reason
     */
    boolean finishConnect() throws IOException;

    /** Takes a connection, or returns null if none is waiting. */
    @Nullable NonBlockingSocket accept() throws IOException;

    InetSocketAddress localAddress() throws IOException;

    /** The peer's address, or null if not connected. */
    @Nullable InetSocketAddress remoteAddress() throws IOException;

    /**
     * Sets a {@link java.net.StandardSocketOptions} option, or {@link SocketExtras#OOB_INLINE}.
     *
     * @throws UnsupportedOperationException if the option is not in {@link #supportedOptions}
     * @throws IllegalArgumentException if the value is out of range; the message names it
     */
    <T> void setOption(SocketOption<T> option, T value) throws IOException;

    <T> T getOption(SocketOption<T> option) throws IOException;

    /** Options for a connecting or a listening socket. */
    Set<SocketOption<?>> supportedOptions(boolean listening);

    void shutdownInput() throws IOException;

    void shutdownOutput() throws IOException;

    /** Sends one byte of urgent data. */
    void sendUrgent(int data) throws IOException;

    /** Releases the descriptor. Called once. */
    void close() throws IOException;
}
