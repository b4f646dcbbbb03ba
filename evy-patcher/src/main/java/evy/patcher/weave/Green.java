package evy.patcher.weave;

import evy.hubs.Hub;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** Whose calls the hooks take: those of virtual threads that a hub carries. */
public final class Green {
    private static final ScopedValue<Boolean> ORIGINAL = ScopedValue.newInstance();

    /* Calls under way for which nothing is patched: without any, nobody need look for his own. */
    private static final AtomicInteger originals = new AtomicInteger();

    private Green() {}

    static {
        // loads what hub() needs: the calls by which a class is loaded may ask hooks themselves,
        // and
        // would wait for the very class
        Hub.currentOrNull();
    }

    /**
     * Loads and initialises classes that a hook needs where nothing can be loaded, as the locks of
     * their loader may be held by a thread that waits for the hook.
     *
     * @param needed the classes
     */
    public static void load(Class<?>... needed) {
        load(true, needed);
    }

    /**
     * Loads classes that a hook needs later, and leaves their initialisation to that time.
     *
     * @param needed the classes
     */
    public static void loadOnly(Class<?>... needed) {
        load(false, needed);
    }

    private static void load(boolean initialised, Class<?>... needed) {
        for (Class<?> each : needed) {
            try {
                Class.forName(each.getName(), initialised, each.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new AssertionError(e); // it is here
            }
        }
    }

    /**
     * The hub that carries the calling virtual thread.
     *
     * @return null if the hook has to decline: on every other thread, in a hub's callback, and in
     *     {@link #original}
     */
    public static @Nullable Hub hub() {
        if (!Thread.currentThread().isVirtual()) {
            return null;
        }
        Hub hub = Hub.currentOrNull();
        return hub == null || isOriginal() ? null : hub;
    }

    /**
     * Makes a call in which all hooks decline.
     *
     * @param <T> type of the result
     * @param call on this thread; the threads it starts are not meant
     * @return its result
     * @throws Exception what it throws
     */
    public static <T extends @Nullable Object> T original(Callable<T> call) throws Exception {
        originals.incrementAndGet();
        try {
            return ScopedValue.where(ORIGINAL, true).call(call::call);
        } finally {
            originals.decrementAndGet();
        }
    }

    /** {@return true in {@link #original}} */
    public static boolean isOriginal() {
        return originals.get() != 0 && ORIGINAL.isBound();
    }
}
