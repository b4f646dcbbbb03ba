package evy.internal.poll;

import evy.internal.os.RawFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Collections;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * A TCP socket that is a non-blocking channel of the JDK.
 *
 * <p>Not all a descriptor can do can be done by channels: a listening socket listens as soon as it
 * is bound, with a backlog of {@value #BACKLOG}; and only peeked bytes are counted as available.
 */
class NioSocket implements NonBlockingSocket {
    /** Asked for when binding, as a channel cannot be told later; the system has its own limit. */
    static final int BACKLOG = 1024;

    /** Exactly one of these two is there. */
    private final @Nullable SocketChannel stream;

    final @Nullable ServerSocketChannel listener;

    private final Peeked peeked = new Peeked();
    private volatile boolean inputShut;
    private boolean lingers;

    NioSocket(@Nullable SocketChannel stream, @Nullable ServerSocketChannel listener) {
        this.stream = stream;
        this.listener = listener;
    }

    static NioSocket open(boolean listening) throws IOException {
        try {
            if (listening) {
                ServerSocketChannel listener = ServerSocketChannel.open();
                listener.configureBlocking(false);
                return new NioSocket(null, listener);
            }
            return of(SocketChannel.open());
        } catch (IOException e) {
            throw NioErrors.translate(e);
        }
    }

    private static NioSocket of(SocketChannel stream) throws IOException {
        stream.configureBlocking(false);
        return new NioSocket(stream, null);
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public SelectableChannel channel() {
        return stream != null ? stream : listener();
    }

    SocketChannel stream() throws SocketException {
        if (stream == null) {
            throw new SocketException(listener + ": a listening socket cannot do this");
        }
        return stream;
    }

    private ServerSocketChannel listener() {
        return Objects.requireNonNull(listener);
    }

    NetworkChannel network() {
        return stream != null ? stream : listener();
    }

    @Override
    public int read(byte[] buffer, int offset, int length, boolean peek) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        if (peek) {
            return inputShut ? EOF : peek(buffer, offset, length);
        }
        return read(ByteBuffer.wrap(buffer, offset, length));
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        if (buffer.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        if (!buffer.hasRemaining()) {
            // a channel would look at the stream all the same, and report its end
            return 0;
        }
        if (inputShut) {
            return EOF;
        }
        if (!peeked.isEmpty()) {
            return peeked.take(buffer);
        }
        return receive(buffer);
    }

    private int receive(ByteBuffer buffer) throws IOException {
        try {
            int n = stream().read(buffer);
            return n == 0 ? WOULD_BLOCK : n;
        } catch (IOException | NotYetConnectedException e) {
            throw NioErrors.translate(e);
        }
    }

    private int peek(byte[] buffer, int offset, int length) throws IOException {
        ByteBuffer space = peeked.space(length);
        if (space.hasRemaining()) {
            int n;
            try {
                n = receive(space);
            } catch (IOException e) {
                // the channel says it again once the bytes before it are read
                if (peeked.isEmpty()) {
                    throw e;
                }
                n = 0;
            }
            if (n <= 0 && peeked.isEmpty()) {
                return n;
            }
            peeked.added(Math.max(n, 0));
        }
        return peeked.copy(buffer, offset, length);
    }

    @Override
    public int write(byte[] buffer, int offset, int length) throws IOException {
        return write(ByteBuffer.wrap(buffer, offset, length));
    }

    @Override
    public int write(ByteBuffer buffer) throws IOException {
        if (!buffer.hasRemaining()) {
            return 0;
        }
        try {
            int n = stream().write(buffer);
            return n == 0 ? WOULD_BLOCK : n;
        } catch (IOException | NotYetConnectedException e) {
            throw NioErrors.translateWrite(e, channel().isOpen());
        }
    }

    @Override
    public long read(ByteBuffer[] buffers) throws IOException {
        if (inputShut) {
            return EOF;
        }
        if (!peeked.isEmpty()) {
            long n = 0;
            for (ByteBuffer buffer : buffers) {
                n += peeked.take(buffer);
            }
            return n;
        }
        try {
            long n = stream().read(buffers);
            return n == 0 ? WOULD_BLOCK : n;
        } catch (IOException | NotYetConnectedException e) {
            throw NioErrors.translate(e);
        }
    }

    @Override
    public long write(ByteBuffer[] buffers) throws IOException {
        try {
            long n = stream().write(buffers);
            return n == 0 ? WOULD_BLOCK : n;
        } catch (IOException | NotYetConnectedException e) {
            throw NioErrors.translateWrite(e, channel().isOpen());
        }
    }

    @Override
    public int write(RawFile file, long position, int length) {
        throw new UnsupportedOperationException(this + " has no number to send " + file + " to");
    }

    @Override
    public int available() throws IOException {
        return inputShut ? 0 : peeked.size();
    }

    @Override
    public void bind(InetAddress address, int port) throws IOException {
        InetSocketAddress local = new InetSocketAddress(address, port);
        try {
            if (listener != null) {
                listener.bind(local, BACKLOG);
            } else {
                stream().bind(local);
            }
        } catch (IOException | RuntimeException e) {
            throw NioErrors.translate(e);
        }
    }

    @Override
    public void listen(int backlog) throws IOException {
        if (listener == null) {
            throw new SocketException(stream + ": opened as a connecting socket, cannot listen");
        }
        if (listener.getLocalAddress() == null) {
            bind(new InetSocketAddress(0).getAddress(), 0);
        }
    }

    @Override
    public boolean connect(InetSocketAddress remote) throws IOException {
        if (remote.isUnresolved()) {
            throw new UnknownHostException(remote.getHostString());
        }
        try {
            return stream().connect(SocketTargets.reachable(remote));
        } catch (IOException | RuntimeException e) {
            throw NioErrors.translate(e);
        }
    }

    @Override
    public boolean finishConnect() throws IOException {
        try {
            return stream().finishConnect();
        } catch (IOException | RuntimeException e) {
            throw NioErrors.translate(e);
        }
    }

    @Override
    public @Nullable NonBlockingSocket accept() throws IOException {
        if (listener == null) {
            throw new SocketException(stream + ": not a listening socket");
        }
        try {
            SocketChannel accepted = listener.accept();
            return accepted == null ? null : accepted(accepted);
        } catch (IOException | RuntimeException e) {
            throw NioErrors.translate(e);
        }
    }

    /** The socket for a channel that was accepted. */
    NonBlockingSocket accepted(SocketChannel channel) throws IOException {
        return of(channel);
    }

    @Override
    public InetSocketAddress localAddress() throws IOException {
        try {
            SocketAddress address = network().getLocalAddress();
            return address == null ? new InetSocketAddress(0) : (InetSocketAddress) address;
        } catch (IOException e) {
            throw NioErrors.translate(e);
        }
    }

    @Override
    public @Nullable InetSocketAddress remoteAddress() throws IOException {
        if (stream == null || !stream.isConnected()) {
            return null;
        }
        try {
            return (InetSocketAddress) stream.getRemoteAddress();
        } catch (IOException e) {
            throw NioErrors.translate(e);
        }
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        OptionChecks.requireSupported(option, supportedOptions(listener != null));
        OptionChecks.requireValid(option, value);
        try {
            if (option.equals(SocketExtras.OOB_INLINE)) {
                stream().socket().setOOBInline((Boolean) value);
            } else {
                network().setOption(option, value);
            }
        } catch (IOException e) {
            throw NioErrors.translate(e);
        }
        if (option.equals(StandardSocketOptions.SO_LINGER)) {
            lingers = (Integer) value > 0;
        }
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        OptionChecks.requireSupported(option, supportedOptions(listener != null));
        try {
            return option.equals(SocketExtras.OOB_INLINE)
                    ? option.type().cast(stream().socket().getOOBInline())
                    : network().getOption(option);
        } catch (IOException e) {
            throw NioErrors.translate(e);
        }
    }

    @Override
    public Set<SocketOption<?>> supportedOptions(boolean listening) {
        return listening ? Options.LISTENING : Options.STREAM;
    }

    @Override
    public void shutdownInput() throws IOException {
        try {
            stream().shutdownInput();
        } catch (NotYetConnectedException e) {
            // not connected is as good as shut
        } catch (IOException e) {
            throw NioErrors.translate(e);
        }
        inputShut = true;
    }

    @Override
    public void shutdownOutput() throws IOException {
        try {
            stream().shutdownOutput();
        } catch (NotYetConnectedException e) {
            // not connected is as good as shut
        } catch (IOException e) {
            throw NioErrors.translate(e);
        }
    }

    @Override
    public void sendUrgent(int data) throws IOException {
        try {
            stream().socket().sendUrgentData(data);
        } catch (IOException | RuntimeException e) {
            throw NioErrors.translateWrite(e, channel().isOpen());
        }
    }

    @Override
    public void close() throws IOException {
        if (lingers && channel().isOpen()) {
            // else close() would block; the data still goes out, only nobody waits for it
            network().setOption(StandardSocketOptions.SO_LINGER, -1);
        }
        network().close();
    }

    @Override
    public String toString() {
        return network().toString();
    }

    /** What the channels of this JDK support; looked up when first asked. */
    private static final class Options {
        static final Set<SocketOption<?>> STREAM = of(SocketChannel::open, SocketExtras.OOB_INLINE);
        static final Set<SocketOption<?>> LISTENING =
                of(ServerSocketChannel::open, StandardSocketOptions.SO_REUSEADDR);

        private static Set<SocketOption<?>> of(
                Callable<? extends NetworkChannel> opener, SocketOption<?> also) {
            Set<SocketOption<?>> options = new HashSet<>();
            options.add(also);
            try (NetworkChannel channel = opener.call()) {
                options.addAll(channel.supportedOptions());
            } catch (Exception e) {
                // out of descriptors: these are supported everywhere
                options.add(StandardSocketOptions.SO_RCVBUF);
                options.add(StandardSocketOptions.SO_REUSEADDR);
            }
            return Collections.unmodifiableSet(options);
        }
    }
}
