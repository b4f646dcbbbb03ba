package evy.io.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** In which order addresses are tried: as {@link InetAddress} has it. */
final class AddressOrder {
    static final LookupPolicy PREFERRED = preferred();

    private AddressOrder() {}

    private static LookupPolicy preferred() {
        if (Boolean.getBoolean("java.net.preferIPv4Stack")) {
            return LookupPolicy.of(LookupPolicy.IPV4);
        }
        int both = LookupPolicy.IPV4 | LookupPolicy.IPV6;
        return switch (System.getProperty("java.net.preferIPv6Addresses", "false")) {
            case "true" -> LookupPolicy.of(both | LookupPolicy.IPV6_FIRST);
            case "system" -> LookupPolicy.of(both);
            default -> LookupPolicy.of(both | LookupPolicy.IPV4_FIRST);
        };
    }

    static List<InetAddress> sorted(List<InetAddress> addresses, LookupPolicy policy) {
        int order = policy.characteristics();
        List<InetAddress> sorted = new ArrayList<>(addresses);
        if ((order & LookupPolicy.IPV4_FIRST) != 0) {
            sorted.sort(Comparator.comparing(address -> !(address instanceof Inet4Address)));
        } else if ((order & LookupPolicy.IPV6_FIRST) != 0) {
            sorted.sort(Comparator.comparing(address -> !(address instanceof Inet6Address)));
        }
        return List.copyOf(sorted);
    }
}
