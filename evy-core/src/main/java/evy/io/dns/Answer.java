package evy.io.dns;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * What a {@link Resolver} knows of a host.
 *
 * @param addresses at least one, in the resolver's order
 * @param canonicalName the host's true name; null if the resolver does not tell
 * @param aliases its other names, the one asked for among them if it is one
 * @param timeToLive how long it holds; null if the resolver does not tell
 */
public record Answer(
        List<InetAddress> addresses,
        @Nullable String canonicalName,
        List<String> aliases,
        @Nullable Duration timeToLive) {
    /** Keeps copies. */
    public Answer {
        addresses = List.copyOf(addresses);
        aliases = List.copyOf(aliases);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("an answer has at least one address");
        }
    }

    /**
     * An answer that tells nothing but addresses.
     *
     * @param addresses at least one
     * @return the answer
     */
    public static Answer of(List<InetAddress> addresses) {
        return new Answer(addresses, null, List.of(), null);
    }
}
