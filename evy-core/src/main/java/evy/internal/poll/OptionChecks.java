package evy.internal.poll;

import org.jspecify.annotations.Nullable;

import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Set;

/** The checks that come before a socket option is set or asked. */
final class OptionChecks {
    private static final int MAX_TOS = 255;
    private static final int MAX_TTL = 255;

    private OptionChecks() {}

    static void requireSupported(SocketOption<?> option, Set<SocketOption<?>> supported) {
        if (!supported.contains(option)) {
            throw new UnsupportedOperationException("'" + option + "' not supported");
        }
    }

    static void requireValid(SocketOption<?> option, @Nullable Object value) {
        if (!option.type().isInstance(value)) {
            throw new IllegalArgumentException(
                    option.name() + " must be of " + option.type().getSimpleName() + ": " + value);
        }
        if (option.equals(StandardSocketOptions.SO_SNDBUF)
                || option.equals(StandardSocketOptions.SO_RCVBUF)) {
            if ((Integer) value < 0) {
                throw new IllegalArgumentException(option.name() + " must be >= 0: " + value);
            }
        } else if (option.equals(StandardSocketOptions.IP_TOS)) {
            int tos = (Integer) value;
            if (tos < 0 || tos > MAX_TOS) {
                throw new IllegalArgumentException("IP_TOS must be in [0, 255]: " + value);
            }
        } else if (option.equals(StandardSocketOptions.IP_MULTICAST_TTL)) {
            int ttl = (Integer) value;
            if (ttl < 0 || ttl > MAX_TTL) {
                throw new IllegalArgumentException(
                        "IP_MULTICAST_TTL must be in [0, 255]: " + value);
            }
        }
    }
}
