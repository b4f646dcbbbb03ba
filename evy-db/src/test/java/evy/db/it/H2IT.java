package evy.db.it;

import evy.db.ConnectionPool;
import evy.db.ConnectionPoolOptions;

import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/** H2, embedded: its code runs on the green threads that call it. */
class H2IT extends DatabaseContract {
    private static final String URL = "jdbc:h2:mem:it;LOCK_TIMEOUT=20000";

    private static Connection keptOpen; // the database ends with its last connection

    @BeforeAll
    static void start() throws SQLException {
        keptOpen = DriverManager.getConnection(URL);
        Databases.execute(
                keptOpen,
                "CREATE ALIAS SLEEPING FOR \"" + Functions.class.getName() + ".sleeping\"");
        Databases.execute(keptOpen, "CREATE SCHEMA OTHER");
    }

    @AfterAll
    static void stop() throws SQLException {
        keptOpen.close();
    }

    /** What slow queries call. */
    public static final class Functions {
        private Functions() {}

        /** {@return the number, later} */
        public static int sleeping(int millis, int number) throws InterruptedException {
            Thread.sleep(millis);
            return number;
        }
    }

    @Override
    String url() {
        return URL;
    }

    @Override
    String wrongUrl() {
        return "jdbc:h2:mem:nowhere;IFEXISTS=TRUE";
    }

    @Override
    ConnectionPool open(String at, ConnectionPoolOptions options) {
        return ConnectionPool.open(at, new Properties(), options);
    }

    @Override
    Class<? extends Connection> driverType() {
        return JdbcConnection.class;
    }

    @Override
    String slowQuery(Duration time, int number) {
        return "SELECT SLEEPING(%d, %d)".formatted(time.toMillis(), number);
    }

    @Override
    String otherSchema() {
        return "OTHER";
    }
}
