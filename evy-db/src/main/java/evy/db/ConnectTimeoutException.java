package evy.db;

import org.jspecify.annotations.Nullable;

import java.sql.SQLTransientConnectionException;

/**
 * A new connection was not made within {@link ConnectionPoolOptions#withConnectTimeout}. {@link
 * evy.Timeout#isTimeout} knows it.
 *
 * @source eventlet {@code db_pool.ConnectTimeout}
 */
public final class ConnectTimeoutException extends SQLTransientConnectionException {
    private static final long serialVersionUID = 1L;

    /* "client unable to establish the connection", as the SQL standard has it */
    private static final String STATE = "08001";

    static {
        evy.Timeout.markAsTimeout(ConnectTimeoutException.class);
    }

    ConnectTimeoutException(String message, @Nullable Throwable cause) {
        super(message, STATE, cause);
    }
}
