package evy.db;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;

/**
 * Why somebody gets no connection. It becomes an exception on the thread of who waits, so that the
 * stack trace shows his place.
 *
 * @param cause what the driver, or the thread's killer, has thrown
 */
record Refusal(Kind kind, @Nullable Throwable cause) {
    enum Kind {
        CLOSED,
        EXHAUSTED,
        INTERRUPTED,
        FAILED,
        TOO_SLOW
    }

    /* As the SQL standard has it: unable to connect; connection does not exist. */
    private static final String UNABLE_TO_CONNECT = "08001";
    private static final String NO_CONNECTION = "08003";

    /* Invalid credentials; no such database: trying again does not help. */
    private static final String INVALID_AUTHORIZATION = "28";
    private static final String INVALID_CATALOG = "3D";

    static final Refusal CLOSED = new Refusal(Kind.CLOSED, null);

    static Refusal exhausted(@Nullable Throwable lastFailure) {
        return new Refusal(Kind.EXHAUSTED, lastFailure);
    }

    static Refusal interrupted(InterruptedException cause) {
        return new Refusal(Kind.INTERRUPTED, cause);
    }

    static Refusal failed(@Nullable Throwable cause) {
        return new Refusal(Kind.FAILED, cause);
    }

    static Refusal tooSlow(@Nullable Throwable cause) {
        return new Refusal(Kind.TOO_SLOW, cause);
    }

    /**
     * Says so.
     *
     * @param waited for how long he who asked has waited
     * @param figures of the pool
     */
    SQLException exception(ConnectionPool pool, Duration waited, String figures) {
        return switch (kind) {
            case CLOSED ->
                    new SQLNonTransientConnectionException(pool + ": is closed", NO_CONNECTION);
            case EXHAUSTED ->
                    transientOne(
                            pool
                                    + ": no connection within "
                                    + shown(waited)
                                    + ' '
                                    + figures
                                    + (cause == null ? "" : "; connecting fails: " + reason()));
            case INTERRUPTED ->
                    transientOne(
                            pool + ": interrupted after waiting " + shown(waited) + ' ' + figures);
            case TOO_SLOW ->
                    new ConnectTimeoutException(
                            pool
                                    + ": not connected within "
                                    + shown(pool.options().connectTimeout())
                                    + ' '
                                    + figures
                                    + "; does the server answer, or is connectTimeout too short?",
                            cause);
            case FAILED -> {
                String message =
                        pool
                                + ": cannot connect, after "
                                + shown(waited)
                                + ' '
                                + figures
                                + ": "
                                + reason();
                yield isForGood()
                        ? new SQLNonTransientConnectionException(message, state(), code(), cause)
                        : transientOne(message);
            }
        };
    }

    private SQLException transientOne(String message) {
        return new SQLTransientConnectionException(message, state(), code(), cause);
    }

    private String reason() {
        if (cause == null) {
            return "no reason known";
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getName() : message;
    }

    private boolean isForGood() {
        return cause instanceof SQLInvalidAuthorizationSpecException
                || state().startsWith(INVALID_AUTHORIZATION)
                || state().startsWith(INVALID_CATALOG);
    }

    private String state() {
        String state = cause instanceof SQLException e ? e.getSQLState() : null;
        return state == null ? UNABLE_TO_CONNECT : state;
    }

    private int code() {
        return cause instanceof SQLException e ? e.getErrorCode() : 0;
    }

    private static String shown(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 && millis > 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
