package evy.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.db.FakeDriver.Fake;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Executor;

@ExtendWith(LeakCheckExtension.class)
class DelegatesTest {
    /* Answered by the handle itself, alive or dead. */
    private static final Set<String> QUIET_WHEN_DEAD =
            Set.of("close", "isClosed", "isValid", "abort");

    private static final Set<String> ANSWERED_HERE =
            Set.of("unwrap", "isWrapperFor", "getConnection", "getStatement", "close", "isClosed");

    private final FakeDriver driver = new FakeDriver();
    private final RawConnectionPool pool =
            new RawConnectionPool(driver, ConnectionPoolOptions.DEFAULT.withName("test"));

    @AfterEach
    void close() {
        pool.close();
    }

    /* One of each interface of JDBC that can come of a connection. */
    private static Map<Class<?>, Object> oneOfEach(Connection connection) throws SQLException {
        Map<Class<?>, Object> all = new HashMap<>();
        CallableStatement callable = connection.prepareCall("");
        PreparedStatement prepared = connection.prepareStatement("");
        ResultSet rows = prepared.executeQuery();
        all.put(Connection.class, connection);
        all.put(Statement.class, connection.createStatement());
        all.put(PreparedStatement.class, prepared);
        all.put(CallableStatement.class, callable);
        all.put(ResultSet.class, rows);
        all.put(DatabaseMetaData.class, connection.getMetaData());
        all.put(ResultSetMetaData.class, rows.getMetaData());
        all.put(ParameterMetaData.class, prepared.getParameterMetaData());
        all.put(java.sql.Blob.class, rows.getBlob(1));
        all.put(java.sql.Clob.class, rows.getClob(1));
        all.put(java.sql.NClob.class, connection.createNClob());
        all.put(java.sql.Array.class, connection.createArrayOf("", new Object[0]));
        all.put(java.sql.SQLXML.class, connection.createSQLXML());
        all.put(java.sql.Ref.class, rows.getRef(1));
        return all;
    }

    private static List<Method> methods(Class<?> type) {
        return List.of(type.getMethods()).stream()
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .toList();
    }

    private static Object[] arguments(Method method) {
        Class<?>[] types = method.getParameterTypes();
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            if (types[i].isPrimitive()) {
                arguments[i] = Array.get(Array.newInstance(types[i], 1), 0);
            } else if (types[i] == Executor.class) {
                arguments[i] = (Executor) Runnable::run;
            } else if (types[i] == Class.class) {
                arguments[i] = Object.class;
            } else if (types[i] == Map.class) {
                arguments[i] = Map.of();
            } else if (types[i] == Properties.class) {
                arguments[i] = new Properties();
            } else if (types[i] == String.class) {
                arguments[i] = "x";
            }
        }
        return arguments;
    }

    private static void call(Object object, Method method) throws Throwable {
        try {
            method.invoke(object, arguments(method));
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    @Test
    @Spec({"DB19", "DB8"})
    void everyMethod_alive_isForwardedToTheDriver() throws Throwable {
        for (Class<?> type : Delegates.types()) {
            for (Method method : methods(type)) {
                if (ANSWERED_HERE.contains(method.getName())) {
                    continue;
                }
                try (Connection connection = pool.getConnection()) {
                    Object object = oneOfEach(connection).get(type);
                    Fake fake = fakeBehind(object);
                    fake.calls.clear();

                    call(object, method);

                    assertThat(fake.calls).as("%s", method).contains(method.getName());
                }
            }
        }
    }

    private static Fake fakeBehind(Object object) {
        Object raw = ((Borrowed) object).raw();
        return (Fake) java.lang.reflect.Proxy.getInvocationHandler(raw);
    }

    @Test
    @Spec({"DB2", "DB7"})
    void everyMethod_afterReturn_throwsWithoutReachingTheDriver() throws Throwable {
        Connection connection = pool.getConnection();
        Map<Class<?>, Object> all = oneOfEach(connection);
        connection.close();

        for (Map.Entry<Class<?>, Object> each : all.entrySet()) {
            Fake fake = fakeBehind(each.getValue());
            fake.calls.clear();
            for (Method method : methods(each.getKey())) {
                Throwable thrown = catchThrowable(() -> call(each.getValue(), method));

                if (isQuiet(method)) {
                    assertThat(thrown).as("%s", method).isNull();
                } else {
                    assertThat(thrown)
                            .as("%s", method)
                            .isInstanceOf(SQLException.class)
                            .hasMessageContaining("of pool 'test'")
                            .hasMessageContaining("returned to the pool; borrow another");
                }
            }
            assertThat(fake.calls).as("%s", each.getKey()).isEmpty();
        }
        assertThat(connection.isClosed()).isTrue();
        assertThat(((Statement) all.get(Statement.class)).isClosed()).isTrue();
        assertThat(((ResultSet) all.get(ResultSet.class)).isClosed()).isTrue();
    }

    private static boolean isQuiet(Method method) {
        return QUIET_WHEN_DEAD.contains(method.getName());
    }

    @Test
    @Spec("DB8")
    void parents_ofWhatComesOfAConnection_areTheBorrowersOwn() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("");

            assertThat(statement.getConnection()).isSameAs(connection);
            assertThat(rows.getStatement()).isSameAs(statement);
            assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
            assertThat(connection.getMetaData().getTables("", "", "", null).getStatement())
                    .isInstanceOf(BorrowedStatement.class);
        }
    }

    @Test
    void unwrap_anyObject_givesItselfOrTheDrivers() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
            assertThat(connection.isWrapperFor(java.lang.reflect.Proxy.class)).isTrue();
            assertThat(connection.unwrap(java.lang.reflect.Proxy.class))
                    .isSameAs(driver.last().proxy);
            assertThat(connection.isWrapperFor(String.class)).isFalse();
        }
    }

    @Test
    void arguments_thatWereWrapped_reachTheDriverUnwrapped() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            java.sql.Array array = connection.createArrayOf("", new Object[0]);
            PreparedStatement statement = connection.prepareStatement("");

            statement.setArray(1, array);
            statement.setObject(2, array);

            assertThat(fakeBehind(statement).lastArguments).contains(((Borrowed) array).raw());
        }
    }
}
