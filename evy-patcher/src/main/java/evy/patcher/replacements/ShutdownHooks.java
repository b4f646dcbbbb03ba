package evy.patcher.replacements;

/** The method of {@link Runtime} that is given a thread to start at the end. */
public final class ShutdownHooks {
    private ShutdownHooks() {}

    /**
     * As {@link Runtime#addShutdownHook}. The hook is a platform thread: the JVM waits for no
     * other.
     *
     * @param runtime the JVM
     * @param hook see there
     */
    public static void addShutdownHook(Runtime runtime, Thread hook) {
        if (hook instanceof PatchedThread patched) {
            patched.makeNative();
        }
        runtime.addShutdownHook(hook);
    }
}
