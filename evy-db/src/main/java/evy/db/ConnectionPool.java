package evy.db;

import evy.Evy;
import evy.GreenThread;
import evy.hubs.Hub;
import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.lang.ref.Reference;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;

import javax.sql.DataSource;

/**
 * JDBC connections to one database, shared by many green threads: {@link #getConnection} takes an
 * idle one, makes one if there may be more, and otherwise waits until one is returned.
 *
 * {@snippet :
 * var pool = ConnectionPool.open("jdbc:postgresql://localhost/shop", properties,
 *         ConnectionPoolOptions.DEFAULT.withMaxSize(20));
 * try (var connection = pool.getConnection();
 *         var statement = connection.createStatement()) {
 *     statement.execute("...");
 * }
 * int rows = pool.transaction(c -> update(c)); // commits, or rolls back if update fails
 * }
 *
 * @thread any
 * @source eventlet {@code db_pool}
 */
public abstract sealed class ConnectionPool implements DataSource, AutoCloseable
        permits RawConnectionPool, TpooledConnectionPool {
    static final System.Logger LOGGER = System.getLogger("evy.db");

    private static final AtomicLong NUMBER = new AtomicLong();

    private final ConnectionFactory factory;
    private final ConnectionPoolOptions options;
    private final String name;
    private final Stock stock;
    private final boolean traced;

    // any thread
    private final AtomicLong connectionNumber = new AtomicLong();
    private final Queue<AutoCloseable> beans = new ConcurrentLinkedQueue<>();

    @SuppressWarnings("this-escape") // the stock only keeps it until begin()
    ConnectionPool(ConnectionFactory factory, ConnectionPoolOptions options) {
        this.factory = Objects.requireNonNull(factory, "factory");
        this.options = options;
        String given = options.name();
        this.name = given == null ? "db-" + NUMBER.incrementAndGet() : given;
        this.traced = options.leakThresholdNanos() > 0;
        this.stock = new Stock(this, options);
    }

    /** Makes a connection the way of the flavour. */
    abstract Connection connect(ConnectionFactory from) throws SQLException;

    final Connection connect() throws SQLException {
        return Objects.requireNonNull(connect(factory), () -> this + ": its factory returned null");
    }

    /** Called as the last step of construction. */
    final void begin() {
        stock.begin();
    }

    final ConnectionPoolOptions options() {
        return options;
    }

    /** Those that are idle, for tests. */
    final List<PhysicalConnection> idle() {
        return stock.idle();
    }

    final long nextNumber() {
        return connectionNumber.incrementAndGet();
    }

    /**
     * Opens a pool for an address: a {@link TpooledConnectionPool} if its driver is known to be
     * native code ({@code jdbc:sqlite:}, {@code jdbc:duckdb:}), else a {@link RawConnectionPool}.
     *
     * @param url as for {@link java.sql.DriverManager}
     * @param properties what the driver takes, such as {@code user} and {@code password}; copied
     * @param options how many connections and how they are treated
     * @return an open pool; close it
     * @throws IllegalArgumentException if no driver takes the address
     */
    public static ConnectionPool open(
            String url, Properties properties, ConnectionPoolOptions options) {
        return url.startsWith("jdbc:sqlite:") || url.startsWith("jdbc:duckdb:")
                ? new TpooledConnectionPool(url, properties, options)
                : new RawConnectionPool(url, properties, options);
    }

    /**
     * Borrows a connection, for {@code try} with resources. Its {@code close} returns it; it is
     * dead then, and so are its statements and whatever else came of it.
     *
     * @checkpoint if it must wait, or test a connection that has been idle for long
     * @return a connection
     * @throws java.sql.SQLTransientConnectionException if there was none in the time of {@link
     *     ConnectionPoolOptions#withAcquireTimeout}, or if connecting failed; the message has the
     *     figures, the cause is the last failure to connect
     * @throws ConnectTimeoutException if connecting took too long
     * @throws java.sql.SQLNonTransientConnectionException if the pool is closed, or the server
     *     refuses the credentials
     */
    @Override
    public Connection getConnection() throws SQLException {
        return getConnection(options.acquireTimeout());
    }

    /**
     * Borrows a connection, waiting so long at most; otherwise as {@link #getConnection()}.
     *
     * @checkpoint as {@link #getConnection()}
     * @param timeout longest wait; zero or less takes one that is idle or none
     * @return a connection
     * @throws SQLException as {@link #getConnection()}
     */
    public Connection getConnection(Duration timeout) throws SQLException {
        long start = stock.now();
        long nanos = Hub.saturatedNanos(timeout);
        long now = start;
        while (true) {
            PhysicalConnection connection =
                    stock.take(nanos == Waiter.FOREVER ? nanos : nanos - (now - start), now);
            BorrowedConnection handle = lend(connection, now);
            if (handle != null) {
                return handle;
            }
            now = stock.now();
        }
    }

    /**
     * Not supported: all connections of a pool are the same user's.
     *
     * @throws SQLFeatureNotSupportedException always
     */
    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException(
                this + ": its connections are all one user's; make a pool for each user");
    }

    /**
     * The same as {@link #getConnection()}, in the word of {@link evy.pools.Pool}.
     *
     * @checkpoint as {@link #getConnection()}
     * @return a connection, to be closed or {@link #put}
     * @throws SQLException as {@link #getConnection()}
     */
    public Connection get() throws SQLException {
        return getConnection();
    }

    /* Null if it was found to be of no use. The time may be from before the wait: no matter. */
    private @Nullable BorrowedConnection lend(PhysicalConnection connection, long askedNanos)
            throws SQLException {
        BorrowedConnection handle = null;
        try {
            if (!connection.isToBeTested(askedNanos) || connection.isUsable()) {
                handle = traced ? lendTraced(connection) : connection.lend(null, 0);
            }
            return handle;
        } finally {
            if (handle == null) {
                stock.discard(connection);
            }
        }
    }

    private BorrowedConnection lendTraced(PhysicalConnection connection) throws SQLException {
        long now = stock.now();
        BorrowedConnection handle =
                connection.lend(new Throwable(Thread.currentThread().toString()), now);
        stock.watchLoan(now);
        return handle;
    }

    /** Ends the life of a handle and takes the connection back. Throws errors only. */
    final void putBack(BorrowedConnection handle, @Nullable ConnectionBody<?> cleanup) {
        if (!handle.end()) {
            return;
        }
        PhysicalConnection connection = handle.physical;
        try {
            connection.loan = null;
        } finally {
            Reference.reachabilityFence(handle); // so that it cannot be taken for dropped before
        }
        boolean fit = false;
        try {
            fit = connection.reset(handle, cleanup == null ? options.cleanup() : cleanup);
        } finally {
            stock.putBack(connection, fit);
        }
    }

    /* Takes off what others may have wrapped around a handle. */
    private BorrowedConnection own(Connection connection) {
        Connection handle = connection;
        try {
            if (!(handle instanceof BorrowedConnection)
                    && handle.isWrapperFor(BorrowedConnection.class)) {
                handle = handle.unwrap(BorrowedConnection.class);
            }
        } catch (SQLException e) {
            throw new IllegalArgumentException(
                    this + ": not one of its connections: " + connection, e);
        }
        if (handle instanceof BorrowedConnection own && own.physical.pool == this) {
            return own;
        }
        throw new IllegalArgumentException(this + ": not one of its connections: " + connection);
    }

    /** Takes back what a handle was dropped for. */
    final void reclaim(Loan loan) {
        stock.reclaim(loan);
    }

    /**
     * Returns a connection; the same as its {@code close}.
     *
     * @checkpoint if there is something to roll back or to reset
     * @param connection from this pool, or null: one that is out is declared dead, its handle is
     *     lost, and there is room for a new one
     * @throws IllegalStateException if null is given and none is out
     * @throws IllegalArgumentException if it is another pool's or no pool's
     */
    public void put(@Nullable Connection connection) {
        if (connection == null) {
            stock.writeOff();
        } else {
            putBack(own(connection), null);
        }
    }

    /**
     * Returns a connection with a clean-up of its own, instead of the pool's.
     *
     * @checkpoint as {@code cleanup}
     * @param connection from this pool
     * @param cleanup gets the driver's own connection; if it fails, the connection is closed
     * @throws IllegalArgumentException if it is another pool's or no pool's
     */
    public void put(Connection connection, ConnectionBody<?> cleanup) {
        putBack(own(connection), Objects.requireNonNull(cleanup, "cleanup"));
    }

    /**
     * Returns a connection that is not to be used again: it is closed, and there is room for a new
     * one.
     *
     * @param connection from this pool
     * @throws IllegalArgumentException if it is another pool's or no pool's
     */
    public void discard(Connection connection) {
        BorrowedConnection handle = own(connection);
        handle.physical.markBroken();
        putBack(handle, null);
    }

    /**
     * Borrows a connection for one call.
     *
     * @checkpoint as {@link #getConnection()} and {@code call}
     * @param <T> type of the result
     * @param <X> what {@code call} throws besides SQL exceptions
     * @param call what to do
     * @return its result
     * @throws SQLException as {@link #getConnection()} and {@code call}
     * @throws X what {@code call} throws
     */
    public <T extends @Nullable Object, X extends Exception> T use(ConnectionCall<T, X> call)
            throws SQLException, X {
        try (Connection connection = getConnection()) {
            return call.call(connection);
        }
    }

    /**
     * Borrows a connection for something without a result; otherwise as {@link #use}.
     *
     * @checkpoint as {@link #getConnection()} and {@code body}
     * @param <X> what {@code body} throws besides SQL exceptions
     * @param body what to do
     * @throws SQLException as {@link #getConnection()} and {@code body}
     * @throws X what {@code body} throws
     */
    public <X extends Exception> void run(ConnectionBody<X> body) throws SQLException, X {
        try (Connection connection = getConnection()) {
            body.run(connection);
        }
    }

    /**
     * Makes a call in a transaction of its own: committed if it returns, rolled back if it ends by
     * anything thrown, a kill or a timeout as well.
     *
     * <p>A transaction within a transaction is another one, on another connection, which neither
     * sees what the outer has not committed nor is rolled back with it. To do more in the same one,
     * pass the connection on; for a part that may fail alone, use a {@link java.sql.Savepoint}.
     *
     * @checkpoint as {@link #getConnection()} and {@code call}
     * @param <T> type of the result
     * @param <X> what {@code call} throws besides SQL exceptions
     * @param call what to do
     * @return its result
     * @throws SQLException as {@link #getConnection()} and {@code call}, or if the commit fails
     * @throws X what {@code call} throws; if rolling back fails, too, that is suppressed by it
     */
    public <T extends @Nullable Object, X extends Exception> T transaction(
            ConnectionCall<T, X> call) throws SQLException, X {
        try (Connection connection = getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = call.call(connection);
                connection.commit();
                return result;
            } catch (Throwable t) {
                rollBack(connection, t);
                throw t;
            }
        }
    }

    private static void rollBack(Connection connection, Throwable failure) {
        try {
            if (!connection.isClosed()) {
                connection.rollback();
            }
        } catch (Throwable t) {
            if (t != failure) {
                failure.addSuppressed(t);
            }
        }
    }

    /**
     * Does something without a result in a transaction of its own; otherwise as {@link
     * #transaction}.
     *
     * @checkpoint as {@link #getConnection()} and {@code body}
     * @param <X> what {@code body} throws besides SQL exceptions
     * @param body what to do
     * @throws SQLException as {@link #transaction}
     * @throws X what {@code body} throws
     */
    public <X extends Exception> void runTransaction(ConnectionBody<X> body)
            throws SQLException, X {
        this.<@Nullable Void, X>transaction(
                connection -> {
                    body.run(connection);
                    return null;
                });
    }

    /**
     * Waits until there are as many connections as {@link ConnectionPoolOptions#withMinSize} says.
     *
     * @checkpoint if there are less
     * @throws SQLException if one cannot be made
     */
    public void fill() throws SQLException {
        stock.fill();
    }

    /**
     * Closes all idle connections, in the background; new ones are made when they are needed. Those
     * that are out stay with the pool.
     */
    public void clear() {
        stock.clear();
    }

    /**
     * Changes how many connections there may be. Who waits gets new ones at once; those that are
     * too many are closed when they are idle.
     *
     * @param newMaxSize at least 1
     * @throws IllegalArgumentException if it is less than 1
     */
    public void resize(int newMaxSize) {
        stock.resize(ConnectionPoolOptions.checkMaxSize(newMaxSize));
    }

    /** {@return how many connections there may be} */
    public int maxSize() {
        return stock.maxSize();
    }

    /**
     * How many connections can be had without waiting for one to be returned.
     *
     * @return idle ones and those that can be made; negative if too many are out since the pool
     *     became smaller
     */
    public int free() {
        return stock.free();
    }

    /** {@return how many wait for a connection} */
    public int waiting() {
        return stock.waiting();
    }

    /** {@return what it is called in messages, statistics and metrics} */
    public String name() {
        return name;
    }

    /** {@return the figures} */
    public PoolStatistics statistics() {
        return stock.statistics();
    }

    /**
     * Shows the figures over JMX, as {@code evy.db:type=ConnectionPool,name=...}, until the result
     * or the pool is closed. Needs the module {@code java.management}.
     *
     * @return to be closed to end it
     * @throws IllegalStateException if another pool of this name is shown already
     */
    public AutoCloseable registerMBean() {
        AutoCloseable registration = PoolBean.register(this);
        beans.add(registration);
        return registration;
    }

    /**
     * Closes the pool: idle connections now, those that are out when they are returned. Who waits
     * for one gets an exception. Waits until the idle ones are closed. Idempotent.
     *
     * @checkpoint if there are idle connections
     */
    @Override
    public void close() {
        shutDown();
        stock.awaitClosed(false, Waiter.FOREVER);
    }

    /**
     * Closes the pool and waits until all connections are returned; those that are still out at the
     * end of the time are {@linkplain Connection#abort aborted}. An interrupt ends the wait as the
     * time does, and it is in the background then that they are aborted.
     *
     * @checkpoint if there are connections
     * @param timeout longest wait; zero or less aborts at once
     * @return false if some had to be aborted
     */
    public boolean close(Duration timeout) {
        shutDown();
        if (stock.awaitClosed(true, Hub.saturatedNanos(timeout))) {
            return true;
        }
        List<GreenThread<@Nullable Void>> aborts = new ArrayList<>();
        for (PhysicalConnection connection : stock.out()) {
            connection.markBroken();
            aborts.add(Evy.spawn(stock.home(), connection::abort));
        }
        if (Thread.currentThread().isInterrupted()) {
            return false;
        }
        aborts.forEach(GreenThread::join);
        stock.awaitClosed(false, Waiter.FOREVER);
        return false;
    }

    private void shutDown() {
        stock.shutDown();
        for (AutoCloseable bean = beans.poll(); bean != null; bean = beans.poll()) {
            try {
                bean.close();
            } catch (Exception e) {
                LOGGER.log(System.Logger.Level.DEBUG, this + ": cannot end what JMX shows", e);
            }
        }
    }

    /** {@return true once it is closed} */
    public boolean isClosed() {
        return stock.isClosed();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    /**
     * Not supported: what there is to say goes to the {@link System.Logger} {@code evy.db}.
     *
     * @throws SQLFeatureNotSupportedException always
     */
    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException(
                this + " logs to the System.Logger evy.db; configure that");
    }

    /**
     * Not supported: see {@link ConnectionPoolOptions#withConnectTimeout}.
     *
     * @throws SQLFeatureNotSupportedException always
     */
    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        throw new SQLFeatureNotSupportedException(
                this + ": use ConnectionPoolOptions.withConnectTimeout");
    }

    @Override
    public int getLoginTimeout() {
        return (int) Math.min(options.connectTimeout().toSeconds(), Integer.MAX_VALUE);
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException(
                this + " logs to the System.Logger evy.db, which need not be of java.util.logging");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new SQLException(this + " wraps no " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }

    @Override
    public String toString() {
        return "pool '" + name + "'";
    }
}
