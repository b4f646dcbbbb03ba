package evy.greenness.rows;

import evy.greenness.peers.H2Peer;

import java.net.InetSocketAddress;

/** The JDBC driver of H2, over TCP. */
public final class H2Row extends JdbcRow {
    @Override
    public String library() {
        return "H2 (TCP)";
    }

    @Override
    public Class<?> client() {
        return org.h2.Driver.class;
    }

    @Override
    public String peer() {
        return "h2";
    }

    @Override
    public String why() {
        return "blocking `java.net.Socket` under a lock for each session; without the "
                + "agent a timeout closes the socket, and what it reports does not name "
                + "the interrupt";
    }

    @Override
    String url(InetSocketAddress peer) {
        return "jdbc:h2:tcp://"
                + peer.getHostString()
                + ":"
                + peer.getPort()
                + "/"
                + H2Peer.DATABASE;
    }

    @Override
    String statement() {
        return "SELECT REPLY(?, ?) AS answer";
    }
}
