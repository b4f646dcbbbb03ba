package evy.io.dns;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/**
 * Where a service is to be had.
 *
 * @param address address and port
 * @param transport what the port is a port of
 * @param canonicalName the host's true name; null unless asked for by {@link
 *     AddressHints.Flag#CANONICAL_NAME}
 */
public record AddressInfo(
        InetSocketAddress address, Transport transport, @Nullable String canonicalName) {}
