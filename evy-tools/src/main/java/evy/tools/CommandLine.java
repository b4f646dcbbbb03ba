package evy.tools;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * What the {@code evy} command is asked to do.
 *
 * @param patched whether with the JDK patched, as {@code run} asks for
 * @param agent the agent's argument: what to patch and trace; empty for the usual groups
 * @param classPath the program's class path, null if none is given
 * @param what the program or service; null if nothing is named
 * @param arguments what follows it
 */
record CommandLine(
        boolean patched,
        String agent,
        @Nullable String classPath,
        @Nullable String what,
        List<String> arguments) {
    /* An option, and how the agent's argument begins for it. */
    private static final Map<String, String> AGENT_OPTIONS =
            Map.of(
                    "--patch", "",
                    "--spew", "spew=",
                    "--spew-to", "spewTo=",
                    "--spew-sources", "spewSources=");

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
        var agent = new ArrayList<String>();
        String classPath = null;
        while (!words.isEmpty()) {
            var word = words.peek();
            if (isClassPath(word)) {
                words.pop();
                if (words.isEmpty()) {
                    throw new UsageException(word + " needs a path");
                }
                classPath = words.pop();
            } else if (AGENT_OPTIONS.containsKey(name(word))) {
                if (!patched) {
                    throw new UsageException(word + " needs run before it; see evy --help");
                }
                agent.add(forAgent(words.pop()));
            } else {
                break;
            }
        }
        var what = words.poll();
        return new CommandLine(
                patched, String.join(",", agent), classPath, what, List.copyOf(words));
    }

    /** {@return whether an option is followed by a class path} */
    static boolean isClassPath(String option) {
        return option.equals("-cp") || option.equals("-classpath") || option.equals("--class-path");
    }

    private static String name(String option) {
        return option.split("=", 2)[0];
    }

    private static String forAgent(String option) throws UsageException {
        if (option.equals("--spew")) {
            return "spew";
        }
        var parts = option.split("=", 2);
        if (parts.length < 2) {
            throw new UsageException(option + " needs a value: " + option + "=...");
        }
        if (!parts[0].equals("--patch") && parts[1].contains(",")) {
            throw new UsageException(option + ": no commas, please; write com.acme+com.lib");
        }
        return AGENT_OPTIONS.getOrDefault(parts[0], "") + parts[1];
    }
}
