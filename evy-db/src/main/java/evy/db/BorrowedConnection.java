package evy.db;

import evy.hubs.Greenlet;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.sql.ClientInfoStatus;
import java.sql.Connection;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.ShardingKey;
import java.util.EnumSet;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;

/**
 * The handle of one borrower to one connection: forwards to it until it is returned, and remembers
 * what has to be undone then.
 */
/*
 * Used by one thread at a time, as connections are. `open` alone is decided atomically, so that a
 * connection cannot be returned twice. Calls are counted in and out: a connection that is returned
 * while a call is under way (by a killer, say, or a second thread) is not idle, whatever its driver
 * says, and nobody may have it.
 */
abstract class BorrowedConnection extends Borrowed implements Connection {
    private static final VarHandle OPEN;

    static {
        try {
            OPEN =
                    MethodHandles.lookup()
                            .findVarHandle(BorrowedConnection.class, "open", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final PhysicalConnection physical;

    // any thread, CAS
    private boolean open = true;

    // the borrower's thread
    private boolean usable = true;
    private int entered;
    private int left;
    private int enteredAtCommit;
    private @Nullable EnumSet<Setting> changed;
    private @Nullable BorrowedResource resources;

    BorrowedConnection(PhysicalConnection physical) {
        this.physical = physical;
    }

    /** False once it is returned, or broken: then the driver is not called any more. */
    final boolean isUsable() {
        return usable;
    }

    /** Throws if this handle is not usable. */
    final void check() throws SQLException {
        if (!usable) {
            throw unusable();
        }
    }

    /** Begins a call of the driver; {@link #exit} ends it. */
    final void enter() throws SQLException {
        if (!usable) {
            throw unusable();
        }
        entered++;
        Greenlet caller = Greenlet.currentOrNull();
        if (caller != null) {
            caller.watchRaised();
        }
    }

    final void exit() {
        left++;
        Greenlet caller = Greenlet.currentOrNull();
        if (caller != null) {
            caller.unwatchRaised();
        }
    }

    /** Notes what a call of the driver has thrown. */
    final void failed(Throwable t) {
        if (physical.noteFailure(t, raised())) {
            usable = false; // a driver that is half way through a query would wait for its rest
        }
    }

    /* What was raised into this thread in the call, whatever it is; null if nothing. */
    private static @Nullable Throwable raised() {
        Greenlet caller = Greenlet.currentOrNull();
        if (caller == null) {
            return null;
        }
        caller.watchRaised();
        return caller.unwatchRaised();
    }

    private SQLException unusable() {
        String what =
                open
                        ? ": it is broken, as an earlier call has shown; close it and borrow"
                                + " another"
                        : ": it was returned to the pool; borrow another";
        return new SQLNonTransientConnectionException(describe() + what, "08003");
    }

    final String describe() {
        return physical.name();
    }

    final void list(BorrowedResource resource) {
        BorrowedResource first = resources;
        resource.next = first;
        if (first != null) {
            first.previous = resource;
        }
        resource.listed = true;
        resources = resource;
    }

    final void unlist(BorrowedResource resource) {
        if (!resource.listed) {
            return;
        }
        resource.listed = false;
        BorrowedResource before = resource.previous;
        BorrowedResource after = resource.next;
        if (before == null) {
            resources = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        resource.previous = null;
        resource.next = null;
    }

    /**
     * Ends this handle's life.
     *
     * @return false if it had ended before
     */
    final boolean end() {
        usable = false;
        return OPEN.compareAndSet(this, true, false);
    }

    /** True if a call of the driver is under way. */
    final boolean isInCall() {
        return entered != left;
    }

    final boolean wasUsed() {
        return entered > 0;
    }

    /** True if a setting may not be what it was. */
    final boolean hasChanged() {
        return changed != null && !changed.isEmpty();
    }

    /** True if this setting may not be what it was. */
    final boolean hasChanged(Setting setting) {
        return changed != null && changed.contains(setting);
    }

    /** True if there may be something to commit or to roll back. */
    final boolean mayBeInTransaction() {
        return entered != enteredAtCommit && !physical.isAutoCommit();
    }

    final boolean hasResources() {
        return resources != null;
    }

    final void closeResources() throws SQLException {
        for (BorrowedResource r = resources; r != null; r = r.next) {
            r.closeRaw();
        }
        resources = null;
    }

    /** Returns the connection to its pool. A dead handle is closed already. */
    @Override
    public final void close() {
        physical.pool.putBack(this, null);
    }

    @Override
    public final boolean isClosed() throws SQLException {
        if (!usable) {
            return true;
        }
        try {
            return physical.raw.isClosed();
        } catch (Throwable t) {
            failed(t);
            throw t;
        }
    }

    /** False if it was returned, or is broken. */
    @Override
    public final boolean isValid(int seconds) throws SQLException {
        if (!usable) {
            return false;
        }
        enter();
        try {
            return physical.raw.isValid(seconds);
        } catch (Throwable t) {
            failed(t);
            throw t;
        } finally {
            exit();
        }
    }

    /** The connection is closed when it comes back to the pool. */
    @Override
    public final void abort(Executor executor) throws SQLException {
        if (!usable) {
            return;
        }
        usable = false;
        physical.markBroken();
        physical.raw.abort(executor);
    }

    @Override
    public final void commit() throws SQLException {
        enter();
        try {
            physical.raw.commit();
            enteredAtCommit = entered;
        } catch (Throwable t) {
            failed(t);
            throw t;
        } finally {
            exit();
        }
    }

    @Override
    public final void rollback() throws SQLException {
        enter();
        try {
            physical.raw.rollback();
            enteredAtCommit = entered;
        } catch (Throwable t) {
            failed(t);
            throw t;
        } finally {
            exit();
        }
    }

    private EnumSet<Setting> changed() {
        EnumSet<Setting> set = changed;
        if (set == null) {
            set = EnumSet.noneOf(Setting.class);
            changed = set;
        }
        return set;
    }

    /** Changes a setting, so that it can be put back. */
    private void change(Setting setting, Object value) throws SQLException {
        enter();
        try {
            boolean asBefore = physical.rememberOriginal(setting, value);
            // noted first: who knows what a call that fails has changed
            changed().add(setting);
            setting.set(physical.raw, value);
            if (asBefore) {
                changed().remove(setting);
            }
            if (setting == Setting.AUTO_COMMIT) {
                physical.setAutoCommit((Boolean) value);
            }
        } catch (Throwable t) {
            failed(t);
            throw t;
        } finally {
            exit();
        }
    }

    @Override
    public final void setAutoCommit(boolean autoCommit) throws SQLException {
        change(Setting.AUTO_COMMIT, autoCommit);
    }

    @Override
    public final void setReadOnly(boolean readOnly) throws SQLException {
        change(Setting.READ_ONLY, readOnly);
    }

    @Override
    public final void setTransactionIsolation(int level) throws SQLException {
        change(Setting.ISOLATION, level);
    }

    @Override
    public final void setCatalog(String catalog) throws SQLException {
        change(Setting.CATALOG, catalog);
    }

    @Override
    public final void setSchema(String schema) throws SQLException {
        change(Setting.SCHEMA, schema);
    }

    @Override
    public final void setHoldability(int holdability) throws SQLException {
        change(Setting.HOLDABILITY, holdability);
    }

    @Override
    public final void setTypeMap(Map<String, Class<?>> map) throws SQLException {
        change(Setting.TYPE_MAP, map);
    }

    @Override
    public final void setNetworkTimeout(Executor executor, int millis) throws SQLException {
        enter();
        try {
            physical.rememberOriginal(Setting.NETWORK_TIMEOUT, millis);
            changed().add(Setting.NETWORK_TIMEOUT);
            physical.raw.setNetworkTimeout(executor, millis);
        } catch (Throwable t) {
            failed(t);
            throw t;
        } finally {
            exit();
        }
    }

    @Override
    public final void setClientInfo(String name, @Nullable String value)
            throws SQLClientInfoException {
        changeClientInfo(() -> physical.raw.setClientInfo(name, value));
    }

    @Override
    public final void setClientInfo(Properties properties) throws SQLClientInfoException {
        changeClientInfo(() -> physical.raw.setClientInfo(properties));
    }

    private interface ClientInfoChange {
        void make() throws SQLClientInfoException;
    }

    private void changeClientInfo(ClientInfoChange change) throws SQLClientInfoException {
        try {
            enter();
        } catch (SQLException e) {
            throw new SQLClientInfoException(
                    e.getMessage(), e.getSQLState(), Map.<String, ClientInfoStatus>of(), e);
        }
        try {
            physical.rememberOriginal(Setting.CLIENT_INFO, "");
            changed().add(Setting.CLIENT_INFO);
            change.make();
        } catch (Throwable t) {
            failed(t);
            throw t;
        } finally {
            exit();
        }
    }

    @Override
    public final void setShardingKey(@Nullable ShardingKey key) throws SQLException {
        changeForGood(
                () -> {
                    physical.raw.setShardingKey(key);
                    return true;
                });
    }

    @Override
    public final void setShardingKey(@Nullable ShardingKey key, @Nullable ShardingKey superKey)
            throws SQLException {
        changeForGood(
                () -> {
                    physical.raw.setShardingKey(key, superKey);
                    return true;
                });
    }

    @Override
    public final boolean setShardingKeyIfValid(@Nullable ShardingKey key, int timeout)
            throws SQLException {
        return changeForGood(() -> physical.raw.setShardingKeyIfValid(key, timeout));
    }

    @Override
    public final boolean setShardingKeyIfValid(
            @Nullable ShardingKey key, @Nullable ShardingKey superKey, int timeout)
            throws SQLException {
        return changeForGood(() -> physical.raw.setShardingKeyIfValid(key, superKey, timeout));
    }

    /* What no getter tells cannot be put back: the connection is closed when it comes back. */
    private interface Change {
        boolean make() throws SQLException;
    }

    private boolean changeForGood(Change change) throws SQLException {
        enter();
        try {
            boolean made = change.make();
            if (made) {
                physical.markSpent();
            }
            return made;
        } catch (Throwable t) {
            failed(t);
            throw t;
        } finally {
            exit();
        }
    }
}
