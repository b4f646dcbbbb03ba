package evy.io.dns;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Looks up names and addresses. While one green thread waits for an answer, the others run.
 *
 * {@snippet :
 * for (InetAddress address : Dns.configured().lookup("example.org")) {
 *     IO.println(address);
 * }
 * }
 *
 * <p>A text that spells an address is that address. Else the hosts file is asked; then the cache;
 * then the {@link Resolver}, once for all who ask for the same thing at the same time. A kill or
 * {@code Timeout} ends the wait of whom it is meant for at once; the question goes on for the
 * others, and its answer is kept for later. An interrupt ends nothing, as in {@link InetAddress}:
 * the interrupt status is kept.
 *
 * <p>On green threads {@link InetAddress} itself asks {@link #configured}, and keeps the answers in
 * a cache of its own.
 *
 * @checkpoint all look-ups, unless the answer is known
 * @thread any; where a hub's callback would wait it is refused
 * @source eventlet {@code support/greendns}
 */
public final class Dns {
    private final Resolver resolver;
    private final DnsOptions options;
    private final @Nullable HostsFile hosts;
    private final Lookups<HostQuestion, Answer> addresses;
    private final Lookups<InetAddress, String> names;
    private final LongAdder hostsHits = new LongAdder();

    /**
     * Looks up by a given resolver. The everyday one is {@link #configured}.
     *
     * @param resolver who is asked; stays the caller's to close
     * @param options how
     */
    public Dns(Resolver resolver, DnsOptions options) {
        this.resolver = resolver;
        this.options = options;
        this.hosts =
                options.hostsFile() == null
                        ? null
                        : new HostsFile(options.hostsFile(), options.clock());
        this.addresses =
                new Lookups<>(
                        resolver.name(),
                        options,
                        asked -> resolver.addresses(asked.host(), asked.family()),
                        Answer::timeToLive);
        this.names = new Lookups<>(resolver.name(), options, resolver::name, name -> null);
    }

    /**
     * The one that the system property {@code evy.dns}, or else the environment variable {@code
     * EVY_DNS}, chooses:
     *
     * <dl>
     *   <dt>{@code system}
     *   <dd>the default: hosts file, cache, and the operating system asked in native threads
     *   <dt>{@code dnsjava}
     *   <dd>hosts file, cache, and the name servers asked by the library dnsjava
     *   <dt>{@code builtin}, {@code no}
     *   <dd>the operating system asked in native threads each time, and nothing else
     * </dl>
     *
     * @return the same one until {@link #configure} chooses another
     * @throws IllegalStateException if the choice is none of these or cannot work; the message says
     *     why and what to do
     */
    public static Dns configured() {
        return Configured.dns();
    }

    /**
     * Chooses which one {@link #configured} is from now on, and with it the one that {@link
     * InetAddress} asks on green threads.
     *
     * @param dns the choice
     */
    public static void configure(Dns dns) {
        Configured.set(dns);
    }

    /**
     * Looks up all addresses of a host, in the order the JDK prefers; otherwise as {@link
     * #lookup(String, Family)}.
     *
     * @checkpoint unless the answer is known
     * @param host name or address; empty for this machine's loopback address
     * @return at least one
     * @throws LookupException if there is none
     */
    public List<InetAddress> lookup(String host) throws LookupException {
        return lookup(host, Family.ANY);
    }

    /**
     * Looks up the addresses of a host. Names may be in any script ({@code bücher.example}), and
     * IPv6 addresses may have a scope ({@code fe80::1%eth0}).
     *
     * @checkpoint unless the answer is known
     * @param host name or address; empty for this machine's loopback address
     * @param family which ones
     * @return at least one
     * @throws LookupException if there is none, or no answer in time
     */
    public List<InetAddress> lookup(String host, Family family) throws LookupException {
        return lookup(host, family == Family.ANY ? AddressOrder.PREFERRED : family.policy());
    }

    List<InetAddress> lookup(String host, LookupPolicy policy) throws LookupException {
        Family family = Family.of(policy);
        if (host.isEmpty()) {
            return List.of(Loopback.of(family));
        }
        InetAddress literal = HostNames.literal(host);
        if (literal != null) {
            if (!family.contains(literal)) {
                throw LookupException.noAddress(host, family, "literal");
            }
            return List.of(literal);
        }
        List<InetAddress> found = answer(host, family).addresses();
        return AddressOrder.sorted(HostNames.named(host, found), policy);
    }

    private Answer answer(String host, Family family) throws LookupException {
        String name = HostNames.ascii(host);
        if (hosts != null) {
            List<InetAddress> listed = hosts.addresses(name, family);
            if (!listed.isEmpty()) {
                hostsHits.increment();
                return new Answer(listed, hosts.canonicalName(name), hosts.aliases(name), null);
            }
            if (HostNames.isLocalhost(name)) {
                return Answer.of(List.of(Loopback.of(family))); // RFC 6761: never asked for
            }
        }
        return addresses.get(new HostQuestion(name, family), host);
    }

    /**
     * Looks up all addresses of a host: {@link #lookup(String)} with the result of {@link
     * InetAddress#getAllByName}.
     *
     * @checkpoint unless the answer is known
     * @param host name or address; empty for this machine's loopback address
     * @return at least one
     * @throws LookupException if there is none
     */
    public InetAddress[] getAllByName(String host) throws LookupException {
        return lookup(host).toArray(InetAddress[]::new);
    }

    /**
     * Looks up the first address of a host: {@link #lookup(String)} with the result of {@link
     * InetAddress#getByName}.
     *
     * @checkpoint unless the answer is known
     * @param host name or address; empty for this machine's loopback address
     * @return the preferred one
     * @throws LookupException if there is none
     */
    public InetAddress getByName(String host) throws LookupException {
        return lookup(host).getFirst();
    }

    /**
     * Looks up the name of an address. That the name has this address is not checked: whoever owns
     * the address may claim any name.
     *
     * @checkpoint unless the answer is known
     * @param address any address
     * @return its name
     * @throws LookupException if it has none, or there was no answer in time
     */
    public String name(InetAddress address) throws LookupException {
        if (hosts != null) {
            String listed = hosts.name(address);
            if (listed != null) {
                hostsHits.increment();
                return listed;
            }
        }
        return names.get(address, address.getHostAddress());
    }

    /**
     * The true name of a host: as the hosts file lists it first, as the name servers tell, or the
     * name of its first address; if none of them knows, the name given.
     *
     * @checkpoint unless the answer is known
     * @param host name or address
     * @return the name, without a dot at its end
     * @throws LookupException if the host has no address
     */
    public String canonicalName(String host) throws LookupException {
        InetAddress literal = HostNames.literal(host);
        if (literal != null) {
            return nameOr(literal, host);
        }
        Answer answer = answer(host, Family.ANY);
        String told = answer.canonicalName();
        return told != null ? told : nameOr(answer.addresses().getFirst(), host);
    }

    private String nameOr(InetAddress address, String otherwise) throws LookupException {
        try {
            return name(address);
        } catch (LookupException e) {
            if (e.isTemporary()) {
                throw e;
            }
            return otherwise;
        }
    }

    /**
     * The other names of a host, as far as the hosts file or the resolver tells; the operating
     * system does not.
     *
     * @checkpoint unless the answer is known
     * @param host a name
     * @return may be empty
     * @throws LookupException if the host has no address
     */
    public List<String> aliases(String host) throws LookupException {
        return HostNames.literal(host) != null ? List.of() : answer(host, Family.ANY).aliases();
    }

    /**
     * Looks up where a service of a host is to be had: {@code getaddrinfo}.
     *
     * @checkpoint unless the answer is known
     * @param host name or address; null for this machine
     * @param service port number, or a name that the system's table of services lists; null for
     *     port 0
     * @param hints what is wanted
     * @return at least one
     * @throws LookupException if the host has no such address, or the service is not known
     * @throws IllegalArgumentException if both are null, or the number is no port
     */
    public List<AddressInfo> addressInfo(
            @Nullable String host, @Nullable String service, AddressHints hints)
            throws LookupException {
        if (host == null && service == null) {
            throw new IllegalArgumentException("one of host and service must be given");
        }
        return new AddressQuery(this, hints).ask(host, service);
    }

    /**
     * Looks up names for an address and a port: {@code getnameinfo}. What has no name is given as a
     * number.
     *
     * @checkpoint unless the answer is known
     * @param address address and port, resolved
     * @param flags what is wanted
     * @return both
     * @throws LookupException if a name is {@linkplain NameInfo.Flag#NAME_REQUIRED required} and
     *     there is none
     * @throws IllegalArgumentException if the address is not resolved, or the flags exclude each
     *     other
     */
    public NameInfo nameInfo(InetSocketAddress address, NameInfo.Flag... flags)
            throws LookupException {
        List<NameInfo.Flag> wanted = List.of(flags);
        boolean numeric = wanted.contains(NameInfo.Flag.NUMERIC_HOST);
        boolean required = wanted.contains(NameInfo.Flag.NAME_REQUIRED);
        if (numeric && required) {
            throw new IllegalArgumentException("NUMERIC_HOST and NAME_REQUIRED exclude each other");
        }
        InetAddress host = address.getAddress();
        if (host == null) {
            throw new IllegalArgumentException("address must be resolved: " + address);
        }
        String text = host.getHostAddress();
        String name = numeric ? text : required ? name(host) : nameOr(host, text);
        return new NameInfo(name, serviceName(address.getPort(), wanted));
    }

    private static String serviceName(int port, List<NameInfo.Flag> wanted) {
        String number = Integer.toString(port);
        if (wanted.contains(NameInfo.Flag.NUMERIC_SERVICE)) {
            return number;
        }
        boolean datagram = wanted.contains(NameInfo.Flag.DATAGRAM);
        String name = Services.SYSTEM.name(port, datagram ? Transport.UDP : Transport.TCP);
        return name != null ? name : number;
    }

    /** Forgets all answers, and what was read of the hosts file. */
    public void flush() {
        addresses.flush();
        names.flush();
        if (hosts != null) {
            hosts.forget();
        }
    }

    /** {@return a moment's view of what it has done for look-ups by name} */
    public DnsStatistics statistics() {
        return addresses.statistics(hostsHits.sum());
    }

    @Override
    public String toString() {
        return "Dns[" + resolver.name() + ", hosts=" + options.hostsFile() + "]";
    }

    /** What is asked for a host. */
    private record HostQuestion(String host, Family family) {
        @Override
        public String toString() {
            return host;
        }
    }
}
