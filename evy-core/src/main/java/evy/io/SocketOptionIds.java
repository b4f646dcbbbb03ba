package evy.io;

import evy.internal.poll.SocketExtras;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The numbered options of {@link SocketOptions}, which {@code java.net.Socket} still speaks. */
final class SocketOptionIds {
    private static final Map<Integer, SocketOption<Boolean>> FLAGS =
            Map.of(
                    SocketOptions.TCP_NODELAY, StandardSocketOptions.TCP_NODELAY,
                    SocketOptions.SO_REUSEADDR, StandardSocketOptions.SO_REUSEADDR,
                    SocketOptions.SO_REUSEPORT, StandardSocketOptions.SO_REUSEPORT,
                    SocketOptions.SO_KEEPALIVE, StandardSocketOptions.SO_KEEPALIVE,
                    SocketOptions.SO_OOBINLINE, SocketExtras.OOB_INLINE);

    private static final Map<Integer, SocketOption<Integer>> NUMBERS =
            Map.of(
                    SocketOptions.SO_LINGER, StandardSocketOptions.SO_LINGER,
                    SocketOptions.SO_SNDBUF, StandardSocketOptions.SO_SNDBUF,
                    SocketOptions.SO_RCVBUF, StandardSocketOptions.SO_RCVBUF,
                    SocketOptions.IP_TOS, StandardSocketOptions.IP_TOS);

    /*
     * Hints to a network. A Unix socket has none between its ends: nothing is delayed, the end of the
     * peer always shows, no packet is marked. Whoever gives the hint has what it asks for.
     */
    private static final Map<Integer, Object> MET_BY_UNIX =
            Map.of(
                    SocketOptions.TCP_NODELAY, true,
                    SocketOptions.SO_KEEPALIVE, false,
                    SocketOptions.IP_TOS, 0);

    private SocketOptionIds() {}

    /** Whether a Unix socket may ignore the option, which libraries set on any socket. */
    static boolean isMetByUnix(int id) {
        return MET_BY_UNIX.containsKey(id);
    }

    /** What a Unix socket says of an option that it {@linkplain #isMetByUnix may ignore}. */
    static Object ofUnix(int id) {
        return Objects.requireNonNull(MET_BY_UNIX.get(id));
    }

    static void set(GreenSocketImpl socket, int id, Object value) throws IOException {
        SocketOption<Boolean> flag = FLAGS.get(id);
        SocketOption<Integer> number = NUMBERS.get(id);
        if (flag != null && value instanceof Boolean on) {
            socket.setOption(flag, on);
        } else if (number != null && value instanceof Integer n) {
            socket.setOption(number, n);
        } else if (id == SocketOptions.SO_LINGER && Boolean.FALSE.equals(value)) {
            socket.setOption(StandardSocketOptions.SO_LINGER, -1);
        } else {
            throw new SocketException("socket option " + id + " cannot be set to " + value);
        }
    }

    static Object get(GreenSocketImpl socket, int id) throws IOException {
        SocketOption<Boolean> flag = FLAGS.get(id);
        if (flag != null) {
            return socket.getOption(flag);
        }
        SocketOption<Integer> number = NUMBERS.get(id);
        if (number != null) {
            return socket.getOption(number);
        }
        throw new SocketException("unknown socket option " + id);
    }

    static long timeoutNanos(Object millis) throws SocketException {
        if (millis instanceof Integer n && n >= 0) {
            return n == 0 ? SocketTimeouts.NONE : TimeUnit.MILLISECONDS.toNanos(n);
        }
        throw new SocketException("SO_TIMEOUT must be >= 0 ms: " + millis);
    }

    static Integer timeoutMillis(long nanos) {
        if (nanos <= 0) {
            return 0;
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
        return (int) Math.max(1, Math.min(millis, Integer.MAX_VALUE));
    }
}
