package evy.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A statement, prepared or callable or neither, of a borrowed connection. */
abstract class BorrowedStatement extends BorrowedResource implements Statement {
    @SuppressWarnings("this-escape") // the list only keeps it
    BorrowedStatement(Borrowed parent) {
        super(parent);
        connection.list(this);
    }

    @Override
    final void closeRaw() throws SQLException {
        ((Statement) raw()).close();
    }

    @Override
    final boolean isRawClosed() throws SQLException {
        return ((Statement) raw()).isClosed();
    }

    @Override
    public final Connection getConnection() throws SQLException {
        connection.check();
        return connection;
    }
}
