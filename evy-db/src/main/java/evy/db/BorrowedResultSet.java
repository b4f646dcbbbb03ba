package evy.db;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A result set of a borrowed connection. */
abstract class BorrowedResultSet extends BorrowedResource implements ResultSet {
    private final @Nullable BorrowedStatement statement;

    @SuppressWarnings("this-escape") // the list only keeps it
    BorrowedResultSet(Borrowed parent) {
        super(parent);
        if (parent instanceof BorrowedStatement itsStatement) {
            statement = itsStatement; // which is closed with the connection, and closes this
        } else {
            statement = null;
            connection.list(this);
        }
    }

    @Override
    final void closeRaw() throws SQLException {
        ((ResultSet) raw()).close();
    }

    @Override
    final boolean isRawClosed() throws SQLException {
        return ((ResultSet) raw()).isClosed();
    }

    @Override
    public final @Nullable Statement getStatement() throws SQLException {
        connection.check();
        if (statement != null) {
            return statement;
        }
        Statement raw = ((ResultSet) raw()).getStatement();
        return raw == null ? null : (Statement) Delegates.lendAs(Statement.class, raw, this);
    }
}
