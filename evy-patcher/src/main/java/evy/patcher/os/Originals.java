package evy.patcher.os;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Calls the JDK's methods with arguments from an array. */
final class Originals {
    private static final MethodType SHAPE = MethodType.methodType(Object.class, Object[].class);

    /* By the constants of the patched methods, so there are no more than those. */
    private static final Map<MethodHandle, MethodHandle> SPREADERS = new ConcurrentHashMap<>();

    private Originals() {}

    /**
     * Calls a method.
     *
     * @return its result; null if it has none
     */
    static @Nullable Object call(MethodHandle original, Object[] arguments) throws Throwable {
        MethodHandle spreader = SPREADERS.get(original);
        if (spreader == null) {
            spreader = original.asSpreader(Object[].class, arguments.length).asType(SHAPE);
            SPREADERS.put(original, spreader);
        }
        return (Object) spreader.invokeExact(arguments);
    }
}
