package evy.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLXML;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import javax.management.ObjectName;
import javax.sql.DataSource;

/** What a pool refuses, what it shows, and what drivers do that they should not. */
@ExtendWith(LeakCheckExtension.class)
class PoolEdgesTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final ConnectionPoolOptions OPTIONS =
            ConnectionPoolOptions.DEFAULT.withName("edges").withMaxIdle(HOUR).withMaxAge(HOUR);

    private final FakeDriver driver = new FakeDriver();

    private interface PoolBody {
        void run(ConnectionPool pool) throws Exception;
    }

    private void with(ConnectionPoolOptions options, PoolBody body) throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        try (var pool = new RawConnectionPool(driver, options)) {
                            body.run(pool);
                        }
                    });
        }
        assertThat(driver.open()).as("left open").isZero();
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(
                        PoolEdgesTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static void fail(String message) throws SQLException {
        throw new SQLException(message);
    }

    // as a data source

    @Test
    void dataSource_whatOptionsAreFor_isRefused() throws Exception {
        with(
                OPTIONS.withConnectTimeout(Duration.ofSeconds(7)),
                pool -> {
                    for (ThrowingCallable call :
                            List.<ThrowingCallable>of(
                                    () -> pool.getConnection("user", "password"),
                                    () -> pool.setLogWriter(null),
                                    () -> pool.setLoginTimeout(1),
                                    pool::getParentLogger)) {
                        assertThatThrownBy(call)
                                .isInstanceOf(SQLFeatureNotSupportedException.class)
                                .hasMessageContaining("edges");
                    }
                    assertThat(pool.getLogWriter()).isNull();
                    assertThat(pool.getLoginTimeout()).isEqualTo(7);
                    assertThat(pool.isWrapperFor(ConnectionPool.class)).isTrue();
                    assertThat(pool.unwrap(DataSource.class)).isSameAs(pool);
                    assertThat(pool.isWrapperFor(String.class)).isFalse();
                    assertThatThrownBy(() -> pool.unwrap(String.class))
                            .isInstanceOf(SQLException.class)
                            .hasMessageContaining("wraps no java.lang.String");
                });
    }

    @Test
    void discard_connection_isClosedAndReplaced() throws Exception {
        with(
                OPTIONS.withMaxSize(1),
                pool -> {
                    pool.discard(pool.get());
                    pool.put(pool.get());

                    assertThat(driver.made).hasSize(2);
                    assertThat(driver.made.getFirst().aborted).isTrue();
                });
    }

    @Test
    void put_whatFailsToUnwrap_isRefused() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    Connection ill =
                            proxy(
                                    Connection.class,
                                    (_, method, _) -> {
                                        if (method.getName().equals("isWrapperFor")) {
                                            throw new SQLException("ill");
                                        }
                                        return "ill";
                                    });

                    assertThatThrownBy(() -> pool.put(ill))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("not one of its connections")
                            .hasRootCauseMessage("ill");
                });
    }

    @Test
    void pools_ofADataSource_takeItsConnections() throws Exception {
        DataSource source =
                proxy(
                        DataSource.class,
                        (_, method, _) ->
                                method.getName().equals("getConnection") ? driver.connect() : null);
        for (ConnectionPool pool :
                List.of(
                        new RawConnectionPool(source, OPTIONS),
                        new TpooledConnectionPool(source, OPTIONS))) {
            try (pool;
                    Connection connection = pool.getConnection()) {
                assertThat(connection.isValid(1)).isTrue();
            }
        }
        assertThat(driver.made).hasSize(2);
        assertThat(driver.open()).isZero();
    }

    // JMX

    @Test
    void mBean_everyFigure_isThatOfTheStatistics() throws Exception {
        var server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("evy.db:type=ConnectionPool,name=\"edges\"");
        try (var pool = new RawConnectionPool(driver, OPTIONS)) {
            pool.getConnection().close();
            AutoCloseable registration = pool.registerMBean();
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.isClosed()).isFalse();
                var figures = pool.statistics();
                Object[][] expected = {
                    {"Total", figures.total()},
                    {"Idle", figures.idle()},
                    {"Connecting", figures.connecting()},
                    {"Closing", figures.closing()},
                    {"Waiting", figures.waiting()},
                    {"Borrowed", figures.borrowed()},
                    {"Created", figures.created()},
                    {"Closed", figures.closed()},
                    {"Broken", figures.broken()},
                    {"Leaked", figures.leaked()},
                    {"ConnectFailures", figures.connectFailures()},
                    {"Timeouts", figures.timeouts()},
                    {"MaxSize", pool.maxSize()},
                };
                for (Object[] figure : expected) {
                    assertThat(server.getAttribute(name, (String) figure[0]))
                            .as((String) figure[0])
                            .isEqualTo(figure[1]);
                }
                assertThat(figures.borrowed()).isEqualTo(2);
            }
            server.invoke(name, "clear", new Object[0], new String[0]);
            registration.close();
            pool.getConnection().close();

            assertThat(driver.made).as("cleared").hasSize(2);
        }
    }

    // options

    @Test
    void options_outOfRange_areRefused() {
        ConnectionPoolOptions usual = ConnectionPoolOptions.DEFAULT;
        for (ThrowingCallable call :
                List.<ThrowingCallable>of(
                        () -> usual.withMaxSize(0),
                        () -> usual.withMinSize(-1),
                        () -> usual.withMaxIdle(Duration.ofSeconds(-1)),
                        () -> usual.withConnectTimeout(Duration.ZERO))) {
            assertThatThrownBy(call)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(" must be >");
        }
    }

    @Test
    void hub_given_worksForThePool() throws Exception {
        Hub hub = Hub.open();
        try (var pool = new RawConnectionPool(driver, OPTIONS.withHub(hub))) {
            driver.on(
                    "connect",
                    _ -> assertThat(Hub.currentOrNull()).as("who connects").isSameAs(hub));
            pool.getConnection().close();

            assertThat(driver.made).hasSize(1);
        } finally {
            hub.close();
        }
    }

    @Test
    void hub_ofThePoolHasClosed_theDefaultOneTakesOver() throws Exception {
        Hub hub = Hub.open();
        try (var pool = new RawConnectionPool(driver, OPTIONS.withHub(hub).withMaxSize(2))) {
            pool.getConnection().close();
            hub.close();
            try (Connection one = pool.getConnection();
                    Connection another = pool.getConnection()) {
                assertThat(one.isClosed() || another.isClosed()).isFalse();
            }
            assertThat(driver.made).hasSize(2);
        }
    }

    // tests of connections

    @Test
    void validation_byQuery_runsItWithItsTimeout() throws Exception {
        with(
                OPTIONS.withValidateAfter(Duration.ZERO)
                        .withValidation(ConnectionTest.query("SELECT 1")),
                pool -> {
                    pool.getConnection().close();
                    Evy.sleep(Duration.ofSeconds(1));
                    pool.getConnection().close();

                    assertThat(driver.made).hasSize(1);
                    assertThat(driver.last().children).hasSize(1);
                    assertThat(driver.last().children.getFirst().calls)
                            .containsExactly("setQueryTimeout", "execute", "close");
                });
    }

    @Test
    void validation_throws_isReplaced() throws Exception {
        with(
                OPTIONS.withValidateAfter(Duration.ZERO)
                        .withValidation((connection, limit) -> connection.getMetaData() == null),
                pool -> {
                    driver.on("getMetaData", _ -> fail("ill"));
                    pool.getConnection().close();
                    Evy.sleep(Duration.ofSeconds(1));
                    pool.getConnection().close();

                    assertThat(driver.made).hasSize(2);
                });
    }

    @Test
    void validation_none_testsNothing() throws Exception {
        with(
                OPTIONS.withValidateAfter(Duration.ZERO).withValidation(null),
                pool -> {
                    pool.getConnection().close();
                    Evy.sleep(Duration.ofSeconds(1));
                    pool.getConnection().close();

                    assertThat(driver.made).hasSize(1);
                    assertThat(driver.last().calls).doesNotContain("isValid");
                });
    }

    @Test
    void fatal_asTheOptionsSay_isReplaced() throws Exception {
        with(
                OPTIONS.withFatal(e -> "odd".equals(e.getMessage())),
                pool -> {
                    driver.on("commit", _ -> fail("odd"));
                    try (Connection connection = pool.getConnection()) {
                        assertThatThrownBy(connection::commit).hasMessage("odd");
                    }
                    pool.getConnection().close();

                    assertThat(driver.made).hasSize(2);
                });
    }

    // what drivers do

    @Test
    void calls_thatFail_passTheDriversException() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    for (String method : List.of("commit", "rollback", "isValid", "isClosed")) {
                        driver.on(method, _ -> fail(method));
                    }
                    Connection connection = pool.getConnection();
                    assertThatThrownBy(connection::commit).hasMessage("commit");
                    assertThatThrownBy(connection::rollback).hasMessage("rollback");
                    assertThatThrownBy(() -> connection.isValid(1)).hasMessage("isValid");
                    assertThatThrownBy(connection::isClosed).hasMessage("isClosed");
                    driver.scripts.clear();
                    connection.close();
                    connection.abort(Runnable::run); // it is the pool's again: nothing happens

                    assertThat(connection.isValid(1)).isFalse();
                    assertThat(connection.isClosed()).isTrue();
                    assertThat(driver.last().aborted).isFalse();
                });
    }

    @Test
    void setting_wasUnset_cannotBePutBackSoTheConnectionIsClosed() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    driver.on("connect", fake -> fake.settings.put("Catalog", null));
                    try (Connection connection = pool.getConnection()) {
                        connection.setCatalog("another");
                    }
                    pool.getConnection().close();

                    assertThat(driver.made).hasSize(2);
                });
    }

    @Test
    void setting_thatCannotBeRead_isNotLentAgain() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    driver.on("getCatalog", _ -> fail("no"));
                    try (Connection connection = pool.getConnection()) {
                        connection.setCatalog("another");
                    }
                    pool.getConnection().close();

                    assertThat(driver.made).hasSize(2);
                });
    }

    @Test
    void reset_hangs_connectionIsClosed() throws Exception {
        with(
                OPTIONS.withCloseTimeout(Duration.ofSeconds(1)),
                pool -> {
                    try (Connection connection = pool.getConnection()) {
                        connection.setAutoCommit(false);
                        connection.createStatement().execute("x");
                        driver.on("rollback", _ -> Evy.sleep(HOUR));
                    }
                    driver.scripts.clear();
                    pool.getConnection().close();

                    assertThat(driver.made).hasSize(2);
                });
    }

    @Test
    void discard_ofWhatCannotEvenBeClosed_isSilent() {
        driver.on("abort", _ -> fail("abort"));
        driver.on("close", _ -> fail("close"));

        assertThatCode(() -> PhysicalConnection.discard(driver.connect()))
                .doesNotThrowAnyException();
        assertThat(driver.last().calls).containsExactly("abort", "close");
    }

    @Test
    void getConnection_interrupted_saysSoAndStaysInterrupted() throws Exception {
        try (var pool = new RawConnectionPool(driver, OPTIONS.withMaxSize(1));
                Connection held = pool.getConnection()) {
            var waiting = new CountDownLatch(1);
            var task =
                    new FutureTask<>(
                            () -> {
                                waiting.countDown();
                                assertThatThrownBy(pool::getConnection)
                                        .isInstanceOf(SQLTransientConnectionException.class)
                                        .hasMessageContaining("interrupted after waiting");
                                return Thread.currentThread().isInterrupted();
                            });
            Thread thread = new Thread(task, "interrupted");
            thread.start();
            assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
            thread.interrupt();

            assertThat(task.get(20, TimeUnit.SECONDS)).isTrue();
            thread.join();
            assertThat(held.isClosed()).isFalse();
        }
    }

    @Test
    void driver_thatMakesNoConnection_isNamed() throws Exception {
        Driver none =
                proxy(
                        Driver.class,
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "acceptsURL" ->
                                            ((String) arguments[0]).startsWith("jdbc:edges:");
                                    case "equals" -> proxy == arguments[0];
                                    case "hashCode" -> 1;
                                    case "toString" -> "none";
                                    default -> null;
                                });
        DriverManager.registerDriver(none);
        try (var pool = new RawConnectionPool("jdbc:edges:secret")) {
            assertThatThrownBy(pool::getConnection)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("does not connect to")
                    .hasMessageNotContaining("secret");
        } finally {
            DriverManager.deregisterDriver(none);
        }
    }

    // what values are

    @Test
    void lend_ofEveryTypeOfJdbc_isWrapped() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    try (Connection connection = pool.getConnection();
                            Statement statement = connection.createStatement()) {
                        for (Class<?> type :
                                List.of(
                                        ResultSet.class,
                                        NClob.class,
                                        Clob.class,
                                        Blob.class,
                                        Array.class,
                                        SQLXML.class,
                                        Ref.class)) {
                            Object raw = driver.new Fake(null, type).proxy;
                            Object lent = Borrowed.lend(raw, (Borrowed) statement);

                            assertThat(Borrowed.typeOf(raw)).isSameAs(type);
                            assertThat(lent).isInstanceOf(type).isNotSameAs(raw);
                            assertThat(Borrowed.unwrapped(lent)).isSameAs(raw);
                        }
                        assertThat(Borrowed.lend("text", (Borrowed) statement)).isEqualTo("text");
                        assertThat(Borrowed.lend(this, (Borrowed) statement)).isSameAs(this);
                        assertThatThrownBy(() -> statement.unwrap(Ref.class))
                                .isInstanceOf(SQLException.class);
                    }
                });
    }

    @Test
    void severity_ofErrors_dependsOnWhoseTheyAre() {
        assertThat(Severity.of(new NoSuchMethodError(), _ -> false)).isEqualTo(Severity.SUSPICIOUS);
        assertThat(Severity.of(new IllegalStateException(), _ -> false))
                .isEqualTo(Severity.SUSPICIOUS);
        assertThat(Severity.of(new AssertionError(), _ -> false)).isEqualTo(Severity.FATAL);
        assertThat(Severity.of(new SQLException("x"), _ -> false)).isEqualTo(Severity.HARMLESS);
    }

    @Test
    void refusal_withoutACause_saysThatNoneIsKnown() throws Exception {
        with(
                OPTIONS,
                pool ->
                        assertThat(
                                        (Exception)
                                                Refusal.failed(null)
                                                        .exception(pool, Duration.ZERO, "()"))
                                .isInstanceOf(SQLTransientConnectionException.class)
                                .hasMessageContaining("no reason known"));
    }
}
