package evy.io.dns;

import evy.hubs.Clock;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The system's table of hosts: an address, its name, its aliases a line. Names are compared without
 * regard to case. Link-local IPv6 addresses are left out: they mean nothing without their link.
 *
 * @source eventlet {@code support/greendns.HostsResolver}
 */
final class HostsFile {
    private final WatchedFile<Table> file;

    HostsFile(Path path, Clock clock) {
        this.file = new WatchedFile<>(path, clock, HostsFile::parse);
    }

    /** The addresses of a host; none if it is not listed with that family. */
    List<InetAddress> addresses(String host, Family family) {
        Host found = file.contents().byName.get(key(host));
        return found == null
                ? List.of()
                : found.addresses.stream().filter(family::contains).toList();
    }

    /** The first name listed for an address. */
    @Nullable String name(InetAddress address) {
        return file.contents().byAddress.get(address);
    }

    /** The name of the first line that lists a host, as itself or as an alias. */
    @Nullable String canonicalName(String host) {
        Host found = file.contents().byName.get(key(host));
        return found == null ? null : found.canonicalName;
    }

    /** All names of a host but the {@link #canonicalName}. */
    List<String> aliases(String host) {
        Host found = file.contents().byName.get(key(host));
        return found == null
                ? List.of()
                : found.names.stream().filter(name -> !name.equals(found.canonicalName)).toList();
    }

    void forget() {
        file.forget();
    }

    private static String key(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return name.toLowerCase(Locale.ROOT);
    }

    private static Table parse(List<String> lines) {
        Table table = new Table(new HashMap<>(), new HashMap<>());
        for (String line : lines) {
            String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
            InetAddress address = words.length < 2 ? null : address(words[0]);
            if (address != null) {
                table.add(address, List.of(words).subList(1, words.length));
            }
        }
        return table;
    }

    private static @Nullable InetAddress address(String text) {
        try {
            InetAddress address = InetAddress.ofLiteral(text.replaceFirst("%.*", ""));
            return address.isLinkLocalAddress() && Family.INET6.contains(address) ? null : address;
        } catch (IllegalArgumentException e) {
            return null; // no address, so nothing this line could say
        }
    }

    private record Host(String canonicalName, Set<InetAddress> addresses, Set<String> names) {}

    private record Table(Map<String, Host> byName, Map<InetAddress, String> byAddress) {
        void add(InetAddress address, List<String> names) {
            String canonical = names.getFirst();
            byAddress.putIfAbsent(address, canonical);
            for (String name : new ArrayList<>(names)) {
                Host host =
                        byName.computeIfAbsent(
                                key(name),
                                key ->
                                        new Host(
                                                canonical,
                                                new LinkedHashSet<>(),
                                                new LinkedHashSet<>()));
                host.addresses.add(address);
                host.names.addAll(names);
            }
        }
    }
}
