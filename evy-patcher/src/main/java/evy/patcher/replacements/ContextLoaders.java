package evy.patcher.replacements;

import org.jspecify.annotations.Nullable;

/**
 * The method of {@link Thread} by which an imported library finds classes that it names at run
 * time: it must find its own copy of them, and not the one that the rest of the program uses.
 */
public final class ContextLoaders {
    private ContextLoaders() {}

    /**
     * As {@link Thread#getContextClassLoader}.
     *
     * @param thread the thread
     * @param caller who asks
     * @return see there; the caller's own loader if that comes to ask the thread's anyway
     */
    public static @Nullable ClassLoader getContextClassLoader(Thread thread, Class<?> caller) {
        return innermost(thread.getContextClassLoader(), caller);
    }

    static @Nullable ClassLoader innermost(@Nullable ClassLoader context, Class<?> caller) {
        ClassLoader own = caller.getClassLoader();
        ClassLoader outer = own;
        while (outer != null && outer != context) {
            outer = outer.getParent();
        }
        return outer == null ? context : own;
    }
}
