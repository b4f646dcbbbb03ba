package evy.db;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.ManualHub;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** A driver without a database, and what tests of pools of it have in common. */
abstract class PoolFixture {
    static final Duration HOUR = Duration.ofHours(1);

    final FakeDriver driver = new FakeDriver();

    interface PoolBody {
        void run(ConnectionPool pool) throws Exception;
    }

    interface Action {
        void run() throws Exception;
    }

    /* In virtual time, which jumps when all wait. */
    final void with(ConnectionPoolOptions options, PoolBody body) throws Exception {
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

    static void fail(String message) throws SQLException {
        throw new SQLException(message);
    }

    /** What is logged meanwhile, at that level or above. */
    static List<LogRecord> logged(Level level, Action action) throws Exception {
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        Handler handler = new RecordingHandler(records);
        Logger logger = Logger.getLogger("evy.db");
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        logger.setLevel(level);
        try {
            action.run();
        } finally {
            logger.setLevel(null);
            logger.setUseParentHandlers(true);
            logger.removeHandler(handler);
        }
        return records;
    }

    private static final class RecordingHandler extends Handler {
        private final List<LogRecord> records;

        RecordingHandler(List<LogRecord> records) {
            this.records = records;
        }

        @Override
        public void publish(LogRecord entry) {
            records.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
