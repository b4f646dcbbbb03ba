package evy.io.dns;

import java.net.InetAddress;

/** This machine, as seen by itself. */
final class Loopback {
    private Loopback() {}

    static InetAddress of(Family family) {
        return switch (family) {
            case ANY -> InetAddress.getLoopbackAddress();
            case INET -> InetAddress.ofLiteral("127.0.0.1");
            case INET6 -> InetAddress.ofLiteral("::1");
        };
    }
}
