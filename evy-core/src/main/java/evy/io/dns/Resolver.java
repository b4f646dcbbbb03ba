package evy.io.dns;

import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;

/**
 * Who is asked for what neither the hosts file nor the cache knows.
 *
 * <p>Neither method blocks, nor throws: a question that cannot be answered completes its future
 * with a {@link LookupException}. A future that is cancelled need not be completed; its {@code
 * cancel} may refuse, by returning false, if the question is on its way and cannot be taken back.
 *
 * @thread any
 */
public interface Resolver {
    /** {@return what messages call it} */
    String name();

    /**
     * Asks for the addresses of a host.
     *
     * @param host a name in ASCII, no address; a dot at its end says that it is complete
     * @param family which addresses are wanted
     * @return completes with at least one address, all of that family
     */
    CompletableFuture<Answer> addresses(String host, Family family);

    /**
     * Asks for the name of an address.
     *
     * @param address any address
     * @return completes with a name
     */
    CompletableFuture<String> name(InetAddress address);
}
