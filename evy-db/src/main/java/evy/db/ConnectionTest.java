package evy.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Finds out whether a connection still works. */
@FunctionalInterface
public interface ConnectionTest {
    /** Asks the driver. */
    ConnectionTest IS_VALID =
            (connection, timeout) ->
                    connection.isValid(Math.clamp(timeout.toSeconds(), 1, Integer.MAX_VALUE));

    /**
     * Tests a connection. May block; the pool bounds it, too.
     *
     * @param connection the driver's own
     * @param timeout how long it may take
     * @return false if it is unusable
     * @throws SQLException the same as false
     */
    boolean isUsable(Connection connection, Duration timeout) throws SQLException;

    /**
     * A test by a query, for drivers that have no test of their own.
     *
     * @param sql such as {@code SELECT 1}
     * @return a test
     */
    static ConnectionTest query(String sql) {
        return (connection, timeout) -> {
            try (var statement = connection.createStatement()) {
                statement.setQueryTimeout(Math.clamp(timeout.toSeconds(), 1, Integer.MAX_VALUE));
                statement.execute(sql);
                return true;
            }
        };
    }
}
