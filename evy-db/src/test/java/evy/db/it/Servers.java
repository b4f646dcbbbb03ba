package evy.db.it;

import evy.db.it.servers.MariaDbServer;
import evy.db.it.servers.PostgresServer;

import org.junit.jupiter.api.Assumptions;

import java.sql.Connection;
import java.sql.DriverManager;

/**
 * The servers of this JVM: each is started by the first class that wants it, before its first test,
 * and ends with the JVM.
 */
final class Servers {
    private static final boolean ON_LINUX =
            "Linux amd64"
                    .equals(System.getProperty("os.name") + " " + System.getProperty("os.arch"));

    /* The driver's cleaner thread lives while it has something to clean; else it comes and goes. */
    private static Connection forTheCleaner;

    private static PostgresServer postgres;
    private static MariaDbServer mariaDb;

    private Servers() {}

    static synchronized PostgresServer postgres() throws Exception {
        assumeBinaries();
        if (postgres == null) {
            postgres = new PostgresServer();
            forTheCleaner = DriverManager.getConnection(postgres.url());
            assert !forTheCleaner.isClosed();
        }
        return postgres;
    }

    static synchronized MariaDbServer mariaDb() throws Exception {
        assumeBinaries();
        if (mariaDb == null) {
            mariaDb = new MariaDbServer();
        }
        return mariaDb;
    }

    private static void assumeBinaries() {
        Assumptions.assumeTrue(ON_LINUX, "the servers' binaries are for Linux on amd64");
    }
}
