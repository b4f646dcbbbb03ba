package evy.db.it;

import evy.db.ConnectionPool;
import evy.db.ConnectionPoolOptions;

import org.junit.jupiter.api.BeforeAll;

import java.sql.Connection;
import java.time.Duration;
import java.util.Properties;

/** MariaDB and its driver. */
class MariaDbIT extends DatabaseContract {
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        url = Servers.mariaDb().url();
        Databases.execute(url, "CREATE DATABASE IF NOT EXISTS other");
    }

    @Override
    String url() {
        return url;
    }

    @Override
    String wrongUrl() {
        return url.replace("/test", "/nowhere");
    }

    @Override
    ConnectionPool open(String at, ConnectionPoolOptions options) {
        return ConnectionPool.open(at, new Properties(), options);
    }

    @Override
    Class<? extends Connection> driverType() {
        return org.mariadb.jdbc.Connection.class;
    }

    @Override
    String slowQuery(Duration time, int number) {
        return slow(time, number);
    }

    static String slow(Duration time, int number) {
        return "SELECT %d + SLEEP(%d / 1000.0)".formatted(number, time.toMillis());
    }

    @Override
    String otherCatalog() {
        return "other";
    }
}
