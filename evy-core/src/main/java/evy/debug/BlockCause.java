package evy.debug;

import java.util.List;

/** What keeps a hub from returning to its loop. */
public enum BlockCause {
    /** Java code that computes, or is slow. */
    COMPUTING("computes"),

    /**
     * A wait that cannot be switched: a park, a sleep or {@code Object.wait} under a native frame,
     * or in a hub's callback.
     */
    PINNED_WAIT("waits and cannot be switched"),

    /** It wants to enter a {@code synchronized} block, and cannot be switched. */
    MONITOR("waits for a monitor and cannot be switched"),

    /**
     * A call of native code. Without the module {@code java.management} calls by the
     * foreign-function API are taken for {@link #COMPUTING}.
     */
    NATIVE_CALL("is in native code"),

    /** A class initialiser: whatever it does, it cannot be switched. */
    CLASS_INITIALIZER("is in a class initialiser"),

    /** The collector, or whatever stopped the whole JVM or the machine; nobody's fault here. */
    PAUSE("stood still with the whole JVM");

    private final String words;

    BlockCause(String words) {
        this.words = words;
    }

    /** What who is stopped by it does. */
    String words() {
        return words;
    }

    static BlockCause of(Thread.State state, List<StackTraceElement> stack, boolean inNative) {
        for (StackTraceElement frame : stack) {
            if (frame.getMethodName().equals("<clinit>")) {
                return CLASS_INITIALIZER;
            }
        }
        return switch (state) {
            case WAITING, TIMED_WAITING -> PINNED_WAIT;
            case BLOCKED -> MONITOR;
            default -> inNative || isNative(stack) ? NATIVE_CALL : COMPUTING;
        };
    }

    private static boolean isNative(List<StackTraceElement> stack) {
        return !stack.isEmpty() && stack.getFirst().isNativeMethod();
    }
}
