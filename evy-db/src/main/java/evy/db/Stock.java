package evy.db;

import evy.hubs.Hub;
import evy.hubs.WaitQueue;
import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The connections of a pool, and who waits for one: who gets which, when there have to be more, and
 * when there are too many.
 */
/*
 * A connection is idle, out, being made, or being closed; `size` counts all four, so that the server
 * never sees more than there may be. Whenever the lock is free: if somebody waits, none is idle, and
 * either there are as many as there may be, or one is being made for each who waits, or making them
 * has failed and the alarm is set for another try.
 *
 * Nobody makes a connection for himself: who needs one waits in line while a green thread of the
 * pool's hub connects, and takes what comes first, the new one or one that is returned. A borrower
 * that is killed costs nothing then, the connection is made for the next. If connecting fails, one
 * of those who wait hears of it, the first; the others wait on, while a single try after ever longer
 * pauses finds out when the server is back.
 *
 * What may block or is others' code, making, closing, logging, is done without the lock, by green
 * threads of the pool's hub.
 */
final class Stock {
    private static final long FIRST_PAUSE_NANOS = 10_000_000;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000_000;

    private final ConnectionPool pool;
    private final ConnectionPoolOptions options;
    private final long maxIdleNanos;
    private final long maxAgeNanos;
    private final long leakThresholdNanos;

    // any thread
    private volatile Hub home;

    // its lock guards all below
    private final WaitQueue waiters = new WaitQueue();
    private final WaitQueue watchers = new WaitQueue(waiters);

    private final ArrayDeque<PhysicalConnection> idle =
            new ArrayDeque<>(); // the last returned last
    private final Set<PhysicalConnection> open = new HashSet<>(); // idle and out
    private final Set<Connecting> attempts = new HashSet<>();
    private final Alarm alarm = new Alarm(this::ring);
    private int size;
    private int maxSize;
    private int connecting;
    private int closing;
    private int writtenOff;
    private boolean closed;
    private int failuresInARow;
    private long retryAtNanos;
    private @Nullable Refusal lastFailure;
    private final Counters counters = new Counters();

    Stock(ConnectionPool pool, ConnectionPoolOptions options) {
        this.pool = pool;
        this.options = options;
        this.maxIdleNanos = options.maxIdleNanos();
        this.maxAgeNanos = options.maxAgeNanos();
        this.leakThresholdNanos = options.leakThresholdNanos();
        this.maxSize = options.maxSize();
        Hub given = options.hub();
        this.home = given == null ? Hub.current() : given;
    }

    /** The hub that works for the pool; another if it has closed. */
    Hub home() {
        Hub hub = home;
        if (hub.isClosing()) {
            hub = Hub.getDefault();
            home = hub;
        }
        return hub;
    }

    long now() {
        return home.clock().nanos();
    }

    // taking

    /**
     * Takes a connection, waiting for it.
     *
     * @param nanos longest wait
     * @param nowNanos the time
     */
    PhysicalConnection take(long nanos, long nowNanos) throws SQLException {
        Waiter waiter = null;
        Work work = null;
        Refusal refusal = null;
        waiters.lock();
        try {
            PhysicalConnection first = options.isLifo() ? idle.pollLast() : idle.pollFirst();
            if (first != null && ageDeadline(first, nowNanos) > 0) {
                counters.borrowed++;
                return first;
            }
            if (closed) {
                refusal = Refusal.CLOSED;
            } else {
                work = new Work(this);
                PhysicalConnection found = first == null ? null : nextYoung(first, nowNanos, work);
                if (found != null) {
                    counters.borrowed++;
                    return found;
                }
                if (nanos > 0) {
                    waiter = waiters.enter(pool);
                }
                beginConnects(work, nowNanos);
            }
        } finally {
            waiters.unlock();
            if (work != null) {
                work.start();
            }
        }
        if (refusal != null) {
            throw refuse(refusal, nowNanos);
        }
        return waitFor(waiter, nanos, nowNanos);
    }

    private @Nullable PhysicalConnection nextYoung(
            PhysicalConnection first, long nowNanos, Work work) {
        PhysicalConnection next = first;
        while (next != null && ageDeadline(next, nowNanos) <= 0) {
            retire(next, work);
            next = options.isLifo() ? idle.pollLast() : idle.pollFirst();
        }
        return next;
    }

    private PhysicalConnection waitFor(@Nullable Waiter waiter, long nanos, long startNanos)
            throws SQLException {
        boolean given = false;
        try {
            given = waiter != null && waiters.await(waiter, nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refuse(Refusal.interrupted(e), startNanos);
        } finally {
            count(given, startNanos);
        }
        if (!given || waiter == null) {
            throw refuse(Refusal.exhausted(lastFailure()), startNanos);
        }
        if (waiter.message() instanceof PhysicalConnection connection) {
            return connection;
        }
        if (waiter.message() instanceof Refusal refusal) {
            throw refuse(refusal, startNanos);
        }
        throw new AssertionError(waiter.message());
    }

    private SQLException refuse(Refusal refusal, long startNanos) {
        waiters.lock();
        try {
            return refusal.exception(pool, Duration.ofNanos(now() - startNanos), figures());
        } finally {
            waiters.unlock();
        }
    }

    private void count(boolean given, long startNanos) {
        waiters.lock();
        try {
            counters.waitedNanos += now() - startNanos;
            if (!given) {
                counters.timeouts++;
            }
        } finally {
            waiters.unlock();
        }
    }

    private @Nullable Throwable lastFailure() {
        waiters.lock();
        try {
            Refusal failure = lastFailure;
            return failuresInARow > 0 && failure != null ? failure.cause() : null;
        } finally {
            waiters.unlock();
        }
    }

    /** Notes when one that is now out is to be reported. */
    void watchLoan(long nowNanos) {
        waiters.lock();
        try {
            if (!closed) {
                alarm.set(home(), nowNanos + leakThresholdNanos, nowNanos);
            }
        } finally {
            waiters.unlock();
        }
    }

    // giving back

    /**
     * Takes a connection back: to the one who has waited longest, or to the idle ones.
     *
     * @param fit false if nobody must get it
     */
    void putBack(PhysicalConnection connection, boolean fit) {
        long now = now();
        Work work = null;
        waiters.lock();
        try {
            if (writtenOff > 0) {
                writtenOff--; // this may be the one that was thought dead, or not; they count alike
                size++;
            }
            boolean kept =
                    fit
                            && !closed
                            && size - closing <= maxSize
                            && now - connection.createdNanos < maxAgeNanos
                            && (maxIdleNanos > 0 || size - closing <= options.minSize());
            connection.idleSinceNanos = now;
            if (kept && waiters.wakeFirst(connection)) {
                counters.borrowed++;
            } else if (kept) {
                shelve(connection, now);
            } else {
                work = new Work(this);
                retire(connection, work);
                beginConnects(work, now);
            }
        } finally {
            waiters.unlock();
            if (work != null) {
                work.start();
            }
        }
    }

    private void shelve(PhysicalConnection connection, long now) {
        idle.addLast(connection);
        long deadline = ageDeadline(connection, now);
        if (size - closing > options.minSize()) {
            deadline = Math.min(deadline, maxIdleNanos - (now - idle.getFirst().idleSinceNanos));
        }
        alarm.set(home(), now + Math.max(0, deadline), now);
    }

    /* From now; one that is never to become old is closed when it comes back only. */
    private long ageDeadline(PhysicalConnection connection, long now) {
        return maxAgeNanos == 0
                ? Long.MAX_VALUE / 4
                : maxAgeNanos - (now - connection.createdNanos);
    }

    /** Takes out one that its owner found to be of no more use. */
    void discard(PhysicalConnection connection) {
        putBack(connection, false);
    }

    /** Declares one that is out dead, whichever: it counts no more. */
    void writeOff() {
        Work work = new Work(this);
        waiters.lock();
        try {
            if (active() == 0) {
                throw new IllegalStateException(pool + ": put(null), but no connection is out");
            }
            size--;
            writtenOff++;
            beginConnects(work, now());
            watchers.wakeAll(null);
        } finally {
            waiters.unlock();
            work.start();
        }
    }

    private int active() {
        return size - idle.size() - connecting - closing;
    }

    /** Takes one back whose handle was dropped. */
    boolean reclaim(Loan loan) {
        PhysicalConnection connection = loan.connection();
        waiters.lock();
        try {
            if (connection.loan != loan) {
                return false; // returned in good order
            }
            connection.loan = null;
            counters.leaked++;
        } finally {
            waiters.unlock();
        }
        connection.markBroken(); // who knows what it was in the middle of
        discard(connection);
        return true;
    }

    // making and closing

    /* As many as are wanted and may be. */
    private void beginConnects(Work work, long now) {
        int room = maxSize - size;
        if (room <= 0 || closed) {
            return;
        }
        int wanted = Math.max(waiters.size() - connecting, options.minSize() - (size - closing));
        if (wanted <= 0) {
            return;
        }
        int more = Math.min(wanted, room);
        if (failuresInARow > 0) {
            if (connecting > 0) {
                return; // its outcome tells how to go on
            }
            if (now - retryAtNanos < 0) {
                alarm.set(home(), retryAtNanos, now);
                return;
            }
            more = 1;
        }
        for (int i = 0; i < more; i++) {
            work.connect(pool);
        }
        size += more;
        connecting += more;
    }

    /** False if it is not wanted any more. */
    boolean connectBegins(Connecting attempt) {
        waiters.lock();
        try {
            attempts.add(attempt);
            return !closed;
        } finally {
            waiters.unlock();
        }
    }

    /** A connection has been made. */
    void connected(Connecting attempt, PhysicalConnection connection) {
        long now = now();
        Work work = new Work(this);
        waiters.lock();
        try {
            attempts.remove(attempt);
            connecting--;
            counters.created++;
            failuresInARow = 0;
            open.add(connection);
            connection.idleSinceNanos = now;
            if (closed || size - closing > maxSize) {
                retire(connection, work);
            } else if (waiters.wakeFirst(connection)) {
                counters.borrowed++;
            } else {
                shelve(connection, now);
            }
            beginConnects(work, now);
            watchers.wakeAll(null);
        } finally {
            waiters.unlock();
            work.start();
        }
    }

    /** Connecting has failed: its place is free, and the first who waits hears of it. */
    void connectFailed(Connecting attempt, Refusal refusal) {
        fail(attempt, refusal);
    }

    /** Connecting takes too long: the first who waits hears of it, but the place is still taken. */
    void connectIsLate() {
        fail(null, Refusal.tooSlow(null));
    }

    private void fail(@Nullable Connecting ended, Refusal refusal) {
        long now = now();
        Work work = new Work(this);
        waiters.lock();
        try {
            connecting--;
            if (ended == null) {
                closing++;
            } else {
                attempts.remove(ended);
                size--;
            }
            counters.connectFailures++;
            lastFailure = refusal;
            retryAtNanos = now + pauseNanos(failuresInARow++);
            waiters.wakeFirst(refusal);
            beginConnects(work, now);
            watchers.wakeAll(null);
        } finally {
            waiters.unlock();
            work.start();
        }
    }

    private static long pauseNanos(int failuresBefore) {
        return Math.min(FIRST_PAUSE_NANOS << Math.min(failuresBefore, 10), LONGEST_PAUSE_NANOS);
    }

    /** An attempt that was late has come to its end. */
    void lateConnectEnded(Connecting attempt, @Nullable PhysicalConnection made) {
        Work work = new Work(this);
        waiters.lock();
        try {
            attempts.remove(attempt);
            if (made != null) {
                counters.created++;
                work.close(made); // counted as being closed already
                return;
            }
        } finally {
            waiters.unlock();
            work.start();
        }
        leave();
    }

    /* Takes it out of use; `work` closes it. */
    private void retire(PhysicalConnection connection, Work work) {
        open.remove(connection);
        closing++;
        if (connection.isBroken()) {
            counters.broken++;
        }
        work.close(connection);
    }

    /** One that was being closed is. */
    void closedOne() {
        waiters.lock();
        try {
            counters.closed++;
        } finally {
            waiters.unlock();
        }
        leave();
    }

    private void leave() {
        Work work = new Work(this);
        waiters.lock();
        try {
            closing--;
            size--;
            beginConnects(work, now());
            watchers.wakeAll(null);
        } finally {
            waiters.unlock();
            work.start();
        }
    }

    /* What is due; in the hub's callback. */
    private void ring() {
        long now = now();
        Work work = new Work(this);
        waiters.lock();
        try {
            alarm.rang();
            if (!closed) {
                retireExpired(work, now);
                beginConnects(work, now);
                long next = untilNextExpiry(now);
                if (leakThresholdNanos > 0) {
                    next = Math.min(next, reportLeaks(work, now));
                }
                if (next < Long.MAX_VALUE / 4) {
                    alarm.set(home(), now + next, now);
                }
            }
        } finally {
            waiters.unlock();
            work.start();
        }
    }

    private void retireExpired(Work work, long now) {
        for (Iterator<PhysicalConnection> i = idle.iterator(); i.hasNext(); ) {
            PhysicalConnection connection = i.next();
            boolean surplus = size - closing > options.minSize();
            if (ageDeadline(connection, now) <= 0
                    || (surplus && now - connection.idleSinceNanos >= maxIdleNanos)) {
                i.remove();
                retire(connection, work);
            }
        }
    }

    private long untilNextExpiry(long now) {
        long next = Long.MAX_VALUE / 4;
        boolean surplus = size - closing > options.minSize();
        for (PhysicalConnection connection : idle) {
            next = Math.min(next, ageDeadline(connection, now));
            if (surplus) {
                next = Math.min(next, maxIdleNanos - (now - connection.idleSinceNanos));
            }
        }
        return next;
    }

    private long reportLeaks(Work work, long now) {
        long next = Long.MAX_VALUE / 4;
        for (PhysicalConnection connection : open) {
            Loan loan = connection.loan;
            if (loan == null || loan.reported) {
                continue;
            }
            long left = leakThresholdNanos - (now - loan.sinceNanos);
            if (left <= 0) {
                loan.reported = true;
                Duration time = Duration.ofNanos(now - loan.sinceNanos);
                work.warn(Work.outFor(connection, time), loan.place);
            } else {
                next = Math.min(next, left);
            }
        }
        return next;
    }

    // as a whole

    /** Begins to make what there should be. */
    void begin() {
        Work work = new Work(this);
        waiters.lock();
        try {
            beginConnects(work, now());
        } finally {
            waiters.unlock();
            work.start();
        }
    }

    /** Waits until as many are open as there should be. */
    void fill() throws SQLException {
        long start = now();
        long nanos = Hub.saturatedNanos(options.acquireTimeout());
        long failures = -1;
        while (true) {
            Waiter waiter = null;
            Refusal refusal = null;
            Work work = new Work(this);
            waiters.lock();
            try {
                if (failures < 0) {
                    failures = counters.connectFailures;
                }
                if (open.size() >= options.minSize()) {
                    return;
                }
                if (closed) {
                    refusal = Refusal.CLOSED;
                } else if (counters.connectFailures != failures) {
                    refusal = lastFailure;
                } else {
                    beginConnects(work, now());
                    waiter = watchers.enter(pool);
                }
            } finally {
                waiters.unlock();
                work.start();
            }
            if (waiter == null) {
                assert refusal != null;
                throw refuse(refusal, start);
            }
            awaitChange(waiter, start, nanos);
        }
    }

    private void awaitChange(Waiter waiter, long start, long nanos) throws SQLException {
        boolean changed;
        try {
            changed = watchers.await(waiter, nanos - (now() - start));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refuse(Refusal.interrupted(e), start);
        }
        if (!changed) {
            throw refuse(Refusal.exhausted(lastFailure()), start);
        }
    }

    /** Closes all that are idle. */
    void clear() {
        Work work = new Work(this);
        waiters.lock();
        try {
            retireIdle(work, 0);
        } finally {
            waiters.unlock();
            work.start();
        }
    }

    private void retireIdle(Work work, int most) {
        while (size - closing > most && !idle.isEmpty()) {
            retire(idle.removeFirst(), work);
        }
    }

    /** Changes how many there may be. */
    void resize(int newMaxSize) {
        Work work = new Work(this);
        waiters.lock();
        try {
            maxSize = newMaxSize;
            retireIdle(work, newMaxSize);
            beginConnects(work, now());
        } finally {
            waiters.unlock();
            work.start();
        }
    }

    /** Lets nobody have one any more. */
    void shutDown() {
        Work work = new Work(this);
        waiters.lock();
        try {
            closed = true;
            alarm.cancel();
            retireIdle(work, 0);
            attempts.forEach(work::cancel);
            waiters.wakeAll(Refusal.CLOSED);
            watchers.wakeAll(null);
        } finally {
            waiters.unlock();
            work.start();
        }
    }

    /**
     * Waits until all that were idle or being made are closed.
     *
     * @param andOut true to wait for those that are out as well
     * @return false if the time was over first, or the thread was interrupted
     */
    boolean awaitClosed(boolean andOut, long nanos) {
        long start = now();
        while (true) {
            Waiter waiter;
            waiters.lock();
            try {
                if (connecting + closing == 0 && (!andOut || size == 0)) {
                    return true;
                }
                waiter = watchers.enter(pool);
            } finally {
                waiters.unlock();
            }
            long left = nanos == Waiter.FOREVER ? nanos : nanos - (now() - start);
            try {
                if (!watchers.await(waiter, left)) {
                    return false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** Those that are out. */
    List<PhysicalConnection> out() {
        waiters.lock();
        try {
            List<PhysicalConnection> out = new ArrayList<>(open);
            out.removeAll(idle);
            return out;
        } finally {
            waiters.unlock();
        }
    }

    /** Those that are idle. */
    List<PhysicalConnection> idle() {
        waiters.lock();
        try {
            return List.copyOf(idle);
        } finally {
            waiters.unlock();
        }
    }

    boolean isClosed() {
        waiters.lock();
        try {
            return closed;
        } finally {
            waiters.unlock();
        }
    }

    int maxSize() {
        waiters.lock();
        try {
            return maxSize;
        } finally {
            waiters.unlock();
        }
    }

    int free() {
        waiters.lock();
        try {
            return maxSize - active();
        } finally {
            waiters.unlock();
        }
    }

    int waiting() {
        waiters.lock();
        try {
            return waiters.size();
        } finally {
            waiters.unlock();
        }
    }

    PoolStatistics statistics() {
        waiters.lock();
        try {
            return new PoolStatistics(
                    size,
                    idle.size(),
                    active(),
                    connecting,
                    closing,
                    waiters.size(),
                    counters.borrowed,
                    counters.created,
                    counters.closed,
                    counters.broken,
                    counters.leaked,
                    counters.connectFailures,
                    counters.timeouts,
                    Duration.ofNanos(counters.waitedNanos));
        } finally {
            waiters.unlock();
        }
    }

    private String figures() {
        return "(total="
                + size
                + ", active="
                + active()
                + ", idle="
                + idle.size()
                + ", connecting="
                + connecting
                + ", waiting="
                + waiters.size()
                + ")";
    }

    // guarded by the stock's lock
    private static final class Counters {
        private long borrowed;
        private long created;
        private long closed;
        private long broken;
        private long leaked;
        private long connectFailures;
        private long timeouts;
        private long waitedNanos;
    }
}
