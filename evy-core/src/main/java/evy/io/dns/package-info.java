/**
 * Names to addresses and back, without holding up the hub: {@link evy.io.dns.Dns}, and what makes
 * {@link java.net.InetAddress} use it on green threads.
 */
@NullMarked
package evy.io.dns;

import org.jspecify.annotations.NullMarked;
