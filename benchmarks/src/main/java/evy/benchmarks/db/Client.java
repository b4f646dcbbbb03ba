package evy.benchmarks.db;

import com.zaxxer.hikari.HikariDataSource;

import evy.Evy;
import evy.GreenThread;
import evy.db.ConnectionPool;

import org.postgresql.ds.PGSimpleDataSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;

import javax.sql.DataSource;

/**
 * Asks PostgreSQL in rounds, one for each line of its input: {@code WORKLOAD THREADS CONNECTIONS
 * SECONDS}. Answers each by a line of JSON.
 */
public final class Client {
    private Client() {}

    /** What is to be done in a round. */
    private record Order(Workload workload, int threads, int connections, double seconds) {
        static Order read(Scanner lines) {
            return new Order(
                    Workload.valueOf(lines.next()),
                    lines.nextInt(),
                    lines.nextInt(),
                    Double.parseDouble(lines.next()));
        }
    }

    private interface Kind {
        String round(DataSource source, Order order) throws Exception;
    }

    /**
     * Runs one kind of client.
     *
     * @param args {@code evy}, {@code hikari-virtual} or {@code hikari-platform}, and the address
     */
    public static void main(String[] args) throws Exception {
        Kind kind =
                switch (args[0]) {
                    case "evy" -> (source, order) -> Evy.run(() -> green(source, order));
                    case "hikari-virtual" ->
                            (source, order) -> hikari(Thread.ofVirtual(), source, order);
                    case "hikari-platform" ->
                            (source, order) -> hikari(Thread.ofPlatform(), source, order);
                    default -> throw new IllegalArgumentException("no such client: " + args[0]);
                };
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(args[1]);
        System.out.println("ready");
        Scanner lines = new Scanner(System.in);
        while (lines.hasNext()) {
            System.out.println(kind.round(source, Order.read(lines)));
        }
    }

    private static String green(DataSource source, Order order) throws Exception {
        try (ConnectionPool pool = Pools.evy(source, order.connections)) {
            Round round = new Round(pool, order.workload, order.seconds);
            List<GreenThread<?>> callers = new ArrayList<>();
            for (int i = 0; i < order.threads; i++) {
                callers.add(Evy.spawn(round::ask));
            }
            callers.forEach(GreenThread::join);
            return round.figures();
        }
    }

    private static String hikari(Thread.Builder kind, DataSource source, Order order)
            throws InterruptedException {
        try (HikariDataSource pool = Pools.hikari(source, order.connections)) {
            while (pool.getHikariPoolMXBean().getTotalConnections() < order.connections) {
                Thread.sleep(1); // it fills itself in the background
            }
            Round round = new Round(pool, order.workload, order.seconds);
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < order.threads; i++) {
                callers.add(kind.start(round::ask));
            }
            for (Thread caller : callers) {
                caller.join();
            }
            return round.figures();
        }
    }
}
