package evy.io.dns;

import org.jspecify.annotations.Nullable;

import java.net.IDN;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

/** What users write for a host. */
final class HostNames {
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_LABEL = 63;

    private HostNames() {}

    /**
     * The address that a text spells, with scope and brackets as {@link InetAddress#getByName}
     * takes them.
     *
     * @return null if it is a name
     * @throws LookupException if it cannot be a name, nor is it an address
     */
    static @Nullable InetAddress literal(String host) throws LookupException {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!bracketed && host.indexOf(':') < 0 && !endsInNumber(host)) {
            return null;
        }
        String text = bracketed ? host.substring(1, host.length() - 1) : host;
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            if (!bracketed || address instanceof Inet6Address) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            LookupException invalid = invalid(host, "is no valid address");
            invalid.initCause(e);
            throw invalid;
        }
        throw invalid(host, "only IPv6 addresses stand in brackets");
    }

    /*
     * No top-level domain is a number. The C library would take such a text for an address in one
     * of the old spellings, octal, hexadecimal or short, that are good for nothing but tricks.
     */
    private static boolean endsInNumber(String host) {
        int start = host.lastIndexOf('.') + 1;
        boolean hex = host.regionMatches(true, start, "0x", 0, 2);
        for (int i = hex ? start + 2 : start; i < host.length(); i++) {
            if (Character.digit(host.charAt(i), hex ? 16 : 10) < 0) {
                return false;
            }
        }
        return start < host.length();
    }

    /** The name as it is asked for: in ASCII, in lower case. */
    static String ascii(String host) throws LookupException {
        if (isPlain(host)) {
            return host;
        }
        String name = host;
        if (!host.chars().allMatch(c -> c < 0x80)) {
            try {
                name = IDN.toASCII(host);
            } catch (IllegalArgumentException e) {
                LookupException invalid = invalid(host, "is no valid name: " + e.getMessage());
                invalid.initCause(e);
                throw invalid;
            }
        }
        checkLengths(host, name);
        return name.toLowerCase(Locale.ROOT);
    }

    /** True for what nearly every name looks like: it needs no change, and no other check. */
    private static boolean isPlain(String host) {
        int label = 0;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '.') {
                if (label == 0) {
                    return false;
                }
                label = 0;
            } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_') {
                label++;
            } else {
                return false;
            }
            if (label > LONGEST_LABEL) {
                return false;
            }
        }
        return label > 0 && host.length() <= LONGEST_NAME;
    }

    private static void checkLengths(String host, String name) throws LookupException {
        String relative = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (name.indexOf('\0') >= 0) {
            throw invalid(host.replace('\0', '?'), "is no valid name: it contains a NUL");
        }
        if (relative.length() > LONGEST_NAME) {
            throw invalid(host, "is no valid name: longer than " + LONGEST_NAME);
        }
        for (String label : relative.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > LONGEST_LABEL) {
                throw invalid(
                        host,
                        "is no valid name: '" + label + "' is not 1 to " + LONGEST_LABEL + " long");
            }
        }
    }

    static boolean isLocalhost(String ascii) {
        return ascii.equals("localhost") || ascii.equals("localhost.");
    }

    /** The same addresses with the name they were asked for by. */
    static List<InetAddress> named(String host, List<InetAddress> addresses) {
        return addresses.stream().map(address -> named(host, address)).toList();
    }

    private static InetAddress named(String host, InetAddress address) {
        try {
            if (address instanceof Inet6Address six) {
                return six.getScopedInterface() != null
                        ? Inet6Address.getByAddress(
                                host, six.getAddress(), six.getScopedInterface())
                        : Inet6Address.getByAddress(host, six.getAddress(), scopeId(six));
            }
            return InetAddress.getByAddress(host, address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(address + " has an address of no valid length", e);
        }
    }

    private static int scopeId(Inet6Address address) {
        return address.getScopeId() == 0 ? -1 : address.getScopeId();
    }

    /** An IPv4 address in the guise of an IPv6 one. */
    static InetAddress mapped(String host, Inet4Address address) {
        byte[] four = address.getAddress();
        byte[] sixteen = new byte[16];
        sixteen[10] = (byte) 0xff;
        sixteen[11] = (byte) 0xff;
        System.arraycopy(four, 0, sixteen, 12, four.length);
        try {
            return Inet6Address.getByAddress(host, sixteen, -1);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LookupException invalid(String host, String why) {
        return new LookupException(LookupException.Reason.NO_SUCH_NAME, "'" + host + "' " + why);
    }
}
