package evy.internal.poll;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Addresses to connect to. */
final class SocketTargets {
    private static final InetAddress LOOPBACK_4 = address(new byte[] {127, 0, 0, 1});
    private static final InetAddress LOOPBACK_6 =
            address(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});

    private SocketTargets() {}

    /** The address itself, or loopback for the wildcard address, which means this machine. */
    static InetSocketAddress reachable(InetSocketAddress remote) {
        InetAddress address = remote.getAddress();
        if (!address.isAnyLocalAddress()) {
            return remote;
        }
        InetAddress loopback = address instanceof Inet4Address ? LOOPBACK_4 : LOOPBACK_6;
        return new InetSocketAddress(loopback, remote.getPort());
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes always are an address", e);
        }
    }
}
