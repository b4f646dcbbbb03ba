package evy.io.dns;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How a {@link DnsjavaResolver} asks. Immutable.
 *
 * @param servers name servers; empty for the system's
 * @param search domains that names without enough dots are looked for in; null for the system's
 * @param dots how many dots a name must have to be looked for as it is first; null for the system's
 * @param attempt longest wait for an answer of one server to one packet, positive
 * @param retries how often each server is asked again, 0 or more
 */
public record DnsjavaOptions(
        List<InetSocketAddress> servers,
        @Nullable List<String> search,
        @Nullable Integer dots,
        Duration attempt,
        int retries) {
    /** What the system is configured to, 2 s an attempt, one retry. */
    public static final DnsjavaOptions SYSTEM =
            new DnsjavaOptions(List.of(), null, null, Duration.ofSeconds(2), 1);

    /** Checks the values. */
    public DnsjavaOptions {
        servers = List.copyOf(servers);
        search = search == null ? null : List.copyOf(search);
        if (dots != null && dots < 0) {
            throw new IllegalArgumentException("number of dots must be >= 0: " + dots);
        }
        if (attempt.isNegative() || attempt.isZero()) {
            throw new IllegalArgumentException("attempt must be > 0: " + attempt);
        }
        if (retries < 0) {
            throw new IllegalArgumentException("number of retries must be >= 0: " + retries);
        }
    }

    /**
     * Asks given servers, with no search domains.
     *
     * @param servers at least one
     * @return the options
     */
    public static DnsjavaOptions of(InetSocketAddress... servers) {
        return new DnsjavaOptions(List.of(servers), List.of(), 1, SYSTEM.attempt, SYSTEM.retries);
    }

    /**
     * The same with other patience.
     *
     * @param newAttempt longest wait for an answer of one server to one packet, positive
     * @param newRetries how often each server is asked again, 0 or more
     * @return the new options
     */
    public DnsjavaOptions withAttempts(Duration newAttempt, int newRetries) {
        return new DnsjavaOptions(servers, search, dots, newAttempt, newRetries);
    }

    /**
     * The same with other search domains.
     *
     * @param newSearch domains that names without enough dots are looked for in
     * @return the new options
     */
    public DnsjavaOptions withSearch(String... newSearch) {
        return new DnsjavaOptions(servers, List.of(newSearch), dots, attempt, retries);
    }
}
