package evy.tpool;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Stands in for an object whose methods block in native code: every call of a method of its
 * interfaces is made on a native thread of {@link Tpool}, and only the calling green thread waits.
 *
 * {@snippet :
 * Database database = Proxy.wrap(Database.class, new BlockingDatabase());
 * for (Row row : database.query("...")) { // each step of the iteration lets others run
 *     handle(row);
 * }
 * }
 *
 * <p>Made on the caller's own thread, as they are expected to be quick: {@code equals}, {@code
 * hashCode} and {@code toString}, and the {@code size} and {@code isEmpty} of collections and maps.
 * A proxy equals the object behind it and every other proxy of that. What a call throws arrives as
 * the very same exception. Iterators that it returns are wrapped, so that their steps go to native
 * threads, too; other results come as they are, unless {@link ProxyOptions} says otherwise.
 *
 * @thread any but a hub's callback
 * @source eventlet {@code tpool.Proxy}
 */
public final class Proxy {
    private Proxy() {}

    /**
     * Wraps an object.
     *
     * @param <T> the interface
     * @param type an interface of the object, public in a package exported to this library
     * @param target the object; if it is a proxy that has the interface, it is returned as it is
     * @return a stand-in that has all such interfaces of the object, {@code type} among them
     * @throws IllegalArgumentException if {@code type} is no interface, or not one that can be
     *     called from here; the message names it
     */
    public static <T> T wrap(Class<T> type, T target) {
        return wrap(type, target, ProxyOptions.DEFAULT);
    }

    /**
     * Wraps an object; otherwise as {@link #wrap(Class, Object)}.
     *
     * @param <T> the interface
     * @param type an interface of the object
     * @param target the object
     * @param options which results are wrapped, too
     * @return a stand-in
     */
    public static <T> T wrap(Class<T> type, T target, ProxyOptions options) {
        requireCallable(type);
        if (isProxy(target)) {
            return type.cast(target);
        }
        Set<Class<?>> types = ProxyHandler.callableInterfaces(target.getClass());
        types.add(type);
        return type.cast(ProxyHandler.wrap(target, types, options));
    }

    /**
     * Asks whether an object was made here.
     *
     * @param object any object, or null
     * @return true if it is a stand-in
     */
    public static boolean isProxy(@Nullable Object object) {
        return ProxyHandler.of(object) != null;
    }

    /**
     * The object behind a proxy, to call it on the caller's own thread.
     *
     * @param <T> the type
     * @param object any object
     * @return what was wrapped; the object itself if it is no proxy
     */
    @SuppressWarnings("unchecked") // what it was wrapped for is an interface of what is behind it
    public static <T> T direct(T object) {
        ProxyHandler handler = ProxyHandler.of(object);
        return handler == null ? object : (T) handler.target();
    }

    private static void requireCallable(Class<?> type) {
        if (!type.isInterface()) {
            throw new IllegalArgumentException(
                    type.getName()
                            + " is no interface; wrap the object behind one of its interfaces");
        }
        if (!ProxyHandler.isCallable(type)) {
            throw new IllegalArgumentException(
                    type.getName()
                            + " cannot be called from here: make it public and export its package");
        }
    }
}
