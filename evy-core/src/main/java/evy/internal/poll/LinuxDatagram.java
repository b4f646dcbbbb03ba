package evy.internal.poll;

import static evy.internal.os.LinuxAbi.IPPROTO_IP;
import static evy.internal.os.LinuxAbi.IPPROTO_IPV6;

import evy.internal.os.Datagrams;
import evy.internal.os.Descriptors;
import evy.internal.os.Errno;
import evy.internal.os.Errors;
import evy.internal.os.LinuxAbi;
import evy.internal.os.Sockets;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.SelectableChannel;
import java.util.Objects;
import java.util.Set;

/** A UDP socket that is a non-blocking descriptor number of Linux. */
final class LinuxDatagram implements NonBlockingDatagram {
    private static final int CLOSED = -1;

    /** How many datagrams of others may be in the socket when it is connected, at most. */
    private static final int MAX_FLUSH = 100_000;

    private final Datagrams.Senders senders = new Datagrams.Senders();
    private final LinuxDatagramOptions options;
    private int fd;

    private LinuxDatagram(int fd) {
        this.fd = fd;
        this.options = new LinuxDatagramOptions(fd);
    }

    static LinuxDatagram open() throws IOException {
        int fd = Datagrams.open(IpStack.FAMILY);
        if (fd < 0) {
            throw Errors.of(-fd, "");
        }
        int result = prepare(fd);
        if (result < 0) {
            Descriptors.close(fd);
            throw Errors.of(-result, "");
        }
        return new LinuxDatagram(fd);
    }

    /* As the JDK: both protocols, no datagrams of groups that others joined, one hop. */
    private static int prepare(int fd) {
        int result = Sockets.setInt(fd, IPPROTO_IP, LinuxAbi.IP_MULTICAST_ALL, 0);
        if (result == 0 && IpStack.FAMILY == LinuxAbi.AF_INET6) {
            result = Sockets.setInt(fd, IPPROTO_IPV6, LinuxAbi.IPV6_V6ONLY, 0);
            Sockets.setInt(fd, IPPROTO_IPV6, LinuxAbi.IPV6_MULTICAST_HOPS, 1);
            // since Linux 4.20
            Sockets.setInt(fd, IPPROTO_IPV6, LinuxAbi.IPV6_MULTICAST_ALL, 0);
        }
        return result;
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public @Nullable SelectableChannel channel() {
        return null;
    }

    @Override
    public @Nullable Arrival receive(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        return arrival(Datagrams.receive(fd, buffer, offset, length));
    }

    @Override
    public @Nullable Arrival receive(ByteBuffer buffer) throws IOException {
        if (buffer.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        Arrival arrival = arrival(Datagrams.receive(fd, buffer));
        if (arrival != null) {
            buffer.position(buffer.position() + arrival.length());
        }
        return arrival;
    }

    private @Nullable Arrival arrival(int n) throws SocketException {
        if (n >= 0) {
            return new Arrival(n, Datagrams.sender(senders));
        }
        if (n == -Errno.EAGAIN) {
            return null;
        }
        throw error(-n);
    }

    private static SocketException error(int errno) {
        return errno == Errno.ECONNREFUSED
                ? new PortUnreachableException("ICMP Port Unreachable")
                : Errors.read(errno);
    }

    @Override
    public boolean send(byte[] buffer, int offset, int length, @Nullable InetSocketAddress to)
            throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        int n;
        if (to == null) {
            n = Sockets.send(fd, buffer, offset, length, 0);
        } else {
            int family = IpStack.FAMILY;
            InetSocketAddress target = SocketTargets.reachable(to);
            InetAddress address = target.getAddress();
            n = Datagrams.send(fd, buffer, offset, length, family, address, target.getPort());
        }
        return isSent(n, to);
    }

    @Override
    public boolean send(ByteBuffer data, @Nullable InetSocketAddress to) throws IOException {
        int n;
        if (to == null) {
            n = Sockets.send(fd, data, data.remaining(), 0);
        } else {
            InetSocketAddress target = SocketTargets.reachable(to);
            InetAddress address = target.getAddress();
            n = Datagrams.send(fd, data, IpStack.FAMILY, address, target.getPort());
        }
        boolean sent = isSent(n, to);
        if (sent) {
            data.position(data.limit());
        }
        return sent;
    }

    private static boolean isSent(int n, @Nullable InetSocketAddress to) throws IOException {
        if (n >= 0) {
            return true;
        }
        if (n == -Errno.EAGAIN) {
            return false;
        }
        throw n == -Errno.ECONNREFUSED || to == null ? error(-n) : Errors.of(-n, "to " + to);
    }

    @Override
    public void bind(InetSocketAddress local) throws IOException {
        int result = Sockets.bind(fd, IpStack.FAMILY, local.getAddress(), local.getPort());
        if (result < 0) {
            throw Errors.of(-result, local.toString());
        }
    }

    @Override
    public void connect(InetSocketAddress remote) throws IOException {
        InetSocketAddress target = SocketTargets.reachable(remote);
        int family = IpStack.FAMILY;
        int result = Sockets.connect(fd, family, target.getAddress(), target.getPort());
        if (result < 0) {
            throw Errors.of(-result, remote.toString());
        }
        byte[] nothing = new byte[1];
        for (int i = 0; i < MAX_FLUSH; i++) {
            if (Datagrams.receive(fd, nothing, 0, 1) < 0) {
                return;
            }
        }
    }

    @Override
    public void disconnect() throws IOException {
        InetSocketAddress before = localAddress();
        int result = Datagrams.disconnect(fd);
        if (result < 0) {
            throw Errors.of(-result, "");
        }
        // a port that the system had chosen is given back; the address, when it was any
        InetSocketAddress after = localAddress();
        if (after.getPort() == 0) {
            bind(new InetSocketAddress(after.getAddress(), before.getPort()));
        }
    }

    @Override
    public InetSocketAddress localAddress() throws IOException {
        return Sockets.localAddress(fd);
    }

    @Override
    public void join(InetAddress group, @Nullable NetworkInterface at) throws IOException {
        int result = Datagrams.member(fd, true, group, options.indexOf(at));
        if (result == -Errno.EADDRINUSE) {
            throw new SocketException("Already a member of group");
        }
        if (result < 0) {
            throw Errors.read(-result);
        }
    }

    @Override
    public void leave(InetAddress group, @Nullable NetworkInterface at) throws IOException {
        int result = Datagrams.member(fd, false, group, options.indexOf(at));
        if (result == -Errno.EADDRNOTAVAIL) {
            throw new SocketException("Not a member of group");
        }
        if (result < 0) {
            throw Errors.read(-result);
        }
    }

    @Override
    public <T> void setOption(SocketOption<T> option, @Nullable T value) throws IOException {
        OptionChecks.requireSupported(option, supportedOptions());
        OptionChecks.requireValid(option, value);
        options.set(option, Objects.requireNonNull((Object) value));
    }

    @Override
    public <T> @Nullable T getOption(SocketOption<T> option) throws IOException {
        OptionChecks.requireSupported(option, supportedOptions());
        Object value = options.get(option);
        return value == null ? null : option.type().cast(value);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return LinuxDatagramOptions.SUPPORTED;
    }

    @Override
    public void close() throws IOException {
        int former = fd;
        fd = CLOSED;
        int result = Descriptors.close(former);
        if (result < 0 && result != -Errno.EINTR) {
            throw Errors.of(-result, "");
        }
    }

    @Override
    public String toString() {
        return "datagram socket descriptor " + fd;
    }
}
