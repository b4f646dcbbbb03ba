package evy.db;

import java.sql.Connection;
import java.sql.SQLException;

/** Makes the connections of a {@link ConnectionPool}. */
@FunctionalInterface
public interface ConnectionFactory {
    /**
     * Connects. Called on a green thread of the pool's hub; may block.
     *
     * @return a new connection that nobody else has
     * @throws SQLException if it cannot be made
     */
    Connection connect() throws SQLException;
}
