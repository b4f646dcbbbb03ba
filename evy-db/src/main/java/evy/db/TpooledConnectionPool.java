package evy.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

import javax.sql.DataSource;

/**
 * A pool that makes every call of the driver on a native thread of {@link evy.tpool.Tpool}: for
 * drivers that would block the hub, such as those in native code. So are the calls of statements,
 * result sets, metadata, large objects and whatever else comes of a connection. The calls of one
 * connection never overlap, but for those that cancel or abort another.
 *
 * @thread any
 * @source eventlet {@code db_pool.TpooledConnectionPool}
 */
public final class TpooledConnectionPool extends ConnectionPool {
    /**
     * A pool for an address, with the usual options.
     *
     * @param url as for {@link java.sql.DriverManager}
     * @throws IllegalArgumentException if no driver takes it
     */
    public TpooledConnectionPool(String url) {
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
    public TpooledConnectionPool(String url, Properties properties, ConnectionPoolOptions options) {
        this(Drivers.factory(url, properties), options);
    }

    /**
     * A pool of another source's connections.
     *
     * @param source makes a connection at each call; must not be a pool itself
     * @param options how many connections and how they are treated
     */
    public TpooledConnectionPool(DataSource source, ConnectionPoolOptions options) {
        this((ConnectionFactory) source::getConnection, options);
    }

    /**
     * A pool.
     *
     * @param factory makes a connection
     * @param options how many connections and how they are treated
     */
    public TpooledConnectionPool(ConnectionFactory factory, ConnectionPoolOptions options) {
        super(factory, options);
        begin();
    }

    @Override
    Connection connect(ConnectionFactory factory) throws SQLException {
        return NativeConnection.connect(factory);
    }
}
