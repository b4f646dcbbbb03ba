package evy.tools;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;

/** Shows a program's exceptions as if nothing had started the program. */
final class StackTraces {
    private static final String OURS = StackTraces.class.getPackageName() + ".";

    private StackTraces() {}

    /** Cuts off the frames from the launcher down, in the exception and all it carries. */
    static void trim(Throwable thrown) {
        var seen = Collections.newSetFromMap(new IdentityHashMap<Throwable, Boolean>());
        trim(thrown, seen);
    }

    private static void trim(@Nullable Throwable thrown, java.util.Set<Throwable> seen) {
        if (thrown == null || !seen.add(thrown)) {
            return;
        }
        var trace = thrown.getStackTrace();
        thrown.setStackTrace(Arrays.copyOf(trace, programFrames(trace)));
        trim(thrown.getCause(), seen);
        for (var suppressed : thrown.getSuppressed()) {
            trim(suppressed, seen);
        }
    }

    /** How many frames there are above the reflective call of main; all, if there is none. */
    private static int programFrames(StackTraceElement... trace) {
        var end = 0;
        while (end < trace.length && !trace[end].getClassName().equals(OURS + "MainMethod")) {
            end++;
        }
        if (end == trace.length) {
            return end;
        }
        while (end > 0 && isReflection(trace[end - 1])) {
            end--;
        }
        return end;
    }

    private static boolean isReflection(StackTraceElement frame) {
        var name = frame.getClassName();
        return name.startsWith("java.lang.reflect.") || name.startsWith("jdk.internal.reflect.");
    }
}
