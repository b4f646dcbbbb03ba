package evy.io.dns;

import evy.hubs.Clock;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The system's table of services: names of ports, by transport. */
final class Services {
    static final Services SYSTEM = new Services(SystemFiles.services(), Clock.system());

    private static final int HIGHEST_PORT = 0xffff;

    private final WatchedFile<Table> file;

    Services(Path path, Clock clock) {
        this.file = new WatchedFile<>(path, clock, Services::parse);
    }

    /**
     * The port that a text stands for.
     *
     * @return null if it is no number and not listed
     * @throws IllegalArgumentException if it is a number, but no port
     */
    static @Nullable Integer port(@Nullable String service, Transport transport, boolean numeric) {
        if (service == null) {
            return 0;
        }
        if (service.isEmpty() || !service.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return numeric ? null : SYSTEM.port(service, transport);
        }
        if (service.length() > 5 || Integer.parseInt(service) > HIGHEST_PORT) {
            throw new IllegalArgumentException("port must be 0 to 65535: " + service);
        }
        return Integer.valueOf(service);
    }

    /** The port of a service; null if there is none of that name. */
    @Nullable Integer port(String service, Transport transport) {
        return file.contents().ports.get(key(service, transport));
    }

    /** The name of the service at a port; null if it has none. */
    @Nullable String name(int port, Transport transport) {
        return file.contents().names.get(key(Integer.toString(port), transport));
    }

    private static String key(String what, Transport transport) {
        return what + "/" + transport.protocol();
    }

    private static Table parse(List<String> lines) {
        Table table = new Table(new HashMap<>(), new HashMap<>());
        for (String line : lines) {
            String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
            if (words.length >= 2) {
                table.add(words);
            }
        }
        return table;
    }

    private record Table(Map<String, Integer> ports, Map<String, String> names) {
        /** A line: name, port/protocol, aliases. */
        void add(String[] words) {
            String[] target = words[1].split("/", 2);
            if (target.length < 2 || !target[0].matches("\\d{1,5}")) {
                return;
            }
            int port = Integer.parseInt(target[0]);
            if (port > HIGHEST_PORT) {
                return;
            }
            names.putIfAbsent(port + "/" + target[1], words[0]);
            ports.putIfAbsent(words[0] + "/" + target[1], port);
            for (int i = 2; i < words.length; i++) {
                ports.putIfAbsent(words[i] + "/" + target[1], port);
            }
        }
    }
}
