package evy.internal.util;

import java.lang.ref.Cleaner;

/** The cleaner that closes what was dropped without being closed. */
public final class Cleaners {
    /** The name of its thread. */
    public static final String THREAD_NAME = "evy-cleaner";

    private static final Cleaner CLEANER =
            Cleaner.create(Thread.ofPlatform().daemon().name(THREAD_NAME).factory());

    private Cleaners() {}

    /**
     * Has an action run when an object is found to be unreachable.
     *
     * @param object the object
     * @param action must not refer to it
     * @return to run the action earlier by; it runs once
     */
    public static Cleaner.Cleanable register(Object object, Runnable action) {
        return CLEANER.register(object, action);
    }
}
