package evy.patcher.os;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Set;

/**
 * Whether the current thread holds locks: monitors, and those of the logging libraries that use
 * others. The JDK tells of monitors only those who walk the stack with a walker of its own.
 *
 * <p>Costs some ten microseconds, for calls that take longer.
 */
final class HeldLocks {
    private static final List<String> LOGGING = List.of("ch.qos.logback.", "org.apache.logging.");

    private static final String CHANNELS = "sun.nio.ch.";

    private static final StackWalker WALKER;
    private static final MethodHandle MONITORS;

    static {
        try {
            Class<?> frame = Class.forName("java.lang.LiveStackFrame");
            MethodHandles.Lookup lookup =
                    MethodHandles.privateLookupIn(frame, MethodHandles.lookup());
            WALKER =
                    (StackWalker)
                            lookup.findStatic(
                                            frame,
                                            "getStackWalker",
                                            MethodType.methodType(StackWalker.class, Set.class))
                                    .invoke(Set.<Option>of());
            MONITORS =
                    lookup.findVirtual(frame, "getMonitors", MethodType.methodType(Object[].class))
                            .asType(MethodType.methodType(Object[].class, StackFrame.class));
        } catch (Throwable t) {
            throw new ExceptionInInitializerError(t);
        }
    }

    private HeldLocks() {}

    static boolean areThere() {
        return WALKER.walk(frames -> frames.anyMatch(HeldLocks::isHolder));
    }

    private static boolean isHolder(StackFrame frame) {
        if (frame.getClassName().startsWith(CHANNELS)) {
            return false; // of this very file
        }
        try {
            if (((Object[]) MONITORS.invokeExact(frame)).length > 0) {
                return true;
            }
        } catch (Throwable t) {
            throw new AssertionError(t); // it is but a getter
        }
        for (String logging : LOGGING) {
            if (frame.getClassName().startsWith(logging)) {
                return true;
            }
        }
        return false;
    }
}
