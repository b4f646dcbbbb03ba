package evy.db.it;

import static evy.db.it.Databases.execute;
import static evy.db.it.Databases.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenPool;
import evy.GreenThread;
import evy.Timeout;
import evy.db.ConnectionPool;
import evy.db.ConnectionPoolOptions;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/** What a pool promises, on a real database. Run for each of them. */
@ExtendWith(LeakCheckExtension.class)
abstract class DatabaseContract {
    static final Duration LONG = Duration.ofSeconds(30);

    private static final int CALLERS = 100;
    private static final int ROUNDS = 5;
    private static final Executor AT_ONCE = Runnable::run;

    /** {@return an address for a driver} */
    abstract String url();

    /** {@return an address at which the driver finds no database} */
    abstract String wrongUrl();

    /** {@return a pool of this database} */
    abstract ConnectionPool open(String url, ConnectionPoolOptions options);

    /** {@return the driver's own type of a connection} */
    abstract Class<? extends Connection> driverType();

    /** {@return a query that takes its time where the driver waits for it, and gives a number} */
    abstract String slowQuery(Duration time, int number);

    /** {@return a level of isolation that is not the database's usual one} */
    int otherIsolation() {
        return Connection.TRANSACTION_SERIALIZABLE;
    }

    /** {@return how many connections can well be at work at once} */
    int connections() {
        return 10;
    }

    final ConnectionPool open(ConnectionPoolOptions options) {
        return open(url(), options.withAcquireTimeout(LONG));
    }

    static ConnectionPoolOptions size(int maxSize) {
        return ConnectionPoolOptions.DEFAULT.withMaxSize(maxSize).withMaxAge(LONG);
    }

    @BeforeEach
    void createTables() throws SQLException {
        execute(
                url(),
                "DROP TABLE IF EXISTS item",
                "DROP TABLE IF EXISTS counter",
                "CREATE TABLE item (id INTEGER PRIMARY KEY, name VARCHAR(40))",
                "CREATE TABLE counter (n INTEGER)",
                "INSERT INTO counter VALUES (0)");
        Databases.warmUp(open(size(1)));
    }

    private static void insert(Connection connection, int from, int to) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO item VALUES (?, ?)")) {
            for (int id = from; id < to; id++) {
                insert.setInt(1, id);
                insert.setString(2, "n" + id);
                insert.executeUpdate();
            }
        }
    }

    private static int items(Connection connection) throws SQLException {
        return number(connection, "SELECT COUNT(*) FROM item");
    }

    private int items() throws SQLException {
        return number(url(), "SELECT COUNT(*) FROM item");
    }

    @Test
    @Spec({"DB1", "DB2", "DB6"})
    void getConnection_afterReturn_isTheOneReturnedLast() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(size(3))) {
                        Connection first = pool.getConnection();
                        Connection second = pool.getConnection();
                        Object last = first.unwrap(driverType());
                        second.close();
                        first.close();

                        try (Connection again = pool.getConnection()) {
                            assertThat((Object) again.unwrap(driverType())).isSameAs(last);
                            assertThat(again).isNotSameAs(first);
                            assertThat(number(again, "SELECT 1")).isOne();
                        }
                        assertThat(pool.statistics().created()).isEqualTo(2);
                    }
                    return null;
                });
    }

    @Test
    @Spec({"DB2", "DB7"})
    void close_handle_isDeadWithAllThatCameOfIt() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(size(1))) {
                        Connection old = pool.getConnection();
                        DatabaseMetaData metaData = old.getMetaData();
                        Statement statement = old.createStatement();
                        PreparedStatement prepared = old.prepareStatement("SELECT 1");
                        ResultSet result = statement.executeQuery("SELECT 1");
                        old.close();

                        assertThat(old.isClosed()).isTrue();
                        assertThat(old.isValid(1)).isFalse();
                        assertDead(old::createStatement);
                        assertDead(() -> old.prepareStatement("SELECT 1"));
                        assertDead(old::commit);
                        assertDead(old::rollback);
                        assertDead(() -> old.setAutoCommit(false));
                        assertDead(old::getAutoCommit);
                        assertDead(old::getMetaData);
                        assertDead(old::getTransactionIsolation);
                        assertDead(() -> old.unwrap(driverType()));
                        assertDead(() -> statement.executeQuery("SELECT 1"));
                        assertDead(prepared::executeQuery);
                        assertDead(result::next);
                        assertDead(metaData::getConnection);
                        assertThat(statement.isClosed()).isTrue();
                        assertThat(result.isClosed()).isTrue();
                        try (Connection next = pool.getConnection()) {
                            old.close();
                            assertThat(number(next, "SELECT 2")).isEqualTo(2);
                        }
                    }
                    return null;
                });
    }

    private static void assertDead(org.assertj.core.api.ThrowableAssert.ThrowingCallable method) {
        assertThatThrownBy(method).isInstanceOf(SQLException.class);
    }

    @Test
    @Spec("DB10")
    void close_openTransaction_isRolledBack() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(size(1))) {
                        try (Connection forgetful = pool.getConnection()) {
                            forgetful.setAutoCommit(false);
                            insert(forgetful, 0, 10);
                        }
                        try (Connection next = pool.getConnection()) {
                            assertThat(next.getAutoCommit()).isTrue();
                            next.setAutoCommit(false);
                            insert(next, 10, 20);
                            next.commit();
                        }

                        assertThat(pool.<Integer, SQLException>use(DatabaseContract::items))
                                .isEqualTo(10);
                        assertThat(pool.statistics().created()).isOne();
                    }
                    return null;
                });
    }

    @Test
    @Spec("DB2")
    void close_sessionWasChanged_nextUserHasItAsNew() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(size(1))) {
                        Map<String, Object> asNew;
                        try (Connection connection = pool.getConnection()) {
                            asNew = session(connection);
                            change(connection);
                            assertThat(session(connection)).isNotEqualTo(asNew);
                        }

                        try (Connection next = pool.getConnection()) {
                            assertThat(session(next)).isEqualTo(asNew);
                            insert(next, 0, 1); // it is not read-only
                        }
                        assertThat(pool.statistics().created()).isOne();
                        assertThat(items()).isOne();
                    }
                    return null;
                });
    }

    /* Not every driver takes everything. */
    private void change(Connection connection) throws SQLException {
        connection.setTransactionIsolation(otherIsolation());
        tolerantly(() -> connection.setReadOnly(true));
        tolerantly(() -> connection.setNetworkTimeout(AT_ONCE, 12_345));
        tolerantly(() -> connection.setHoldability(ResultSet.CLOSE_CURSORS_AT_COMMIT));
        if (otherSchema() != null) {
            connection.setSchema(otherSchema());
        }
        if (otherCatalog() != null) {
            connection.setCatalog(otherCatalog());
        }
        connection.setAutoCommit(false);
        number(connection, "SELECT 1"); // a transaction is open
    }

    /** {@return a schema that is there and not the usual one, if the database has several} */
    String otherSchema() {
        return null;
    }

    /** {@return a catalog that is there and not the usual one, if the database has several} */
    String otherCatalog() {
        return null;
    }

    private interface Setter {
        void set() throws SQLException;
    }

    private static void tolerantly(Setter setter) {
        try {
            setter.set();
        } catch (SQLException e) {
            // not supported
        }
    }

    private static Map<String, Object> session(Connection connection) throws SQLException {
        Map<String, Object> session = new HashMap<>();
        session.put("autoCommit", connection.getAutoCommit());
        session.put("isolation", connection.getTransactionIsolation());
        session.put("readOnly", connection.isReadOnly());
        session.put("schema", connection.getSchema());
        session.put("catalog", connection.getCatalog());
        session.put("holdability", connection.getHoldability());
        try {
            session.put("networkTimeout", connection.getNetworkTimeout());
        } catch (SQLException e) {
            session.put("networkTimeout", "none");
        }
        return session;
    }

    @Test
    @Spec("DB2")
    void close_statementsLeftOpen_areClosedAtTheDriver() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(size(1))) {
                        List<Statement> left = new ArrayList<>();
                        try (Connection connection = pool.getConnection()) {
                            left.add(connection.createStatement());
                            left.add(connection.prepareStatement("SELECT 1"));
                            left.getFirst().executeQuery("SELECT 1");
                        }

                        for (Statement statement : left) {
                            assertThat(statement.isClosed()).isTrue();
                        }
                        assertThat(number(pool, "SELECT 3")).isEqualTo(3);
                    }
                    return null;
                });
    }

    @Test
    @Spec("DB7")
    void wrappers_getBack_areTheHoldersOwn() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(size(1));
                            Connection connection = pool.getConnection();
                            Statement statement = connection.createStatement();
                            ResultSet result = statement.executeQuery("SELECT 1")) {
                        assertThat(statement.getConnection()).isSameAs(connection);
                        assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
                        assertThat(result.getStatement()).isSameAs(statement);
                        assertThat(connection.isWrapperFor(Connection.class)).isTrue();
                        assertThat(connection.isWrapperFor(driverType())).isTrue();
                    }
                    return null;
                });
    }

    @Test
    @Spec("DB8")
    void put_foreign_isRefused() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(size(1));
                            ConnectionPool other = open(size(1));
                            Connection foreign = other.getConnection()) {
                        assertThatThrownBy(() -> pool.put(foreign))
                                .isInstanceOf(IllegalArgumentException.class);
                        assertThat(number(foreign, "SELECT 1")).isOne();
                    }
                    return null;
                });
    }

    @Test
    @Spec("DB3")
    void maxIdleZero_returned_nextGetsANewOne() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(size(1).withMaxIdle(Duration.ZERO))) {
                        assertThat(number(pool, "SELECT 1")).isOne();
                        assertThat(number(pool, "SELECT 2")).isEqualTo(2);

                        assertThat(pool.statistics().created()).isEqualTo(2);
                        assertThat(pool.statistics().idle()).isZero();
                    }
                    return null;
                });
    }

    @Test
    @Spec({"DB4", "DB13"})
    void maxAgeZero_returnedWhileAnotherWaits_thatGetsANewOne() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(size(1).withMaxAge(Duration.ZERO))) {
                        Connection held = pool.getConnection();
                        GreenThread<Integer> waiter = Evy.spawn(() -> number(pool, "SELECT 7"));
                        while (pool.waiting() == 0) {
                            Evy.yield();
                        }
                        held.close();

                        assertThat(waiter.join()).isEqualTo(7);
                        assertThat(pool.waiting()).isZero();
                        assertThat(pool.statistics().created()).isEqualTo(2);
                    }
                    return null;
                });
    }

    @Test
    @Spec("DB9")
    void putNull_heldOne_makesRoomForAnother() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(size(1))) {
                        Connection lost = pool.getConnection();
                        assertThat(pool.free()).isZero();
                        pool.put(null);

                        assertThat(pool.free()).isOne();
                        assertThat(number(pool, "SELECT 1")).isOne();
                        assertThat(pool.statistics().created()).isEqualTo(2);
                        lost.close();
                    }
                    return null;
                });
    }

    @Test
    @Spec({"DB12", "DB18"})
    void clear_filledByMinSize_closesAllAndMakesNewOnes() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(size(3).withMinSize(3))) {
                        pool.fill();
                        assertThat(pool.statistics().idle()).isEqualTo(3);

                        pool.clear();

                        assertThat(number(pool, "SELECT 1")).isOne();
                        assertThat(pool.statistics().created()).isGreaterThan(3);
                        assertThat(pool.free()).isEqualTo(3);
                    }
                    return null;
                });
    }

    @Test
    @Spec("DB14")
    void getConnection_connectFails_errorNamesPoolAndCapacityStays() throws Exception {
        Evy.run(
                () -> {
                    Duration patience = Duration.ofMillis(300);
                    try (ConnectionPool pool =
                            open(
                                    wrongUrl(),
                                    size(2).withName("lost").withAcquireTimeout(patience))) {
                        for (int i = 0; i < 3; i++) {
                            assertThatThrownBy(pool::getConnection)
                                    .isInstanceOf(SQLException.class)
                                    .hasMessageContaining("'lost'");
                        }

                        assertThat(pool.free()).isEqualTo(2);
                        assertThat(pool.waiting()).isZero();
                        assertThat(pool.statistics().total()).isZero();
                    }
                    return null;
                });
    }

    @Test
    @Spec("DB17")
    void withCleanup_commits_replacesRollback() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(size(1).withCleanup(Connection::commit))) {
                        try (Connection connection = pool.getConnection()) {
                            connection.setAutoCommit(false);
                            insert(connection, 0, 5);
                        }

                        assertThat(items()).isEqualTo(5);
                    }
                    return null;
                });
    }

    @Test
    @Spec("DB11")
    void twoConnections_committed_isSeenByTheOther() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(size(2));
                            Connection one = pool.getConnection();
                            Connection other = pool.getConnection()) {
                        one.setAutoCommit(false);
                        insert(one, 0, 3);
                        one.commit();

                        assertThat(items(other)).isEqualTo(3);
                    }
                    return null;
                });
    }

    @Test
    @Spec({"DB1", "DB11"})
    void slowAndQuickQuery_atOnce_quickOneEndsFirst() throws Exception {
        Evy.run(
                () -> {
                    List<Integer> results = new ArrayList<>();
                    try (ConnectionPool pool = open(size(2).withMinSize(2))) {
                        pool.fill();
                        String slow = slowQuery(Duration.ofMillis(300), 2);
                        GreenThread<?> slowOne = Evy.spawn(() -> results.add(number(pool, slow)));
                        assertThat(results).isEmpty();
                        results.add(number(pool, "SELECT 1"));
                        assertThat(results).containsExactly(1);
                        slowOne.join();

                        assertThat(results).containsExactly(1, 2);
                    }
                    return null;
                });
    }

    @Test
    @Spec("DB10")
    void transaction_body_commitsOrRollsBack() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(size(1))) {
                        pool.runTransaction(c -> insert(c, 0, 2));
                        assertThatThrownBy(
                                        () ->
                                                pool.runTransaction(
                                                        c -> {
                                                            insert(c, 2, 4);
                                                            throw new IllegalStateException("no");
                                                        }))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessage("no");
                        Boolean late =
                                Timeout.call(
                                        Duration.ofMillis(50),
                                        () ->
                                                pool.<Boolean, SQLException>transaction(
                                                        c -> {
                                                            insert(c, 4, 6);
                                                            Evy.sleep(LONG);
                                                            return true;
                                                        }),
                                        false);

                        assertThat(late).isFalse();
                        assertThat(pool.<Integer, SQLException>use(DatabaseContract::items))
                                .isEqualTo(2);
                        assertThat(pool.free()).isOne();
                    }
                    return null;
                });
    }

    @Test
    @Spec({"DB1", "DB10"})
    void manyGreenThreads_fewConnections_loseNoUpdate() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(size(connections()))) {
                        GreenPool callers = new GreenPool(CALLERS);
                        for (int i = 0; i < CALLERS; i++) {
                            callers.spawnN(() -> countUp(pool));
                        }
                        callers.waitAll();

                        assertThat(number(pool, "SELECT n FROM counter"))
                                .isEqualTo(CALLERS * ROUNDS);
                        assertThat(pool.statistics().created()).isLessThanOrEqualTo(connections());
                        assertThat(pool.free()).isEqualTo(connections());
                        assertThat(pool.waiting()).isZero();
                    }
                    return null;
                });
    }

    private static void countUp(ConnectionPool pool) throws SQLException {
        for (int i = 0; i < ROUNDS; i++) {
            pool.runTransaction(c -> execute(c, "UPDATE counter SET n = n + 1"));
        }
    }

    @Test
    @Spec({"DB1", "DB19"})
    void hundredGreenThreads_slowQueriesOnTwenty_tickerGoesOn() throws Exception {
        String name = getClass().getSimpleName();
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(size(20).withMinSize(20))) {
                        pool.fill();
                        Gap gap = Gap.best(() -> askAll(pool));

                        System.out.println(name + ": " + gap);
                        assertThat(gap.hubMillis())
                                .as(gap.toString())
                                .isLessThanOrEqualTo(Gap.LIMIT_MILLIS);
                        assertThat(pool.statistics().created()).isEqualTo(20);
                    }
                    return null;
                });
    }

    private void askAll(ConnectionPool pool) {
        List<GreenThread<Integer>> callers =
                IntStream.range(0, CALLERS)
                        .mapToObj(i -> slowQuery(Duration.ofMillis(50), i))
                        .map(sql -> Evy.spawn(() -> number(pool, sql)))
                        .toList();
        assertThat(callers.stream().map(GreenThread::join))
                .containsExactlyElementsOf(IntStream.range(0, CALLERS).boxed().toList());
    }
}
