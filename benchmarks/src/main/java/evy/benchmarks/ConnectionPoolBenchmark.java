package evy.benchmarks;

import com.zaxxer.hikari.HikariDataSource;

import evy.Evy;
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

import javax.sql.DataSource;

/**
 * A connection borrowed and returned by one thread, with nobody to wait for, of a database that
 * answers at once; the rivals' pool is HikariCP.
 *
 * <p>Falsified by HikariCP being quicker on stock virtual threads or on a platform thread.
 */
@State(Scope.Benchmark)
@OperationsPerInvocation(ConnectionPoolBenchmark.LOANS)
public class ConnectionPoolBenchmark extends HubBenchmark {
    static final int LOANS = 100_000;

    private static final int SIZE = 10;

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
        return Evy.run(() -> loans(ours));
    }

    @Benchmark
    public int evyOffTheHub() throws Exception {
        return runPlatform(() -> loans(ours));
    }

    @Benchmark
    public int stockVirtual() throws Exception {
        return runVirtual(() -> loans(theirs));
    }

    @Benchmark
    public int platform() throws Exception {
        return runPlatform(() -> loans(theirs));
    }

    private static int loans(DataSource pool) throws SQLException {
        int sum = 0;
        for (int i = 0; i < LOANS; i++) {
            try (Connection connection = pool.getConnection()) {
                sum += connection.getTransactionIsolation(); // else it may come back untouched
            }
        }
        return sum;
    }
}
