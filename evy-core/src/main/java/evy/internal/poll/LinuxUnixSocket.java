package evy.internal.poll;

import evy.internal.os.Errno;
import evy.internal.os.Errors;
import evy.internal.os.LinuxAbi;
import evy.internal.os.Sockets;
import evy.internal.os.UnixSockets;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** A Unix-domain socket that is a non-blocking descriptor number of Linux. */
final class LinuxUnixSocket extends LinuxSocket implements UnixSocket {
    private static final Set<SocketOption<?>> STREAM =
            Set.of(
                    StandardSocketOptions.SO_RCVBUF,
                    StandardSocketOptions.SO_SNDBUF,
                    StandardSocketOptions.SO_LINGER);

    private static final Set<SocketOption<?>> LISTENING = Set.of(StandardSocketOptions.SO_RCVBUF);

    private byte @Nullable [] target;

    private LinuxUnixSocket(int fd, boolean listening) {
        super(fd, listening);
    }

    static LinuxUnixSocket openUnix(boolean listening) throws IOException {
        int fd = Sockets.open(LinuxAbi.AF_UNIX);
        if (fd < 0) {
            throw Errors.of(-fd, "");
        }
        return new LinuxUnixSocket(fd, listening);
    }

    static UnixSocket[] openPair() throws IOException {
        int[] fds = UnixSockets.pair();
        return new UnixSocket[] {
            new LinuxUnixSocket(fds[0], false), new LinuxUnixSocket(fds[1], false)
        };
    }

    @Override
    public void bind(byte[] name) throws IOException {
        int result = UnixSockets.bind(fd(), name);
        if (result < 0) {
            throw Errors.of(-result, describe(name));
        }
    }

    @Override
    public boolean connect(byte[] name) throws IOException {
        target = name;
        return finishConnect();
    }

    @Override
    public boolean finishConnect() throws IOException {
        byte[] name = target;
        if (name == null) {
            throw new SocketException("no connection is under way");
        }
        int result = UnixSockets.connect(fd(), name);
        return switch (result) {
            case 0, -Errno.EISCONN -> true;
            case -Errno.EAGAIN, -Errno.EINTR -> false;
            default -> throw Errors.of(-result, describe(name));
        };
    }

    private static String describe(byte[] name) {
        String text = new String(name, StandardCharsets.UTF_8);
        return name.length > 0 && name[0] == 0 ? "@" + text.substring(1) : text;
    }

    @Override
    NonBlockingSocket accepted(int fd) {
        return new LinuxUnixSocket(fd, false);
    }

    @Override
    public byte[] localName() throws IOException {
        return UnixSockets.localName(fd());
    }

    @Override
    public byte[] remoteName() throws IOException {
        return UnixSockets.remoteName(fd());
    }

    @Override
    public Set<SocketOption<?>> supportedOptions(boolean listening) {
        return listening ? LISTENING : STREAM;
    }
}
