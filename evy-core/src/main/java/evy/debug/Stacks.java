package evy.debug;

import java.util.Arrays;
import java.util.List;

/** Stacks, without the part of them that says nothing. */
final class Stacks {
    private Stacks() {}

    /** Where something was made: the innermost frame outside Evy's own workings first. */
    static List<StackTraceElement> of(Throwable made) {
        StackTraceElement[] frames = made.getStackTrace();
        int first = 0;
        while (first < frames.length - 1 && isOurs(frames[first])) {
            first++;
        }
        return Arrays.asList(frames).subList(first, frames.length);
    }

    /** The frame that the program's author wrote: the innermost outside the JDK and Evy. */
    static StackTraceElement place(List<StackTraceElement> stack) {
        for (StackTraceElement frame : stack) {
            if (!isOurs(frame) && !isOfTheJdk(frame)) {
                return frame;
            }
        }
        return stack.getFirst();
    }

    static boolean isOurs(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.startsWith("evy.hubs.")
                || name.startsWith("evy.internal.")
                || name.startsWith("evy.io.")
                || name.startsWith("evy.sync.")
                || name.startsWith("evy.tpool.")
                || isOfRoot(name);
    }

    /* Evy itself, GreenThread and the others beside it. */
    private static boolean isOfRoot(String name) {
        return name.startsWith("evy.") && name.indexOf('.', "evy.".length()) < 0;
    }

    private static boolean isOfTheJdk(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.startsWith("java.")
                || name.startsWith("jdk.")
                || name.startsWith("sun.")
                || name.startsWith("com.sun.");
    }

    static void append(List<StackTraceElement> stack, String indent, StringBuilder text) {
        for (StackTraceElement frame : stack) {
            text.append(indent).append("at ").append(frame).append('\n');
        }
    }
}
