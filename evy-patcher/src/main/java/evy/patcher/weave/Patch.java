package evy.patcher.weave;

import evy.patcher.bridge.Bridge;

import org.jspecify.annotations.Nullable;

import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;

/**
 * One method of the JDK that shall ask a hook of the {@link Bridge} first.
 *
 * <p>The hook's result says how: {@code boolean} for a method without result, true if the hook has
 * done its work; a reference, {@code int} or {@code long} for a method with such a result, where
 * null, {@link Bridge#DECLINED} or {@link Long#MIN_VALUE} declines; {@code void} just to be told.
 *
 * <p>The hook gets the method's arguments, after {@code this} if it has a parameter for it, or none
 * at all; an {@code int} in place of a {@code FileDescriptor} gets its number.
 *
 * @param className the class, as {@code sun.nio.ch.Poller}
 * @param method the method's name
 * @param type the method's type, as {@code (IJ)V}
 * @param isStatic whether it is static
 * @param hook name of a static method of the {@link Bridge}
 */
public record Patch(
        String className, String method, MethodTypeDesc type, boolean isStatic, String hook) {
    private static final Map<String, Method> HOOKS = hooks();

    /**
     * Makes a patch of a static method.
     *
     * @param className the class
     * @param method the method's name
     * @param type the method's type
     * @param hook name of a static method of the {@link Bridge}
     * @return the patch
     */
    public static Patch ofStatic(String className, String method, String type, String hook) {
        return new Patch(className, method, MethodTypeDesc.ofDescriptor(type), true, hook);
    }

    /**
     * Makes a patch of an instance method.
     *
     * @param className the class
     * @param method the method's name
     * @param type the method's type
     * @param hook name of a static method of the {@link Bridge}
     * @return the patch
     */
    public static Patch of(String className, String method, String type, String hook) {
        return new Patch(className, method, MethodTypeDesc.ofDescriptor(type), false, hook);
    }

    /** {@return the class's name with slashes, as class files have it} */
    String internalName() {
        return className.replace('.', '/');
    }

    /** {@return the hook, a public static method of the bridge} */
    Method hookMethod() {
        Method method = HOOKS.get(hook);
        if (method == null) {
            throw new IllegalStateException("no hook " + hook + " in the bridge");
        }
        return method;
    }

    private static Map<String, Method> hooks() {
        Map<String, Method> hooks = new HashMap<>();
        for (Method method : Bridge.class.getMethods()) {
            if (Modifier.isStatic(method.getModifiers())) {
                hooks.put(method.getName(), method);
            }
        }
        return hooks;
    }

    /* By identity: what a record brings is put together at its first use, which takes long. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return className + "." + method + type.displayDescriptor();
    }
}
