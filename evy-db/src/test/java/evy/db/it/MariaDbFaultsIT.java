package evy.db.it;

import static evy.db.it.Databases.execute;

import org.junit.jupiter.api.BeforeAll;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** MariaDB and its driver, when something goes wrong. */
class MariaDbFaultsIT extends ServerFaults {
    private static final String OF_THIS =
            " FROM information_schema.processlist WHERE db = '" + DATABASE + "'";

    MariaDbFaultsIT() throws Exception {
        super(Servers.mariaDb());
    }

    @BeforeAll
    static void createDatabase() throws Exception {
        execute(Servers.mariaDb().url(), "CREATE DATABASE " + DATABASE);
    }

    @Override
    String slowQuery(Duration time, int number) {
        return MariaDbIT.slow(time, number);
    }

    @Override
    String sessionId() {
        return "SELECT CONNECTION_ID()";
    }

    @Override
    String terminate(int sessionId) {
        return "KILL CONNECTION " + sessionId;
    }

    @Override
    String sessions() {
        return "SELECT COUNT(*)" + OF_THIS;
    }

    @Override
    String working() {
        return "SELECT COUNT(*)" + OF_THIS + " AND command = 'Query'";
    }

    @Override
    String longestAtWork() {
        return "SELECT COALESCE(MAX(id), 0)" + OF_THIS + " AND command = 'Query'";
    }

    @Override
    void limitConnections(Connection admin, int limit) throws SQLException {
        execute(admin, "SET GLOBAL max_connections = " + limit);
    }

    @Override
    void unlimitConnections(Connection admin) throws SQLException {
        execute(admin, "SET GLOBAL max_connections = 200");
    }
}
