package evy.io.tls;

/** What is asked of the peer's certificate. */
public enum Verify {
    /** The peer must have a certificate that leads to a trusted authority. */
    REQUIRED,

    /**
     * A server asks for a certificate and does without; one that is shown must be trusted. To a
     * client this is as {@link #REQUIRED}, since servers always show one.
     */
    OPTIONAL,

    /**
     * Nothing is asked, and nothing a peer shows is checked: anybody can sit in between. A server's
     * default, since most clients have no certificate; for a client only to be had by saying so.
     */
    NONE
}
