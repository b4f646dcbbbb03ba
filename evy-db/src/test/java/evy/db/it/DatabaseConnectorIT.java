package evy.db.it;

import static evy.db.it.Databases.awaitNumber;
import static evy.db.it.Databases.execute;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.db.ConnectionPool;
import evy.db.ConnectionPoolOptions;
import evy.db.DatabaseConnector;
import evy.db.RawConnectionPool;
import evy.db.it.servers.DatabaseServer;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Pools of several databases of a real server, and pools whose connections age out there. */
@ExtendWith(LeakCheckExtension.class)
class DatabaseConnectorIT {
    private static DatabaseServer server;

    @BeforeAll
    static void createDatabases() throws Exception {
        server = Servers.postgres();
        execute(server.url(), "CREATE ROLE guest LOGIN", "CREATE DATABASE shop");
        Databases.warmUp(new RawConnectionPool(server.url()));
    }

    private static Properties user(String name) {
        Properties properties = new Properties();
        properties.setProperty("user", name);
        properties.setProperty("port", String.valueOf(server.port()));
        return properties;
    }

    private static String who(ConnectionPool pool) throws SQLException {
        return pool.<String, SQLException>use(
                connection -> {
                    try (Statement statement = connection.createStatement();
                            ResultSet result =
                                    statement.executeQuery(
                                            "SELECT CURRENT_USER || '@' || CURRENT_CATALOG")) {
                        result.next();
                        return result.getString(1);
                    }
                });
    }

    @Test
    @Spec({"DB20", "DB21"})
    void get_hostsAndDatabases_eachHasItsPoolAndCredentials() throws Exception {
        Evy.run(
                () -> {
                    try (DatabaseConnector connector =
                            new DatabaseConnector(
                                    "jdbc:postgresql://{host}:{port}/{db}",
                                    Map.of(
                                            "127.0.0.1",
                                            user("evy"),
                                            DatabaseConnector.DEFAULT_HOST,
                                            user("guest")),
                                    ConnectionPoolOptions.DEFAULT)) {
                        ConnectionPool own = connector.get("127.0.0.1", "postgres");
                        ConnectionPool shop = connector.get("127.0.0.1", "shop");
                        ConnectionPool other = connector.get("localhost", "shop");

                        assertThat(who(own)).isEqualTo("evy@postgres");
                        assertThat(who(shop)).isEqualTo("evy@shop");
                        assertThat(who(other)).isEqualTo("guest@shop");
                        assertThat(connector.get("127.0.0.1", "shop")).isSameAs(shop);
                    }
                    return null;
                });
    }

    @Test
    @Spec({"DB3", "DB16"})
    void maxIdle_severalConnections_allEndAtTheServer() throws Exception {
        Evy.run(
                () -> {
                    String sessions =
                            "SELECT COUNT(*) FROM pg_stat_activity"
                                    + " WHERE application_name = 'idlers'";
                    try (ConnectionPool pool =
                            new RawConnectionPool(
                                    server.url() + "&ApplicationName=idlers",
                                    new Properties(),
                                    ConnectionPoolOptions.DEFAULT
                                            .withMaxSize(3)
                                            .withMaxIdle(Duration.ofMillis(300)))) {
                        List<AutoCloseable> borrowed = new ArrayList<>();
                        for (int i = 0; i < 3; i++) {
                            borrowed.add(pool.getConnection());
                        }
                        awaitNumber(server.url(), sessions, 3);
                        for (AutoCloseable connection : borrowed) {
                            connection.close();
                        }

                        awaitNumber(server.url(), sessions, 0);
                        assertThat(pool.statistics().total()).isZero();
                        assertThat(pool.free()).isEqualTo(3);
                    }
                    return null;
                });
    }
}
