package evy.db;

import evy.hubs.Hub;
import evy.pools.PoolOptions.Order;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * How many connections a {@link ConnectionPool} has and how it treats them. Immutable; {@code
 * ConnectionPoolOptions.DEFAULT.withMaxSize(20)} changes one thing.
 *
 * @source eventlet {@code db_pool.BaseConnectionPool}, whose arguments and defaults the first five
 *     are
 */
public final class ConnectionPoolOptions {
    /**
     * Up to 4 connections made on demand, the one returned last used first, closed after 10 s idle
     * or 30 s of age; 5 s to connect, 30 s to get one.
     */
    public static final ConnectionPoolOptions DEFAULT = new ConnectionPoolOptions();

    private @Nullable String name;
    private int minSize;
    private int maxSize = 4;
    private Duration maxIdle = Duration.ofSeconds(10);
    private Duration maxAge = Duration.ofSeconds(30);
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration acquireTimeout = Duration.ofSeconds(30);
    private Duration closeTimeout = Duration.ofSeconds(5);
    private Duration validateAfter = Duration.ofMillis(500);
    private Duration validationTimeout = Duration.ofSeconds(5);
    private @Nullable ConnectionTest validation = ConnectionTest.IS_VALID;
    private Duration leakThreshold = Duration.ZERO;
    private ConnectionBody<SQLException> initializer = _ -> {};
    private @Nullable ConnectionBody<?> cleanup;
    private Predicate<SQLException> fatal = _ -> false;
    private Order order = Order.LIFO;
    private @Nullable Hub hub;

    private ConnectionPoolOptions() {}

    private ConnectionPoolOptions copy() {
        ConnectionPoolOptions copy = new ConnectionPoolOptions();
        copy.name = name;
        copy.minSize = minSize;
        copy.maxSize = maxSize;
        copy.maxIdle = maxIdle;
        copy.maxAge = maxAge;
        copy.connectTimeout = connectTimeout;
        copy.acquireTimeout = acquireTimeout;
        copy.closeTimeout = closeTimeout;
        copy.validateAfter = validateAfter;
        copy.validationTimeout = validationTimeout;
        copy.validation = validation;
        copy.leakThreshold = leakThreshold;
        copy.initializer = initializer;
        copy.cleanup = cleanup;
        copy.fatal = fatal;
        copy.order = order;
        copy.hub = hub;
        return copy;
    }

    /**
     * What the pool is called in messages, statistics and metrics. Default {@code db-N}.
     *
     * @param newName without secrets: it is logged
     * @return other options
     */
    public ConnectionPoolOptions withName(String newName) {
        ConnectionPoolOptions copy = copy();
        copy.name = Objects.requireNonNull(newName, "newName");
        return copy;
    }

    /**
     * How many connections are kept open. They are begun with the pool, in the background; {@link
     * ConnectionPool#fill} waits for them. Those that age out or break are replaced. {@link
     * #withMaxIdle} leaves so many. Default 0.
     *
     * @param count at most {@link #withMaxSize}, which is raised if it is less
     * @return other options
     * @throws IllegalArgumentException if it is negative
     */
    public ConnectionPoolOptions withMinSize(int count) {
        ConnectionPoolOptions copy = copy();
        copy.minSize = notNegative("minSize", count);
        copy.maxSize = Math.max(maxSize, count);
        return copy;
    }

    /**
     * How many connections there may be at once, those being made and being closed included.
     * Default 4.
     *
     * @param count at least 1; {@link #withMinSize} is lowered if it is more
     * @return other options
     * @throws IllegalArgumentException if it is less than 1
     */
    public ConnectionPoolOptions withMaxSize(int count) {
        ConnectionPoolOptions copy = copy();
        copy.maxSize = checkMaxSize(count);
        copy.minSize = Math.min(minSize, count);
        return copy;
    }

    static int checkMaxSize(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("maxSize must be >= 1: " + count);
        }
        return count;
    }

    /**
     * How long a connection may be idle in the pool before it is closed. Default 10 s.
     *
     * @param idle zero closes each on its return
     * @return other options
     * @throws IllegalArgumentException if it is negative
     */
    public ConnectionPoolOptions withMaxIdle(Duration idle) {
        ConnectionPoolOptions copy = copy();
        copy.maxIdle = notNegative("maxIdle", idle);
        return copy;
    }

    /**
     * How old a connection may become, from its creation. One that is out is closed when it comes
     * back. Default 30 s.
     *
     * @param age zero closes each on its return
     * @return other options
     * @throws IllegalArgumentException if it is negative
     */
    public ConnectionPoolOptions withMaxAge(Duration age) {
        ConnectionPoolOptions copy = copy();
        copy.maxAge = notNegative("maxAge", age);
        return copy;
    }

    /**
     * How long it may take to make a connection, {@link #withInitializer} included. Default 5 s.
     *
     * @param timeout positive
     * @return other options
     * @throws IllegalArgumentException if it is not positive
     */
    public ConnectionPoolOptions withConnectTimeout(Duration timeout) {
        ConnectionPoolOptions copy = copy();
        copy.connectTimeout = positive("connectTimeout", timeout);
        return copy;
    }

    /**
     * How long a caller waits for a connection. Default 30 s.
     *
     * @param timeout positive
     * @return other options
     * @throws IllegalArgumentException if it is not positive
     */
    public ConnectionPoolOptions withAcquireTimeout(Duration timeout) {
        ConnectionPoolOptions copy = copy();
        copy.acquireTimeout = positive("acquireTimeout", timeout);
        return copy;
    }

    /**
     * How long it may take to reset a connection that is returned, and how long to close one: after
     * that it is {@linkplain java.sql.Connection#abort aborted}. Default 5 s.
     *
     * @param timeout positive
     * @return other options
     * @throws IllegalArgumentException if it is not positive
     */
    public ConnectionPoolOptions withCloseTimeout(Duration timeout) {
        ConnectionPoolOptions copy = copy();
        copy.closeTimeout = positive("closeTimeout", timeout);
        return copy;
    }

    /**
     * How long a connection may have been idle and yet be handed out without being tested. Default
     * 500 ms.
     *
     * @param idle zero tests each time
     * @return other options
     * @throws IllegalArgumentException if it is negative
     */
    public ConnectionPoolOptions withValidateAfter(Duration idle) {
        ConnectionPoolOptions copy = copy();
        copy.validateAfter = notNegative("validateAfter", idle);
        return copy;
    }

    /**
     * How long a test may take; one that takes longer has failed. Default 5 s.
     *
     * @param timeout positive
     * @return other options
     * @throws IllegalArgumentException if it is not positive
     */
    public ConnectionPoolOptions withValidationTimeout(Duration timeout) {
        ConnectionPoolOptions copy = copy();
        copy.validationTimeout = positive("validationTimeout", timeout);
        return copy;
    }

    /**
     * How a connection is tested that has been idle for a while, or that failed in a way that may
     * have left it unusable. Default {@link java.sql.Connection#isValid}.
     *
     * @param test how; null for never
     * @return other options
     */
    public ConnectionPoolOptions withValidation(@Nullable ConnectionTest test) {
        ConnectionPoolOptions copy = copy();
        copy.validation = test;
        return copy;
    }

    /**
     * After what time a connection that is out is reported with the place it was borrowed at, once,
     * to the {@link System.Logger} {@code evy.db}. Default zero: never, and the place is not
     * recorded, which costs microseconds.
     *
     * @param threshold zero turns it off
     * @return other options
     * @throws IllegalArgumentException if it is negative
     */
    public ConnectionPoolOptions withLeakThreshold(Duration threshold) {
        ConnectionPoolOptions copy = copy();
        copy.leakThreshold = notNegative("leakThreshold", threshold);
        return copy;
    }

    /**
     * What is done with each new connection before its first use. What it sets, such as the
     * isolation or the schema, is what a connection is reset to when it comes back.
     *
     * @param body gets the driver's own connection; if it fails, connecting has failed
     * @return other options
     */
    public ConnectionPoolOptions withInitializer(ConnectionBody<SQLException> body) {
        ConnectionPoolOptions copy = copy();
        copy.initializer = Objects.requireNonNull(body, "body");
        return copy;
    }

    /**
     * What is done with each connection that comes back, instead of a rollback of its open
     * transaction. If it fails, the connection is closed.
     *
     * @param body gets the driver's own connection
     * @return other options
     */
    public ConnectionPoolOptions withCleanup(ConnectionBody<?> body) {
        ConnectionPoolOptions copy = copy();
        copy.cleanup = Objects.requireNonNull(body, "body");
        return copy;
    }

    /**
     * Which exceptions, besides those that the pool knows by their SQL state and class, say that
     * the connection is broken.
     *
     * @param test true for such exceptions; must not block
     * @return other options
     */
    public ConnectionPoolOptions withFatal(Predicate<SQLException> test) {
        ConnectionPoolOptions copy = copy();
        copy.fatal = Objects.requireNonNull(test, "test");
        return copy;
    }

    /**
     * Which idle connection is used next. Default {@link Order#LIFO}: surplus ones age out.
     *
     * @param newOrder LIFO or FIFO
     * @return other options
     */
    public ConnectionPoolOptions withOrder(Order newOrder) {
        ConnectionPoolOptions copy = copy();
        copy.order = Objects.requireNonNull(newOrder, "newOrder");
        return copy;
    }

    /**
     * The hub that connects, closes and keeps the time for the pool. Default: the current one when
     * the pool is made.
     *
     * @param home the hub
     * @return other options
     */
    public ConnectionPoolOptions withHub(Hub home) {
        ConnectionPoolOptions copy = copy();
        copy.hub = Objects.requireNonNull(home, "home");
        return copy;
    }

    @Nullable String name() {
        return name;
    }

    int minSize() {
        return minSize;
    }

    int maxSize() {
        return maxSize;
    }

    long maxIdleNanos() {
        return nanos(maxIdle);
    }

    long maxAgeNanos() {
        return nanos(maxAge);
    }

    Duration connectTimeout() {
        return connectTimeout;
    }

    Duration acquireTimeout() {
        return acquireTimeout;
    }

    Duration closeTimeout() {
        return closeTimeout;
    }

    long validateAfterNanos() {
        return nanos(validateAfter);
    }

    Duration validationTimeout() {
        return validationTimeout;
    }

    @Nullable ConnectionTest validation() {
        return validation;
    }

    long leakThresholdNanos() {
        return nanos(leakThreshold);
    }

    ConnectionBody<SQLException> initializer() {
        return initializer;
    }

    @Nullable ConnectionBody<?> cleanup() {
        return cleanup;
    }

    Predicate<SQLException> fatal() {
        return fatal;
    }

    boolean isLifo() {
        return order == Order.LIFO;
    }

    @Nullable Hub hub() {
        return hub;
    }

    /* So long that nobody lives to see it, and yet a sum with the clock does not wrap round. */
    private static long nanos(Duration duration) {
        return Math.min(Hub.saturatedNanos(duration), Long.MAX_VALUE / 4);
    }

    private static int notNegative(String what, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " must be >= 0: " + value);
        }
        return value;
    }

    private static Duration notNegative(String what, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(what + " must be >= 0: " + value);
        }
        return value;
    }

    private static Duration positive(String what, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(what + " must be > 0: " + value);
        }
        return value;
    }
}
