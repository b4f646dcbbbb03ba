package evy.db;

import evy.hubs.Cancellation;
import evy.hubs.Greenlet;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import java.util.function.Predicate;

/** What an exception says about the connection it came of. */
enum Severity {
    /** Nothing: a constraint, a syntax error, a feature that is missing. */
    HARMLESS,

    /** It may be unusable: it has to be tested before anybody gets it. */
    SUSPICIOUS,

    /** It is unusable, or half used: in the middle of a query. */
    FATAL;

    /* Longest chain of exceptions looked at; they have been seen to run in circles. */
    private static final int MOST_LINKS = 20;

    private static final String CONNECTION_CLASS = "08";

    /*
     * Says that the server ends the session: PostgreSQL's admin_shutdown, crash_shutdown,
     * cannot_connect_now, database_dropped, idle_session_timeout; the standard's disconnect error;
     * Sybase's and jTDS's closed connections.
     */
    private static final Set<String> FATAL_STATES =
            Set.of("57P01", "57P02", "57P03", "57P04", "57P05", "01002", "JZ0C0", "JZ0C1");

    /**
     * Judges an exception.
     *
     * @param t what a call of the driver has thrown
     * @param raised what was raised into its caller meanwhile, if anything
     * @param fatal which SQL exceptions are fatal besides those known here
     */
    static Severity of(Throwable t, @Nullable Throwable raised, Predicate<SQLException> fatal) {
        if (isTorn(t, raised)) {
            return FATAL;
        }
        return switch (t) {
            case SQLException e -> isFatal(e, fatal) ? FATAL : HARMLESS;
            case Exception _ -> SUSPICIOUS;
            case LinkageError _ -> SUSPICIOUS; // a driver without the method
            default -> FATAL;
        };
    }

    /**
     * A kill, a timeout or an interrupt came in the middle of the call, whatever was made of it. A
     * kill may be with any exception, so it is known by what was raised.
     */
    static boolean isTorn(Throwable t, @Nullable Throwable raised) {
        int links = 0;
        for (Throwable e = t; e != null && links < MOST_LINKS; e = e.getCause(), links++) {
            if (e instanceof Cancellation || e == raised) {
                return true;
            }
        }
        return links < MOST_LINKS && Greenlet.isInterruption(t);
    }

    private static boolean isFatal(SQLException t, Predicate<SQLException> fatal) {
        int links = 0;
        for (SQLException e = t; e != null && links < MOST_LINKS; e = e.getNextException()) {
            links++;
            if (isFatalItself(e) || fatal.test(e)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFatalItself(SQLException e) {
        if (e instanceof SQLFeatureNotSupportedException) {
            return false;
        }
        String state = e.getSQLState();
        return (state != null
                        && (state.startsWith(CONNECTION_CLASS) || FATAL_STATES.contains(state)))
                || e instanceof SQLNonTransientConnectionException
                || e instanceof SQLTransientConnectionException
                || e instanceof SQLRecoverableException;
    }
}
