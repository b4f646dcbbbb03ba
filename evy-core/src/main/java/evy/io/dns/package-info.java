/**
 * Names to addresses and back, without holding up the hub: {@link evy.io.dns.Dns}, and what makes
 * {@link java.net.InetAddress} use it on green threads.
 *
 * {@snippet :
 * for (var address : Dns.configured().lookup("example.org", Family.INET)) {
 *     IO.println(address);
 * }
 * }
 *
 * <p>Nothing has to be called for look-ups of the JDK to be green. Begin with {@link
 * evy.io.dns.Dns} for what {@code InetAddress} cannot do, with {@link evy.io.dns.DnsOptions} for
 * limits of time and the cache, with {@link evy.io.dns.Resolver} to ask somebody else.
 *
 * <p>Guide: {@code docs/guide/dns.md}.
 */
@NullMarked
package evy.io.dns;

import org.jspecify.annotations.NullMarked;
