package evy.tools.profiler;

import java.util.ArrayList;
import java.util.List;

/**
 * Stacks as lists of names, the outermost first, without the frames that every green thread has and
 * that say nothing of the program.
 */
final class Frames {
    /** Stands for the outermost frames of a stack that was too deep. */
    static final String TRUNCATED = "[truncated]";

    /* What runs a green thread's body, or a program's main. */
    private static final List<String> OUTER =
            List.of(
                    "java.lang.VirtualThread",
                    "java.lang.Thread.run",
                    "jdk.internal.vm.",
                    "evy.hubs.Greenlet.",
                    "evy.GreenThread.",
                    "evy.tools.Program.",
                    "evy.tools.MainMethod.",
                    "java.lang.reflect.",
                    "jdk.internal.reflect.",
                    "java.lang.invoke.");

    /* What suspends a green thread, whatever it waits for. */
    private static final List<String> INNER =
            List.of(
                    "java.lang.VirtualThread.",
                    "java.lang.System$",
                    "java.util.concurrent.locks.LockSupport.",
                    "jdk.internal.vm.",
                    "evy.hubs.Waiter.");

    /** Stands for what the profiler does itself. */
    private static final String PROFILER = "[profiler]";

    private static final String OWN = HubRecorder.class.getName() + ".";

    private Frames() {}

    /** The name of a frame. */
    static String name(String type, String method) {
        int hidden = type.indexOf('/'); // a number that is another in each run
        return (hidden < 0 ? type : type.substring(0, hidden)) + "." + method;
    }

    /**
     * The names of a stack.
     *
     * @param stack the innermost first
     * @return the outermost first
     */
    static List<String> names(List<StackTraceElement> stack) {
        List<String> names = new ArrayList<>(stack.size());
        for (StackTraceElement frame : stack.reversed()) {
            names.add(name(frame.getClassName(), frame.getMethodName()));
        }
        return names;
    }

    /** Without the frames below the program's first. */
    static List<String> withoutOuter(List<String> names) {
        int first = 0;
        while (first < names.size() && startsWithAny(names.get(first), OUTER)) {
            first++;
        }
        return names.subList(first, names.size());
    }

    /** With what the profiler does during a switch as one frame. */
    static List<String> withoutOwn(List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).startsWith(OWN)) {
                List<String> above = new ArrayList<>(names.subList(0, i));
                above.add(PROFILER);
                return above;
            }
        }
        return names;
    }

    /** {@return whether stack traces of exceptions leave it out, too} */
    static boolean isHidden(String type) {
        return type.contains("$$Lambda") || type.contains("LambdaForm$");
    }

    /** Without the frames that do the waiting. */
    static List<String> withoutInner(List<String> names) {
        int end = names.size();
        while (end > 0 && startsWithAny(names.get(end - 1), INNER)) {
            end--;
        }
        return names.subList(0, end);
    }

    private static boolean startsWithAny(String name, List<String> prefixes) {
        for (String prefix : prefixes) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
