package evy.db;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;

/** What a borrowed connection tells of its database. */
abstract class BorrowedMetaData extends Borrowed implements DatabaseMetaData {
    BorrowedMetaData(Borrowed parent) {
        super(parent);
    }

    @Override
    public final Connection getConnection() throws SQLException {
        connection.check();
        return connection;
    }
}
