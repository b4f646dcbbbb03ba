package evy.internal.poll;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Whether this machine has IPv6, as the JDK sees it. */
final class Ipv6 {
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("::1");

    static final boolean AVAILABLE = available();

    private Ipv6() {}

    private static boolean available() {
        try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
