package evy.db.it;

import evy.db.ConnectionPool;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** What the tests say to databases, in few words. */
final class Databases {
    private Databases() {}

    /** Runs statements on a connection of its own, without any pool. */
    static void execute(String url, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            for (String sql : statements) {
                execute(connection, sql);
            }
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /**
     * Uses a pool once and closes it. On a platform thread, for class initialisers keep a hub, and
     * the threads that they start are green on one.
     */
    static void warmUp(ConnectionPool pool) throws SQLException {
        try (pool) {
            pool.getConnection().close();
        }
    }

    /** Asks for one number on a connection of its own, without any pool. */
    static int number(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            return number(connection, sql);
        }
    }

    /** Asks for one number on a connection of a pool. */
    static int number(ConnectionPool pool, String sql) throws SQLException {
        return pool.<Integer, SQLException>use(c -> number(c, sql));
    }

    /** Asks for one number. */
    static int number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getInt(1);
        }
    }

    /** Waits until a query gives a number: what a server does when a client has gone, and when. */
    static void awaitNumber(String url, String sql, int wanted)
            throws SQLException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        try (Connection connection = DriverManager.getConnection(url)) {
            int found = number(connection, sql);
            while (found != wanted) {
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError(found + " instead of " + wanted + ": " + sql);
                }
                Thread.sleep(5); // nobody signals this
                found = number(connection, sql);
            }
        }
    }
}
