package evy.io.dns;

import org.jspecify.annotations.Nullable;

import java.util.EnumSet;
import java.util.Set;

/**
 * What is wanted of {@link Dns#addressInfo}. Immutable; {@code AddressHints.DEFAULT.with(flag)}
 * changes one thing.
 *
 * @param family which addresses
 * @param transport which transport; null for one entry for each
 * @param flags what else
 */
public record AddressHints(Family family, @Nullable Transport transport, Set<Flag> flags) {
    /** Any address, TCP, no flags. */
    public static final AddressHints DEFAULT =
            new AddressHints(Family.ANY, Transport.TCP, Set.of());

    /** What else is wanted. */
    public enum Flag {
        /** The host's true name, too. */
        CANONICAL_NAME,

        /** Addresses to listen on: without a host, the wildcard instead of loopback. */
        PASSIVE,

        /** The host is an address; no name is looked up. */
        NUMERIC_HOST,

        /** The service is a number; no table is read. */
        NUMERIC_SERVICE,

        /** If IPv6 is wanted and there is none, IPv4 addresses in its guise. */
        V4_MAPPED,

        /** With {@link #V4_MAPPED}: IPv4 addresses in IPv6 guise even if there are IPv6 ones. */
        ALL,

        /** No addresses of a family that this machine has none of but loopback. */
        ADDRESS_CONFIGURED
    }

    /** Keeps a copy of the flags. */
    public AddressHints {
        flags = Set.copyOf(flags);
    }

    /**
     * The same for another family.
     *
     * @param newFamily which addresses
     * @return the new hints
     */
    public AddressHints withFamily(Family newFamily) {
        return new AddressHints(newFamily, transport, flags);
    }

    /**
     * The same for another transport.
     *
     * @param newTransport which transport; null for one entry for each
     * @return the new hints
     */
    public AddressHints withTransport(@Nullable Transport newTransport) {
        return new AddressHints(family, newTransport, flags);
    }

    /**
     * The same with more flags.
     *
     * @param more what else
     * @return the new hints
     */
    public AddressHints with(Flag... more) {
        Set<Flag> all = EnumSet.noneOf(Flag.class);
        all.addAll(flags);
        all.addAll(Set.of(more));
        return new AddressHints(family, transport, all);
    }

    boolean has(Flag flag) {
        return flags.contains(flag);
    }
}
