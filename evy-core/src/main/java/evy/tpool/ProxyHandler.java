package evy.tpool;

import evy.hubs.Greenlet;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What a {@link evy.tpool.Proxy} does when it is called. */
final class ProxyHandler implements InvocationHandler {
    private static final Set<String> SIZES = Set.of("size", "isEmpty");

    private final Object target;
    private final ProxyOptions options;

    private ProxyHandler(Object target, ProxyOptions options) {
        this.target = target;
        this.options = options;
    }

    static Object wrap(Object target, Set<Class<?>> types, ProxyOptions options) {
        return Proxy.newProxyInstance(
                loaderOf(target.getClass(), types),
                types.toArray(Class<?>[]::new),
                new ProxyHandler(target, options));
    }

    /* One that sees all of them; the interfaces that it does not see are left out. */
    private static @Nullable ClassLoader loaderOf(Class<?> type, Set<Class<?>> types) {
        ClassLoader loader = type.getClassLoader();
        for (Class<?> seen : types) {
            if (!sees(loader, seen)) {
                loader = seen.getClassLoader();
            }
        }
        ClassLoader chosen = loader;
        types.removeIf(seen -> !sees(chosen, seen));
        return loader;
    }

    private static boolean sees(@Nullable ClassLoader loader, Class<?> type) {
        try {
            return Class.forName(type.getName(), false, loader) == type;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    static @Nullable ProxyHandler of(@Nullable Object object) {
        return object != null
                        && Proxy.isProxyClass(object.getClass())
                        && Proxy.getInvocationHandler(object) instanceof ProxyHandler handler
                ? handler
                : null;
    }

    static boolean isCallable(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && type.getModule()
                        .isExported(type.getPackageName(), ProxyHandler.class.getModule())
                && !type.isSealed();
    }

    /** Its interfaces that can be called from here. */
    static Set<Class<?>> callableInterfaces(Class<?> type) {
        Set<Class<?>> found = new LinkedHashSet<>();
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Class<?> candidate : c.getInterfaces()) {
                if (isCallable(candidate)) {
                    found.add(candidate);
                } else {
                    found.addAll(callableInterfaces(candidate));
                }
            }
        }
        return found;
    }

    Object target() {
        return target;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return ownMethod(method, arguments);
        }
        if (isQuick(method)) {
            return call(method, arguments);
        }
        return wrapped(method, Tpool.<@Nullable Object>execute(() -> call(method, arguments)));
    }

    private Object ownMethod(Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> {
                assert arguments != null;
                yield isEqual(arguments[0]);
            }
            case "hashCode" -> target.hashCode();
            default -> target.toString();
        };
    }

    private boolean isEqual(@Nullable Object other) {
        ProxyHandler handler = of(other);
        return target.equals(handler == null ? other : handler.target);
    }

    private static boolean isQuick(Method method) {
        Class<?> type = method.getDeclaringClass();
        return method.getParameterCount() == 0
                && SIZES.contains(method.getName())
                && (Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type));
    }

    private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Exception {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw Greenlet.<Exception>thrown(e.getCause());
        }
    }

    private @Nullable Object wrapped(Method method, @Nullable Object result) {
        if (result == null || of(result) != null || !isToBeWrapped(method, result)) {
            return result;
        }
        Set<Class<?>> types = callableInterfaces(result.getClass());
        Class<?> declared = method.getReturnType();
        if (declared.isInterface() && isCallable(declared)) {
            types.add(declared);
        }
        // a result that has to be of a class cannot be stood in for
        boolean possible = types.stream().anyMatch(declared::isAssignableFrom);
        return possible ? wrap(result, types, options) : result;
    }

    private boolean isToBeWrapped(Method method, Object result) {
        return result instanceof Iterator
                || result instanceof Enumeration
                || options.methods().contains(method.getName())
                || options.types().stream().anyMatch(type -> type.isInstance(result));
    }
}
