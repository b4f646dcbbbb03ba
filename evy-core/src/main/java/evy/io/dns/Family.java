package evy.io.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.spi.InetAddressResolver.LookupPolicy;

/** Which addresses are wanted. */
public enum Family {
    /** All there are, in the order the JDK prefers: IPv4 first unless its properties differ. */
    ANY,

    /** IPv4 only. */
    INET,

    /** IPv6 only. */
    INET6;

    /**
     * Asks whether an address is of this family.
     *
     * @param address any address
     * @return true if it is wanted
     */
    public boolean contains(InetAddress address) {
        return switch (this) {
            case ANY -> true;
            case INET -> address instanceof Inet4Address;
            case INET6 -> address instanceof Inet6Address;
        };
    }

    /** For messages: {@code IPv4 address}. */
    String noun() {
        return switch (this) {
            case ANY -> "address";
            case INET -> "IPv4 address";
            case INET6 -> "IPv6 address";
        };
    }

    static Family of(LookupPolicy policy) {
        int wanted = policy.characteristics() & (LookupPolicy.IPV4 | LookupPolicy.IPV6);
        return switch (wanted) {
            case LookupPolicy.IPV4 -> INET;
            case LookupPolicy.IPV6 -> INET6;
            default -> ANY;
        };
    }

    /** What a resolver is asked for; the order is seen to later. */
    LookupPolicy policy() {
        return LookupPolicy.of(
                switch (this) {
                    case ANY -> LookupPolicy.IPV4 | LookupPolicy.IPV6;
                    case INET -> LookupPolicy.IPV4;
                    case INET6 -> LookupPolicy.IPV6;
                });
    }
}
