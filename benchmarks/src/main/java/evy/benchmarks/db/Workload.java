package evy.benchmarks.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What callers do with a connection. */
enum Workload {
    /** One row of one column. */
    SELECT1("SELECT 1"),
    /** Twenty rows of three columns. */
    ROWS20("SELECT id, name, amount FROM bench WHERE id < 20"),
    /** Nothing, for a second: the others wait, which is to cost nothing. */
    HOLD("SELECT 1 FROM pg_sleep(1)");

    private final String sql;

    Workload(String sql) {
        this.sql = sql;
    }

    /**
     * Asks once.
     *
     * @return the bytes of the answer, more or less
     */
    long ask(Connection connection) throws SQLException {
        long read = 0;
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet result = statement.executeQuery()) {
            int columns = this == ROWS20 ? 3 : 1;
            while (result.next()) {
                for (int column = 1; column <= columns; column++) {
                    read += result.getString(column).length();
                }
            }
        }
        if (read == 0) {
            throw new SQLException("an empty answer to " + sql);
        }
        return read;
    }
}
