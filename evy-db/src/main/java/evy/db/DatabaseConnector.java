package evy.db;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pools of connections to many databases, one for each host and database name.
 *
 * {@snippet :
 * var connector = new DatabaseConnector(
 *         "jdbc:postgresql://{host}/{db}",
 *         Map.of("db1.example.com", internal, "default", anyOther),
 *         ConnectionPoolOptions.DEFAULT);
 * try (var connection = connector.get("db1.example.com", "shop").getConnection()) {
 *     count(connection);
 * }
 * }
 *
 * <p>The connect arguments of a pool are {@code host}, {@code db}, and on top of these what the
 * credentials have for the host. Those that the address names in braces are put in there; the
 * others go to the driver as properties, but {@code host} and {@code db}, which are none.
 *
 * @thread any
 * @source eventlet {@code db_pool.DatabaseConnector}
 */
public final class DatabaseConnector implements AutoCloseable {
    /** The entry of the credentials for hosts that have none of their own. */
    public static final String DEFAULT_HOST = "default";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

    /** Makes a pool, such as {@code RawConnectionPool::new}. */
    @FunctionalInterface
    public interface PoolMaker {
        /**
         * Makes a pool.
         *
         * @param url the address, its placeholders filled in
         * @param properties the other connect arguments
         * @param options as given to the connector, named after host and database
         * @return a new pool
         */
        ConnectionPool open(String url, Properties properties, ConnectionPoolOptions options);
    }

    private record Key(String host, String database) {}

    private final String url;
    private final Map<String, Properties> credentials = new HashMap<>();
    private final ConnectionPoolOptions options;
    private final PoolMaker maker;

    // any thread
    private final ConcurrentHashMap<Key, ConnectionPool> pools = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * A connector that chooses the flavour of its pools by the driver: {@link ConnectionPool#open}.
     *
     * @param url address with placeholders, as {@code {host}}, {@code {db}} or the name of any
     *     other connect argument
     * @param credentials connect arguments by host, copied; {@value #DEFAULT_HOST} for all others.
     *     They may override {@code host} and {@code db}
     * @param options of each pool
     */
    public DatabaseConnector(
            String url, Map<String, Properties> credentials, ConnectionPoolOptions options) {
        this(url, credentials, options, ConnectionPool::open);
    }

    /**
     * A connector.
     *
     * @param url address with placeholders, as {@code {host}}, {@code {db}} or the name of any
     *     other connect argument
     * @param credentials connect arguments by host, copied; {@value #DEFAULT_HOST} for all others.
     *     They may override {@code host} and {@code db}
     * @param options of each pool
     * @param maker makes each pool
     */
    public DatabaseConnector(
            String url,
            Map<String, Properties> credentials,
            ConnectionPoolOptions options,
            PoolMaker maker) {
        this.url = url;
        this.options = options;
        this.maker = maker;
        credentials.forEach((host, its) -> this.credentials.put(host, Drivers.copy(its)));
    }

    /**
     * The pool of a host and database, made when it is first asked for.
     *
     * @param host a host that has credentials, or any if there are default ones
     * @param database its name
     * @return the same pool each time, unless it was closed meanwhile
     * @throws IllegalArgumentException if there are no credentials for the host, or the address
     *     names an argument that is not there
     * @throws IllegalStateException if the connector is closed
     */
    public ConnectionPool get(String host, String database) {
        Key key = new Key(host, database);
        ConnectionPool pool = pools.get(key);
        return pool == null || pool.isClosed() ? open(key) : pool;
    }

    /* Outside the map's locks, as makers are other people's code: two may open, one is kept. */
    private ConnectionPool open(Key key) {
        checkOpen(key);
        ConnectionPool fresh = make(key);
        ConnectionPool kept =
                pools.compute(key, (_, old) -> old == null || old.isClosed() ? fresh : old);
        if (kept != fresh) {
            fresh.close();
        } else if (closed) {
            fresh.close(); // close() may have listed the pools before
            checkOpen(key);
        }
        return kept;
    }

    private void checkOpen(Key key) {
        if (closed) {
            throw new IllegalStateException(
                    this + ": closed; no pool for '" + key.database + "' on '" + key.host + "'");
        }
    }

    private ConnectionPool make(Key key) {
        Properties arguments = arguments(key);
        Set<String> used = new HashSet<>(List.of("host", "db"));
        String address = fill(arguments, used);
        used.forEach(arguments::remove);
        return maker.open(address, arguments, options.withName(key.host + '/' + key.database));
    }

    private Properties arguments(Key key) {
        Properties its = credentials.get(key.host);
        if (its == null) {
            its = credentials.get(DEFAULT_HOST);
        }
        if (its == null) {
            throw new IllegalArgumentException(
                    this
                            + ": no credentials for host '"
                            + key.host
                            + "' and no entry '"
                            + DEFAULT_HOST
                            + "'; there are some for "
                            + new TreeSet<>(credentials.keySet()));
        }
        Properties arguments = new Properties();
        arguments.setProperty("host", key.host);
        arguments.setProperty("db", key.database);
        arguments.putAll(its);
        return arguments;
    }

    private String fill(Properties arguments, Set<String> used) {
        return PLACEHOLDER
                .matcher(url)
                .replaceAll(
                        found -> {
                            String name = found.group(1);
                            String value = arguments.getProperty(name);
                            if (value == null) {
                                throw new IllegalArgumentException(
                                        this
                                                + ": the address names {"
                                                + name
                                                + "}, but the credentials have no such entry");
                            }
                            used.add(name);
                            return Matcher.quoteReplacement(value);
                        });
    }

    /** {@return the pools there are now} */
    public List<ConnectionPool> pools() {
        return List.copyOf(pools.values());
    }

    /**
     * Closes all its pools, as {@link ConnectionPool#close()} does. Idempotent.
     *
     * @checkpoint as {@link ConnectionPool#close()}
     */
    @Override
    public void close() {
        closed = true;
        pools().forEach(ConnectionPool::close);
    }

    @Override
    public String toString() {
        return "database connector of " + credentials.size() + " hosts";
    }
}
