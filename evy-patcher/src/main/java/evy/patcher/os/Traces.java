package evy.patcher.os;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Stack traces of what was thrown on a native thread on behalf of a green one. */
final class Traces {
    private static final String OWN = "evy.";

    private Traces() {}

    /**
     * Puts the caller's stack under what a native thread has thrown, in place of the native
     * thread's own, so that it looks as thrown by the call itself.
     *
     * @param thrown by a native thread; the caller is waiting for it here
     * @return the same
     */
    static Throwable graft(Throwable thrown) {
        StackTraceElement[] there = thrown.getStackTrace();
        if (there.length > 0) {
            List<StackTraceElement> jdks =
                    Arrays.stream(there).takeWhile(frame -> !isMachinery(frame)).toList();
            // the patched method is in both
            Stream<StackTraceElement> callers =
                    Arrays.stream(new Throwable().getStackTrace())
                            .dropWhile(Traces::isMachinery)
                            .skip(1);
            thrown.setStackTrace(
                    Stream.concat(jdks.stream(), callers).toArray(StackTraceElement[]::new));
        }
        return thrown;
    }

    private static boolean isMachinery(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.startsWith(OWN) || name.startsWith("java.lang.invoke.");
    }
}
