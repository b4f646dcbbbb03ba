package evy.tools;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * What the {@code evy} command is asked to do.
 *
 * @param patched whether with the JDK patched, as {@code run} asks for
 * @param groups what to patch, as the agent's argument; empty for the usual groups
 * @param classPath the program's class path, null if none is given
 * @param what the program or service; null if nothing is named
 * @param arguments what follows it
 */
record CommandLine(
        boolean patched,
        String groups,
        @Nullable String classPath,
        @Nullable String what,
        List<String> arguments) {
    private static final String PATCH = "--patch=";

    /**
     * Reads the words after {@code evy}.
     *
     * @throws UsageException if they make no sense; says what to do
     */
    static CommandLine parse(String... args) throws UsageException {
        Deque<String> words = new ArrayDeque<>(Arrays.asList(args));
        var patched = "run".equals(words.peek());
        if (patched) {
            words.pop();
        }
        var groups = "";
        String classPath = null;
        while (!words.isEmpty()) {
            var word = words.peek();
            if (word.equals("-cp") || word.equals("-classpath") || word.equals("--class-path")) {
                words.pop();
                if (words.isEmpty()) {
                    throw new UsageException(word + " needs a path");
                }
                classPath = words.pop();
            } else if (word.startsWith(PATCH)) {
                if (!patched) {
                    throw new UsageException(word + " needs run before it; see evy --help");
                }
                groups = words.pop().substring(PATCH.length());
            } else {
                break;
            }
        }
        var what = words.poll();
        return new CommandLine(patched, groups, classPath, what, List.copyOf(words));
    }
}
