package evy.db.it;

import static evy.db.it.Databases.awaitNumber;
import static evy.db.it.Databases.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.db.ConnectTimeoutException;
import evy.db.ConnectionPool;
import evy.db.ConnectionPoolOptions;
import evy.db.RawConnectionPool;
import evy.db.it.servers.DatabaseServer;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * What goes wrong between a pool and a server, and that nothing is lost by it: no connection, no
 * waiter, and no answer to anybody but who asked. Run for each server.
 */
@ExtendWith(LeakCheckExtension.class)
abstract class ServerFaults {
    /** The database of these tests: what is connected to it, is theirs. */
    static final String DATABASE = "faults";

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final int SIZE = 5;

    private final DatabaseServer server;
    private TcpProxy proxy;

    ServerFaults(DatabaseServer server) {
        this.server = server;
    }

    /** {@return a query that takes its time at the server, and gives a number} */
    abstract String slowQuery(Duration time, int number);

    /** {@return a query for the number by which the server knows the connection} */
    abstract String sessionId();

    /** {@return a statement that ends a connection from outside} */
    abstract String terminate(int sessionId);

    /** {@return a query for how many connections there are to the tests' database} */
    abstract String sessions();

    /** {@return a query for how many of them are at work} */
    abstract String working();

    /** Lets the server take only so many connections of the tests', or of all. */
    abstract void limitConnections(Connection admin, int limit) throws SQLException;

    /** Lets it take as many as before. */
    abstract void unlimitConnections(Connection admin) throws SQLException;

    /** {@return the address of the tests' database, for a user without special rights} */
    String url(int port) {
        return server.url(port, DATABASE);
    }

    @BeforeEach
    void startProxy() throws Exception {
        proxy = TcpProxy.to(server.port());
        Databases.warmUp(open(options()));
    }

    @AfterEach
    void closeProxy() throws Exception {
        proxy.close();
        awaitNumber(server.url(), sessions(), 0);
    }

    /** {@return a pool of connections to an address} */
    ConnectionPool open(String url, ConnectionPoolOptions options) {
        return new RawConnectionPool(url, new Properties(), options);
    }

    private ConnectionPool open(ConnectionPoolOptions options) {
        return open(url(proxy.port()), options);
    }

    private static ConnectionPoolOptions options() {
        return ConnectionPoolOptions.DEFAULT
                .withName("orders")
                .withMaxSize(SIZE)
                .withMaxAge(LONG)
                .withAcquireTimeout(LONG)
                .withConnectTimeout(LONG);
    }

    private static List<Connection> borrow(ConnectionPool pool, int count) throws SQLException {
        List<Connection> borrowed = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            borrowed.add(pool.getConnection());
        }
        return borrowed;
    }

    private static void giveBack(List<Connection> borrowed) throws SQLException {
        for (Connection connection : borrowed) {
            connection.close();
        }
    }

    /* All can be had at once, each works, and there are no more. */
    private void assertWhole(ConnectionPool pool) throws SQLException, InterruptedException {
        awaitAttempts(pool);
        List<Connection> all = borrow(pool, pool.maxSize());
        for (Connection connection : all) {
            assertThat(number(connection, "SELECT 42")).isEqualTo(42);
        }
        assertThat(pool.free()).isZero();
        giveBack(all);
        assertThat(pool.free()).isEqualTo(pool.maxSize());
        assertThat(pool.waiting()).isZero();
        assertThat(pool.statistics().active()).isZero();
        awaitNumber(server.url(), sessions(), pool.maxSize());
        awaitNumber(server.url(), working(), 0);
    }

    /* What was begun while the server was ill may still fail, and would fail the next who waits. */
    private static void awaitAttempts(ConnectionPool pool) {
        while (pool.statistics().connecting() > 0) {
            Evy.yield();
        }
    }

    private static void assertTellsFigures(Throwable thrown) {
        assertThat(thrown)
                .isInstanceOf(SQLTransientConnectionException.class)
                .hasMessageContaining("'orders'")
                .hasMessageMatching("(?s).*total=\\d+.*active=\\d+.*idle=\\d+.*waiting=\\d+.*");
    }

    @Test
    @Spec({"DB2", "DB14"})
    void server_killedAndRestarted_poolHeals() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(options().withValidateAfter(Duration.ZERO))) {
                        giveBack(borrow(pool, SIZE));
                        Connection held = pool.getConnection();
                        server.kill();

                        assertThatThrownBy(() -> number(held, "SELECT 1"))
                                .isInstanceOf(SQLException.class);
                        held.close();
                        assertTellsFigures(catchThrowable(() -> pool.getConnection(SHORT)));
                        assertThat(pool.waiting()).isZero();

                        server.start();
                        assertWhole(pool);
                        assertThat(pool.statistics().created()).isEqualTo(2 * SIZE);
                    }
                    return null;
                });
    }

    @Test
    @Spec({"DB2", "DB13"})
    void server_restartedWhileCallersWait_eachGetsItsAnswer() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(options())) {
                        List<Connection> held = borrow(pool, SIZE);
                        List<GreenThread<Integer>> waiters = new ArrayList<>();
                        for (int i = 0; i < 4 * SIZE; i++) {
                            String sql = "SELECT " + i;
                            waiters.add(Evy.spawn(() -> number(pool, sql)));
                        }
                        while (pool.waiting() < waiters.size()) {
                            Evy.yield();
                        }
                        server.kill();
                        server.start();
                        for (Connection connection : held) {
                            assertThatThrownBy(() -> number(connection, "SELECT 1"))
                                    .isInstanceOf(SQLException.class);
                            connection.close();
                        }

                        for (int i = 0; i < waiters.size(); i++) {
                            assertThat(waiters.get(i).join()).isEqualTo(i);
                        }
                        assertWhole(pool);
                    }
                    return null;
                });
    }

    @Test
    @Spec("DB2")
    void network_cutDuringQuery_failsAtOnceAndHeals() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(options().withValidateAfter(Duration.ZERO))) {
                        giveBack(borrow(pool, SIZE));
                        GreenThread<Throwable> caller =
                                Evy.spawn(
                                        () ->
                                                catchThrowable(
                                                        () -> number(pool, slowQuery(LONG, 1))));
                        awaitNumber(server.url(), working(), 1);
                        proxy.cut();

                        assertThat(caller.join()).isInstanceOf(SQLException.class);
                        assertTellsFigures(catchThrowable(() -> pool.getConnection(SHORT)));

                        proxy.mend();
                        assertThat(number(pool, "SELECT 5")).isEqualTo(5);
                        stopWorking();
                        assertWhole(pool);
                        assertThat(pool.statistics().broken()).isPositive();
                    }
                    return null;
                });
    }

    /* A server may work on for a client that it cannot reach. */
    private void stopWorking() throws SQLException {
        try (Connection admin = DriverManager.getConnection(server.url())) {
            int id = number(admin, longestAtWork());
            if (id != 0) {
                Databases.execute(admin, terminate(id));
            }
        }
    }

    /** {@return a query for the number of a connection that is at work, or 0} */
    abstract String longestAtWork();

    @Test
    @Spec("DB2")
    void network_silentDuringQuery_timeoutFreesThePlaceInBoundedTime() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool =
                            open(options().withMaxSize(1).withCloseTimeout(SHORT))) {
                        int id = number(pool, sessionId());
                        proxy.silence();
                        String cut =
                                Timeout.call(
                                        SHORT,
                                        () -> "answer " + number(pool, "SELECT 1"),
                                        "no answer");

                        assertThat(cut).isEqualTo("no answer");
                        proxy.mend();
                        assertThat(number(pool, sessionId())).isNotEqualTo(id);
                        assertWhole(pool);
                    }
                    return null;
                });
    }

    @Test
    @Spec("DB2")
    void network_silentWhileIdle_testEndsInTimeAndTheWaiterGetsANewOne() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool =
                            open(
                                    options()
                                            .withMaxSize(1)
                                            .withValidateAfter(Duration.ZERO)
                                            .withValidationTimeout(SHORT)
                                            .withConnectTimeout(SHORT)
                                            .withCloseTimeout(SHORT))) {
                        assertThat(number(pool, "SELECT 1")).isOne();
                        proxy.silence();

                        assertThatThrownBy(() -> pool.getConnection(Duration.ofSeconds(2)))
                                .isInstanceOf(SQLTransientConnectionException.class);
                        proxy.mend();
                        assertThat(number(pool, "SELECT 2")).isEqualTo(2);
                        assertWhole(pool);
                    }
                    return null;
                });
    }

    @Test
    @Spec("DB2")
    void session_terminatedMidQuery_callerFailsAndNobodyElse() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(options().withMaxSize(1))) {
                        int id = number(pool, sessionId());
                        GreenThread<Throwable> victim =
                                Evy.spawn(
                                        () ->
                                                catchThrowable(
                                                        () -> number(pool, slowQuery(LONG, 1))));
                        GreenThread<Integer> next = Evy.spawn(() -> number(pool, sessionId()));
                        awaitNumber(server.url(), working(), 1);
                        Databases.execute(server.url(), terminate(id));

                        assertThat(victim.join()).isInstanceOf(SQLException.class);
                        assertThat(next.join()).isNotEqualTo(id);
                        assertThat(pool.statistics().broken()).isOne();
                        assertWhole(pool);
                    }
                    return null;
                });
    }

    @Test
    @Spec("DB2")
    void session_terminatedWhileIdle_nextUserSeesNothingOfIt() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool =
                            open(options().withMaxSize(1).withValidateAfter(Duration.ZERO))) {
                        int id = number(pool, sessionId());
                        Databases.execute(server.url(), terminate(id));
                        awaitNumber(server.url(), sessions(), 0);

                        assertThat(number(pool, sessionId())).isNotEqualTo(id);
                        assertWhole(pool);
                    }
                    return null;
                });
    }

    @Test
    @Spec("DB5")
    void connect_nobodyAnswers_connectTimeoutWithFigures() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(options().withConnectTimeout(SHORT))) {
                        proxy.silence();
                        Throwable thrown = catchThrowable(pool::getConnection);

                        assertThat(thrown).isInstanceOf(ConnectTimeoutException.class);
                        assertTellsFigures(thrown);
                        assertThat(Timeout.isTimeout(thrown)).isTrue();
                        proxy.mend();
                        assertWhole(pool);
                    }
                    return null;
                });
    }

    @Test
    @Spec("DB5")
    void connect_packetsAreLost_connectTimeout() throws Exception {
        List<Socket> filling = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fill(full, filling);
            Evy.run(
                    () -> {
                        try (ConnectionPool pool =
                                open(
                                        url(full.getLocalPort()),
                                        options().withConnectTimeout(SHORT))) {
                            assertThatThrownBy(pool::getConnection)
                                    .isInstanceOf(ConnectTimeoutException.class);
                            assertThat(pool.free()).isEqualTo(SIZE);
                        }
                        return null;
                    });
        } finally {
            for (Socket socket : filling) {
                socket.close();
            }
        }
    }

    /* A listener whose queue is full drops what asks for a connection, and says nothing. */
    private static void fill(ServerSocket listener, List<Socket> filling) throws IOException {
        while (true) {
            Socket socket = new Socket();
            filling.add(socket);
            try {
                socket.connect(
                        new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()),
                        100);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
    }

    @Test
    @Spec("DB14")
    void server_refusesTooMany_thoseThatAreInServeAll() throws Exception {
        Evy.run(
                () -> {
                    try (Connection admin = DriverManager.getConnection(server.url())) {
                        limitConnections(admin, 10);
                        try (ConnectionPool pool = open(options().withMaxSize(30))) {
                            crowd(pool);
                            unlimitConnections(admin);
                            assertWhole(pool);
                        } finally {
                            unlimitConnections(admin);
                        }
                    }
                    return null;
                });
    }

    /* Many callers for a pool that gets less connections than it may have. */
    private static void crowd(ConnectionPool pool) throws SQLException {
        List<Connection> held = new ArrayList<>();
        Throwable refused = catchThrowable(() -> borrowUntilRefused(pool, held));
        List<GreenThread<Object>> callers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String sql = "SELECT " + i;
            callers.add(Evy.spawn(() -> outcome(pool, sql)));
        }
        giveBack(held);

        assertTellsFigures(refused);
        assertThat(refused).hasCauseInstanceOf(SQLException.class);
        assertThat(held.size()).isBetween(1, 10);
        for (int i = 0; i < callers.size(); i++) {
            Object outcome = callers.get(i).join();
            if (outcome instanceof Throwable thrown) {
                assertTellsFigures(thrown);
            } else {
                assertThat(outcome).isEqualTo(i);
            }
        }
        assertThat(pool.waiting()).isZero();
    }

    private static Object outcome(ConnectionPool pool, String sql) {
        try {
            return number(pool, sql);
        } catch (SQLException e) {
            return e;
        }
    }

    private static void borrowUntilRefused(ConnectionPool pool, List<Connection> held)
            throws SQLException {
        while (true) {
            held.add(pool.getConnection(SHORT));
        }
    }

    @Test
    @Spec({"DB2", "DB10"})
    void timeout_duringQuery_nextUserGetsItsOwnAnswer() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(options().withMaxSize(1))) {
                        String cut =
                                Timeout.call(
                                        SHORT,
                                        () -> "answer " + number(pool, slowQuery(LONG, 1)),
                                        "no answer");

                        assertThat(cut).isEqualTo("no answer");
                        assertThat(number(pool, "SELECT 42")).isEqualTo(42);
                        assertWhole(pool);
                    }
                    return null;
                });
    }

    @Test
    @Spec({"DB2", "DB10"})
    void kill_withAnyExceptionDuringQuery_nextUserGetsItsOwnAnswer() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(options().withMaxSize(1))) {
                        GreenThread<Integer> user =
                                Evy.spawn(() -> number(pool, slowQuery(Duration.ofSeconds(1), 1)));
                        awaitNumber(server.url(), working(), 1);
                        ArithmeticException any = new ArithmeticException("any");
                        user.kill(any);

                        assertThatThrownBy(user::join).isSameAs(any);
                        assertThat(number(pool, "SELECT 42")).isEqualTo(42);
                        assertWhole(pool);
                        assertThat(pool.statistics().broken()).isOne();
                    }
                    return null;
                });
    }

    @Test
    @Spec({"DB2", "DB10"})
    void timeout_insideTryWithResources_nextUserGetsItsOwnAnswer() throws Exception {
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(options().withMaxSize(1))) {
                        String cut =
                                Timeout.call(
                                        SHORT,
                                        () -> {
                                            try (Connection c = pool.getConnection()) {
                                                return "answer " + number(c, slowQuery(LONG, 1));
                                            }
                                        },
                                        "no answer");

                        assertThat(cut).isEqualTo("no answer");
                        assertThat(number(pool, "SELECT 42")).isEqualTo(42);
                        assertWhole(pool);
                    }
                    return null;
                });
    }

    @Test
    @Spec({"DB2", "DB10"})
    void kill_duringTransaction_isRolledBackAndLeavesNothing() throws Exception {
        Databases.execute(
                url(server.port()),
                "DROP TABLE IF EXISTS victim",
                "CREATE TABLE victim (n INTEGER)");
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(options().withMaxSize(1))) {
                        GreenThread<?> victim =
                                Evy.spawn(
                                        () ->
                                                pool.runTransaction(
                                                        c -> {
                                                            Databases.execute(
                                                                    c,
                                                                    "INSERT INTO victim VALUES"
                                                                            + " (1)");
                                                            number(c, slowQuery(LONG, 1));
                                                        }));
                        awaitNumber(server.url(), working(), 1);
                        victim.kill();

                        assertThat(number(pool, "SELECT COUNT(*) FROM victim")).isZero();
                        assertWhole(pool);
                    }
                    return null;
                });
    }

    @Test
    @Spec({"DB2", "DB10"})
    void timeouts_atAnyMoment_everyAnswerIsTheAskersOwn() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int[] counts = new int[2];
        Evy.run(
                () -> {
                    try (ConnectionPool pool = open(options())) {
                        List<GreenThread<?>> callers = new ArrayList<>();
                        for (int i = 0; i < 20; i++) {
                            int caller = i;
                            callers.add(Evy.spawn(() -> askOften(pool, caller, random, counts)));
                        }
                        callers.forEach(GreenThread::join);

                        assertThat(counts[0]).as("answers, seed %d", seed).isPositive();
                        assertThat(counts[1]).as("timeouts, seed %d", seed).isPositive();
                        assertWhole(pool);
                    }
                    return null;
                });
    }

    private void askOften(ConnectionPool pool, int caller, Random random, int[] counts)
            throws SQLException {
        for (int i = 0; i < 20; i++) {
            int question = caller * 1000 + i;
            String sql =
                    i % 3 == 0 ? slowQuery(Duration.ofMillis(2), question) : "SELECT " + question;
            Duration limit =
                    switch (i % 4) {
                        case 0 -> LONG;
                        case 1 -> Duration.ofNanos(1);
                        default ->
                                Duration.ofNanos(
                                        random.nextLong(TimeUnit.MILLISECONDS.toNanos(20)));
                    };
            int answer = Timeout.call(limit, () -> number(pool, sql), -1);
            counts[answer < 0 ? 1 : 0]++;
            if (answer >= 0) {
                assertThat(answer).isEqualTo(question);
            }
        }
    }

    @Test
    @Spec("DB15")
    void close_serverIsGone_saysNothing() throws Exception {
        Evy.run(
                () -> {
                    ConnectionPool pool = open(options());
                    giveBack(borrow(pool, SIZE));
                    server.kill();
                    try {
                        pool.close();

                        assertThat(pool.isClosed()).isTrue();
                        assertThat(pool.statistics().total()).isZero();
                    } finally {
                        server.start();
                    }
                    return null;
                });
    }

    @Test
    @Spec("DB15")
    void closeWithin_queryIsRunning_callerFails() throws Exception {
        Evy.run(
                () -> {
                    ConnectionPool pool = open(options());
                    GreenThread<Throwable> caller =
                            Evy.spawn(() -> catchThrowable(() -> number(pool, slowQuery(LONG, 1))));
                    awaitNumber(server.url(), working(), 1);

                    assertThat(pool.close(SHORT)).isFalse();

                    assertThat(caller.join()).isInstanceOf(SQLException.class);
                    stopWorking();
                    return null;
                });
    }
}
