package evy.greenness.rows;

import java.net.InetSocketAddress;

/** The JDBC driver of PostgreSQL. */
public final class PostgresRow extends JdbcRow {
    @Override
    public String library() {
        return "pgjdbc";
    }

    @Override
    public Class<?> client() {
        return org.postgresql.Driver.class;
    }

    @Override
    public String peer() {
        return "postgres";
    }

    @Override
    public String why() {
        return "blocking `java.net.Socket` under `ReentrantLock`s";
    }

    @Override
    String url(InetSocketAddress peer) {
        return "jdbc:postgresql://"
                + peer.getHostString()
                + ":"
                + peer.getPort()
                + "/postgres?user=evy";
    }

    @Override
    String statement() {
        return "WITH slow AS MATERIALIZED (SELECT pg_sleep(? / 1000.0)) "
                + "SELECT 'reply-' || ?::int AS answer FROM slow";
    }
}
