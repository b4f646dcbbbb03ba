package evy.benchmarks;

import com.zaxxer.hikari.HikariDataSource;

import evy.Evy;
import evy.GreenThread;
import evy.benchmarks.db.FakeDatabase;
import evy.benchmarks.db.Pools;
import evy.db.ConnectionPool;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;

import javax.sql.DataSource;

/**
 * A connection borrowed by one of {@value #CALLERS} threads that share {@value #SIZE}, and returned
 * after the others had a turn; the rivals' pool is HikariCP.
 *
 * <p>Falsified by HikariCP being quicker on stock virtual threads.
 */
@State(Scope.Benchmark)
@OperationsPerInvocation(
        ConnectionPoolContentionBenchmark.CALLERS * ConnectionPoolContentionBenchmark.LOANS)
public class ConnectionPoolContentionBenchmark extends HubBenchmark {
    static final int CALLERS = 1000;
    static final int LOANS = 20;
    static final int SIZE = 10;

    private ConnectionPool ours;
    private HikariDataSource theirs;

    @Setup
    public void open() throws Exception {
        ours = Evy.run(() -> Pools.evy(FakeDatabase.dataSource(), SIZE));
        theirs = Pools.hikari(FakeDatabase.dataSource(), SIZE);
    }

    @TearDown
    public void close() {
        ours.close();
        theirs.close();
    }

    @Benchmark
    public int evy() throws Exception {
        return Evy.run(
                () -> {
                    var callers = new GreenThread<?>[CALLERS];
                    for (int i = 0; i < CALLERS; i++) {
                        callers[i] = Evy.spawn(() -> loans(ours));
                    }
                    for (var caller : callers) {
                        caller.join();
                    }
                    return CALLERS;
                });
    }

    @Benchmark
    public int stockVirtual() throws Exception {
        return shared(Thread.ofVirtual());
    }

    @Benchmark
    public int platform() throws Exception {
        return shared(Thread.ofPlatform());
    }

    private int shared(Thread.Builder kind) throws InterruptedException {
        var done = new CountDownLatch(CALLERS);
        for (int i = 0; i < CALLERS; i++) {
            kind.start(
                    () -> {
                        loans(theirs);
                        done.countDown();
                    });
        }
        done.await();
        return CALLERS;
    }

    private static int loans(DataSource pool) {
        int sum = 0;
        for (int i = 0; i < LOANS; i++) {
            try (Connection connection = pool.getConnection()) {
                Thread.yield();
                sum += connection.getTransactionIsolation();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        return sum;
    }
}
