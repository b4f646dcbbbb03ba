package evy.db;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
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
        CountDownLatch cancelled = new CountDownLatch(1);
        List<String> order = java.util.Collections.synchronizedList(new ArrayList<>());
        driver.on(
                "execute",
                _ -> {
                    cancelled.await();
                    order.add("query ends");
                });
        driver.on("cancel", _ -> cancelled.countDown());
        driver.on("close", _ -> order.add("close"));
        Evy.run(
                () -> {
                    try (var pool = new TpooledConnectionPool(driver, OPTIONS.withMaxSize(1))) {
                        boolean finished =
                                Timeout.run(Duration.ofMillis(20), () -> pool.run(c -> execute(c)));
                        driver.scripts.remove("execute");
                        pool.run(TpooledConnectionPoolTest::execute);

                        assertThat(finished).isFalse();
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
}
