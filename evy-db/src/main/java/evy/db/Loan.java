package evy.db;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/**
 * Knows of a handle that is out, without keeping it: when its borrower drops it, the connection is
 * taken back.
 */
/*
 * One reference for each borrowing, kept by the connection alone. A Cleaner would do the same at the
 * price of a linked list under a lock.
 */
final class Loan extends WeakReference<BorrowedConnection> {
    private static final ReferenceQueue<BorrowedConnection> DROPPED = new ReferenceQueue<>();

    static {
        Thread.ofPlatform().daemon().name("evy-cleaner").start(Loan::takeDropped);
    }

    private final PhysicalConnection connection;
    final @Nullable Throwable place;
    final long sinceNanos;

    // guarded by the stock's lock
    boolean reported;

    /**
     * @param place where it was borrowed, if that is recorded
     */
    Loan(
            BorrowedConnection handle,
            PhysicalConnection connection,
            @Nullable Throwable place,
            long sinceNanos) {
        super(handle, DROPPED);
        this.connection = connection;
        this.place = place;
        this.sinceNanos = sinceNanos;
    }

    PhysicalConnection connection() {
        return connection;
    }

    @SuppressWarnings("InfiniteLoopStatement") // a daemon's
    private static void takeDropped() {
        while (true) {
            try {
                if (DROPPED.remove() instanceof Loan loan) {
                    loan.connection.pool.reclaim(loan);
                }
            } catch (InterruptedException | RuntimeException e) {
                ConnectionPool.LOGGER.log(Level.WARNING, "taking back dropped connections", e);
            }
        }
    }
}
