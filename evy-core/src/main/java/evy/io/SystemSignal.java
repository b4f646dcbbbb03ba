package evy.io;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/**
 * The JVM's own way to signals, {@code sun.misc.Signal}. By reflection, so that this library also
 * loads where the module {@code jdk.unsupported} is missing.
 */
final class SystemSignal {
    // guarded by the monitor of Signals: what handled each signal before
    private static final Map<String, Object> BEFORE = new HashMap<>();

    private SystemSignal() {}

    static void take(String name, Runnable action) {
        try {
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object handler =
                    Proxy.newProxyInstance(
                            handlerType.getClassLoader(),
                            new Class<?>[] {handlerType},
                            (proxy, method, arguments) ->
                                    switch (method.getName()) {
                                        case "handle" -> {
                                            action.run();
                                            yield null;
                                        }
                                        case "equals" -> proxy == arguments[0];
                                        case "hashCode" -> System.identityHashCode(proxy);
                                        default -> "handler of SIG" + name;
                                    });
            BEFORE.put(name, handle(name, handler));
        } catch (ReflectiveOperationException e) {
            throw refusal(name, e);
        }
    }

    static void giveBack(String name) {
        Object before = BEFORE.remove(name);
        if (before == null) {
            return;
        }
        try {
            handle(name, before);
        } catch (ReflectiveOperationException e) {
            throw refusal(name, e);
        }
    }

    private static Object handle(String name, Object handler) throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Signal");
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        Object signal = type.getConstructor(String.class).newInstance(name);
        return type.getMethod("handle", type, handlerType).invoke(null, signal, handler);
    }

    private static RuntimeException refusal(String name, ReflectiveOperationException e) {
        Throwable cause = e.getCause();
        if (e instanceof InvocationTargetException && cause != null) {
            return new IllegalArgumentException(
                    "signal '" + name + "': " + cause.getMessage(), cause);
        }
        return new UnsupportedOperationException(
                "signals need the module jdk.unsupported; add --add-modules jdk.unsupported", e);
    }
}
