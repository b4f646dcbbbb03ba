package evy.patcher;

import evy.io.dns.Dns;
import evy.io.dns.DnsOptions;
import evy.io.dns.SystemResolver;
import evy.patcher.weave.Seam;

import java.util.List;

/**
 * Who looks up names on green threads. Nothing of the JDK is patched for it: it asks Evy's resolver
 * by itself, which does it off the hub in any case. The group decides about its hosts file and
 * cache.
 */
final class NameSeams {
    private static final String PROPERTY = "evy.dns";
    private static final String VARIABLE = "EVY_DNS";
    private static final String OFF = "no";

    // guarded by the lock of the patcher
    private static boolean switchedOff;

    private NameSeams() {}

    /** {@return the seams of group dns} */
    static List<Seam> all() {
        return List.of(
                new Seam(
                        "names of hosts",
                        List.of(),
                        NameSeams::switchOn,
                        "Evy's resolver, with its cache; without it the system's, off the hub,"
                                + " too"));
    }

    /** Has the program begin without. What the user says of names himself has precedence. */
    static void switchOff() {
        if (System.getProperty(PROPERTY) == null && System.getenv(VARIABLE) == null) {
            System.setProperty(PROPERTY, OFF);
            switchedOff = true;
        }
    }

    /* It is on from the beginning unless it was switched off; and then it may be in use. */
    private static void switchOn() {
        if (switchedOff) {
            switchedOff = false;
            System.clearProperty(PROPERTY);
            Dns.configure(new Dns(new SystemResolver(), DnsOptions.DEFAULT));
        }
    }
}
