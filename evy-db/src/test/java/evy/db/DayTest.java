package evy.db;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.db.FakeDriver.Fake;
import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A day of a pool, in virtual time, with a driver and users that fail at random. */
@ExtendWith(LeakCheckExtension.class)
class DayTest {
    private static final Duration DAY = Duration.ofHours(24);
    private static final int MAX_SIZE = 5;
    private static final int MIN_SIZE = 1;
    private static final long MAX_IDLE_NANOS = Duration.ofMinutes(2).toNanos();
    private static final long MAX_AGE_NANOS = Duration.ofMinutes(20).toNanos();
    private static final int USERS = 12;

    /* The alarm rings, then a green thread closes: a few turns, and a slow close. */
    private static final long SLOWEST_CLOSE_NANOS = Duration.ofSeconds(2).toNanos();

    private final FakeDriver driver = new FakeDriver();
    private boolean done;

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    @Spec({"DB3", "DB4", "DB6", "DB14", "DB15", "DB16"})
    void day_withRandomFaults_boundsAlwaysHoldAndNothingIsLost(long seed) throws Exception {
        Random random = new Random(seed);
        try (var manual = ManualHub.open(seed)) {
            manual.run(() -> live(random));
        }
    }

    private void live(Random random) throws Exception {
        driver.on("connect", _ -> connect(random));
        driver.on("executeQuery", _ -> query(random));
        driver.on("close", _ -> pause(random, 50, SLOWEST_CLOSE_NANOS));
        driver.on("isValid", fake -> breakDown(random, fake));
        var options =
                ConnectionPoolOptions.DEFAULT
                        .withName("day")
                        .withMaxSize(MAX_SIZE)
                        .withMinSize(MIN_SIZE)
                        .withMaxIdle(Duration.ofNanos(MAX_IDLE_NANOS))
                        .withMaxAge(Duration.ofNanos(MAX_AGE_NANOS));
        try (var pool = new RawConnectionPool(driver, options)) {
            List<GreenThread<?>> users = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                users.add(Evy.spawn(() -> use(pool, random)));
            }
            long end = now() + DAY.toNanos();
            while (now() < end) {
                Evy.sleep(Duration.ofSeconds(1 + random.nextInt(60)));
                check(pool);
                if (random.nextInt(20) == 0) {
                    int victim = random.nextInt(USERS);
                    users.get(victim).kill();
                    users.set(victim, Evy.spawn(() -> use(pool, random)));
                }
            }
            done = true;
            users.forEach(DayTest::await);
            driver.scripts.clear();
            Evy.sleep(Duration.ofSeconds(30));

            PoolStatistics end2 = pool.statistics();
            assertThat(end2.active()).isZero();
            assertThat(end2.waiting()).isZero();
            assertThat(end2.closing() + end2.connecting()).isZero();
            assertThat(end2.total()).isEqualTo(driver.open());
            assertThat(pool.free()).isEqualTo(MAX_SIZE);
            assertThat(end2.created()).isGreaterThan(72);
            assertThat(end2.connectFailures()).isPositive();
            assertThat(end2.broken()).isPositive();
        }
        assertThat(driver.open()).isZero();
    }

    private static long now() {
        return Hub.current().clock().nanos();
    }

    private static void await(GreenThread<?> user) {
        try {
            user.join();
        } catch (Throwable t) {
            assertThat(t).isInstanceOf(evy.GreenThreadExit.class);
        }
    }

    private void check(ConnectionPool pool) {
        PoolStatistics figures = pool.statistics();
        assertThat(driver.mostOpen).isLessThanOrEqualTo(MAX_SIZE);
        assertThat(figures.total()).isBetween(0, MAX_SIZE);
        assertThat(figures.active()).isBetween(0, MAX_SIZE);
        assertThat(figures.waiting() > 0 && figures.idle() > 0).isFalse();
        for (PhysicalConnection idle : pool.idle()) {
            assertThat(now() - idle.createdNanos).isLessThan(MAX_AGE_NANOS);
            if (figures.total() - figures.closing() > MIN_SIZE) {
                assertThat(now() - idle.idleSinceNanos).isLessThan(MAX_IDLE_NANOS);
            }
        }
    }

    private void use(ConnectionPool pool, Random random) {
        while (!done) {
            // quiet hours and busy ones
            Evy.sleep(
                    Duration.ofMillis(
                            random.nextInt(random.nextInt(5) == 0 ? 1_800_000 : 100_000)));
            try {
                boolean _ =
                        Timeout.run(
                                Duration.ofSeconds(5 + random.nextInt(60)),
                                () -> query(pool, random));
            } catch (SQLException | IllegalStateException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    private static void query(ConnectionPool pool, Random random) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            if (random.nextBoolean()) {
                connection.setAutoCommit(false);
            }
            try (var statement = connection.createStatement()) {
                statement.executeQuery("");
            }
        }
    }

    private static void pause(Random random, int oneIn, long longestNanos) {
        if (random.nextInt(oneIn) == 0) {
            Evy.sleep(Duration.ofNanos((long) (random.nextDouble() * longestNanos)));
        }
    }

    private static void connect(Random random) throws SQLException {
        pause(random, 3, Duration.ofSeconds(8).toNanos()); // some take longer than they may
        if (random.nextInt(10) == 0) {
            throw new SQLException("refused", "08001");
        }
    }

    private static void query(Random random) throws SQLException {
        pause(random, 1, Duration.ofSeconds(30).toNanos());
        switch (random.nextInt(30)) {
            case 0 -> throw new SQLException("terminated", "57P01");
            case 1 -> throw new SQLException("duplicate", "23505");
            case 2 -> throw new IllegalStateException("driver is confused");
            default -> {}
        }
    }

    private static void breakDown(Random random, Fake fake) {
        if (random.nextInt(20) == 0) {
            fake.closed = true;
        }
    }
}
