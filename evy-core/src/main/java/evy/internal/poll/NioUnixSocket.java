package evy.internal.poll;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** A Unix-domain socket that is a non-blocking channel of the JDK. It has no abstract names. */
final class NioUnixSocket extends NioSocket implements UnixSocket {
    private static final Set<SocketOption<?>> STREAM =
            Set.of(
                    StandardSocketOptions.SO_RCVBUF,
                    StandardSocketOptions.SO_SNDBUF,
                    StandardSocketOptions.SO_LINGER);

    private static final Set<SocketOption<?>> LISTENING = Set.of(StandardSocketOptions.SO_RCVBUF);

    private static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");

    private NioUnixSocket(@Nullable SocketChannel stream, @Nullable ServerSocketChannel listener) {
        super(stream, listener);
    }

    static NioUnixSocket openUnix(boolean listening) throws IOException {
        try {
            if (listening) {
                ServerSocketChannel listener =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                listener.configureBlocking(false);
                return new NioUnixSocket(null, listener);
            }
            return stream(SocketChannel.open(StandardProtocolFamily.UNIX));
        } catch (IOException e) {
            throw NioErrors.translate(e);
        }
    }

    private static NioUnixSocket stream(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        return new NioUnixSocket(channel, null);
    }

    /* Through a listener in a directory that nobody else can enter, for the JDK has no such call. */
    static UnixSocket[] openPair() throws IOException {
        Path directory = Files.createTempDirectory("evy");
        Path path = directory.resolve("pair");
        SocketChannel first = null;
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(path));
            first = SocketChannel.open(UnixDomainSocketAddress.of(path));
            return new UnixSocket[] {stream(first), stream(listener.accept())};
        } catch (IOException | RuntimeException | Error e) {
            if (first != null) {
                first.close();
            }
            throw e;
        } finally {
            Files.deleteIfExists(path);
            Files.deleteIfExists(directory);
        }
    }

    @Override
    public void bind(byte[] name) throws IOException {
        UnixDomainSocketAddress address = address(name);
        try {
            if (listener != null) {
                listener.bind(address, BACKLOG);
            } else {
                stream().bind(address);
            }
        } catch (IOException | RuntimeException e) {
            throw NioErrors.translate(e);
        }
    }

    @Override
    public void listen(int backlog) {
        // a channel listens from bind on
    }

    @Override
    public boolean connect(byte[] name) throws IOException {
        UnixDomainSocketAddress address = address(name);
        boolean connected;
        try {
            connected = stream().connect(address);
        } catch (IOException | RuntimeException e) {
            throw NioErrors.translate(e);
        }
        if (!connected && LINUX) {
            // the channel would take itself for connected the next time it is asked
            throw new ConnectException(
                    "Resource temporarily unavailable: the backlog of " + address + " is full");
        }
        return connected;
    }

    private static UnixDomainSocketAddress address(byte[] name) {
        if (name.length > 0 && name[0] == 0) {
            throw new UnsupportedOperationException(
                    "hub 'nio' has no abstract Unix addresses: @"
                            + new String(name, 1, name.length - 1, StandardCharsets.UTF_8)
                            + "; use a path, or -Devy.hub=epoll on Linux");
        }
        return UnixDomainSocketAddress.of(new String(name, PathCharset.GET));
    }

    @Override
    NonBlockingSocket accepted(SocketChannel channel) throws IOException {
        return stream(channel);
    }

    @Override
    public byte[] localName() throws IOException {
        return name(network().getLocalAddress());
    }

    @Override
    public byte[] remoteName() throws IOException {
        return name(stream().getRemoteAddress());
    }

    private static byte[] name(@Nullable SocketAddress address) {
        return address instanceof UnixDomainSocketAddress unix
                ? unix.getPath().toString().getBytes(PathCharset.GET)
                : new byte[0];
    }

    @Override
    public Set<SocketOption<?>> supportedOptions(boolean listening) {
        return listening ? LISTENING : STREAM;
    }
}
