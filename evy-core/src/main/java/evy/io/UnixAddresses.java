package evy.io;

import evy.internal.poll.PathCharset;
import evy.internal.poll.UnixSocket;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.util.Arrays;

/** Unix addresses as bytes and back. */
final class UnixAddresses {
    /** The address of a socket without a name. */
    static final UnixDomainSocketAddress UNNAMED = UnixDomainSocketAddress.of("");

    private UnixAddresses() {}

    static boolean isUnix(@Nullable SocketAddress address) {
        return address instanceof UnixDomainSocketAddress || address instanceof AbstractUnixAddress;
    }

    /** The bytes of one that {@link #isUnix}. */
    static byte[] toBytes(SocketAddress address) throws SocketException {
        if (address instanceof AbstractUnixAddress name) {
            return name.toBytes();
        }
        byte[] bytes =
                ((UnixDomainSocketAddress) address).getPath().toString().getBytes(PathCharset.GET);
        if (bytes.length > UnixSocket.MAX_PATH) {
            throw new SocketException(
                    "Unix domain path too long: "
                            + bytes.length
                            + " bytes, at most "
                            + UnixSocket.MAX_PATH
                            + ": "
                            + address);
        }
        return bytes;
    }

    static SocketAddress of(byte[] bytes) {
        if (bytes.length == 0) {
            return UNNAMED;
        }
        return bytes[0] == 0
                ? AbstractUnixAddress.of(Arrays.copyOfRange(bytes, 1, bytes.length))
                : UnixDomainSocketAddress.of(new String(bytes, PathCharset.GET));
    }
}
