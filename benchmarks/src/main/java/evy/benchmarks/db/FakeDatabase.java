package evy.benchmarks.db;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;

import javax.sql.DataSource;

/** A data source whose connections answer at once, so that what is left is the pool's own time. */
public final class FakeDatabase {
    private FakeDatabase() {}

    /** {@return a data source, a new connection at each call} */
    public static DataSource dataSource() {
        return make(DataSource.class, FakeDatabase::dataSourceCall);
    }

    private static Object dataSourceCall(Object proxy, Method method, Object[] args) {
        return method.getName().equals("getConnection")
                ? make(Connection.class, FakeDatabase::connectionCall)
                : nothing(method);
    }

    private static Object connectionCall(Object proxy, Method method, Object[] args) {
        return switch (method.getName()) {
            case "isValid", "getAutoCommit" -> true;
            case "getTransactionIsolation" -> Connection.TRANSACTION_READ_COMMITTED;
            case "getMetaData" -> make(DatabaseMetaData.class, (_, m, _) -> nothing(m));
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == args[0];
            default -> nothing(method);
        };
    }

    private static Object nothing(Method method) {
        Class<?> type = method.getReturnType();
        if (type == int.class) {
            return 0;
        }
        if (type == boolean.class) {
            return false;
        }
        return type == String.class ? "fake" : null;
    }

    private static <T> T make(Class<T> type, InvocationHandler handler) {
        ClassLoader loader = FakeDatabase.class.getClassLoader();
        return type.cast(Proxy.newProxyInstance(loader, new Class<?>[] {type}, handler));
    }
}
