package evy.io.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.stream.Stream;

/**
 * What makes {@link InetAddress} look up names without holding up the hub: the JDK finds it by
 * itself. On green threads {@link Dns#configured} is asked; on all others the JDK's own resolver,
 * as if this were not here.
 */
/*
 * The JDK makes it at the first look-up of the process, on whatever thread that is and under a lock
 * that later ones wait for, so nothing here may block or look up a name.
 */
public final class GreenResolverProvider extends InetAddressResolverProvider {
    /** Made by the JDK. */
    public GreenResolverProvider() {}

    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver builtin = configuration.builtinResolver();
        BuiltinResolver.handOut(builtin);
        return new GreenResolver(builtin);
    }

    @Override
    public String name() {
        return "evy";
    }

    /** Chooses by thread. */
    private record GreenResolver(InetAddressResolver builtin) implements InetAddressResolver {
        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
                throws UnknownHostException {
            return OffHub.isNeeded()
                    ? configured(host).lookup(host, policy).stream()
                    : builtin.lookupByName(host, policy);
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            if (!OffHub.isNeeded()) {
                return builtin.lookupByAddress(address);
            }
            InetAddress unnamed = InetAddress.getByAddress(address);
            return configured(unnamed.getHostAddress()).name(unnamed);
        }

        /* InetAddress would keep the message of any other exception to itself. */
        private static Dns configured(String host) throws UnknownHostException {
            try {
                return Dns.configured();
            } catch (IllegalStateException e) {
                UnknownHostException unknown =
                        new UnknownHostException(host + ": " + e.getMessage());
                unknown.initCause(e);
                throw unknown;
            }
        }
    }
}
