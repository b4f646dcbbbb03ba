package evy.io.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names of hosts that a certificate is for.
 *
 * @param names in lower case; a leading {@code *} stands for one label
 */
record HostNames(Set<String> names) {
    private static final int DNS = 2;

    static HostNames of(X509Certificate certificate) {
        Set<String> names = new TreeSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (alternative.getFirst().equals(DNS)) {
                        names.add(((String) alternative.getLast()).toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            System.getLogger("evy.io.tls")
                    .log(System.Logger.Level.WARNING, "names of a certificate are ignored", e);
        }
        return new HostNames(names);
    }

    boolean match(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        return names.contains(name) || (dot > 0 && names.contains("*" + name.substring(dot)));
    }
}
