import evy.io.Tcp;

import java.net.InetSocketAddress;
import java.net.URI;

/** The arguments of the examples. A wrong one ends the program with one line that says so. */
final class Arguments {
    private Arguments() {}

    /** The first argument, a port; {@code usual} if there is none. */
    static int port(String[] args, int usual) {
        return port(args, 0, usual);
    }

    /** An argument by its place, a port; {@code usual} if there is none. */
    static int port(String[] args, int place, int usual) {
        return args.length <= place ? usual : port(args[place]);
    }

    private static int port(String text) {
        try {
            return Tcp.checkPort(Integer.parseInt(text));
        } catch (IllegalArgumentException e) {
            throw misuse("a port is a number from 0 to 65535, not '" + text + "'");
        }
    }

    /** A host and a port, as in {@code localhost:6000}; the name is not looked up. */
    static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw misuse("an address is HOST:PORT, not '" + text + "'");
        }
        return InetSocketAddress.createUnresolved(
                text.substring(0, colon), port(text.substring(colon + 1)));
    }

    /** The address of a web page; without a path it is that of the site's front page. */
    static URI webAddress(String text) {
        try {
            var url = URI.create(text);
            if (text.startsWith("http") && url.getHost() != null) {
                return url.getRawPath().isEmpty() ? url.resolve("/") : url;
            }
        } catch (IllegalArgumentException e) {
            // the same answer
        }
        throw misuse("a web address is http://HOST/..., not '" + text + "'");
    }

    private static IllegalArgumentException misuse(String message) {
        System.err.println(message);
        System.exit(2);
        return new IllegalArgumentException(message);
    }
}
