package evy.db;

import evy.hubs.Waiter;
import evy.tpool.Tpool;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/** Makes connections of a driver in native code, on native threads. */
final class NativeConnection {
    private static final Object ABANDONED = new Object();

    private NativeConnection() {}

    /**
     * Connects. If the caller is torn from it, a connection that is made all the same is closed.
     *
     * @checkpoint always
     */
    static Connection connect(ConnectionFactory factory) throws SQLException {
        AtomicReference<@Nullable Object> outcome = new AtomicReference<>();
        boolean taken = false;
        try {
            Connection raw = Tpool.execute(() -> make(factory, outcome));
            taken = true;
            return NativeObject.wrap(Connection.class, raw, new Turns());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while connecting", e);
        } catch (SQLException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new SQLException(e);
        } finally {
            if (!taken && outcome.getAndSet(ABANDONED) instanceof Connection unwanted) {
                aside(() -> close(unwanted));
            }
        }
    }

    private static Connection make(
            ConnectionFactory factory, AtomicReference<@Nullable Object> outcome)
            throws SQLException {
        Connection raw = factory.connect();
        if (!outcome.compareAndSet(null, raw)) {
            close(raw);
        }
        return raw;
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            ConnectionPool.LOGGER.log(Level.DEBUG, "a late connection failed to close", e);
        }
    }

    /**
     * Does something on a thread of its own, for all of the native pool may be busy with what this
     * is to end.
     */
    static void aside(Runnable action) {
        Thread.ofPlatform().daemon().name("evy-db-aside").start(action);
    }

    /** Makes a call on a thread of its own and waits for it. */
    static <T> T callAside(Callable<T> call) throws Exception {
        Aside<T> job = new Aside<>(call);
        aside(job);
        job.waiter.await();
        return job.result();
    }

    /** A call on a thread of its own. */
    private static final class Aside<T> implements Runnable, Waiter.External {
        private final Callable<T> call;
        private final Waiter waiter;

        // written before the wake, read after it
        private @Nullable T result;
        private @Nullable Throwable failure;

        Aside(Callable<T> call) {
            this.call = call;
            this.waiter = Waiter.current(this);
        }

        @Override
        public void run() {
            try {
                result = call.call();
            } catch (Throwable t) {
                failure = t;
            }
            waiter.wake();
        }

        @SuppressWarnings("NullAway") // the call's own result
        T result() throws Exception {
            if (failure != null) {
                throw Borrowed.<Exception>sneak(failure);
            }
            return result;
        }

        @Override
        public String toString() {
            return "native call " + call;
        }
    }
}
