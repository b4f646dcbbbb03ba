package evy.db;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;

/** A borrowed object that has to be closed with its connection. */
/* A link of the connection's list of such objects, so that listing and leaving allocate nothing. */
abstract class BorrowedResource extends Borrowed {
    // the borrower's thread
    @Nullable BorrowedResource previous;
    @Nullable BorrowedResource next;
    boolean listed;

    BorrowedResource(Borrowed parent) {
        super(parent);
    }

    /** Closes the driver's object. */
    abstract void closeRaw() throws SQLException;

    /** Whether the driver's object is closed. */
    abstract boolean isRawClosed() throws SQLException;

    /** Closes it; a dead one is closed already. */
    public final void close() throws SQLException {
        if (!connection.isUsable()) {
            return;
        }
        connection.unlist(this);
        connection.enter();
        try {
            closeRaw();
        } catch (Throwable t) {
            connection.failed(t);
            throw t;
        } finally {
            connection.exit();
        }
    }

    /** True if it is dead, too. */
    public final boolean isClosed() throws SQLException {
        if (!connection.isUsable()) {
            return true;
        }
        try {
            return isRawClosed();
        } catch (Throwable t) {
            connection.failed(t);
            throw t;
        }
    }
}
