package evy.tools;

import evy.patcher.Agent;

import org.jspecify.annotations.Nullable;

import java.lang.instrument.Instrumentation;

/**
 * The {@code Launcher-Agent-Class} of {@code evy.jar}, and the agent that the script starts: keeps
 * what patches the JDK, for commands that want it. Nothing is patched, and little is loaded, before
 * {@link #start}.
 */
public final class LauncherAgent {
    private static volatile @Nullable Instrumentation tool;

    private LauncherAgent() {}

    /**
     * Called by the JVM before {@code main}, upon {@code -javaagent}.
     *
     * @param argument empty
     * @param instrumentation what transforms classes
     */
    public static void premain(@Nullable String argument, Instrumentation instrumentation) {
        tool = instrumentation;
    }

    /**
     * Called by the JVM before {@code main}, upon {@code java -jar evy.jar}.
     *
     * @param argument empty
     * @param instrumentation what transforms classes
     */
    public static void agentmain(@Nullable String argument, Instrumentation instrumentation) {
        tool = instrumentation;
    }

    /**
     * Starts the patcher, as {@code -javaagent:evy.jar=argument} does.
     *
     * @param argument of the agent
     * @return false if the JVM was not started by {@code java -jar evy.jar} or the script
     * @throws IllegalArgumentException if the argument is not understood
     */
    static boolean start(String argument) {
        var instrumentation = tool;
        if (instrumentation == null) {
            return false;
        }
        Agent.agentmain(argument, instrumentation);
        return true;
    }
}
