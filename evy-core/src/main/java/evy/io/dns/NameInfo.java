package evy.io.dns;

/**
 * Names for an address and a port.
 *
 * @param host the name, or the address as text
 * @param service the service's name, or the port as text
 */
public record NameInfo(String host, String service) {
    /** What is wanted of {@link Dns#nameInfo}. */
    public enum Flag {
        /** The address as text; nobody is asked. */
        NUMERIC_HOST,

        /** The port as text; no table is read. */
        NUMERIC_SERVICE,

        /** An error, not the address as text, if the address has no name. */
        NAME_REQUIRED,

        /** The service is one of datagrams. */
        DATAGRAM
    }
}
