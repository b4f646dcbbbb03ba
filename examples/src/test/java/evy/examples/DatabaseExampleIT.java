package evy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.h2.tools.Server;
import org.junit.jupiter.api.Test;

/** The example that shares database connections, from outside. */
class DatabaseExampleIT {
    @Test
    void database_noArgument_losesNoMoney() throws Exception {
        try (var example = Example.start("Database")) {
            assertThat(example.awaitEnd()).isZero();

            example.await("^1000 transfers, 100 of them rolled back$");
            example.await("^the balances add up to 5000$");
        }
    }

    @Test
    void database_serverInAnotherProcess_losesNoMoneyOnFewConnections() throws Exception {
        var server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        try (var example =
                Example.start(
                        "Database",
                        "jdbc:h2:tcp://localhost:"
                                + server.getPort()
                                + "/mem:it;DB_CLOSE_DELAY=-1")) {
            assertThat(example.awaitEnd()).isZero();

            example.await("^the balances add up to 5000$");
            var connections = example.await("^(\\d+) connections for 100 green threads$").group(1);
            assertThat(Integer.parseInt(connections)).isBetween(1, 10);
        } finally {
            server.stop();
        }
    }

    @Test
    void database_unknownDriver_saysSoInOneLine() throws Exception {
        try (var example = Example.start("Database", "jdbc:nowhere:x")) {
            assertThat(example.awaitEnd()).isOne();
            assertThat(example.output())
                    .startsWith("no database: no JDBC driver takes 'jdbc:nowhere:...'")
                    .doesNotContain("\n");
        }
    }

    @Test
    void database_noServer_saysWhy() throws Exception {
        try (var example = Example.start("Database", "jdbc:postgresql://localhost:1/x")) {
            assertThat(example.awaitEnd()).isOne();
            assertThat(example.output()).startsWith("no database: ").contains("refused");
        }
    }
}
