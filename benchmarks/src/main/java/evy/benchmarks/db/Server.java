package evy.benchmarks.db;

import evy.db.it.servers.PostgresServer;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

/** PostgreSQL with a small table, until the standard input ends. Prints its address. */
public final class Server {
    private Server() {}

    /**
     * Serves.
     *
     * @param args ignored
     */
    public static void main(String[] args) throws Exception {
        try (PostgresServer server = new PostgresServer()) {
            try (Connection connection = DriverManager.getConnection(server.url());
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        "CREATE TABLE bench AS SELECT id, 'name of ' || id AS name,"
                                + " id * 1.5 AS amount FROM generate_series(0, 99) AS id");
                statement.execute("ANALYZE bench");
            }
            System.out.println(server.url());
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }
}
