package evy.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

import javax.sql.DataSource;

/**
 * A pool that calls the driver on the borrower's own thread: for drivers that are green, as those
 * in Java are on green threads whose sockets are. A driver in native code would block the hub: see
 * {@link TpooledConnectionPool}.
 *
 * @thread any
 * @source eventlet {@code db_pool.RawConnectionPool}
 */
public final class RawConnectionPool extends ConnectionPool {
    /**
     * A pool for an address, with the usual options.
     *
     * @param url as for {@link java.sql.DriverManager}
     * @throws IllegalArgumentException if no driver takes it
     */
    public RawConnectionPool(String url) {
        this(url, new Properties(), ConnectionPoolOptions.DEFAULT);
    }

    /**
     * A pool for an address.
     *
     * @param url as for {@link java.sql.DriverManager}
     * @param properties what the driver takes, such as {@code user} and {@code password}; copied
     * @param options how many connections and how they are treated
     * @throws IllegalArgumentException if no driver takes it
     */
    public RawConnectionPool(String url, Properties properties, ConnectionPoolOptions options) {
        this(Drivers.factory(url, properties), options);
    }

    /**
     * A pool of another source's connections.
     *
     * @param source makes a connection at each call; must not be a pool itself
     * @param options how many connections and how they are treated
     */
    public RawConnectionPool(DataSource source, ConnectionPoolOptions options) {
        this((ConnectionFactory) source::getConnection, options);
    }

    /**
     * A pool.
     *
     * @param factory makes a connection
     * @param options how many connections and how they are treated
     */
    public RawConnectionPool(ConnectionFactory factory, ConnectionPoolOptions options) {
        super(factory, options);
        begin();
    }

    @Override
    Connection connect(ConnectionFactory factory) throws SQLException {
        return factory.connect();
    }
}
