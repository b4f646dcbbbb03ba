package evy.db.it;

import static evy.db.it.Databases.execute;

import org.junit.jupiter.api.BeforeAll;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** PostgreSQL and its driver, when something goes wrong. */
class PostgresFaultsIT extends ServerFaults {
    private static final String OF_THIS =
            " FROM pg_stat_activity WHERE datname = '" + DATABASE + "'";

    PostgresFaultsIT() throws Exception {
        super(Servers.postgres());
    }

    @BeforeAll
    static void createDatabase() throws Exception {
        execute(
                Servers.postgres().url(),
                "DROP DATABASE IF EXISTS " + DATABASE,
                "DROP ROLE IF EXISTS client",
                "CREATE ROLE client LOGIN",
                "CREATE DATABASE " + DATABASE + " OWNER client");
    }

    /* The server does not limit those who may do everything. */
    @Override
    String url(int port) {
        return super.url(port).replace("user=evy", "user=client");
    }

    @Override
    String slowQuery(Duration time, int number) {
        return PostgresIT.slow(time, number);
    }

    @Override
    String sessionId() {
        return "SELECT pg_backend_pid()";
    }

    @Override
    String terminate(int sessionId) {
        return "SELECT pg_terminate_backend(" + sessionId + ")";
    }

    @Override
    String sessions() {
        return "SELECT COUNT(*)" + OF_THIS;
    }

    @Override
    String working() {
        return "SELECT COUNT(*)" + OF_THIS + " AND state = 'active'";
    }

    @Override
    String longestAtWork() {
        return "SELECT COALESCE(MAX(pid), 0)" + OF_THIS + " AND state = 'active'";
    }

    @Override
    void limitConnections(Connection admin, int limit) throws SQLException {
        execute(admin, "ALTER DATABASE " + DATABASE + " CONNECTION LIMIT " + limit);
    }

    @Override
    void unlimitConnections(Connection admin) throws SQLException {
        execute(admin, "ALTER DATABASE " + DATABASE + " CONNECTION LIMIT -1");
    }
}
