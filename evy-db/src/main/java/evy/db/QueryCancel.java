package evy.db;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Ends at the server the query that a torn call has left running there. Most servers notice that a
 * client is gone only when they have something to say to it, and JDBC's own {@code
 * Statement.cancel} does nothing once the call has ended.
 */
final class QueryCancel {
    /* Of the connections of PostgreSQL, MariaDB and Oracle: public, without parameters. */
    private static final List<String> NAMES =
            List.of("cancelQuery", "cancelCurrentQuery", "cancel");

    private QueryCancel() {}

    /**
     * Cancels what the server does for a connection, if its driver can. May block: it takes another
     * connection to the server.
     *
     * @param raw a connection that nobody is to use again
     * @throws SQLException if the server does not take it
     */
    static void cancel(Connection raw) throws SQLException {
        Method method = find(raw.getClass());
        if (method == null) {
            return;
        }
        try {
            method.invoke(raw);
        } catch (InvocationTargetException e) {
            throw Borrowed.<SQLException>sneak(e.getTargetException());
        } catch (IllegalAccessException e) {
            throw new SQLException(method + ": is not accessible", e);
        }
    }

    /* The class itself may be hidden, and the interface with the method not. */
    private static @Nullable Method find(@Nullable Class<?> type) {
        if (type == null) {
            return null;
        }
        if (Modifier.isPublic(type.getModifiers())
                && type.getModule().isExported(type.getPackageName())) {
            for (Method method : type.getMethods()) {
                if (method.getParameterCount() == 0 && NAMES.contains(method.getName())) {
                    return method;
                }
            }
        }
        for (Class<?> parent : type.getInterfaces()) {
            Method method = find(parent);
            if (method != null) {
                return method;
            }
        }
        return find(type.getSuperclass());
    }
}
