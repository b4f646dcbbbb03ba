package evy.tools;

import evy.patcher.Agent;

import org.jspecify.annotations.Nullable;

import java.lang.instrument.Instrumentation;

/**
 * The {@code Launcher-Agent-Class} of {@code evy.jar}: keeps what patches the JDK, for commands
 * that want it. Nothing is patched, and little is loaded, before {@link #start}.
 */
public final class LauncherAgent {
    private static volatile @Nullable Instrumentation tool;

    private LauncherAgent() {}

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
     * Starts the patcher, as {@code -javaagent:evy.jar=groups} does.
     *
     * @param groups as the agent's argument
     * @return false if the JVM was not started by {@code java -jar evy.jar}
     * @throws IllegalArgumentException if the groups are not understood
     */
    static boolean start(String groups) {
        var instrumentation = tool;
        if (instrumentation == null) {
            return false;
        }
        Agent.agentmain(groups, instrumentation);
        return true;
    }
}
