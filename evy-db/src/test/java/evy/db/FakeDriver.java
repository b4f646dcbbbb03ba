package evy.db;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A driver without a database: its connections keep their settings, list what is called, and do
 * what they are told when a method is called.
 */
final class FakeDriver implements ConnectionFactory {
    /** What happens when a method is called. */
    interface Script {
        void run(Fake connection) throws Exception;
    }

    final List<Fake> made = Collections.synchronizedList(new ArrayList<>());
    final Map<String, Script> scripts = new HashMap<>();
    int mostOpen;

    /** Has something happen when a method of that name is called on any of its objects. */
    void on(String method, Script script) {
        scripts.put(method, script);
    }

    @Override
    public Connection connect() throws SQLException {
        Fake fake = new Fake(null, Connection.class);
        fake.runScript("connect");
        made.add(fake);
        mostOpen = Math.max(mostOpen, open());
        return (Connection) fake.proxy;
    }

    int open() {
        return (int) made.stream().filter(fake -> !fake.closed).count();
    }

    Fake last() {
        return made.getLast();
    }

    /** An object of the driver, of whatever interface. */
    final class Fake implements InvocationHandler {
        final @Nullable Fake parent;
        final Object proxy;
        final List<String> calls = new ArrayList<>();
        final List<Object> lastArguments = new ArrayList<>();
        final List<Fake> children = new ArrayList<>();
        final Map<String, @Nullable Object> settings = new HashMap<>();
        private final Class<?> type;
        volatile boolean closed;
        boolean aborted;

        Fake(@Nullable Fake parent, Class<?> type) {
            this.parent = parent;
            this.type = type;
            this.proxy =
                    Proxy.newProxyInstance(
                            FakeDriver.class.getClassLoader(), new Class<?>[] {type}, this);
            settings.put("AutoCommit", true);
            settings.put("ReadOnly", false);
            settings.put("TransactionIsolation", Connection.TRANSACTION_READ_COMMITTED);
            settings.put("Catalog", "catalog");
            settings.put("Schema", "schema");
            settings.put("Holdability", 1);
            settings.put("NetworkTimeout", 0);
            settings.put("TypeMap", Map.of());
            settings.put("ClientInfo", new Properties());
        }

        /** The connection. */
        Fake root() {
            return parent == null ? this : parent.root();
        }

        void runScript(String method) throws SQLException {
            Script script = scripts.get(method);
            if (script != null) {
                try {
                    script.run(root());
                } catch (SQLException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new SQLException(e);
                }
            }
        }

        @Override
        public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments)
                throws Throwable {
            String name = method.getName();
            if (method.getDeclaringClass() == Object.class) {
                return switch (name) {
                    case "equals" -> arguments != null && self == arguments[0];
                    case "hashCode" -> System.identityHashCode(self);
                    default -> "fake " + type.getSimpleName();
                };
            }
            calls.add(name);
            if (arguments != null) {
                lastArguments.clear();
                Collections.addAll(lastArguments, arguments);
            }
            runScript(name);
            switch (name) {
                case "close" -> {
                    closed = true;
                    return null;
                }
                case "abort" -> {
                    aborted = true;
                    closed = true;
                    return null;
                }
                case "isClosed" -> {
                    return closed;
                }
                case "isValid" -> {
                    return !closed;
                }
                case "isWrapperFor" -> {
                    return false;
                }
                case "unwrap" -> throw new SQLException("wraps nothing");
                default -> {}
            }
            boolean accessor = name.length() > 3 && settings.containsKey(property(name));
            if (accessor && parent == null && name.startsWith("set") && arguments != null) {
                set(property(name), arguments);
                return null;
            }
            if (accessor && parent == null && arguments == null) {
                return settings.get(property(name));
            }
            return result(method.getReturnType());
        }

        private static String property(String method) {
            return method.substring(method.startsWith("is") ? 2 : 3);
        }

        private void set(String property, @Nullable Object[] arguments) {
            if (property.equals("ClientInfo") && arguments.length == 2) {
                Properties info = new Properties();
                info.put(String.valueOf(arguments[0]), String.valueOf(arguments[1]));
                settings.put(property, info);
            } else {
                settings.put(property, arguments[arguments.length - 1]);
            }
        }

        private @Nullable Object result(Class<?> result) {
            if (result == boolean.class) {
                return true;
            }
            if (result.isPrimitive()) {
                return java.lang.reflect.Array.get(
                        java.lang.reflect.Array.newInstance(
                                result == void.class ? int.class : result, 1),
                        0);
            }
            if (result.isInterface() && result.getPackageName().equals("java.sql")) {
                Fake child = new Fake(this, result);
                children.add(child);
                return child.proxy;
            }
            return null;
        }
    }
}
