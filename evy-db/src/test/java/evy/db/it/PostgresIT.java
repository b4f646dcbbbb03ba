package evy.db.it;

import evy.db.ConnectionPool;
import evy.db.ConnectionPoolOptions;
import evy.db.RawConnectionPool;

import org.junit.jupiter.api.BeforeAll;
import org.postgresql.jdbc.PgConnection;

import java.sql.Connection;
import java.time.Duration;
import java.util.Properties;

/** PostgreSQL and its driver. */
class PostgresIT extends DatabaseContract {
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        url = Servers.postgres().url();
        Databases.execute(url, "CREATE SCHEMA IF NOT EXISTS other");
    }

    @Override
    String url() {
        return url;
    }

    @Override
    String wrongUrl() {
        return url.replace("/postgres", "/nowhere");
    }

    @Override
    ConnectionPool open(String at, ConnectionPoolOptions options) {
        return new RawConnectionPool(at, new Properties(), options);
    }

    @Override
    Class<? extends Connection> driverType() {
        return PgConnection.class;
    }

    @Override
    String slowQuery(Duration time, int number) {
        return slow(time, number);
    }

    static String slow(Duration time, int number) {
        return "WITH slow AS MATERIALIZED (SELECT pg_sleep(%d / 1000.0)) SELECT %d FROM slow"
                .formatted(time.toMillis(), number);
    }

    @Override
    String otherSchema() {
        return "other";
    }
}
