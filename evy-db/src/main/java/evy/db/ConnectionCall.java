package evy.db;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What is done with a borrowed connection, with a result.
 *
 * @param <T> type of the result
 * @param <X> what it may throw besides {@link SQLException}
 */
@FunctionalInterface
public interface ConnectionCall<T extends @Nullable Object, X extends Exception> {
    /**
     * Does it.
     *
     * @param connection not to be kept: it is dead when this returns
     * @return the result
     * @throws SQLException if the database or the driver fails
     * @throws X if it fails otherwise
     */
    T call(Connection connection) throws SQLException, X;
}
