package evy.db;

import evy.Evy;
import evy.hubs.Hub;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What is decided under the lock of a {@link Stock} and done without it, on the pool's hub. */
final class Work {
    private final Stock stock;
    private final List<Consumer<Hub>> jobs = new ArrayList<>(2);

    Work(Stock stock) {
        this.stock = stock;
    }

    void connect(ConnectionPool pool) {
        jobs.add(hub -> Connecting.start(hub, pool, stock));
    }

    void close(PhysicalConnection connection) {
        jobs.add(hub -> Closing.start(hub, connection, stock));
    }

    void cancel(Connecting attempt) {
        jobs.add(_ -> attempt.cancel());
    }

    void warn(String message, @Nullable Throwable place) {
        jobs.add(
                hub -> {
                    var _ = // it has no result, and loggers are expected not to fail
                            Evy.spawn(
                                    hub,
                                    () -> ConnectionPool.LOGGER.log(Level.WARNING, message, place));
                });
    }

    /** Has it done. Never blocks. */
    void start() {
        for (Consumer<Hub> job : jobs) {
            try {
                job.accept(stock.home());
            } catch (IllegalStateException e) {
                job.accept(Hub.getDefault()); // the hub began to close just now
            }
        }
    }

    static String outFor(PhysicalConnection connection, Duration time) {
        return connection.name()
                + ": not returned for "
                + time.toSeconds()
                + " s; it was borrowed here";
    }
}
