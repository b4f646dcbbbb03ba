package evy.db.it;

import evy.db.ConnectionPool;
import evy.db.ConnectionPoolOptions;
import evy.db.TpooledConnectionPool;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.Function;
import org.sqlite.SQLiteConnection;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/** SQLite, native code: each call is made on a native thread. */
@Spec("DB19")
class SqliteIT extends DatabaseContract {
    @TempDir private static Path directory;

    private static String url;

    @BeforeAll
    static void create() throws SQLException {
        url = "jdbc:sqlite:" + directory.resolve("it.db") + "?busy_timeout=30000";
        Databases.execute(url, "PRAGMA journal_mode = WAL");
    }

    @Override
    String url() {
        return url;
    }

    @Override
    String wrongUrl() {
        return "jdbc:sqlite:" + directory.resolve("no/such/folder/it.db");
    }

    @Override
    ConnectionPool open(String at, ConnectionPoolOptions options) {
        return new TpooledConnectionPool(
                at, new Properties(), options.withInitializer(SqliteIT::addSleeping));
    }

    /* A function of SQL that blocks its native thread. */
    private static void addSleeping(Connection connection) throws SQLException {
        Function.create(
                connection.unwrap(SQLiteConnection.class),
                "sleeping",
                new Function() {
                    @Override
                    protected void xFunc() throws SQLException {
                        try {
                            Thread.sleep(value_int(0));
                        } catch (InterruptedException e) {
                            throw new SQLException("interrupted", e);
                        }
                        result(value_int(1));
                    }
                });
    }

    @Override
    Class<? extends Connection> driverType() {
        return SQLiteConnection.class;
    }

    @Override
    String slowQuery(Duration time, int number) {
        return "SELECT sleeping(%d, %d)".formatted(time.toMillis(), number);
    }

    @Override
    int otherIsolation() {
        return Connection.TRANSACTION_READ_UNCOMMITTED;
    }

    /* One may write at a time, and the others look for their turn in naps. */
    @Override
    int connections() {
        return 2;
    }
}
