package evy.internal.poll;

import evy.internal.os.Descriptors;
import evy.internal.os.Errno;
import evy.internal.os.Errors;
import evy.internal.os.LinuxAbi;
import evy.internal.os.RawFile;
import evy.internal.os.SocketVectors;
import evy.internal.os.Sockets;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.SelectableChannel;
import java.util.Objects;
import java.util.Set;

/** A stream socket, of TCP if no subclass says otherwise, by non-blocking descriptor number. */
class LinuxSocket implements NonBlockingSocket {
    /** Longest transfer from or to heap memory: during the call no safepoint can begin. */
    private static final int MAX_HEAP_TRANSFER = 128 * 1024;

    private static final int DEFAULT_BACKLOG = 50;

    private static final int CLOSED = -1;

    private final boolean listening;
    private int fd;

    // where connect() goes, for finishConnect() to ask again
    private @Nullable InetSocketAddress target;

    // once set, they stay: the system reports a reset once, and reads on after a shutdown
    private volatile boolean reset;
    private volatile boolean inputShut;
    private boolean lingers;

    LinuxSocket(int fd, boolean listening) {
        this.fd = fd;
        this.listening = listening;
    }

    static LinuxSocket open(boolean listening) throws IOException {
        int family = IpStack.FAMILY;
        int fd = Sockets.open(family);
        if (fd < 0) {
            throw Errors.of(-fd, "");
        }
        int result = 0;
        if (family == LinuxAbi.AF_INET6) {
            result = Sockets.setInt(fd, LinuxAbi.IPPROTO_IPV6, LinuxAbi.IPV6_V6ONLY, 0);
        }
        if (result == 0 && listening) {
            result = Sockets.setInt(fd, LinuxAbi.SOL_SOCKET, LinuxAbi.SO_REUSEADDR, 1);
        }
        if (result < 0) {
            Descriptors.close(fd);
            throw Errors.of(-result, "");
        }
        return new LinuxSocket(fd, listening);
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
    public int read(byte[] buffer, int offset, int length, boolean peek) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        int size = Math.min(length, MAX_HEAP_TRANSFER);
        int n = Sockets.recv(fd, buffer, offset, size, peek ? LinuxAbi.MSG_PEEK : 0);
        return n > 0 && !inputShut ? n : readResult(n);
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        int position = buffer.position();
        int remaining = buffer.remaining();
        if (buffer.hasArray()) {
            int start = buffer.arrayOffset() + position;
            int n = read(buffer.array(), start, remaining, false);
            if (n > 0) {
                buffer.position(position + n);
            }
            return n;
        }
        if (buffer.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        if (remaining == 0) {
            return 0;
        }
        int n = Sockets.recv(fd, buffer, remaining, 0);
        if (n > 0 && !inputShut) {
            buffer.position(position + n);
            return n;
        }
        return readResult(n);
    }

    /** What a receive that brought nothing means; {@code n} is its result. */
    private int readResult(int n) throws IOException {
        if (reset) {
            throw Errors.read(Errno.ECONNRESET);
        }
        if (n >= 0 || inputShut) {
            // the system still delivers what comes in after the shutdown; the JDK does not
            return EOF;
        }
        if (n == -Errno.EAGAIN) {
            return WOULD_BLOCK;
        }
        reset = n == -Errno.ECONNRESET;
        throw Errors.read(-n);
    }

    @Override
    public int write(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        return writeResult(send(buffer, offset, length, 0));
    }

    private int send(byte[] buffer, int offset, int length, int flags) {
        return Sockets.send(fd, buffer, offset, Math.min(length, MAX_HEAP_TRANSFER), flags);
    }

    @Override
    public int write(ByteBuffer buffer) throws IOException {
        return buffer.hasRemaining() ? write(buffer, 0) : 0;
    }

    private int write(ByteBuffer buffer, int flags) throws IOException {
        int remaining = buffer.remaining();
        int position = buffer.position();
        int n;
        if (buffer.hasArray()) {
            n = send(buffer.array(), buffer.arrayOffset() + position, remaining, flags);
        } else {
            // a read-only heap buffer hides its array, but the system call needs none
            int size = buffer.isDirect() ? remaining : Math.min(remaining, MAX_HEAP_TRANSFER);
            n = Sockets.send(fd, buffer, size, flags);
        }
        if (n > 0) {
            buffer.position(position + n);
        }
        return writeResult(n);
    }

    @Override
    public long read(ByteBuffer[] buffers) throws IOException {
        int n = SocketVectors.recv(fd, buffers);
        return n > 0 && !inputShut ? n : readResult(n);
    }

    @Override
    public long write(ByteBuffer[] buffers) throws IOException {
        return SocketVectors.isWorthwhile(buffers)
                ? writeResult(SocketVectors.send(fd, buffers))
                : writeEach(buffers);
    }

    /*
     * From where they lie; in the packets they are one. What waits for more to join it goes with the
     * peer's next acknowledgement, if there is no room for the more: then one is on its way.
     */
    private long writeEach(ByteBuffer[] buffers) throws IOException {
        int last = buffers.length - 1;
        while (!buffers[last].hasRemaining()) {
            last--;
        }
        long sent = 0;
        for (int i = 0; i <= last; i++) {
            ByteBuffer buffer = buffers[i];
            if (buffer.hasRemaining()) {
                boolean ends = i == last || buffer.remaining() > MAX_HEAP_TRANSFER;
                int n = write(buffer, ends ? 0 : LinuxAbi.MSG_MORE);
                sent += Math.max(n, 0);
                if (buffer.hasRemaining()) {
                    return sent == 0 ? WOULD_BLOCK : sent;
                }
            }
        }
        return sent;
    }

    @Override
    public int write(RawFile file, long position, int length) throws IOException {
        int n = file.send(fd, position, length);
        return n == 0 ? EOF : writeResult(n);
    }

    private static int writeResult(int n) throws IOException {
        if (n > 0) {
            return n;
        }
        if (n == -Errno.EAGAIN || n == 0) {
            return WOULD_BLOCK;
        }
        throw Errors.write(-n);
    }

    @Override
    public int available() throws IOException {
        if (inputShut) {
            return 0;
        }
        int n = Descriptors.available(fd);
        if (n < 0) {
            throw Errors.read(-n);
        }
        return n;
    }

    @Override
    public void bind(InetAddress address, int port) throws IOException {
        int result = Sockets.bind(fd, IpStack.FAMILY, address, port);
        if (result < 0) {
            throw Errors.of(-result, describe(address, port));
        }
    }

    @Override
    public void listen(int backlog) throws IOException {
        int result = Sockets.listen(fd, backlog < 1 ? DEFAULT_BACKLOG : backlog);
        if (result < 0) {
            throw Errors.of(-result, "listen");
        }
    }

    @Override
    public boolean connect(InetSocketAddress remote) throws IOException {
        if (remote.isUnresolved()) {
            throw new UnknownHostException(remote.getHostString());
        }
        target = SocketTargets.reachable(remote);
        return tryConnect(target);
    }

    @Override
    public boolean finishConnect() throws IOException {
        InetSocketAddress remote = target;
        if (remote == null) {
            throw new SocketException("no connection is under way");
        }
        return tryConnect(remote);
    }

    /** Connects, or asks how it goes: for a socket that is connecting the call is the same. */
    private boolean tryConnect(InetSocketAddress remote) throws IOException {
        InetAddress address = remote.getAddress();
        int result = Sockets.connect(fd, IpStack.FAMILY, address, remote.getPort());
        return switch (result) {
            case 0, -Errno.EISCONN -> true;
            case -Errno.EINPROGRESS, -Errno.EALREADY, -Errno.EINTR -> false;
            default -> throw Errors.of(-result, describe(address, remote.getPort()));
        };
    }

    private static String describe(InetAddress address, int port) {
        String host = address.getHostAddress();
        return address instanceof Inet4Address ? host + ":" + port : "[" + host + "]:" + port;
    }

    @Override
    public @Nullable NonBlockingSocket accept() throws IOException {
        while (true) {
            int result = Sockets.accept(fd);
            if (result >= 0) {
                return accepted(result);
            }
            if (result == -Errno.EAGAIN) {
                return null;
            }
            // the peer gave up while it waited: take the next one
            if (result != -Errno.ECONNABORTED) {
                throw Errors.of(-result, "");
            }
        }
    }

    /** The socket for a descriptor that was accepted. */
    NonBlockingSocket accepted(int newFd) {
        return new LinuxSocket(newFd, false);
    }

    @Override
    public InetSocketAddress localAddress() throws IOException {
        return Sockets.localAddress(fd);
    }

    @Override
    public @Nullable InetSocketAddress remoteAddress() throws IOException {
        return Sockets.remoteAddress(fd);
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        OptionChecks.requireSupported(option, supportedOptions(listening));
        OptionChecks.requireValid(option, value);
        LinuxOptions.set(fd, option, value);
        if (option.equals(StandardSocketOptions.SO_LINGER)) {
            lingers = (Integer) value > 0;
        }
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        OptionChecks.requireSupported(option, supportedOptions(listening));
        return option.type().cast(LinuxOptions.get(fd, option));
    }

    @Override
    public Set<SocketOption<?>> supportedOptions(boolean listening) {
        return listening ? LinuxOptions.LISTENING : LinuxOptions.STREAM;
    }

    @Override
    public void shutdownInput() throws IOException {
        shutdown(LinuxAbi.SHUT_RD);
        inputShut = true;
    }

    @Override
    public void shutdownOutput() throws IOException {
        shutdown(LinuxAbi.SHUT_WR);
    }

    private void shutdown(int how) throws IOException {
        int result = Sockets.shutdown(fd, how);
        // not connected any more is what was asked for
        if (result < 0 && result != -Errno.ENOTCONN) {
            throw Errors.of(-result, "");
        }
    }

    @Override
    public void sendUrgent(int data) throws IOException {
        byte[] one = {(byte) data};
        int n = Sockets.send(fd, one, 0, one.length, LinuxAbi.MSG_OOB);
        if (n < 0) {
            throw Errors.write(n == -Errno.EAGAIN ? Errno.ENOBUFS : -n);
        }
    }

    @Override
    public void close() throws IOException {
        int former = fd;
        fd = CLOSED;
        if (lingers) {
            // else close() would block; the data still goes out, only nobody waits for it
            Sockets.setLinger(former, -1);
        }
        int result = Descriptors.close(former);
        if (result < 0 && result != -Errno.EINTR) {
            throw Errors.of(-result, "");
        }
    }

    @Override
    public String toString() {
        return "socket descriptor " + fd;
    }
}
