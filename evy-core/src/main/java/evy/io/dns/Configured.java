package evy.io.dns;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** The choice of the user. */
final class Configured {
    private static final String PROPERTY = "evy.dns";
    private static final String VARIABLE = "EVY_DNS";

    // written under the lock of the class, which is not held while anybody waits
    private static volatile @Nullable Dns chosen;

    private Configured() {}

    static Dns dns() {
        Dns dns = chosen;
        return dns == null ? choose() : dns;
    }

    static synchronized void set(Dns dns) {
        chosen = dns;
    }

    private static synchronized Dns choose() {
        Dns dns = chosen;
        if (dns == null) {
            dns = make();
            chosen = dns;
        }
        return dns;
    }

    private static Dns make() {
        String property = System.getProperty(PROPERTY);
        String variable = System.getenv(VARIABLE);
        String choice = property != null ? property : variable != null ? variable : "system";
        return switch (choice) {
            case "system" -> new Dns(new SystemResolver(), DnsOptions.DEFAULT);
            case "dnsjava" -> new Dns(Libraries.dnsjava(), DnsOptions.DEFAULT);
            case "builtin", "no" ->
                    new Dns(
                            new SystemResolver(),
                            DnsOptions.DEFAULT
                                    .withHostsFile(null)
                                    .withTimeToLive(Duration.ZERO, Duration.ZERO));
            default ->
                    throw new IllegalStateException(
                            "unknown resolver '"
                                    + choice
                                    + "'; "
                                    + VARIABLE
                                    + " and -D"
                                    + PROPERTY
                                    + " take: system, dnsjava, builtin, no");
        };
    }
}
