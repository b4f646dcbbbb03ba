package evy.io.dns;

import evy.hubs.Clock;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.Objects;

/**
 * How a {@link Dns} looks up. Immutable; {@code DnsOptions.DEFAULT.withTimeout(d)} changes one
 * thing.
 *
 * @param timeout longest wait for an answer, positive
 * @param timeToLive how long an answer is kept if the resolver does not say; zero for not at all
 * @param negativeTimeToLive how long it is kept that there is no answer; zero for not at all
 * @param cacheSize most answers kept, the least recently used go first; 0 keeps none
 * @param hostsFile asked first; null for none
 * @param clock by which answers, and what was read of the hosts file, get old
 */
public record DnsOptions(
        Duration timeout,
        Duration timeToLive,
        Duration negativeTimeToLive,
        int cacheSize,
        @Nullable Path hostsFile,
        Clock clock) {
    /** For ever. */
    public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    /**
     * The usual: 10 s; what the JDK's {@code networkaddress.cache.ttl} and {@code
     * networkaddress.cache.negative.ttl} say, or else 30 s and 10 s; 1024 answers; the system's
     * hosts file.
     */
    public static final DnsOptions DEFAULT =
            new DnsOptions(
                    Duration.ofSeconds(10),
                    cachePolicy("networkaddress.cache.ttl", "sun.net.inetaddr.ttl", 30),
                    cachePolicy(
                            "networkaddress.cache.negative.ttl",
                            "sun.net.inetaddr.negative.ttl",
                            10),
                    1024,
                    SystemFiles.hosts(),
                    Clock.system());

    /** Checks the values. */
    public DnsOptions {
        Objects.requireNonNull(clock, "clock");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be > 0: " + timeout);
        }
        if (timeToLive.isNegative()) {
            throw new IllegalArgumentException("time to live must be >= 0: " + timeToLive);
        }
        if (negativeTimeToLive.isNegative()) {
            throw new IllegalArgumentException(
                    "negative time to live must be >= 0: " + negativeTimeToLive);
        }
        if (cacheSize < 0) {
            throw new IllegalArgumentException("cache size must be >= 0: " + cacheSize);
        }
    }

    /**
     * The same with another time limit.
     *
     * @param newTimeout positive
     * @return the new options
     */
    public DnsOptions withTimeout(Duration newTimeout) {
        return new DnsOptions(
                newTimeout, timeToLive, negativeTimeToLive, cacheSize, hostsFile, clock);
    }

    /**
     * The same with other times to live.
     *
     * @param positive of answers whose resolver does not say; zero for not at all
     * @param negative of the news that there is no answer; zero for not at all
     * @return the new options
     */
    public DnsOptions withTimeToLive(Duration positive, Duration negative) {
        return new DnsOptions(timeout, positive, negative, cacheSize, hostsFile, clock);
    }

    /**
     * The same with another size of the cache.
     *
     * @param newSize most answers kept; 0 keeps none
     * @return the new options
     */
    public DnsOptions withCacheSize(int newSize) {
        return new DnsOptions(timeout, timeToLive, negativeTimeToLive, newSize, hostsFile, clock);
    }

    /**
     * The same with another hosts file.
     *
     * @param newHostsFile asked first; need not exist; null for none
     * @return the new options
     */
    public DnsOptions withHostsFile(@Nullable Path newHostsFile) {
        return new DnsOptions(
                timeout, timeToLive, negativeTimeToLive, cacheSize, newHostsFile, clock);
    }

    /**
     * The same with another clock.
     *
     * @param newClock by which answers get old
     * @return the new options
     */
    public DnsOptions withClock(Clock newClock) {
        return new DnsOptions(
                timeout, timeToLive, negativeTimeToLive, cacheSize, hostsFile, newClock);
    }

    /* As InetAddress reads it: who has told the JDK how long to keep names has told us. */
    private static Duration cachePolicy(String security, String system, int otherwise) {
        String text = Security.getProperty(security);
        if (text == null) {
            text = System.getProperty(system);
        }
        int seconds = otherwise;
        try {
            seconds = text == null ? otherwise : Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            seconds = otherwise; // the JDK ignores it, too
        }
        return seconds < 0 ? FOREVER : Duration.ofSeconds(seconds);
    }
}
