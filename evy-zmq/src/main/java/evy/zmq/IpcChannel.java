package evy.zmq;

import org.jspecify.annotations.Nullable;

import zmq.Options;
import zmq.io.StreamEngine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Set;

/**
 * A Unix-domain socket that JeroMQ takes for one of TCP while it makes a connection: addresses are
 * those of loopback, and what only TCP can be told is passed over. Before the connection starts it
 * is given the channel inside, as only that can be waited for.
 */
final class IpcChannel extends SocketChannel {
    private static final SocketAddress HERE =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final SocketChannel inside;
    private final @Nullable UnixDomainSocketAddress target;

    /** Wraps one that was accepted. */
    IpcChannel(SocketChannel accepted) {
        this(accepted, null);
    }

    private IpcChannel(SocketChannel inside, @Nullable UnixDomainSocketAddress target) {
        super(inside.provider());
        this.inside = inside;
        this.target = target;
    }

    /** Opens one that is to be connected to a path, whatever JeroMQ says. */
    static IpcChannel to(UnixDomainSocketAddress target) throws IOException {
        return new IpcChannel(SocketChannel.open(StandardProtocolFamily.UNIX), target);
    }

    /** Gives a connection that has one of these what is inside. */
    static void unwrap(Internals internals, Object connection) {
        if (connection instanceof StreamEngine engine
                && internals.channel(engine) instanceof IpcChannel channel) {
            internals.setChannel(engine, channel.inside);
        }
    }

    /** Sets the sizes of the system's buffers, if they are asked for. */
    void setBuffers(Options options) throws IOException {
        if (options.sndbuf != 0) {
            setOption(StandardSocketOptions.SO_SNDBUF, options.sndbuf);
        }
        if (options.rcvbuf != 0) {
            setOption(StandardSocketOptions.SO_RCVBUF, options.rcvbuf);
        }
    }

    /** Closes it for an error of which somebody was told. */
    void abandon() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean connect(SocketAddress remote) throws IOException {
        if (target == null) {
            throw new IllegalStateException("accepted: " + this);
        }
        // JeroMQ would wait for this, which no selector takes; on Linux it is now or an exception
        if (!inside.connect(target)) {
            throw new IOException("not connected at once to " + target);
        }
        return true;
    }

    @Override
    public boolean finishConnect() throws IOException {
        return inside.finishConnect();
    }

    @Override
    public boolean isConnected() {
        return inside.isConnected();
    }

    @Override
    public boolean isConnectionPending() {
        return inside.isConnectionPending();
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        if (inside.supportedOptions().contains(name)) {
            inside.setOption(name, value);
        }
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return inside.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return inside.supportedOptions();
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return HERE;
    }

    @Override
    public SocketAddress getLocalAddress() {
        return HERE;
    }

    @Override
    public SocketChannel bind(SocketAddress local) {
        throw new UnsupportedOperationException(
                "bind(): JeroMQ does not call it on a channel of ipc");
    }

    @Override
    public Socket socket() {
        throw new UnsupportedOperationException(
                "socket(): JeroMQ does not call it on a channel of ipc");
    }

    @Override
    public SocketChannel shutdownInput() throws IOException {
        inside.shutdownInput();
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        inside.shutdownOutput();
        return this;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return inside.read(target);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        return inside.read(targets, offset, length);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return inside.write(source);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        return inside.write(sources, offset, length);
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        inside.close();
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        inside.configureBlocking(block);
    }

    @Override
    public String toString() {
        return inside.toString();
    }
}
