package evy.db;

import evy.sync.Semaphore;
import evy.tpool.Tpool;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** The calls of one connection of a native driver: made on native threads, one after the other. */
/*
 * A caller that is torn from a call leaves it running, and the turn is over when the call is, not
 * when its caller is gone. The way to get on is to have the driver cancel its statement.
 */
final class Turns {
    private final Semaphore turn = new Semaphore();

    // whose turn it is writes, others read
    private volatile @Nullable Object running;

    /**
     * Makes a call when its turn comes.
     *
     * @checkpoint always
     * @param target what is called, for {@link #cancel}
     */
    <T extends @Nullable Object> T call(Object target, Callable<T> call) throws Exception {
        turn.acquire();
        AtomicBoolean begun = new AtomicBoolean();
        try {
            return Tpool.<T>execute(() -> run(target, call, begun));
        } finally {
            if (begun.compareAndSet(false, true)) {
                turn.release(); // it was dropped before it ran
            }
        }
    }

    private <T extends @Nullable Object> T run(Object target, Callable<T> call, AtomicBoolean begun)
            throws Exception {
        if (!begun.compareAndSet(false, true)) {
            throw new InterruptedException("nobody waits for it");
        }
        running = target;
        try {
            return call.call();
        } finally {
            running = null;
            turn.release();
        }
    }

    /** Has the driver cancel the query that runs, if one does. Not on a green thread. */
    void cancel() throws SQLException {
        switch (running) {
            case Statement statement -> statement.cancel();
            case ResultSet rows -> rows.getStatement().cancel();
            case null, default -> {}
        }
    }
}
