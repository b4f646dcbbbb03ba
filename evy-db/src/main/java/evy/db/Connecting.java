package evy.db;

import evy.Timeout;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Timer;

import org.jspecify.annotations.Nullable;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** A green thread that makes one connection. */
/*
 * The time limit does two things: it tears the thread out of the driver's call, and it tells who
 * waits, even if the driver does not let itself be torn. It is torn by an exception of I/O, for
 * that makes a driver close the socket it has begun to use; an error passes it by. The place in the pool is free when the
 * thread has ended, as there may be a connection until then.
 */
final class Connecting extends Greenlet {
    private final ConnectionPool pool;
    private final Stock stock;

    // hub thread only
    private @Nullable PhysicalConnection made;
    private boolean toldOff;

    private Connecting(Hub hub, ConnectionPool pool, Stock stock) {
        super(hub, "connect for " + pool);
        this.pool = pool;
        this.stock = stock;
    }

    static void start(Hub hub, ConnectionPool pool, Stock stock) {
        new Connecting(hub, pool, stock).start();
    }

    @Override
    protected void run() throws Exception {
        if (!stock.connectBegins(this)) {
            return;
        }
        Duration time = pool.options().connectTimeout();
        Timer limit = hub().schedule(time, this::tellOff);
        try {
            made =
                    new Timeout(time, new SocketTimeoutException("connectTimeout"))
                            .during(this::open);
        } finally {
            limit.cancel();
        }
    }

    /** Tears it out of the driver's call, if it still is in it. */
    void cancel() {
        raise(new SocketException("the pool was closed"));
    }

    private void tellOff() {
        toldOff = true;
        stock.connectIsLate();
    }

    private PhysicalConnection open() throws SQLException {
        Connection raw = pool.connect();
        boolean usable = false;
        try {
            pool.options().initializer().run(raw);
            PhysicalConnection connection =
                    new PhysicalConnection(pool, raw, pool.nextNumber(), stock.now());
            usable = true;
            return connection;
        } finally {
            if (!usable) {
                PhysicalConnection.discard(raw);
            }
        }
    }

    @Override
    protected void ended(@Nullable Throwable failure) {
        PhysicalConnection connection = made;
        if (toldOff) {
            stock.lateConnectEnded(this, connection);
        } else if (connection == null) {
            stock.connectFailed(this, Refusal.failed(failure));
        } else {
            stock.connected(this, connection);
        }
    }
}
