package evy.db;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.Callable;

/**
 * Stands in for an object of a native driver: every call is made on a native thread in its turn,
 * and the results are stood in for likewise. A reflective proxy will do, as what it costs is little
 * beside the way to the other thread and back.
 */
final class NativeObject implements InvocationHandler {
    private final Object target;
    private final Turns turns;

    private NativeObject(Object target, Turns turns) {
        this.target = target;
        this.turns = turns;
    }

    static <T> T wrap(Class<T> type, Object target, Turns turns) {
        return type.cast(
                Proxy.newProxyInstance(
                        NativeObject.class.getClassLoader(),
                        new Class<?>[] {type},
                        new NativeObject(target, turns)));
    }

    /** What an object stands for; itself if it is the driver's. */
    static @Nullable Object behind(@Nullable Object object) {
        return object != null
                        && Proxy.isProxyClass(object.getClass())
                        && Proxy.getInvocationHandler(object) instanceof NativeObject handler
                ? handler.target
                : object;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> arguments != null && target.equals(behind(arguments[0]));
                case "hashCode" -> target.hashCode();
                default -> target.toString();
            };
        }
        try {
            return isToCancel(method) ? cancel(method, arguments) : inTurn(method, arguments);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted in a native call", e);
        }
    }

    private static boolean isToCancel(Method method) {
        return method.getName().equals("cancel") || method.getName().equals("abort");
    }

    /*
     * Out of turn. A connection is not dropped while a call runs in it, as native code might not
     * survive that: its query is cancelled, and closing it waits for its turn.
     */
    private @Nullable Object cancel(Method method, Object @Nullable [] arguments) throws Exception {
        Callable<Boolean> action =
                () -> {
                    if (target instanceof Connection) {
                        turns.cancel();
                    } else {
                        call(method, arguments);
                    }
                    return true;
                };
        NativeConnection.callAside(action);
        return null;
    }

    private @Nullable Object inTurn(Method method, Object @Nullable [] arguments) throws Exception {
        Object result = turns.call(target, () -> call(method, arguments));
        if (result == null) {
            return null;
        }
        Class<?> type = method.getReturnType();
        if (type == Object.class) {
            type = Borrowed.typeOf(result);
        }
        if (type != null && Delegates.types().contains(type)) {
            return wrap(type, result, turns);
        }
        return result;
    }

    private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Exception {
        try {
            return method.invoke(target, driversOwn(arguments));
        } catch (InvocationTargetException e) {
            throw Borrowed.<Exception>sneak(e.getTargetException());
        }
    }

    /* Drivers know their own objects only. */
    private static Object @Nullable [] driversOwn(Object @Nullable [] arguments) {
        if (arguments == null) {
            return null;
        }
        return Arrays.stream(arguments).map(NativeObject::behind).toArray();
    }
}
