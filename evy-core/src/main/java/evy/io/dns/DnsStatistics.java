package evy.io.dns;

/**
 * A moment's view of a {@link Dns}.
 *
 * @param queries questions its resolver was asked
 * @param joined askers that shared the question of another
 * @param hits askers that found a good answer in the cache
 * @param negativeHits askers that found in the cache that there is none
 * @param hostsHits askers that were answered from the hosts file
 * @param failures questions the resolver had no answer to
 * @param timeouts askers whose time was over first
 * @param running questions the resolver has not answered yet
 * @param cached answers in the cache, those that are too old among them
 */
public record DnsStatistics(
        long queries,
        long joined,
        long hits,
        long negativeHits,
        long hostsHits,
        long failures,
        long timeouts,
        int running,
        int cached) {}
