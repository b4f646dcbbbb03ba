package evy.greenness;

import java.net.InetSocketAddress;

/**
 * One library of the matrix. All its methods are called on green threads of one hub.
 *
 * <p>The implementation is what a user of the library would write: no type of Evy's, no option that
 * is there for virtual threads. Nothing is closed: each row has a JVM of its own, which ends.
 */
public interface Row {
    /** {@return the library's name, as the table shows it} */
    String library();

    /** {@return a class of the library: the jar it comes from tells the version} */
    Class<?> client();

    /** {@return the name of the server it calls: a key of {@link evy.greenness.peers.PeerMain}} */
    String peer();

    /** {@return why a call parks the green thread and not the hub: a sentence for the table} */
    String why();

    /** Makes the client. */
    void start(InetSocketAddress peer) throws Exception;

    /**
     * Makes one blocking call. Many callers are inside at once, each with its own number.
     *
     * @return the peer's answer
     */
    String call(Question question) throws Exception;
}
