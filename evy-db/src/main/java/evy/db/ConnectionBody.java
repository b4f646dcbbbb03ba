package evy.db;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What is done with a connection, without a result: by its borrower, or by the pool when it is new
 * or comes back.
 *
 * @param <X> what it may throw besides {@link SQLException}
 */
@FunctionalInterface
public interface ConnectionBody<X extends Exception> {
    /**
     * Does it.
     *
     * @param connection not to be kept
     * @throws SQLException if the database or the driver fails
     * @throws X if it fails otherwise
     */
    void run(Connection connection) throws SQLException, X;
}
