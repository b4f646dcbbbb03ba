package evy.db;

import evy.Timeout;
import evy.hubs.Greenlet;
import evy.hubs.Hub;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;

/** A green thread that closes one connection, for that may block. */
final class Closing extends Greenlet {
    private final PhysicalConnection connection;
    private final Stock stock;
    private boolean closed;

    private Closing(Hub hub, PhysicalConnection connection, Stock stock) {
        super(hub, "close " + connection.name());
        this.connection = connection;
        this.stock = stock;
    }

    static void start(Hub hub, PhysicalConnection connection, Stock stock) {
        new Closing(hub, connection, stock).start();
    }

    @Override
    protected void run() {
        closed = Timeout.run(connection.pool.options().closeTimeout(), connection::close);
    }

    @Override
    protected void ended(@Nullable Throwable failure) {
        try {
            if (!closed) {
                ConnectionPool.LOGGER.log(
                        Level.WARNING,
                        connection.name() + ": is aborted, it did not close",
                        failure);
                connection.abort();
            }
        } finally {
            stock.closedOne();
        }
    }
}
