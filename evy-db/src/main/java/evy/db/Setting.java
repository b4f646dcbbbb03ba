package evy.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

/** A setting of a connection that its borrower may change, and that is put back afterwards. */
@SuppressWarnings("ImmutableEnumChecker") // its fields are method references
enum Setting {
    READ_ONLY(Connection::isReadOnly, (c, value) -> c.setReadOnly((Boolean) value)),
    ISOLATION(
            Connection::getTransactionIsolation,
            (c, value) -> c.setTransactionIsolation((Integer) value)),
    CATALOG(Connection::getCatalog, (c, value) -> c.setCatalog((String) value)),
    SCHEMA(Connection::getSchema, (c, value) -> c.setSchema((String) value)),
    HOLDABILITY(Connection::getHoldability, (c, value) -> c.setHoldability((Integer) value)),
    TYPE_MAP(Connection::getTypeMap, Setting::setTypeMap),
    CLIENT_INFO(Setting::clientInfo, (c, value) -> c.setClientInfo((Properties) value)),
    NETWORK_TIMEOUT(
            Connection::getNetworkTimeout,
            (c, value) -> c.setNetworkTimeout(Runnable::run, (Integer) value)),

    /** The last, because the others may be set by queries, which would begin a transaction. */
    AUTO_COMMIT(Connection::getAutoCommit, (c, value) -> c.setAutoCommit((Boolean) value));

    private interface Getter {
        Object get(Connection connection) throws SQLException;
    }

    private interface Setter {
        void set(Connection connection, Object value) throws SQLException;
    }

    private final Getter getter;
    private final Setter setter;

    Setting(Getter getter, Setter setter) {
        this.getter = getter;
        this.setter = setter;
    }

    /** The value now; drivers say null for a catalog or schema they have not. */
    @SuppressWarnings("NullAway") // the getters' interface is not annotated
    Object get(Connection connection) throws SQLException {
        return getter.get(connection);
    }

    void set(Connection connection, Object value) throws SQLException {
        setter.set(connection, value);
    }

    @SuppressWarnings("unchecked") // as it was got
    private static void setTypeMap(Connection connection, Object value) throws SQLException {
        connection.setTypeMap((Map<String, Class<?>>) value);
    }

    /* A copy: drivers return the very object they go on changing. */
    private static Properties clientInfo(Connection connection) throws SQLException {
        return Drivers.copy(connection.getClientInfo());
    }
}
