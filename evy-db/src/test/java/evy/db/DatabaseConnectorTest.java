package evy.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

@ExtendWith(LeakCheckExtension.class)
class DatabaseConnectorTest {
    private final FakeDriver driver = new FakeDriver();
    private final List<String> opened = new ArrayList<>();

    private ConnectionPool make(String url, Properties properties, ConnectionPoolOptions options) {
        opened.add(url + " " + new java.util.TreeMap<>(properties));
        return new RawConnectionPool(driver, options);
    }

    private DatabaseConnector connector(Map<String, Properties> credentials) {
        return new DatabaseConnector(
                "jdbc:fake://{host}:{port}/{db}",
                credentials,
                ConnectionPoolOptions.DEFAULT.withMaxSize(7),
                this::make);
    }

    private static Properties properties(String... pairs) {
        Properties properties = new Properties();
        for (int i = 0; i < pairs.length; i += 2) {
            properties.setProperty(pairs[i], pairs[i + 1]);
        }
        return properties;
    }

    @Test
    @Spec({"DB20", "DB21"})
    void get_knownHost_makesOnePoolLazilyAndKeepsIt() throws Exception {
        try (var connector = connector(Map.of("db1", properties("user", "u", "port", "1")))) {
            assertThat(opened).isEmpty();

            ConnectionPool shop = connector.get("db1", "shop");

            assertThat(connector.get("db1", "shop")).isSameAs(shop);
            assertThat(connector.get("db1", "other")).isNotSameAs(shop);
            assertThat(opened)
                    .containsExactly(
                            "jdbc:fake://db1:1/shop {user=u}", "jdbc:fake://db1:1/other {user=u}");
            assertThat(shop.name()).isEqualTo("db1/shop");
            assertThat(shop.maxSize()).isEqualTo(7);
            shop.getConnection().close();
        }

        assertThat(driver.open()).isZero();
    }

    @Test
    @Spec("DB20")
    void get_unknownHost_usesTheDefaultEntry() {
        try (var connector = connector(Map.of("default", properties("port", "2")))) {
            connector.get("anywhere", "shop");

            assertThat(opened).containsExactly("jdbc:fake://anywhere:2/shop {}");
        }
    }

    @Test
    @Spec("DB21")
    void get_credentialsNameHostAndDatabase_overrideThose() {
        var credentials = properties("host", "10.0.0.1", "db", "real", "port", "3");
        try (var connector = connector(Map.of("alias", credentials))) {
            connector.get("alias", "shop");

            assertThat(opened).containsExactly("jdbc:fake://10.0.0.1:3/real {}");
        }
    }

    @Test
    @Spec("DB21")
    void get_noCredentials_saysWhichHostAndWhatThereIs() {
        try (var connector = connector(Map.of("db1", properties("port", "1")))) {
            assertThatThrownBy(() -> connector.get("db2", "shop"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no credentials for host 'db2'")
                    .hasMessageContaining("no entry 'default'")
                    .hasMessageContaining("[db1]");
        }
    }

    @Test
    void get_argumentMissing_namesIt() {
        try (var connector = connector(Map.of("db1", properties()))) {
            assertThatThrownBy(() -> connector.get("db1", "shop"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("{port}");
        }
    }

    @Test
    void get_poolWasClosed_makesAnother() {
        try (var connector = connector(Map.of("db1", properties("port", "1")))) {
            ConnectionPool first = connector.get("db1", "shop");
            first.close();

            assertThat(connector.get("db1", "shop")).isNotSameAs(first);
        }
    }

    @Test
    void get_anotherWasFaster_givesItsPoolAndClosesTheOther() throws Exception {
        AtomicBoolean asked = new AtomicBoolean();
        AtomicReference<ConnectionPool> faster = new AtomicReference<>();
        AtomicReference<DatabaseConnector> self = new AtomicReference<>();
        List<ConnectionPool> made = new ArrayList<>();
        try (var connector =
                new DatabaseConnector(
                        "jdbc:fake://{host}",
                        Map.of("db1", properties()),
                        ConnectionPoolOptions.DEFAULT,
                        (url, properties, options) -> {
                            if (asked.compareAndSet(false, true)) {
                                faster.set(self.get().get("db1", "shop"));
                            }
                            made.add(make(url, properties, options));
                            return made.getLast();
                        })) {
            self.set(connector);

            assertThat(connector.get("db1", "shop")).isSameAs(faster.get());
            assertThat(made).hasSize(2);
            assertThat(made.getFirst()).isSameAs(faster.get());
            assertThat(made.getFirst().isClosed()).isFalse();
            assertThat(made.getLast().isClosed()).isTrue();
        }
    }

    @Test
    void get_closedWhileThePoolIsMade_isRefusedAndThePoolClosed() {
        AtomicReference<DatabaseConnector> self = new AtomicReference<>();
        AtomicReference<ConnectionPool> made = new AtomicReference<>();
        var connector =
                new DatabaseConnector(
                        "jdbc:fake://{host}",
                        Map.of("db1", properties()),
                        ConnectionPoolOptions.DEFAULT,
                        (url, properties, options) -> {
                            self.get().close();
                            made.set(make(url, properties, options));
                            return made.get();
                        });
        self.set(connector);

        assertThatThrownBy(() -> connector.get("db1", "shop"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed; no pool for 'shop' on 'db1'");
        assertThat(made.get().isClosed()).isTrue();
    }

    @Test
    void pools_byTheirAddress_areOfTheFlavourOfTheDriver() {
        try (var native_ =
                        ConnectionPool.open(
                                "jdbc:sqlite::memory:",
                                new Properties(),
                                ConnectionPoolOptions.DEFAULT);
                var java =
                        ConnectionPool.open(
                                "jdbc:h2:mem:x", new Properties(), ConnectionPoolOptions.DEFAULT)) {
            assertThat(native_).isInstanceOf(TpooledConnectionPool.class);
            assertThat(java).isInstanceOf(RawConnectionPool.class);
        }
    }

    @Test
    void get_closed_isRefused() {
        var connector = connector(Map.of("db1", properties("port", "1")));
        ConnectionPool pool = connector.get("db1", "shop");

        connector.close();

        assertThat(pool.isClosed()).isTrue();
        assertThatThrownBy(() -> connector.get("db1", "shop"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }
}
