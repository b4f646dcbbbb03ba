package evy.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.tpool.Tpool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

@ExtendWith(LeakCheckExtension.class)
class TpooledConnectionPoolTest {
    private static final ConnectionPoolOptions OPTIONS =
            ConnectionPoolOptions.DEFAULT.withName("native");

    private final FakeDriver driver = new FakeDriver();

    @Test
    @Spec("DB19")
    void calls_ofEverythingThatComesOfAConnection_areMadeOnNativeThreads() throws Exception {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        for (String call :
                List.of("connect", "prepareStatement", "executeQuery", "next", "length", "close")) {
            driver.on(call, _ -> threads.add(call + " " + isNative()));
        }
        Evy.run(
                () -> {
                    try (var pool = new TpooledConnectionPool(driver, OPTIONS);
                            var connection = pool.getConnection();
                            var statement = connection.prepareStatement("");
                            var rows = statement.executeQuery()) {
                        assertThat(rows.next()).isTrue();
                        assertThat(rows.getBlob(1).length()).isZero();
                        assertThat(rows.getStatement()).isSameAs(statement);
                        assertThat(statement.getConnection()).isSameAs(connection);
                    }
                });

        assertThat(threads)
                .containsExactlyInAnyOrder(
                        "connect true",
                        "prepareStatement true",
                        "executeQuery true",
                        "next true",
                        "length true",
                        "close true");
        assertThat(driver.open()).isZero();
    }

    private static boolean isNative() {
        return Thread.currentThread().getName().startsWith("evy-tpool-");
    }

    @Test
    @Spec("DB19")
    void calls_ofOneConnectionFromSeveralThreads_neverOverlap() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        driver.on(
                "execute",
                _ -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.sleep(1);
                    inside.decrementAndGet();
                });
        Evy.run(
                () -> {
                    try (var pool = new TpooledConnectionPool(driver, OPTIONS);
                            var connection = pool.getConnection()) {
                        List<GreenThread<?>> users = new ArrayList<>();
                        for (int i = 0; i < 10; i++) {
                            users.add(Evy.spawn(() -> execute(connection)));
                        }
                        users.forEach(GreenThread::join);
                    }
                });

        assertThat(most).hasValue(1);
    }

    private static void execute(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("")) {
            statement.execute();
        }
    }

    @Test
    void query_timedOut_isCancelledAndItsConnectionClosedAfterIt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        List<String> order = java.util.Collections.synchronizedList(new ArrayList<>());
        driver.on(
                "execute",
                _ -> {
                    begun.countDown();
                    cancelled.await();
                    order.add("query ends");
                });
        driver.on("cancel", _ -> cancelled.countDown());
        driver.on("close", _ -> order.add("close"));
        Evy.run(
                () -> {
                    try (var pool = new TpooledConnectionPool(driver, OPTIONS.withMaxSize(1))) {
                        GreenThread<?> caller =
                                Evy.spawn(() -> pool.run(TpooledConnectionPoolTest::execute));
                        Tpool.execute(
                                () -> {
                                    begun.await();
                                    return null;
                                });
                        TimeoutException timeout = new TimeoutException("of the query");
                        caller.kill(timeout);

                        assertThatThrownBy(caller::join).hasRootCause(timeout);
                        driver.scripts.remove("execute");
                        pool.run(TpooledConnectionPoolTest::execute);
                    }
                });

        assertThat(order).startsWith("query ends", "close");
        assertThat(driver.made).hasSize(2);
        assertThat(driver.open()).isZero();
    }

    @Test
    void connect_timedOut_lateConnectionIsClosed() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        driver.on(
                "connect",
                _ -> {
                    begun.incrementAndGet();
                    go.await();
                });
        Evy.run(
                () -> {
                    try (var pool =
                            new TpooledConnectionPool(
                                    driver, OPTIONS.withConnectTimeout(Duration.ofMillis(10)))) {
                        assertThat(
                                        org.assertj.core.api.Assertions.catchThrowable(
                                                pool::getConnection))
                                .isInstanceOf(ConnectTimeoutException.class);
                        go.countDown();
                        while (driver.made.size() < begun.get() || driver.open() > 0) {
                            Evy.sleep(Duration.ofMillis(1));
                        }
                    }
                });

        assertThat(driver.made).hasSize(begun.get());
        assertThat(driver.open()).isZero();
    }

    @Test
    void arguments_thatAreTheDrivers_reachItAsItsOwn() throws Exception {
        try (var pool = new TpooledConnectionPool(driver, OPTIONS);
                var connection = pool.getConnection();
                var statement = connection.prepareStatement("")) {
            java.sql.Array array = connection.createArrayOf("", new Object[0]);
            statement.setArray(1, array);

            var children = driver.last().children;
            assertThat(children.getFirst().lastArguments)
                    .containsExactly(1, children.getLast().proxy);
        }
    }

    @Test
    void equality_ofWhatIsUnwrapped_isThatOfTheDriversObjects() throws Exception {
        try (var pool = new TpooledConnectionPool(driver, OPTIONS);
                var connection = pool.getConnection();
                var another = pool.getConnection()) {
            Object native_ = connection.unwrap(java.lang.reflect.Proxy.class);
            Object other = another.unwrap(java.lang.reflect.Proxy.class);

            assertThat(native_.equals(native_)).isTrue();
            assertThat(native_.equals(driver.made.getFirst().proxy)).isTrue();
            assertThat(native_.equals(other)).isFalse();
            assertThat(native_.equals(null)).isFalse();
            assertThat(native_).hasSameHashCodeAs(driver.made.getFirst().proxy);
            assertThat(native_).hasToString("fake Connection");
        }
    }

    @Test
    void cancel_fails_itsCallerHearsOfIt() throws Exception {
        driver.on(
                "cancel",
                _ -> {
                    throw new SQLException("too late");
                });
        try (var pool = new TpooledConnectionPool(driver, OPTIONS);
                var connection = pool.getConnection();
                var statement = connection.prepareStatement("")) {
            assertThatThrownBy(statement::cancel)
                    .isInstanceOf(SQLException.class)
                    .hasMessage("too late");
        }
    }

    @Test
    void rows_readerIsKilled_theirStatementIsCancelled() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        driver.on(
                "next",
                _ -> {
                    begun.countDown();
                    cancelled.await();
                });
        driver.on("cancel", _ -> cancelled.countDown());
        Evy.run(
                () -> {
                    try (var pool = new TpooledConnectionPool(driver, OPTIONS)) {
                        GreenThread<?> reader =
                                Evy.spawn(
                                        () ->
                                                pool.run(
                                                        c ->
                                                                c.prepareStatement("")
                                                                        .executeQuery()
                                                                        .next()));
                        begun.await();
                        reader.kill();
                    }
                });

        assertThat(cancelled.getCount()).isZero();
        assertThat(driver.open()).isZero();
    }

    @Test
    void call_interrupted_saysSoAndStaysInterrupted() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        driver.on("commit", _ -> left.await());
        try (var pool = new TpooledConnectionPool(driver, OPTIONS)) {
            try (var connection = pool.getConnection()) {
                Thread.currentThread().interrupt();

                assertThatThrownBy(connection::commit)
                        .isInstanceOf(SQLException.class)
                        .hasMessage("interrupted in a native call");
                assertThat(Thread.interrupted()).isTrue();
                left.countDown();
            }
        }

        assertThat(driver.open()).isZero();
    }

    @Test
    void connect_interrupted_lateConnectionIsClosedWhateverItsCloseSays() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        driver.on(
                "connect",
                _ -> {
                    begun.countDown();
                    go.await();
                });
        driver.on(
                "close",
                _ -> {
                    closing.countDown();
                    throw new SQLException("ill");
                });
        var task =
                new FutureTask<>(
                        () -> {
                            assertThatThrownBy(() -> NativeConnection.connect(driver))
                                    .isInstanceOf(SQLException.class)
                                    .hasMessage("interrupted while connecting");
                            return Thread.currentThread().isInterrupted();
                        });
        Thread thread = new Thread(task, "interrupted");
        thread.start();
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        assertThat(task.get(20, TimeUnit.SECONDS)).isTrue();
        thread.join();

        go.countDown();

        assertThat(closing.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void connect_throwsNoSqlException_isTheCause() {
        assertThatThrownBy(
                        () ->
                                NativeConnection.connect(
                                        () -> {
                                            throw Borrowed.<RuntimeException>sneak(
                                                    new IOException("odd"));
                                        }))
                .isInstanceOf(SQLException.class)
                .hasRootCauseMessage("odd");
    }
}
