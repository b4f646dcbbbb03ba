package evy.benchmarks.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import evy.db.ConnectionPool;
import evy.db.ConnectionPoolOptions;
import evy.db.RawConnectionPool;

import java.sql.SQLException;
import java.time.Duration;

import javax.sql.DataSource;

/** The pools that are compared: as many connections from the start, none of which ages out. */
public final class Pools {
    private static final Duration LONG = Duration.ofHours(1);

    private Pools() {}

    /** {@return Evy's; to be called on the hub that is to use it} */
    public static ConnectionPool evy(DataSource source, int size) throws SQLException {
        ConnectionPool pool =
                new RawConnectionPool(
                        source,
                        ConnectionPoolOptions.DEFAULT
                                .withMinSize(size)
                                .withMaxSize(size)
                                .withMaxAge(LONG)
                                .withMaxIdle(LONG)
                                .withAcquireTimeout(LONG));
        pool.fill();
        return pool;
    }

    /** {@return HikariCP's} */
    public static HikariDataSource hikari(DataSource source, int size) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMinimumIdle(size);
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(LONG.toMillis());
        return new HikariDataSource(config);
    }
}
