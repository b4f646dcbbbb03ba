package evy.db.micrometer;

import evy.db.ConnectionPool;
import evy.db.PoolStatistics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Binds the figures of a pool to a registry, as {@code evy.db.connections} by {@code state} and
 * counters beside it, all tagged with the pool's name. Needs Micrometer on the module or class
 * path.
 *
 * {@snippet :
 * new ConnectionPoolMetrics(pool).bindTo(registry);
 * }
 *
 * @thread any
 */
public final class ConnectionPoolMetrics implements MeterBinder {
    private static final String POOL = "pool";

    private final ConnectionPool pool;

    /**
     * Metrics of a pool.
     *
     * @param pool whose name tags them; the registry does not keep it alive
     */
    public ConnectionPoolMetrics(ConnectionPool pool) {
        this.pool = pool;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        state(registry, "idle", PoolStatistics::idle);
        state(registry, "active", PoolStatistics::active);
        state(registry, "connecting", PoolStatistics::connecting);
        state(registry, "closing", PoolStatistics::closing);
        Gauge.builder("evy.db.connections.max", pool, ConnectionPool::maxSize)
                .description("Most connections there may be")
                .tag(POOL, pool.name())
                .register(registry);
        Gauge.builder("evy.db.waiting", pool, ConnectionPool::waiting)
                .description("Callers that wait for a connection")
                .tag(POOL, pool.name())
                .register(registry);
        counter(registry, "borrowed", "Connections handed out", PoolStatistics::borrowed);
        counter(registry, "created", "Connections made", PoolStatistics::created);
        counter(registry, "closed", "Connections closed", PoolStatistics::closed);
        counter(registry, "broken", "Connections found to be broken", PoolStatistics::broken);
        counter(registry, "leaked", "Handles dropped and taken back", PoolStatistics::leaked);
        counter(registry, "connect.failures", "Failures", PoolStatistics::connectFailures);
        counter(registry, "timeouts", "Callers that gave up waiting", PoolStatistics::timeouts);
        TimeGauge.builder(
                        "evy.db.waited",
                        pool,
                        TimeUnit.NANOSECONDS,
                        it -> it.statistics().waited().toNanos())
                .description("Time that callers have waited, all together")
                .tag(POOL, pool.name())
                .register(registry);
    }

    private void state(
            MeterRegistry registry, String state, ToDoubleFunction<PoolStatistics> figure) {
        Gauge.builder("evy.db.connections", pool, it -> figure.applyAsDouble(it.statistics()))
                .description("Connections of the pool")
                .tag(POOL, pool.name())
                .tag("state", state)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<PoolStatistics> figure) {
        FunctionCounter.builder("evy.db." + name, pool, it -> figure.applyAsDouble(it.statistics()))
                .description(description)
                .tag(POOL, pool.name())
                .register(registry);
    }
}
