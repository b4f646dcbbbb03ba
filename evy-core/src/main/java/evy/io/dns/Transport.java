package evy.io.dns;

import java.util.Locale;

/** What a port number is a port of: services are named separately for each. */
public enum Transport {
    /** Streams. */
    TCP,

    /** Datagrams. */
    UDP;

    /** As tables of services spell it. */
    String protocol() {
        return name().toLowerCase(Locale.ROOT);
    }
}
