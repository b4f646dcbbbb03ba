package evy.greenness.rows;

import evy.greenness.PerCaller;
import evy.greenness.Question;

import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A JDBC driver: a connection for each caller, and a statement that is slow at the server. */
abstract class JdbcRow extends PerCaller<Connection> {
    /** {@return the database's address} */
    abstract String url(InetSocketAddress peer);

    /** {@return a statement with two parameters: the milliseconds to take, and the caller} */
    abstract String statement();

    @Override
    protected final Connection open(InetSocketAddress peer) throws SQLException {
        return DriverManager.getConnection(url(peer));
    }

    @Override
    protected final String call(Connection connection, Question question) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(statement())) {
            statement.setLong(1, question.millis());
            statement.setInt(2, question.caller());
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getString("answer");
            }
        }
    }
}
