package evy.greenness.rows;

import java.net.InetSocketAddress;

/** The JDBC driver of MariaDB. */
public final class MariaDbRow extends JdbcRow {
    @Override
    public String library() {
        return "MariaDB Connector/J";
    }

    @Override
    public Class<?> client() {
        return org.mariadb.jdbc.Driver.class;
    }

    @Override
    public String peer() {
        return "mariadb";
    }

    @Override
    public String why() {
        return "blocking `java.net.Socket` under `ReentrantLock`s";
    }

    @Override
    String url(InetSocketAddress peer) {
        return "jdbc:mariadb://" + peer.getHostString() + ":" + peer.getPort() + "/";
    }

    @Override
    String statement() {
        return "SELECT CONCAT('reply-', SLEEP(? / 1000) + ?) AS answer";
    }
}
