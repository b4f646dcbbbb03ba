package evy.internal.poll;

import static evy.internal.os.LinuxAbi.IPPROTO_IP;
import static evy.internal.os.LinuxAbi.IPPROTO_IPV6;
import static evy.internal.os.LinuxAbi.IPPROTO_TCP;
import static evy.internal.os.LinuxAbi.SOL_SOCKET;

import evy.internal.os.Errors;
import evy.internal.os.LinuxAbi;
import evy.internal.os.Sockets;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The options of a socket by descriptor number, with the JDK's conventions: buffer sizes as asked
 * for, not as doubled by the kernel; linger -1 for off; IP_TOS for both protocols.
 */
final class LinuxOptions {
    /** Tells which queue of the network card a connection comes in by; cannot be set. */
    static final String NAPI_ID = "SO_INCOMING_NAPI_ID";

    /** Where the kernel keeps the options whose value is passed on as it is. */
    private static final Map<String, Key> PLAIN =
            Map.ofEntries(
                    Map.entry("SO_BROADCAST", new Key(SOL_SOCKET, LinuxAbi.SO_BROADCAST)),
                    Map.entry("SO_KEEPALIVE", new Key(SOL_SOCKET, LinuxAbi.SO_KEEPALIVE)),
                    Map.entry("SO_OOBINLINE", new Key(SOL_SOCKET, LinuxAbi.SO_OOBINLINE)),
                    Map.entry("SO_REUSEADDR", new Key(SOL_SOCKET, LinuxAbi.SO_REUSEADDR)),
                    Map.entry("SO_REUSEPORT", new Key(SOL_SOCKET, LinuxAbi.SO_REUSEPORT)),
                    Map.entry(NAPI_ID, new Key(SOL_SOCKET, LinuxAbi.SO_INCOMING_NAPI_ID)),
                    Map.entry("TCP_NODELAY", new Key(IPPROTO_TCP, LinuxAbi.TCP_NODELAY)),
                    Map.entry("TCP_KEEPIDLE", new Key(IPPROTO_TCP, LinuxAbi.TCP_KEEPIDLE)),
                    Map.entry("TCP_KEEPINTERVAL", new Key(IPPROTO_TCP, LinuxAbi.TCP_KEEPINTVL)),
                    Map.entry("TCP_KEEPCOUNT", new Key(IPPROTO_TCP, LinuxAbi.TCP_KEEPCNT)),
                    Map.entry("TCP_QUICKACK", new Key(IPPROTO_TCP, LinuxAbi.TCP_QUICKACK)));

    private static final Set<String> EXTENDED =
            Set.of("TCP_KEEPIDLE", "TCP_KEEPINTERVAL", "TCP_KEEPCOUNT", "TCP_QUICKACK", NAPI_ID);

    private static final int MIN_BUFFER = 1024;
    private static final int MAX_LINGER = 65535;

    /** For listening sockets: what the JDK's own {@code ServerSocket} supports. */
    static final Set<SocketOption<?>> LISTENING =
            withExtended(
                    StandardSocketOptions.SO_RCVBUF,
                    StandardSocketOptions.SO_REUSEADDR,
                    StandardSocketOptions.SO_REUSEPORT,
                    StandardSocketOptions.IP_TOS);

    /** For connecting and connected sockets: what the JDK's own {@code Socket} supports. */
    static final Set<SocketOption<?>> STREAM =
            withExtended(
                    StandardSocketOptions.SO_RCVBUF,
                    StandardSocketOptions.SO_SNDBUF,
                    StandardSocketOptions.SO_REUSEADDR,
                    StandardSocketOptions.SO_REUSEPORT,
                    StandardSocketOptions.SO_KEEPALIVE,
                    StandardSocketOptions.SO_LINGER,
                    StandardSocketOptions.IP_TOS,
                    StandardSocketOptions.TCP_NODELAY,
                    SocketExtras.OOB_INLINE);

    private record Key(int level, int name) {}

    private LinuxOptions() {}

    /**
     * Adds those of {@code jdk.net.ExtendedSocketOptions} that are {@link #EXTENDED}. They are
     * taken from a channel of the JDK, because this module does not require jdk.net.
     */
    private static Set<SocketOption<?>> withExtended(SocketOption<?>... standard) {
        Set<SocketOption<?>> options = new HashSet<>(Set.of(standard));
        try (SocketChannel channel = SocketChannel.open()) {
            for (SocketOption<?> option : channel.supportedOptions()) {
                if (EXTENDED.contains(option.name())) {
                    options.add(option);
                }
            }
        } catch (IOException e) {
            // out of descriptors: the extended ones are then not offered
        }
        return Collections.unmodifiableSet(options);
    }

    static void set(int fd, SocketOption<?> option, Object value) throws IOException {
        if (option.name().equals(NAPI_ID)) {
            throw new SocketException("Attempt to set read only option " + NAPI_ID);
        }
        int result =
                switch (option.name()) {
                    case "SO_SNDBUF" -> setBuffer(fd, LinuxAbi.SO_SNDBUF, (Integer) value);
                    case "SO_RCVBUF" -> setBuffer(fd, LinuxAbi.SO_RCVBUF, (Integer) value);
                    case "SO_LINGER" ->
                            Sockets.setLinger(fd, Math.min((Integer) value, MAX_LINGER));
                    case "IP_TOS" -> setTos(fd, (Integer) value);
                    default -> setPlain(fd, keyOf(option), value);
                };
        if (result < 0) {
            throw Errors.of(-result, option.name() + " = " + value);
        }
    }

    private static int setBuffer(int fd, int name, int size) {
        return Sockets.setInt(fd, SOL_SOCKET, name, Math.max(size, MIN_BUFFER));
    }

    private static int setTos(int fd, int value) {
        if (IpStack.FAMILY == LinuxAbi.AF_INET) {
            return Sockets.setInt(fd, IPPROTO_IP, LinuxAbi.IP_TOS, value);
        }
        int result = Sockets.setInt(fd, IPPROTO_IPV6, LinuxAbi.IPV6_TCLASS, value);
        if (result == 0) {
            // for IPv4 peers; not all kernels allow it on this family
            Sockets.setInt(fd, IPPROTO_IP, LinuxAbi.IP_TOS, value);
        }
        return result;
    }

    private static int setPlain(int fd, Key key, Object value) {
        int number = value instanceof Boolean flag ? (flag ? 1 : 0) : (Integer) value;
        return Sockets.setInt(fd, key.level, key.name, number);
    }

    static Object get(int fd, SocketOption<?> option) throws IOException {
        return switch (option.name()) {
            // the kernel doubles what it is given, for its own bookkeeping
            case "SO_SNDBUF" -> Sockets.getInt(fd, SOL_SOCKET, LinuxAbi.SO_SNDBUF) / 2;
            case "SO_RCVBUF" -> Sockets.getInt(fd, SOL_SOCKET, LinuxAbi.SO_RCVBUF) / 2;
            case "SO_LINGER" -> Sockets.getLinger(fd);
            case "IP_TOS" -> getTos(fd);
            default -> getPlain(fd, option);
        };
    }

    private static int getTos(int fd) throws IOException {
        return IpStack.FAMILY == LinuxAbi.AF_INET
                ? Sockets.getInt(fd, IPPROTO_IP, LinuxAbi.IP_TOS)
                : Sockets.getInt(fd, IPPROTO_IPV6, LinuxAbi.IPV6_TCLASS);
    }

    private static Object getPlain(int fd, SocketOption<?> option) throws IOException {
        Key key = keyOf(option);
        int value = Sockets.getInt(fd, key.level, key.name);
        if (option.type() == Boolean.class) {
            return value != 0;
        }
        return value;
    }

    private static Key keyOf(SocketOption<?> option) {
        @Nullable Key key = PLAIN.get(option.name());
        if (key == null) {
            throw new UnsupportedOperationException("'" + option + "' not supported");
        }
        return key;
    }
}
