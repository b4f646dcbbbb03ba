package evy.db;

import evy.Timeout;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** A connection of the driver, and what its pool knows about it. */
/*
 * Owned by one at a time: who borrows it, who closes it, or, while it is idle, the stock, whose lock
 * hands it on. `broken` and `loan` alone are looked at from outside.
 */
final class PhysicalConnection {
    private static final Object NULL = new Object();

    final ConnectionPool pool;
    final Connection raw;
    final long createdNanos;
    private final long number;
    private final boolean marksRequests;
    private final boolean originalAutoCommit;

    // guarded by the stock's lock
    long idleSinceNanos;

    // any thread
    private volatile boolean broken;
    volatile @Nullable Loan loan;

    // the owner
    private boolean autoCommit;
    private boolean suspicious;
    private boolean failedBefore;
    private boolean torn;
    private boolean spent;
    private @Nullable Map<Setting, Object> originals;

    PhysicalConnection(ConnectionPool pool, Connection raw, long number, long createdNanos)
            throws SQLException {
        this.pool = pool;
        this.raw = raw;
        this.number = number;
        this.createdNanos = createdNanos;
        this.marksRequests = marksRequests(raw);
        this.originalAutoCommit = raw.getAutoCommit();
        this.autoCommit = originalAutoCommit;
    }

    /* The calls that mark a request do nothing in most drivers, so spare them. */
    private static boolean marksRequests(Connection raw) {
        try {
            return raw.getClass().getMethod("beginRequest").getDeclaringClass() != Connection.class;
        } catch (NoSuchMethodException e) {
            throw new AssertionError("an interface's method is not there", e);
        }
    }

    String name() {
        return "connection " + number + " of " + pool;
    }

    /** Makes a handle for a borrower. */
    BorrowedConnection lend(@Nullable Throwable place, long nowNanos) throws SQLException {
        BorrowedConnection handle = Delegates.connection(this);
        if (marksRequests) {
            raw.beginRequest();
        }
        loan = new Loan(handle, this, place, nowNanos);
        return handle;
    }

    boolean isAutoCommit() {
        return autoCommit;
    }

    void setAutoCommit(boolean on) {
        autoCommit = on;
    }

    /** Nobody must get it any more. */
    void markBroken() {
        broken = true;
    }

    boolean isBroken() {
        return broken;
    }

    /** It works, but is to be closed when it comes back. */
    void markSpent() {
        spent = true;
    }

    /**
     * Judges it by what a call of the driver has thrown.
     *
     * @param t what it has thrown
     * @param raised what was raised into the caller meanwhile, if anything
     * @return true if it is broken
     */
    boolean noteFailure(Throwable t, @Nullable Throwable raised) {
        failedBefore = true;
        torn |= Severity.isTorn(t, raised);
        switch (Severity.of(t, raised, pool.options().fatal())) {
            case HARMLESS -> {}
            case SUSPICIOUS -> suspicious = true;
            case FATAL -> broken = true;
        }
        return broken;
    }

    /**
     * Keeps the value that a setting has before it is changed for the first time.
     *
     * @param value what it is to be
     * @return true if that is the original value
     */
    boolean rememberOriginal(Setting setting, Object value) {
        Map<Setting, Object> known = originals;
        if (known == null) {
            known = new EnumMap<>(Setting.class);
            originals = known;
        }
        Object original = known.computeIfAbsent(setting, this::original);
        return Objects.equals(original, value);
    }

    private Object original(Setting setting) {
        if (setting == Setting.AUTO_COMMIT) {
            return originalAutoCommit;
        }
        try {
            Object value = setting.get(raw);
            return value == null ? NULL : value;
        } catch (SQLException e) {
            markSpent(); // it can be set but not got, and so not be put back
            return NULL;
        }
    }

    /**
     * Makes it as good as new for the next borrower. May block, up to the pool's close timeout.
     *
     * <p>Throws errors only; what else goes wrong is logged.
     *
     * @param handle the borrower's, ended
     * @param cleanup instead of the rollback
     * @return false if it must be closed
     */
    boolean reset(BorrowedConnection handle, @Nullable ConnectionBody<?> cleanup) {
        if (broken || spent || handle.isInCall()) {
            broken |= !spent;
            return false;
        }
        try {
            boolean quick =
                    cleanup == null
                            && !handle.hasChanged()
                            && !handle.hasResources()
                            && !handle.mayBeInTransaction();
            boolean clean = quick || undoInTime(handle, cleanup);
            return clean && isFitForNext(handle);
        } catch (Exception e) {
            broken = true;
            ConnectionPool.LOGGER.log(
                    Level.DEBUG, () -> name() + ": cannot be reset, it is closed", e);
            return false;
        } catch (Throwable t) {
            broken = true;
            throw t;
        }
    }

    private boolean undoInTime(BorrowedConnection handle, @Nullable ConnectionBody<?> cleanup)
            throws Exception {
        boolean done = Timeout.run(pool.options().closeTimeout(), () -> undo(handle, cleanup));
        if (!done) {
            broken = true;
            ConnectionPool.LOGGER.log(
                    Level.WARNING,
                    () ->
                            name()
                                    + ": was not reset within "
                                    + pool.options().closeTimeout()
                                    + ", it is closed");
        }
        return done;
    }

    private void undo(BorrowedConnection handle, @Nullable ConnectionBody<?> cleanup)
            throws Exception {
        handle.closeResources();
        if (cleanup != null) {
            cleanup.run(raw);
            autoCommit = raw.getAutoCommit(); // it may have changed that
        } else if (handle.mayBeInTransaction()) {
            raw.rollback();
        }
        if (handle.hasChanged()) {
            restore(handle);
        }
        if (autoCommit != originalAutoCommit) {
            raw.setAutoCommit(originalAutoCommit);
            autoCommit = originalAutoCommit;
        }
    }

    private void restore(BorrowedConnection handle) throws SQLException {
        Map<Setting, Object> known = originals;
        assert known != null;
        for (Map.Entry<Setting, Object> each : known.entrySet()) {
            Setting setting = each.getKey();
            Object original = each.getValue();
            if (setting == Setting.AUTO_COMMIT || !handle.hasChanged(setting)) {
                continue;
            }
            if (original == NULL) {
                throw new SQLException(setting + " was unset and cannot be unset again");
            }
            if (!autoCommit) {
                // some are set by queries, and would be undone by the next borrower's rollback
                raw.setAutoCommit(true);
                autoCommit = true;
            }
            setting.set(raw, setting == Setting.CLIENT_INFO ? copy(original) : original);
        }
    }

    private static Object copy(Object properties) {
        return Drivers.copy((Properties) properties); // drivers may keep what they are given
    }

    private boolean isFitForNext(BorrowedConnection handle) throws SQLException {
        if (handle.wasUsed()) {
            if (failedBefore) {
                failedBefore = false;
                if (raw.isClosed()) {
                    broken = true;
                    return false;
                }
            }
            raw.clearWarnings();
        }
        if (marksRequests) {
            raw.endRequest();
        }
        return !broken;
    }

    /** True if it has to be tested before it is lent. */
    boolean isToBeTested(long nowNanos) {
        return suspicious || nowNanos - idleSinceNanos > pool.options().validateAfterNanos();
    }

    /** Finds out whether it still works. May block; throws errors only. */
    boolean isUsable() {
        ConnectionTest test = pool.options().validation();
        if (test == null) {
            return true;
        }
        var limit = pool.options().validationTimeout();
        boolean usable = false;
        try {
            usable = Timeout.call(limit, () -> test.isUsable(raw, limit), false);
        } catch (Exception e) {
            ConnectionPool.LOGGER.log(Level.DEBUG, () -> name() + ": failed its test", e);
        } finally {
            broken |= !usable;
            suspicious &= !usable;
        }
        return usable;
    }

    /** Closes it. May block; throws errors only. */
    void close() {
        if (torn) {
            cancelQuery();
        }
        if (broken) {
            abort(); // the polite way would wait for a server that is not there
        }
        try {
            raw.close();
        } catch (Exception e) {
            ConnectionPool.LOGGER.log(Level.DEBUG, () -> name() + ": failed to close", e);
        }
    }

    private void cancelQuery() {
        try {
            QueryCancel.cancel(raw);
        } catch (Exception e) {
            ConnectionPool.LOGGER.log(
                    Level.DEBUG, () -> name() + ": its query may go on at the server", e);
        }
    }

    /** Has the driver drop it. */
    void abort() {
        abort(raw);
    }

    private static void abort(Connection raw) {
        try {
            raw.abort(Runnable::run);
        } catch (Exception | LinkageError e) {
            ConnectionPool.LOGGER.log(Level.TRACE, "a connection cannot be aborted", e);
        }
    }

    /** Gets rid of one that was not even made completely. */
    static void discard(Connection raw) {
        abort(raw);
        try {
            raw.close();
        } catch (Exception e) {
            ConnectionPool.LOGGER.log(Level.TRACE, "a connection failed to close", e);
        }
    }
}
