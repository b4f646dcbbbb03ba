package evy.internal.os;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * A signal that is taken from whoever handled it before, in the JVM's own way, {@code
 * sun.misc.Signal}. By reflection, so that this library also loads where the module {@code
 * jdk.unsupported} is missing.
 *
 * @thread any
 */
public final class SystemSignal implements AutoCloseable {
    private final String name;
    private final Object before;

    private SystemSignal(String name, Object before) {
        this.name = name;
        this.before = before;
    }

    /**
     * Has something done when a signal comes, instead of what was done before.
     *
     * @param name without SIG, such as TERM
     * @param action gets the signal's number, on a thread of the JVM's
     * @return to give the signal back by
     * @throws IllegalArgumentException if there is no such signal, or the system or the JVM keeps
     *     it to itself; the message names it
     * @throws UnsupportedOperationException if the module {@code jdk.unsupported} is missing
     */
    public static SystemSignal take(String name, IntConsumer action) {
        try {
            Object signal = signal(name);
            int number = (Integer) signal.getClass().getMethod("getNumber").invoke(signal);
            Class<?> handlerType = handlerType();
            Object handler =
                    Proxy.newProxyInstance(
                            handlerType.getClassLoader(),
                            new Class<?>[] {handlerType},
                            (proxy, method, arguments) ->
                                    switch (method.getName()) {
                                        case "handle" -> {
                                            action.accept(number);
                                            yield null;
                                        }
                                        case "equals" -> proxy == arguments[0];
                                        case "hashCode" -> System.identityHashCode(proxy);
                                        default -> "handler of SIG" + name;
                                    });
            return new SystemSignal(name, handle(signal, handler));
        } catch (ReflectiveOperationException e) {
            throw refusal(name, e);
        }
    }

    /** {@return whether nothing was done about the signal before, as under {@code nohup}} */
    public boolean wasIgnored() {
        try {
            return handlerType().getField("SIG_IGN").get(null).equals(before);
        } catch (ReflectiveOperationException e) {
            throw refusal(name, e);
        }
    }

    /** Gives the signal back to what handled it before. */
    @Override
    public void close() {
        try {
            handle(signal(name), before);
        } catch (ReflectiveOperationException e) {
            throw refusal(name, e);
        }
    }

    private static Object handle(Object signal, Object handler)
            throws ReflectiveOperationException {
        Class<?> type = signal.getClass();
        return type.getMethod("handle", type, handlerType()).invoke(null, signal, handler);
    }

    private static Object signal(String name) throws ReflectiveOperationException {
        return Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
    }

    private static Class<?> handlerType() throws ClassNotFoundException {
        return Class.forName("sun.misc.SignalHandler");
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
