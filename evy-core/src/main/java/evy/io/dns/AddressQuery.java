package evy.io.dns;

import evy.io.dns.AddressHints.Flag;

import org.jspecify.annotations.Nullable;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** One {@link Dns#addressInfo}. */
final class AddressQuery {
    private final Dns dns;
    private final AddressHints hints;

    AddressQuery(Dns dns, AddressHints hints) {
        this.dns = dns;
        this.hints = hints;
    }

    List<AddressInfo> ask(@Nullable String host, @Nullable String service) throws LookupException {
        List<Place> places = places(host, service);
        List<InetAddress> addresses = configured(host, addresses(host));
        String canonical =
                hints.has(Flag.CANONICAL_NAME) && host != null ? dns.canonicalName(host) : null;
        List<AddressInfo> found = new ArrayList<>();
        for (InetAddress address : addresses) {
            for (Place place : places) {
                InetSocketAddress target = new InetSocketAddress(address, place.port);
                found.add(new AddressInfo(target, place.transport, canonical));
            }
        }
        return List.copyOf(found);
    }

    private List<InetAddress> addresses(@Nullable String host) throws LookupException {
        if (host == null) {
            return hints.has(Flag.PASSIVE) ? wildcards() : loopbacks();
        }
        if (hints.has(Flag.NUMERIC_HOST) && HostNames.literal(host) == null) {
            throw new LookupException(
                    LookupException.Reason.NO_SUCH_NAME,
                    "'" + host + "' is no address, and only addresses are wanted");
        }
        return hints.family() == Family.INET6 && hints.has(Flag.V4_MAPPED)
                ? sixOrMapped(host)
                : dns.lookup(host, hints.family());
    }

    private List<InetAddress> sixOrMapped(String host) throws LookupException {
        List<InetAddress> found = new ArrayList<>();
        LookupException without = null;
        try {
            found.addAll(dns.lookup(host, Family.INET6));
        } catch (LookupException e) {
            without = e;
        }
        if (found.isEmpty() || hints.has(Flag.ALL)) {
            try {
                for (InetAddress address : dns.lookup(host, Family.INET)) {
                    found.add(HostNames.mapped(host, (Inet4Address) address));
                }
            } catch (LookupException e) {
                if (without != null) {
                    e.addSuppressed(without);
                    throw e;
                }
            }
        }
        return found;
    }

    private List<InetAddress> wildcards() {
        return switch (hints.family()) {
            case ANY -> List.of(InetAddress.ofLiteral("0.0.0.0"), InetAddress.ofLiteral("::"));
            case INET -> List.of(InetAddress.ofLiteral("0.0.0.0"));
            case INET6 -> List.of(InetAddress.ofLiteral("::"));
        };
    }

    private List<InetAddress> loopbacks() {
        return switch (hints.family()) {
            case ANY -> List.of(Loopback.of(Family.INET), Loopback.of(Family.INET6));
            case INET, INET6 -> List.of(Loopback.of(hints.family()));
        };
    }

    private List<InetAddress> configured(@Nullable String host, List<InetAddress> addresses)
            throws LookupException {
        if (!hints.has(Flag.ADDRESS_CONFIGURED)) {
            return addresses;
        }
        List<InetAddress> own = OffHub.call(AddressQuery::ownAddresses);
        List<InetAddress> left = new ArrayList<>();
        for (InetAddress address : addresses) {
            Family family = address instanceof Inet4Address ? Family.INET : Family.INET6;
            if (own.stream().anyMatch(family::contains)) {
                left.add(address);
            }
        }
        if (left.isEmpty()) {
            throw new LookupException(
                    LookupException.Reason.NO_ADDRESS,
                    (host == null ? "this machine" : host)
                            + ": no address of a family that this machine has an address of");
        }
        return left;
    }

    private static List<InetAddress> ownAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress())
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    private List<Place> places(@Nullable String host, @Nullable String service)
            throws LookupException {
        Transport wanted = hints.transport();
        List<Transport> transports = wanted == null ? List.of(Transport.values()) : List.of(wanted);
        List<Place> places = new ArrayList<>();
        for (Transport transport : transports) {
            Integer port = Services.port(service, transport, hints.has(Flag.NUMERIC_SERVICE));
            if (port != null) {
                places.add(new Place(port, transport));
            }
        }
        if (places.isEmpty()) {
            throw new LookupException(
                    LookupException.Reason.NO_SUCH_NAME,
                    (host == null ? "this machine" : host)
                            + ": no service '"
                            + service
                            + "' of "
                            + transports);
        }
        return places;
    }

    private record Place(int port, Transport transport) {}
}
