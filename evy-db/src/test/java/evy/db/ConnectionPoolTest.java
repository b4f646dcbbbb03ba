package evy.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Body;
import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.db.FakeDriver.Fake;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.stream.Stream;

@ExtendWith(LeakCheckExtension.class)
class ConnectionPoolTest extends PoolFixture {
    private static final ConnectionPoolOptions OPTIONS =
            ConnectionPoolOptions.DEFAULT
                    .withName("test")
                    .withMaxIdle(HOUR.multipliedBy(9))
                    .withMaxAge(HOUR.multipliedBy(9));

    private static void sleep(long millis) {
        Evy.sleep(Duration.ofMillis(millis));
    }

    private static <T extends Exception> GreenThread<?> spawn(Body<T> body) {
        GreenThread<?> thread = Evy.spawn(body);
        Evy.yield();
        return thread;
    }

    private static void kill(GreenThread<?> thread) {
        thread.kill();
    }

    @Test
    @Spec({"DB1", "DB2", "POOL1"})
    void getConnection_returned_isReused() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    for (int i = 0; i < 3; i++) {
                        try (Connection connection = pool.getConnection()) {
                            assertThat(connection.isClosed()).isFalse();
                        }
                    }

                    assertThat(driver.made).hasSize(1);
                });
    }

    @Test
    @Spec({"DB1", "POOL1", "POOL2", "POOL9"})
    void getConnection_manyCallers_neverExceedMaxSize() throws Exception {
        driver.on("connect", _ -> sleep(5));
        with(
                OPTIONS.withMaxSize(4),
                pool -> {
                    AtomicInteger served = new AtomicInteger();
                    List<GreenThread<?>> callers = new ArrayList<>();
                    for (int i = 0; i < 100; i++) {
                        callers.add(
                                Evy.spawn(
                                        () -> {
                                            try (var _ = pool.getConnection()) {
                                                sleep(1);
                                                served.incrementAndGet();
                                            }
                                        }));
                    }
                    callers.forEach(GreenThread::join);

                    assertThat(served).hasValue(100);
                    assertThat(driver.made).hasSize(4);
                    assertThat(pool.free()).isEqualTo(4);
                });
    }

    @Test
    @Spec({"DB3", "DB16", "TEST4"})
    void maxIdle_severalConnections_eachIsClosedAtItsOwnTime() throws Exception {
        with(
                OPTIONS.withMaxIdle(Duration.ofSeconds(10)),
                pool -> {
                    Connection first = pool.getConnection();
                    Connection second = pool.getConnection();
                    Connection third = pool.getConnection();
                    sleep(60_000); // out: that does not count
                    first.close();
                    sleep(1_000);
                    second.close();
                    sleep(1_000);
                    third.close();

                    sleep(7_999);
                    assertThat(driver.open()).isEqualTo(3);
                    sleep(2);
                    assertThat(driver.open()).isEqualTo(2);
                    sleep(1_000);
                    assertThat(driver.open()).isEqualTo(1);
                    sleep(1_000);
                    assertThat(driver.open()).isZero();
                    assertThat(driver.made.get(0).closed).isTrue();
                });
    }

    @Test
    @Spec({"DB3", "TEST4"})
    void maxIdle_zero_closesOnEveryReturn() throws Exception {
        with(
                OPTIONS.withMaxIdle(Duration.ZERO),
                pool -> {
                    pool.getConnection().close();
                    sleep(1);

                    assertThat(driver.open()).isZero();
                });
    }

    @Test
    @Spec({"DB4", "TEST4"})
    void maxAge_passedWhileOut_closesOnReturn() throws Exception {
        with(
                OPTIONS.withMaxAge(Duration.ofSeconds(30)),
                pool -> {
                    Connection connection = pool.getConnection();
                    sleep(31_000);
                    assertThat(driver.open()).isEqualTo(1);

                    connection.close();
                    sleep(1);

                    assertThat(driver.open()).isZero();
                });
    }

    @Test
    @Spec({"DB4", "TEST4"})
    void maxAge_passedWhileIdle_closesIt() throws Exception {
        with(
                OPTIONS.withMaxAge(Duration.ofSeconds(30)),
                pool -> {
                    pool.getConnection().close();
                    for (int i = 0; i < 29; i++) {
                        sleep(1_000);
                        pool.getConnection().close();
                    }
                    assertThat(driver.open()).isEqualTo(1);

                    sleep(1_001);

                    assertThat(driver.open()).isZero();
                });
    }

    @Test
    @Spec({"DB4", "DB13"})
    void maxAge_zeroWithAWaiter_givesItANewConnection() throws Exception {
        with(
                OPTIONS.withMaxAge(Duration.ZERO).withMaxSize(1),
                pool -> {
                    Connection first = pool.getConnection();
                    List<Fake> seen = new ArrayList<>();
                    GreenThread<?> waiter =
                            spawn(
                                    () -> {
                                        Connection second = pool.getConnection();
                                        seen.add(driver.last());
                                        sleep(5);
                                        second.close();
                                    });
                    assertThat(pool.waiting()).isEqualTo(1);

                    first.close();
                    sleep(1);

                    assertThat(pool.waiting()).isZero();
                    assertThat(pool.free()).isZero();
                    assertThat(seen).containsExactly(driver.made.get(1));
                    assertThat(driver.mostOpen).isEqualTo(1);
                    waiter.join();
                });
    }

    @Test
    @Spec("DB5")
    void connectTimeout_passed_throwsConnectTimeoutAndFreesThePlace() throws Exception {
        driver.on("connect", _ -> Evy.sleep(HOUR));
        with(
                OPTIONS.withMaxSize(1),
                pool -> {
                    assertThatThrownBy(pool::getConnection)
                            .isInstanceOf(ConnectTimeoutException.class)
                            .isInstanceOf(SQLTransientConnectionException.class)
                            .matches(Timeout::isTimeout)
                            .hasMessageContaining("pool 'test': not connected within 5 s (total=");
                    driver.on("connect", _ -> {});

                    pool.getConnection().close();
                });
    }

    @Test
    @Spec("DB5")
    void connectTimeout_passed_tearsTheDriverByAnExceptionItCleansUpAfter() throws Exception {
        AtomicInteger cleaned = new AtomicInteger();
        driver.on(
                "connect",
                _ -> {
                    try {
                        Evy.sleep(HOUR);
                    } catch (Exception e) {
                        cleaned.incrementAndGet();
                        throw e;
                    }
                });
        with(
                OPTIONS,
                pool -> {
                    assertThatThrownBy(pool::getConnection)
                            .isInstanceOf(ConnectTimeoutException.class);
                    sleep(1);

                    assertThat(cleaned).hasValue(1);
                    assertThat(pool.statistics().total()).isZero();
                });
    }

    @Test
    @Spec("DB6")
    void getConnection_severalIdle_givesTheOneReturnedLast() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    Connection first = pool.getConnection();
                    Connection second = pool.getConnection();
                    second.close();
                    first.close();

                    try (Connection third = pool.getConnection()) {
                        third.setCatalog("mark");
                        assertThat(driver.made.get(0).settings).containsEntry("Catalog", "mark");
                    }
                });
    }

    @Test
    @Spec("DB6")
    void expiry_manyIdle_needsOneTimer() throws Exception {
        with(
                OPTIONS.withMaxSize(10),
                pool -> {
                    List<Connection> out = new ArrayList<>();
                    for (int i = 0; i < 10; i++) {
                        out.add(pool.getConnection());
                    }
                    for (Connection connection : out) {
                        connection.close();
                    }

                    assertThat(Evy.current().hub().statistics().timers()).isEqualTo(1);
                });
    }

    @Test
    @Spec({"DB7", "DB2"})
    void close_twice_returnsOnce() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    Connection connection = pool.getConnection();
                    connection.close();
                    connection.close();

                    assertThat(connection.isClosed()).isTrue();
                    assertThat(connection.isValid(1)).isFalse();
                    assertThat(pool.statistics().idle()).isEqualTo(1);
                    assertThatThrownBy(connection::createStatement)
                            .hasMessageContaining("returned to the pool");
                });
    }

    @Test
    @Spec("DB8")
    void put_wrappedHandle_isUnwrapped() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    Connection connection = pool.getConnection();
                    Connection wrapped =
                            (Connection)
                                    java.lang.reflect.Proxy.newProxyInstance(
                                            getClass().getClassLoader(),
                                            new Class<?>[] {Connection.class},
                                            (_, method, arguments) ->
                                                    method.invoke(connection, arguments));

                    pool.put(wrapped);

                    assertThat(pool.statistics().idle()).isEqualTo(1);
                    try (Connection next = pool.getConnection()) {
                        assertThat(((Borrowed) next).raw()).isSameAs(driver.last().proxy);
                    }
                    assertThatThrownBy(() -> pool.put((Connection) driver.last().proxy))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("not one of its connections");
                });
    }

    @Test
    @Spec("DB9")
    void put_null_freesASlot() throws Exception {
        with(
                OPTIONS.withMaxSize(1),
                pool -> {
                    Connection lost = pool.getConnection();
                    assertThat(pool.free()).isZero();

                    pool.put(null);

                    assertThat(pool.free()).isEqualTo(1);
                    Connection next = pool.getConnection();
                    assertThat(driver.made).hasSize(2);
                    lost.close(); // it was not lost after all: one too many
                    sleep(1);
                    assertThat(driver.open()).isEqualTo(1);
                    next.close();
                    assertThat(pool.free()).isEqualTo(1);
                    assertThatThrownBy(() -> pool.put(null))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("no connection is out");
                });
    }

    @Test
    @Spec("DB10")
    void close_openTransaction_isRolledBack() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    try (Connection connection = pool.getConnection()) {
                        connection.setAutoCommit(false);
                        connection.createStatement().execute("insert");
                    }

                    assertThat(driver.last().calls).contains("rollback");
                    assertThat(driver.last().settings).containsEntry("AutoCommit", true);
                    assertThat(driver.last().calls.indexOf("rollback"))
                            .isLessThan(driver.last().calls.lastIndexOf("setAutoCommit"));
                });
    }

    @Test
    @Spec("DB10")
    void close_rollbackFails_connectionIsDiscarded() throws Exception {
        driver.on(
                "rollback",
                _ -> {
                    throw new SQLException("no");
                });
        with(
                OPTIONS,
                pool -> {
                    Connection connection = pool.getConnection();
                    connection.setAutoCommit(false);
                    connection.createStatement();
                    connection.close();
                    sleep(1);

                    assertThat(driver.open()).isZero();
                    assertThat(pool.free()).isEqualTo(4);
                });
    }

    @Test
    @Spec("DB11")
    void getConnection_twoBorrowers_workAtTheSameTime() throws Exception {
        driver.on("execute", _ -> sleep(10));
        with(
                OPTIONS,
                pool -> {
                    List<Integer> order = new ArrayList<>();
                    GreenThread<?> other =
                            Evy.spawn(
                                    () ->
                                            pool.run(
                                                    c -> {
                                                        c.createStatement().execute("");
                                                        order.add(2);
                                                    }));
                    order.add(1);
                    assertThat(order).containsExactly(1);
                    other.join();
                    assertThat(order).containsExactly(1, 2);
                });
    }

    @Test
    @Spec({"DB12", "DB18", "POOL4"})
    void clear_minSizeOnes_areClosedAndReplaced() throws Exception {
        with(
                OPTIONS.withMinSize(3).withMaxSize(3),
                pool -> {
                    pool.fill();
                    assertThat(driver.open()).isEqualTo(3);
                    assertThat(pool.statistics().idle()).isEqualTo(3);

                    pool.clear();
                    pool.getConnection().close();
                    pool.fill();

                    assertThat(driver.made).hasSize(6);
                    assertThat(driver.open()).isEqualTo(3);
                    assertThat(driver.mostOpen).isEqualTo(3);
                    assertThat(pool.free()).isEqualTo(3);
                });
    }

    @Test
    @Spec({"DB14", "POOL6"})
    void connect_fails_errorFromGetAndCapacityIntact() throws Exception {
        SQLException failure = new SQLException("server away", "08001", 7);
        driver.on(
                "connect",
                _ -> {
                    throw failure;
                });
        with(
                OPTIONS,
                pool -> {
                    assertThatThrownBy(pool::getConnection)
                            .isInstanceOf(SQLTransientConnectionException.class)
                            .hasMessageContaining("pool 'test': cannot connect, after ")
                            .hasMessageContaining("server away")
                            .hasCause(failure);
                    assertThat(pool.free()).isEqualTo(4);
                    driver.scripts.clear();

                    pool.getConnection().close();
                });
    }

    @Test
    void connect_credentialsRefused_isNotTransient() throws Exception {
        driver.on(
                "connect",
                _ -> {
                    throw new SQLException("password", "28P01");
                });
        with(
                OPTIONS,
                pool ->
                        assertThatThrownBy(pool::getConnection)
                                .isInstanceOf(SQLNonTransientConnectionException.class));
    }

    @Test
    @Spec("DB14")
    void connect_serverIsAway_triesOneAtATimeAndHeals() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        driver.on(
                "connect",
                _ -> {
                    attempts.incrementAndGet();
                    throw new SQLException("away", "08001");
                });
        with(
                OPTIONS.withMaxSize(10),
                pool -> {
                    List<GreenThread<?>> callers = new ArrayList<>();
                    AtomicInteger served = new AtomicInteger();
                    for (int i = 0; i < 1000; i++) {
                        callers.add(
                                Evy.spawn(
                                        () -> {
                                            try (var _ = pool.getConnection()) {
                                                served.incrementAndGet();
                                            } catch (SQLTransientConnectionException e) {
                                                return;
                                            }
                                        }));
                    }
                    sleep(5_000);
                    assertThat(attempts).hasValueBetween(10, 30);
                    driver.scripts.clear();

                    callers.forEach(GreenThread::join);

                    assertThat(served).hasValueGreaterThan(950);
                    assertThat(driver.mostOpen).isLessThanOrEqualTo(10);
                });
    }

    @Test
    @Spec("DB15")
    void closing_fails_isSwallowed() throws Exception {
        driver.on(
                "close",
                fake -> {
                    fake.closed = true;
                    throw new SQLException("cannot");
                });
        with(
                OPTIONS,
                pool -> {
                    pool.getConnection().close();
                    pool.clear();
                    sleep(1);

                    assertThat(pool.statistics().total()).isZero();
                });
    }

    @Test
    void closing_hangs_isAbortedAndFreesThePlace() throws Exception {
        driver.on("close", _ -> Evy.sleep(HOUR));
        with(
                OPTIONS.withMaxSize(1),
                pool -> {
                    pool.getConnection().close();
                    pool.clear();
                    sleep(4_999);
                    assertThat(pool.statistics().closing()).isEqualTo(1);

                    sleep(2);

                    assertThat(pool.statistics().total()).isZero();
                    assertThat(driver.last().aborted).isTrue();
                });
    }

    @Test
    @Spec("DB17")
    void cleanup_ofThePool_replacesTheRollback() throws Exception {
        AtomicInteger cleanups = new AtomicInteger();
        with(
                OPTIONS.withCleanup(_ -> cleanups.incrementAndGet()),
                pool -> {
                    Connection connection = pool.getConnection();
                    connection.setAutoCommit(false);
                    connection.createStatement();
                    connection.close();

                    assertThat(cleanups).hasValue(1);
                    assertThat(driver.last().calls).doesNotContain("rollback");
                });
    }

    @Test
    @Spec("DB17")
    void cleanup_ofOnePut_failing_discardsTheConnection() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    Connection connection = pool.getConnection();

                    pool.put(
                            connection,
                            _ -> {
                                throw new IllegalStateException("no");
                            });
                    sleep(1);

                    assertThat(driver.open()).isZero();
                    assertThat(pool.free()).isEqualTo(4);
                });
    }

    @Test
    @Spec({"DB15", "DB17"})
    void cleanup_killed_passesTheKillAndDiscards() throws Exception {
        with(
                OPTIONS.withCleanup(_ -> Evy.sleep(Duration.ofSeconds(1))),
                pool -> {
                    GreenThread<?> user = spawn(() -> pool.getConnection().close());
                    sleep(1);
                    kill(user);
                    assertThatThrownBy(user::join).isInstanceOf(GreenThreadExit.class);
                    sleep(1);

                    assertThat(driver.open()).isZero();
                    assertThat(pool.free()).isEqualTo(4);
                });
    }

    @Test
    void settings_changedByTheBorrower_arePutBack() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    var before = new java.util.HashMap<>();
                    try (Connection connection = pool.getConnection()) {
                        before.putAll(driver.last().settings);
                        connection.setReadOnly(true);
                        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                        connection.setCatalog("c");
                        connection.setSchema("s");
                        connection.setHoldability(2);
                        connection.setNetworkTimeout(Runnable::run, 5);
                        connection.setClientInfo("ApplicationName", "x");
                        connection.setTypeMap(java.util.Map.of("a", String.class));
                        connection.setAutoCommit(false);
                        assertThat(driver.last().settings).isNotEqualTo(before);
                    }

                    assertThat(driver.last().settings).isEqualTo(before);
                    assertThat(driver.last().calls).contains("clearWarnings");
                });
    }

    @Test
    void settings_notChanged_costNoCallsButThoseThatMarkTheRequest() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    pool.getConnection().close();
                    driver.last().calls.clear();

                    pool.getConnection().close();

                    assertThat(driver.last().calls).containsExactly("beginRequest", "endRequest");
                });
    }

    @Test
    void close_openStatements_areClosed() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    Connection connection = pool.getConnection();
                    Statement kept = connection.createStatement();
                    Statement closed = connection.createStatement();
                    closed.close();
                    connection.getMetaData().getTables("", "", "", null);
                    connection.close();

                    Fake raw = driver.last();
                    assertThat(raw.children.get(0).calls).containsExactly("close");
                    assertThat(raw.children.get(1).calls).containsExactly("close");
                    assertThat(raw.children.get(2).children.getFirst().calls)
                            .containsExactly("close");
                    assertThat(kept.isClosed()).isTrue();
                });
    }

    @Test
    void query_timedOut_connectionIsNotGivenToTheNext() throws Exception {
        driver.on("executeQuery", _ -> Evy.sleep(HOUR));
        with(
                OPTIONS.withMaxSize(1),
                pool -> {
                    boolean finished =
                            Timeout.run(
                                    Duration.ofSeconds(1),
                                    () -> pool.run(c -> c.createStatement().executeQuery("")));
                    driver.scripts.clear();
                    pool.getConnection().close();

                    assertThat(finished).isFalse();
                    assertThat(driver.made).hasSize(2);
                    assertThat(driver.made.getFirst().aborted).isTrue();
                });
    }

    @Test
    void query_torn_restOfTheBorrowersCallsDoNotReachTheDriver() throws Exception {
        driver.on("executeQuery", _ -> Evy.sleep(HOUR));
        with(
                OPTIONS,
                pool -> {
                    try (var connection = pool.getConnection();
                            var statement = connection.createStatement()) {
                        Timeout.run(Duration.ofSeconds(1), () -> statement.executeQuery(""));

                        assertThat(connection.isClosed()).isTrue();
                        assertThat(statement.isClosed()).isTrue();
                        assertThatThrownBy(connection::createStatement)
                                .hasMessageContaining("it is broken");
                    }
                    assertThat(driver.last().children.getFirst().calls)
                            .containsExactly("executeQuery");
                });
    }

    @Test
    void query_killed_waiterGetsANewConnection() throws Exception {
        driver.on("executeQuery", _ -> Evy.sleep(HOUR));
        with(
                OPTIONS.withMaxSize(1),
                pool -> {
                    GreenThread<?> user =
                            spawn(() -> pool.run(c -> c.createStatement().executeQuery("")));
                    sleep(1);
                    GreenThread<?> next =
                            spawn(
                                    () -> {
                                        pool.getConnection().close();
                                    });
                    kill(user);
                    next.join();

                    assertThat(driver.made).hasSize(2);
                    assertThat(driver.made.getFirst().aborted).isTrue();
                    assertThat(pool.statistics().broken()).isEqualTo(1);
                });
    }

    @Test
    void query_connectionFailure_connectionIsReplaced() throws Exception {
        driver.on(
                "executeQuery",
                _ -> {
                    throw new SQLException("gone", "57P01");
                });
        with(
                OPTIONS,
                pool -> {
                    assertThatThrownBy(() -> pool.run(c -> c.createStatement().executeQuery("")))
                            .hasMessage("gone");
                    sleep(1);
                    assertThat(driver.open()).isZero();

                    pool.getConnection().close();
                });
    }

    @Test
    void query_ordinaryFailure_connectionIsKept() throws Exception {
        driver.on(
                "executeQuery",
                _ -> {
                    throw new SQLException("syntax", "42601");
                });
        with(
                OPTIONS,
                pool -> {
                    assertThatThrownBy(() -> pool.run(c -> c.createStatement().executeQuery("")))
                            .hasMessage("syntax");

                    assertThat(pool.statistics().idle()).isEqualTo(1);
                });
    }

    @Test
    @Spec("TEST4")
    void validation_idleForLongAndBroken_isReplaced() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    pool.getConnection().close();
                    driver.last().closed = true;
                    sleep(501);

                    try (Connection connection = pool.getConnection()) {
                        assertThat(((Borrowed) connection).raw())
                                .isSameAs(driver.made.get(1).proxy);
                    }
                });
    }

    @Test
    void validation_hangs_isBounded() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    pool.getConnection().close();
                    driver.on("isValid", _ -> Evy.sleep(HOUR));
                    sleep(501);

                    pool.getConnection().close();

                    assertThat(driver.made).hasSize(2);
                });
    }

    @Test
    void transaction_returns_commits() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    int result = pool.transaction(c -> c.createStatement().executeUpdate(""));

                    assertThat(result).isZero();
                    assertThat(driver.last().calls).contains("commit").doesNotContain("rollback");
                    assertThat(driver.last().settings).containsEntry("AutoCommit", true);
                });
    }

    @Test
    void transaction_throws_rollsBackAndKeepsTheFailure() throws Exception {
        IllegalStateException failure = new IllegalStateException("mine");
        SQLException second = new SQLException("rollback failed");
        driver.on(
                "rollback",
                _ -> {
                    throw second;
                });
        with(
                OPTIONS,
                pool -> {
                    assertThatThrownBy(
                                    () ->
                                            pool.runTransaction(
                                                    _ -> {
                                                        throw failure;
                                                    }))
                            .isSameAs(failure)
                            .hasSuppressedException(second);
                    assertThat(driver.last().calls).doesNotContain("commit");
                });
    }

    @Test
    void transaction_killed_rollsBack() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    GreenThread<?> user =
                            spawn(
                                    () ->
                                            pool.runTransaction(
                                                    c -> {
                                                        c.createStatement().execute("");
                                                        Evy.sleep(HOUR);
                                                    }));
                    sleep(1);
                    kill(user);

                    assertThat(driver.last().calls).contains("rollback").doesNotContain("commit");
                    assertThat(pool.statistics().idle()).isEqualTo(1);
                });
    }

    @Test
    @Spec({"POOL3", "POOL10"})
    void getConnection_severalWait_areServedInTheirOrder() throws Exception {
        with(
                OPTIONS.withMaxSize(1),
                pool -> {
                    Connection first = pool.getConnection();
                    List<Integer> order = new ArrayList<>();
                    List<GreenThread<?>> waiters = new ArrayList<>();
                    for (int i = 0; i < 5; i++) {
                        int n = i;
                        waiters.add(
                                spawn(
                                        () -> {
                                            try (var _ = pool.getConnection()) {
                                                order.add(n);
                                            }
                                        }));
                    }
                    first.close();
                    waiters.forEach(GreenThread::join);

                    assertThat(order).containsExactly(0, 1, 2, 3, 4);
                });
    }

    @Test
    @Spec("POOL11")
    void getConnection_timesOut_saysHowThePoolStands() throws Exception {
        with(
                OPTIONS.withMaxSize(1),
                pool -> {
                    Connection out = pool.getConnection();

                    assertThatThrownBy(() -> pool.getConnection(Duration.ofMillis(250)))
                            .isInstanceOf(SQLTransientConnectionException.class)
                            .hasMessage(
                                    "pool 'test': no connection within 250 ms (total=1, active=1,"
                                            + " idle=0, connecting=0, waiting=0)");
                    out.close();
                    assertThat(pool.statistics().idle()).isEqualTo(1);
                    assertThat(pool.statistics().timeouts()).isEqualTo(1);
                });
    }

    @Test
    void getConnection_waiterIsKilled_nextIsServed() throws Exception {
        with(
                OPTIONS.withMaxSize(1),
                pool -> {
                    Connection out = pool.getConnection();
                    GreenThread<?> killed = spawn(() -> pool.getConnection().close());
                    GreenThread<?> next = spawn(() -> pool.getConnection().close());
                    kill(killed);
                    out.close();
                    next.join();

                    assertThat(pool.statistics().idle()).isEqualTo(1);
                });
    }

    @Test
    void getConnection_killedWhileConnecting_connectionGoesToThePool() throws Exception {
        driver.on("connect", _ -> sleep(10));
        with(
                OPTIONS,
                pool -> {
                    GreenThread<?> user = spawn(() -> pool.getConnection().close());
                    kill(user);
                    sleep(11);

                    assertThat(pool.statistics().idle()).isEqualTo(1);
                });
    }

    @Test
    @Spec("POOL7")
    void resize_smaller_closesSurplusOnReturn() throws Exception {
        with(
                OPTIONS.withMaxSize(3),
                pool -> {
                    Connection a = pool.getConnection();
                    Connection b = pool.getConnection();
                    pool.getConnection().close();
                    pool.resize(1);
                    sleep(1);
                    assertThat(driver.open()).isEqualTo(2);
                    assertThat(pool.free()).isEqualTo(-1);
                    a.close();
                    sleep(1);
                    assertThat(driver.open()).isEqualTo(1);
                    b.close();
                    assertThat(pool.free()).isEqualTo(1);
                    pool.resize(2);
                    assertThat(pool.free()).isEqualTo(2);
                });
    }

    @Test
    void close_waitersAndOutOnes_areToldAndClosedOnReturn() throws Exception {
        with(
                OPTIONS.withMaxSize(1),
                pool -> {
                    Connection out = pool.getConnection();
                    GreenThread<?> waiter = spawn(pool::getConnection);
                    pool.close();

                    assertThatThrownBy(waiter::join)
                            .isInstanceOf(SQLNonTransientConnectionException.class)
                            .hasMessage("pool 'test': is closed");
                    assertThatThrownBy(pool::getConnection).hasMessage("pool 'test': is closed");
                    assertThat(out.isClosed()).isFalse();
                    out.close();
                });
    }

    @Test
    void close_deadlinePasses_abortsWhatIsOut() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    Connection out = pool.getConnection();

                    assertThat(pool.close(Duration.ofSeconds(3))).isFalse();

                    assertThat(driver.last().aborted).isTrue();
                    out.close();
                    assertThat(pool.close(Duration.ofSeconds(3))).isTrue();
                });
    }

    @Test
    void close_whileConnecting_endsTheAttempt() throws Exception {
        driver.on("connect", _ -> Evy.sleep(HOUR));
        with(
                OPTIONS,
                pool -> {
                    GreenThread<?> user = spawn(pool::getConnection);
                    pool.close();

                    assertThatThrownBy(user::join).hasMessageContaining("is closed");
                    assertThat(pool.statistics().total()).isZero();
                });
    }

    @Test
    void initializer_setsUpEachConnection_andItsSettingsAreTheOriginals() throws Exception {
        with(
                OPTIONS.withInitializer(c -> c.setSchema("mine")),
                pool -> {
                    pool.run(c -> c.setSchema("other"));

                    assertThat(driver.last().settings).containsEntry("Schema", "mine");
                });
    }

    @Test
    @Spec("POOL3")
    void order_fifo_givesTheOneIdleLongest() throws Exception {
        with(
                OPTIONS.withOrder(evy.pools.PoolOptions.Order.FIFO),
                pool -> {
                    Connection first = pool.getConnection();
                    Connection second = pool.getConnection();
                    first.close();
                    second.close();

                    try (Connection next = pool.getConnection()) {
                        assertThat(((Borrowed) next).raw()).isSameAs(driver.made.getFirst().proxy);
                    }
                });
    }

    @Test
    @Spec("DB18")
    void minSize_olderThanMaxAge_isRenewed() throws Exception {
        with(
                OPTIONS.withMinSize(2).withMaxAge(Duration.ofSeconds(30)),
                pool -> {
                    pool.fill();
                    sleep(100_000);

                    assertThat(driver.open()).isEqualTo(2);
                    assertThat(driver.made).hasSize(8);
                    assertThat(driver.mostOpen).isEqualTo(2);
                });
    }

    @Test
    void driver_failsOddly_connectionIsTestedBeforeItIsLent() throws Exception {
        driver.on(
                "executeQuery",
                _ -> {
                    throw new IllegalStateException("confused");
                });
        with(
                OPTIONS,
                pool -> {
                    assertThatThrownBy(() -> pool.run(c -> c.createStatement().executeQuery("")))
                            .hasMessage("confused");
                    pool.getConnection().close();

                    assertThat(driver.made).hasSize(1);
                    assertThat(driver.last().calls).contains("isValid");
                });
    }

    @Test
    void getConnection_zeroTimeout_takesAnIdleOneOrNone() throws Exception {
        with(
                OPTIONS,
                pool -> {
                    assertThatThrownBy(() -> pool.getConnection(Duration.ZERO))
                            .isInstanceOf(SQLTransientConnectionException.class);
                    pool.getConnection().close();

                    pool.getConnection(Duration.ZERO).close();
                });
    }

    @Test
    void url_noDriver_saysSoWithoutSecrets() {
        assertThatThrownBy(() -> new RawConnectionPool("jdbc:nothing://user:secret@host/db"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no JDBC driver takes 'jdbc:nothing:...'")
                .hasMessageNotContaining("secret");
    }

    @Test
    @Spec("DB22")
    void leakThreshold_passed_isReportedOnceWithThePlace() throws Exception {
        var records =
                logged(
                        Level.INFO,
                        () ->
                                with(
                                        OPTIONS.withLeakThreshold(Duration.ofSeconds(10)),
                                        pool -> {
                                            pool.getConnection().close(); // given back: no leak
                                            try (var _ = pool.getConnection()) {
                                                sleep(4_000);
                                                try (var _ = pool.getConnection()) {
                                                    sleep(8_000); // out when the other is reported
                                                }
                                                sleep(60_000);
                                                try (var _ = pool.getConnection()) {
                                                    sleep(9_999);
                                                }
                                                sleep(60_000);
                                            }
                                        }));

        assertThat(records).hasSize(1);
        assertThat(records.getFirst().getMessage())
                .isEqualTo(
                        "connection 1 of pool 'test': not returned for 10 s; it was borrowed here");
        assertThat(records.getFirst().getThrown().getStackTrace())
                .anyMatch(frame -> frame.getClassName().contains("ConnectionPoolTest"));
    }

    @Test
    @Spec({"DB22", "TEST4"})
    void handle_dropped_isTakenBack() throws Exception {
        try (var pool = new RawConnectionPool(driver, OPTIONS.withMaxSize(1))) {
            drop(pool);
            for (int i = 0; i < 100 && pool.statistics().leaked() == 0; i++) {
                System.gc();
                Thread.sleep(10);
            }

            pool.getConnection().close();

            assertThat(pool.statistics().leaked()).isEqualTo(1);
            assertThat(driver.made.getFirst().closed).isTrue();
        }
    }

    @Test
    void handle_droppedAfterTheCleanerWasInterrupted_isTakenBack() throws Exception {
        try (var pool = new RawConnectionPool(driver, OPTIONS.withMaxSize(1))) {
            pool.getConnection().close();
            Thread cleaner =
                    Thread.getAllStackTraces().entrySet().stream()
                            .filter(
                                    each ->
                                            Stream.of(each.getValue())
                                                    .anyMatch(
                                                            f ->
                                                                    f.getClassName()
                                                                            .equals("evy.db.Loan")))
                            .findAny()
                            .orElseThrow()
                            .getKey();
            var records =
                    logged(
                            Level.WARNING,
                            () -> {
                                cleaner.interrupt();
                                while (cleaner.isInterrupted()) {
                                    Thread.onSpinWait(); // until it has seen it
                                }
                                drop(pool);
                                while (pool.statistics().leaked() == 0) {
                                    System.gc();
                                    Thread.sleep(10);
                                }
                            });

            assertThat(records)
                    .singleElement()
                    .satisfies(
                            entry -> {
                                assertThat(entry.getMessage())
                                        .isEqualTo("taking back dropped connections");
                                assertThat(entry.getThrown())
                                        .isInstanceOf(InterruptedException.class);
                            });
            pool.getConnection().close();
            assertThat(driver.made).hasSize(2);
        }
    }

    private static void drop(ConnectionPool pool) throws SQLException {
        assertThat(pool.getConnection().isClosed()).isFalse();
    }

    @Test
    void getConnection_platformThread_works() throws Exception {
        try (var pool = new RawConnectionPool(driver, OPTIONS)) {
            pool.getConnection().close();
            pool.getConnection().close();

            assertThat(driver.made).hasSize(1);
        }
        assertThat(driver.open()).isZero();
    }
}
