package evy.internal.poll;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.util.Set;

/** A UDP socket that is a non-blocking channel of the JDK. */
final class NioDatagram implements NonBlockingDatagram {
    private final DatagramChannel channel;

    private NioDatagram(DatagramChannel channel) {
        this.channel = channel;
    }

    static NioDatagram open() throws IOException {
        try {
            DatagramChannel channel = DatagramChannel.open();
            channel.configureBlocking(false);
            return new NioDatagram(channel);
        } catch (IOException e) {
            throw NioErrors.translate(e);
        }
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    @Override
    public @Nullable Arrival receive(byte[] buffer, int offset, int length) throws IOException {
        return receive(ByteBuffer.wrap(buffer, offset, length));
    }

    @Override
    public @Nullable Arrival receive(ByteBuffer buffer) throws IOException {
        int start = buffer.position();
        try {
            InetSocketAddress sender = (InetSocketAddress) channel.receive(buffer);
            return sender == null ? null : new Arrival(buffer.position() - start, sender);
        } catch (IOException | RuntimeException e) {
            throw translate(e);
        }
    }

    private static IOException translate(Exception e) {
        return e instanceof PortUnreachableException
                ? new PortUnreachableException("ICMP Port Unreachable")
                : NioErrors.translate(e);
    }

    @Override
    public boolean send(byte[] buffer, int offset, int length, @Nullable InetSocketAddress to)
            throws IOException {
        return send(ByteBuffer.wrap(buffer, offset, length), to);
    }

    @Override
    public boolean send(ByteBuffer data, @Nullable InetSocketAddress to) throws IOException {
        boolean empty = !data.hasRemaining();
        try {
            int n = to == null ? channel.write(data) : channel.send(data, to);
            // an empty one that would have to wait looks sent, and counts as lost on its way
            return n > 0 || empty;
        } catch (IOException | RuntimeException e) {
            throw translate(e);
        }
    }

    @Override
    public void bind(InetSocketAddress local) throws IOException {
        try {
            channel.bind(local);
        } catch (IOException | RuntimeException e) {
            throw NioErrors.translate(e);
        }
    }

    @Override
    public void connect(InetSocketAddress remote) throws IOException {
        try {
            if (channel.isConnected()) {
                channel.disconnect();
            }
            channel.connect(SocketTargets.reachable(remote));
        } catch (IOException | RuntimeException e) {
            throw NioErrors.translate(e);
        }
    }

    @Override
    public void disconnect() throws IOException {
        try {
            channel.disconnect();
        } catch (IOException e) {
            throw NioErrors.translate(e);
        }
    }

    @Override
    public InetSocketAddress localAddress() throws IOException {
        try {
            InetSocketAddress address = (InetSocketAddress) channel.getLocalAddress();
            return address == null ? new InetSocketAddress(0) : address;
        } catch (IOException e) {
            throw NioErrors.translate(e);
        }
    }

    /* The channel cannot join without an interface; its socket can. */
    @Override
    public void join(InetAddress group, @Nullable NetworkInterface at) throws IOException {
        channel.socket().joinGroup(new InetSocketAddress(group, 0), at);
    }

    @Override
    public void leave(InetAddress group, @Nullable NetworkInterface at) throws IOException {
        channel.socket().leaveGroup(new InetSocketAddress(group, 0), at);
    }

    @Override
    public <T> void setOption(SocketOption<T> option, @Nullable T value) throws IOException {
        OptionChecks.requireSupported(option, supportedOptions());
        OptionChecks.requireValid(option, value);
        try {
            channel.setOption(option, value);
        } catch (IOException e) {
            throw NioErrors.translate(e);
        }
    }

    @Override
    public <T> @Nullable T getOption(SocketOption<T> option) throws IOException {
        OptionChecks.requireSupported(option, supportedOptions());
        try {
            return channel.getOption(option);
        } catch (IOException e) {
            throw NioErrors.translate(e);
        }
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return channel.toString();
    }
}
