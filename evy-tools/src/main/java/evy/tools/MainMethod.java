package evy.tools;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;

/**
 * A class's main method: static or not, with the arguments or without, inherited or not, anything
 * but private; the form with arguments wins.
 *
 * @source Java Language Specification 25, section 12.1.4
 */
final class MainMethod {
    private static final Class<?>[] WITH_ARGUMENTS = {String[].class};
    private static final Class<?>[] WITHOUT_ARGUMENTS = {};

    private final Method method;
    private final @Nullable Constructor<?> constructor;

    private MainMethod(Method method, @Nullable Constructor<?> constructor) {
        this.method = method;
        this.constructor = constructor;
    }

    /**
     * Finds the main method of a class.
     *
     * @throws UsageException if there is none, or it needs an instance that cannot be made
     */
    static MainMethod of(Class<?> type) throws UsageException {
        var method = find(type, type, WITH_ARGUMENTS);
        if (method == null) {
            method = find(type, type, WITHOUT_ARGUMENTS);
        }
        if (method == null) {
            throw new UsageException(
                    "class '" + type.getName() + "' has no main method that can be called");
        }
        method.setAccessible(true);
        var isStatic = Modifier.isStatic(method.getModifiers());
        return new MainMethod(method, isStatic ? null : constructor(type));
    }

    /**
     * Calls it.
     *
     * @throws Exception what it threw; an error passes through as it is
     */
    void invoke(String... args) throws Exception {
        Object[] arguments = method.getParameterCount() == 0 ? new Object[0] : new Object[] {args};
        try {
            var instance = constructor == null ? null : constructor.newInstance();
            method.invoke(instance, arguments);
        } catch (InvocationTargetException e) {
            MainMethod.<RuntimeException>throwAsItIs(e.getTargetException());
        }
    }

    /** Throws anything as it is: who looks at the program's exception must see its own. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAsItIs(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** Looks in the class, then in its interfaces for a default method, then in its superclass. */
    private static @Nullable Method find(Class<?> type, Class<?> start, Class<?>... parameters) {
        for (var method : type.getDeclaredMethods()) {
            if (method.getName().equals("main")
                    && Arrays.equals(method.getParameterTypes(), parameters)
                    && method.getReturnType() == void.class
                    && isInherited(method, start)) {
                return method;
            }
        }
        for (var parent : type.getInterfaces()) {
            var method = find(parent, start, parameters);
            if (method != null) {
                return method;
            }
        }
        var parent = type.getSuperclass();
        return parent == null ? null : find(parent, start, parameters);
    }

    private static boolean isInherited(Method method, Class<?> start) {
        var owner = method.getDeclaringClass();
        var modifiers = method.getModifiers();
        if (Modifier.isPrivate(modifiers) || Modifier.isAbstract(modifiers)) {
            return false;
        }
        if (owner == start) {
            return true;
        }
        if (owner.isInterface()) {
            return !Modifier.isStatic(modifiers);
        }
        return (modifiers & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0
                || owner.getPackage() == start.getPackage();
    }

    private static Constructor<?> constructor(Class<?> type) throws UsageException {
        try {
            var constructor = type.getDeclaredConstructor();
            if (!Modifier.isPrivate(constructor.getModifiers())
                    && !Modifier.isAbstract(type.getModifiers())) {
                constructor.setAccessible(true);
                return constructor;
            }
        } catch (NoSuchMethodException e) {
            // the same answer as to one that is private
        }
        throw new UsageException(
                "class '"
                        + type.getName()
                        + "' has an instance main method, but no constructor without parameters"
                        + " to make the instance with");
    }
}
