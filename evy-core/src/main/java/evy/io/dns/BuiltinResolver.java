package evy.io.dns;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.util.stream.Stream;

/**
 * The JDK's own resolver, which asks the operating system. Blocks.
 *
 * <p>The JDK hands it out only to the provider it chose, at the first look-up in the process. If
 * that is not {@link GreenResolverProvider}, {@link InetAddress} is asked instead: our own look-ups
 * cannot be under it then.
 */
final class BuiltinResolver implements InetAddressResolver {
    // any thread; set once, by the provider
    private static volatile @Nullable InetAddressResolver handedOut;

    // any thread; true once the JDK is known to have chosen
    private static volatile boolean chosen;

    static void handOut(InetAddressResolver builtin) {
        handedOut = builtin;
    }

    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
            throws UnknownHostException {
        InetAddressResolver builtin = find();
        if (builtin != null) {
            return builtin.lookupByName(host, policy);
        }
        Family family = Family.of(policy);
        return Stream.of(InetAddress.getAllByName(host)).filter(family::contains);
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
        InetAddressResolver builtin = find();
        if (builtin != null) {
            return builtin.lookupByAddress(address);
        }
        InetAddress unnamed = InetAddress.getByAddress(address);
        String name = unnamed.getHostName();
        if (name.equals(unnamed.getHostAddress())) {
            throw new UnknownHostException(name + ": no name");
        }
        return name;
    }

    private static @Nullable InetAddressResolver find() {
        InetAddressResolver builtin = handedOut;
        if (builtin == null && !chosen) {
            choose();
            builtin = handedOut;
        }
        return builtin;
    }

    /* Any look-up makes the JDK choose; the outcome of this one does not matter. */
    private static void choose() {
        try {
            InetAddress.getByName("localhost");
        } catch (UnknownHostException e) {
            assert e != null;
        }
        chosen = true;
    }
}
