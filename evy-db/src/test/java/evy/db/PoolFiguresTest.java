package evy.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.db.micrometer.ConnectionPoolMetrics;
import evy.testkit.LeakCheckExtension;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.time.Duration;

import javax.management.ObjectName;

@ExtendWith(LeakCheckExtension.class)
class PoolFiguresTest {
    private static final String BEAN = "evy.db:type=ConnectionPool,name=\"figures\"";

    private final ConnectionPool pool =
            new RawConnectionPool(
                    new FakeDriver(), ConnectionPoolOptions.DEFAULT.withName("figures"));

    @Test
    void registerMBean_untilThePoolIsClosed_showsAndSetsFigures() throws Exception {
        var server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName(BEAN);
        try (pool;
                Connection connection = pool.getConnection()) {
            assertThat(connection.isClosed()).isFalse();
            AutoCloseable registration = pool.registerMBean();

            assertThat(server.getAttribute(name, "Active")).isEqualTo(1);
            server.setAttribute(name, new javax.management.Attribute("MaxSize", 9));
            assertThat(pool.maxSize()).isEqualTo(9);
            assertThatThrownBy(pool::registerMBean)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("shown over JMX already");
            registration.close();
            assertThat(server.isRegistered(name)).isFalse();
            pool.registerMBean();
        }

        assertThat(server.isRegistered(name)).isFalse();
    }

    @Test
    void micrometer_bound_readsTheFigures() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (pool;
                Connection connection = pool.getConnection()) {
            assertThat(connection.isClosed()).isFalse();
            new ConnectionPoolMetrics(pool).bindTo(registry);

            assertThat(
                            registry.get("evy.db.connections")
                                    .tag("pool", "figures")
                                    .tag("state", "active")
                                    .gauge()
                                    .value())
                    .isEqualTo(1);
            assertThat(registry.get("evy.db.borrowed").functionCounter().count()).isEqualTo(1);
            assertThat(registry.get("evy.db.connections.max").gauge().value()).isEqualTo(4);
        }
        registry.close();
    }

    @Test
    void statistics_oneOut_countsIt() throws Exception {
        try (pool;
                Connection connection = pool.getConnection()) {
            assertThat(connection.isClosed()).isFalse();

            PoolStatistics figures = pool.statistics();

            assertThat(figures.total()).isEqualTo(1);
            assertThat(figures.active()).isEqualTo(1);
            assertThat(figures.created()).isEqualTo(1);
            assertThat(figures.borrowed()).isEqualTo(1);
            assertThat(figures.waited()).isGreaterThanOrEqualTo(Duration.ZERO);
        }
    }
}
