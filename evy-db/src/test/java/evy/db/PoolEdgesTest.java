package evy.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.Timeout;
import evy.hubs.Hub;
import evy.sync.Event;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLXML;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

import javax.management.ObjectName;
import javax.sql.DataSource;

/** What a pool refuses, what it shows, and what drivers do that they should not. */
@ExtendWith(LeakCheckExtension.class)
class PoolEdgesTest extends PoolFixture {
    private static final ConnectionPoolOptions OPTIONS =
            ConnectionPoolOptions.DEFAULT.withName("edges").withMaxIdle(HOUR).withMaxAge(HOUR);

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(
                        PoolEdgesTest.class.getClassLoader(), new Class<?>[] {type}, handler));
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
                    for (String method :
                            List.of("setNetworkTimeout", "setShardingKey", "setCatalog")) {
                        driver.on(method, _ -> fail(method));
                    }
                    driver.on(
                            "setClientInfo",
                            _ -> {
                                throw new SQLClientInfoException("info", Map.of());
                            });
                    assertThatThrownBy(() -> connection.setNetworkTimeout(Runnable::run, 1))
                            .hasMessage("setNetworkTimeout");
                    assertThatThrownBy(() -> connection.setShardingKey(null))
                            .hasMessage("setShardingKey");
                    assertThatThrownBy(() -> connection.setCatalog("x")).hasMessage("setCatalog");
                    assertThatThrownBy(() -> connection.setClientInfo("x", "y"))
                            .isInstanceOf(SQLClientInfoException.class)
                            .hasMessage("info");
                    driver.scripts.clear();
                    connection.close();
                    connection.abort(Runnable::run); // it is the pool's again: nothing happens

                    assertThat(connection.isValid(1)).isFalse();
                    assertThat(connection.isClosed()).isTrue();
                    assertThat(driver.last().aborted).isFalse();
                });
    }

    @Test
    void statement_itsCallsFail_passesTheDriversException() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    try (Connection connection = pool.getConnection()) {
                        Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery("x");
                        assertThat(rows.isClosed()).isFalse();
                        assertThat(statement.isClosed()).isFalse();
                        rows.close();
                        assertThat(rows.isClosed()).isTrue();
                        driver.on("isClosed", _ -> fail("isClosed"));
                        driver.on("close", _ -> fail("close"));

                        assertThatThrownBy(statement::isClosed).hasMessage("isClosed");
                        assertThatThrownBy(statement::close).hasMessage("close");
                        driver.scripts.clear();
                    }
                    pool.getConnection().close();

                    assertThat(driver.made).as("an ordinary failure").hasSize(1);
                });
    }

    @Test
    void query_failedAndTheDriverClosedTheConnection_isReplaced() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    driver.on(
                            "commit",
                            fake -> {
                                fake.closed = true;
                                fail("gone");
                            });
                    try (Connection connection = pool.getConnection()) {
                        assertThatThrownBy(connection::commit).hasMessage("gone");
                    }
                    driver.scripts.clear();
                    try (Connection connection = pool.getConnection()) {
                        assertThat(connection.isClosed()).isFalse();
                    }

                    assertThat(driver.made).hasSize(2);
                    assertThat(pool.statistics().broken()).isEqualTo(1);
                });
    }

    @Test
    void reset_fails_isLoggedWithTheConnection() throws Exception {
        var records =
                logged(
                        Level.FINE,
                        () ->
                                with(
                                        OPTIONS,
                                        pool -> {
                                            driver.on("rollback", _ -> fail("no rollback"));
                                            try (Connection connection = pool.getConnection()) {
                                                connection.setAutoCommit(false);
                                                connection.createStatement().execute("x");
                                            }
                                        }));

        assertThat(records)
                .anySatisfy(
                        entry -> {
                            assertThat(entry.getMessage())
                                    .isEqualTo(
                                            "connection 1 of pool 'edges': cannot be reset, it is"
                                                    + " closed");
                            assertThat(entry.getThrown()).hasMessage("no rollback");
                        });
    }

    /** What drivers have besides JDBC to end a query. */
    public interface Cancelling {
        /** Ends it. */
        void cancelQuery() throws SQLException;
    }

    /* Hides the class that has it. */
    interface Hidden {}

    @Test
    void query_torn_isCancelledAndItsConnectionClosedEvenIfThatFails() throws Exception {
        AtomicInteger cancels = new AtomicInteger();
        ConnectionFactory factory =
                () -> {
                    Connection raw = driver.connect();
                    return (Connection)
                            Proxy.newProxyInstance(
                                    PoolEdgesTest.class.getClassLoader(),
                                    new Class<?>[] {
                                        Connection.class, Cancelling.class, Hidden.class
                                    },
                                    (_, method, arguments) -> {
                                        if (!method.getName().equals("cancelQuery")) {
                                            return Proxy.getInvocationHandler(raw)
                                                    .invoke(raw, method, arguments);
                                        }
                                        if (cancels.incrementAndGet() == 2) {
                                            fail("nobody there");
                                        }
                                        return null;
                                    });
                };
        driver.on("commit", _ -> Evy.sleep(HOUR));
        var records = logged(Level.FINE, () -> tearTwice(factory));

        assertThat(cancels).hasValue(2);
        assertThat(driver.made).hasSize(2);
        assertThat(driver.open()).isZero();
        assertThat(records)
                .filteredOn(entry -> entry.getMessage().contains("query"))
                .singleElement()
                .satisfies(
                        entry -> {
                            assertThat(entry.getMessage())
                                    .isEqualTo(
                                            "connection 2 of pool 'edges': its query may go on at"
                                                    + " the server");
                            assertThat(entry.getThrown()).hasMessage("nobody there");
                        });
    }

    private static void tearTwice(ConnectionFactory factory) throws Exception {
        Duration second = Duration.ofSeconds(1);
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        try (var pool = new RawConnectionPool(factory, OPTIONS)) {
                            for (int i = 0; i < 2; i++) {
                                assertThat(Timeout.run(second, () -> pool.run(Connection::commit)))
                                        .isFalse();
                            }
                        }
                    });
        }
    }

    @Test
    void initializer_fails_connectionIsClosedAndTheReasonIsTold() throws Exception {
        with(
                OPTIONS.withInitializer(_ -> fail("ill set up")),
                pool ->
                        assertThatThrownBy(pool::getConnection)
                                .isInstanceOf(SQLTransientConnectionException.class)
                                .hasMessageContaining("cannot connect")
                                .hasMessageContaining("ill set up"));

        assertThat(driver.last().aborted).isTrue();
        assertThat(driver.last().calls).contains("close");
    }

    @Test
    void connect_endsAfterItsTimeAllTheSame_connectionIsClosedAndCounted() throws Exception {
        driver.on(
                "connect",
                _ -> {
                    try {
                        Evy.sleep(HOUR);
                    } catch (Exception e) {
                        Evy.sleep(Duration.ofSeconds(5)); // a driver that tries once more
                    }
                });
        with(
                OPTIONS.withMaxSize(1).withConnectTimeout(Duration.ofSeconds(1)),
                pool -> {
                    assertThatThrownBy(pool::getConnection)
                            .isInstanceOf(ConnectTimeoutException.class);
                    driver.scripts.clear();
                    assertThat(pool.statistics().closing()).isEqualTo(1);
                    Evy.sleep(Duration.ofSeconds(6));

                    assertThat(driver.made).hasSize(1);
                    assertThat(driver.open()).isZero();
                    assertThat(pool.statistics().created()).isEqualTo(1);
                    assertThat(pool.statistics().closed()).isEqualTo(1);
                    pool.getConnection().close();
                    assertThat(driver.made).as("the place is free again").hasSize(2);
                });
    }

    // what has grown old

    @Test
    void getConnection_idleOneIsTooOldAndNotYetClosed_givesAYoungerOne() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        try (var pool =
                                new RawConnectionPool(
                                        driver, OPTIONS.withMaxAge(Duration.ofSeconds(30)))) {
                            Connection old = pool.getConnection();
                            Evy.sleep(Duration.ofSeconds(20));
                            pool.getConnection().close();
                            old.close(); // the one that is given first
                            manual.clock().advance(Duration.ofSeconds(15)); // no timer has fired

                            pool.getConnection().close();
                            assertThat(driver.made).hasSize(2);
                            assertThat(pool.statistics().total()).isEqualTo(2);
                            Evy.sleep(Duration.ofSeconds(1));
                            assertThat(driver.made.getFirst().closed).isTrue();
                            assertThat(driver.made.getLast().closed).isFalse();
                        }
                    });
        }
    }

    @Test
    void maxAge_zeroWhileIdle_lendsItAtMostOnce() throws Exception {
        with(
                OPTIONS.withMaxAge(Duration.ZERO).withMinSize(1),
                pool -> {
                    pool.fill();
                    Evy.sleep(HOUR); // idle, and not one timer closes it
                    assertThat(driver.open()).isEqualTo(1);

                    pool.getConnection().close();
                    pool.fill();

                    assertThat(driver.made).hasSize(2);
                    assertThat(driver.made.getFirst().closed).isTrue();
                });
    }

    @Test
    void reclaim_ofWhatWasReturnedMeanwhile_doesNothing() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    BorrowedConnection handle = (BorrowedConnection) pool.getConnection();
                    Loan loan = handle.physical.loan;
                    handle.close();
                    pool.reclaim(loan);
                    pool.getConnection().close();

                    assertThat(pool.statistics().leaked()).isZero();
                    assertThat(driver.made).hasSize(1);
                });
    }

    // filling and closing

    @Test
    void fill_connectingFails_saysWhy() throws Exception {
        driver.on("connect", _ -> fail("no server"));
        with(
                OPTIONS.withMinSize(2),
                pool -> {
                    Evy.sleep(HOUR);
                    driver.on("connect", _ -> Evy.sleep(Duration.ofMillis(1)));
                    pool.fill();
                    assertThat(pool.statistics().idle()).isEqualTo(2);
                    pool.clear();
                    driver.on("connect", _ -> fail("no server now"));

                    assertThatThrownBy(pool::fill)
                            .isInstanceOf(SQLTransientConnectionException.class)
                            .hasMessageContaining("cannot connect")
                            .hasMessageContaining("no server now");
                });
    }

    @Test
    void fill_connectingTakesTooLong_saysSo() throws Exception {
        driver.on("connect", _ -> Evy.sleep(HOUR));
        with(
                OPTIONS.withMinSize(1).withConnectTimeout(Duration.ofSeconds(2)),
                pool ->
                        assertThatThrownBy(pool::fill)
                                .isInstanceOf(ConnectTimeoutException.class)
                                .hasMessageContaining("not connected within 2 s"));
    }

    @Test
    void fill_timeIsOver_saysHowThePoolStands() throws Exception {
        driver.on("connect", _ -> Evy.sleep(Duration.ofSeconds(9)));
        with(
                OPTIONS.withMinSize(1)
                        .withConnectTimeout(HOUR)
                        .withAcquireTimeout(Duration.ofSeconds(3)),
                pool ->
                        assertThatThrownBy(pool::fill)
                                .isInstanceOf(SQLTransientConnectionException.class)
                                .hasMessageContaining("no connection within 3 s")
                                .hasMessageContaining("connecting=1"));
    }

    @Test
    void fill_poolIsClosedMeanwhile_saysSo() throws Exception {
        driver.on("connect", _ -> Evy.sleep(HOUR));
        with(
                OPTIONS.withMinSize(1).withConnectTimeout(HOUR),
                pool -> {
                    var filling = Evy.spawn(() -> catchThrowable(pool::fill));
                    Evy.yield();
                    pool.close();

                    assertThat(filling.join())
                            .isInstanceOf(SQLNonTransientConnectionException.class)
                            .hasMessageContaining("is closed");
                });
    }

    @Test
    void fill_interrupted_saysSoAndStaysInterrupted() throws Exception {
        var never = new Event<Void>();
        driver.on("connect", _ -> never.await());
        try (var pool = new RawConnectionPool(driver, OPTIONS.withMinSize(1))) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(pool::fill)
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessageContaining("interrupted after waiting");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void close_interrupted_doesNotWaitForWhatIsOutAndStaysInterrupted() throws Exception {
        var pool = new RawConnectionPool(driver, OPTIONS);
        Connection out = pool.getConnection();
        Thread.currentThread().interrupt();
        boolean inTime;
        boolean interrupted;
        try {
            inTime = pool.close(HOUR);
        } finally {
            interrupted = Thread.interrupted();
        }

        assertThat(interrupted).isTrue();
        assertThat(inTime).isFalse();
        while (driver.open() > 0) {
            Evy.run(Evy::yield);
        }
        assertThat(driver.last().aborted).isTrue();
        out.close();
        assertThat(pool.close(HOUR)).isTrue();
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
        try (var raw = new RawConnectionPool("jdbc:edges:secret");
                var tpooled = new TpooledConnectionPool("jdbc:edges:secret")) {
            for (ConnectionPool pool : List.of(raw, tpooled)) {
                assertThatThrownBy(pool::getConnection)
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("does not connect to")
                        .hasMessageNotContaining("secret");
            }
        } finally {
            DriverManager.deregisterDriver(none);
        }
    }

    /** One that does not know what it is asked. */
    public static final class IllDriver extends SilentDriver {
        @Override
        public boolean acceptsURL(String url) throws SQLException {
            throw new SQLException("what is " + url);
        }
    }

    /** One that a class loader has, and DriverManager has not. */
    public static class SilentDriver implements Driver {
        @Override
        public @Nullable Connection connect(String url, Properties info) throws SQLException {
            throw new SQLException("the silent driver cannot connect");
        }

        @Override
        public boolean acceptsURL(String url) throws SQLException {
            return url.startsWith("jdbc:silent:");
        }

        @Override
        public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
            return new DriverPropertyInfo[0];
        }

        @Override
        public int getMajorVersion() {
            return 1;
        }

        @Override
        public int getMinorVersion() {
            return 0;
        }

        @Override
        public boolean jdbcCompliant() {
            return false;
        }

        @Override
        public Logger getParentLogger() {
            return Logger.getGlobal();
        }
    }

    @Test
    void driver_ofTheContextClassLoaderOnly_isFound(@TempDir Path folder) throws Exception {
        assertThat(DriverManager.drivers()).isNotEmpty(); // it has looked for itself
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.write(
                services.resolve(Driver.class.getName()),
                List.of(IllDriver.class.getName(), SilentDriver.class.getName()));
        Thread thread = Thread.currentThread();
        ClassLoader usual = thread.getContextClassLoader();
        try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, usual)) {
            thread.setContextClassLoader(loader);
            try (var pool = new RawConnectionPool("jdbc:silent:x")) {
                assertThatThrownBy(pool::getConnection)
                        .hasMessageContaining("the silent driver cannot connect");
            }
        } finally {
            thread.setContextClassLoader(usual);
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
                        assertThatThrownBy(
                                        () ->
                                                ((Borrowed) connection.createBlob())
                                                        .unwrap(Ref.class))
                                .isInstanceOf(SQLException.class)
                                .hasMessageContaining("of pool 'edges'")
                                .hasMessageContaining("wraps no java.sql.Ref");
                    }
                });
    }

    @Test
    void severity_ofErrors_dependsOnWhoseTheyAre() {
        assertThat(Severity.of(new NoSuchMethodError(), null, _ -> false))
                .isEqualTo(Severity.SUSPICIOUS);
        assertThat(Severity.of(new IllegalStateException(), null, _ -> false))
                .isEqualTo(Severity.SUSPICIOUS);
        assertThat(Severity.of(new AssertionError(), null, _ -> false)).isEqualTo(Severity.FATAL);
        assertThat(Severity.of(new SQLException("x"), null, _ -> false))
                .isEqualTo(Severity.HARMLESS);
        assertThat(Severity.of(new SQLException("x", "08006"), null, _ -> false))
                .isEqualTo(Severity.FATAL);
        assertThat(Severity.of(new SQLFeatureNotSupportedException("x", "08006"), null, _ -> false))
                .as("whatever its state")
                .isEqualTo(Severity.HARMLESS);
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
