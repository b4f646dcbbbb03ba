package evy.patcher;

import evy.hubs.Hub;

import org.jspecify.annotations.Nullable;

import java.lang.instrument.Instrumentation;
import java.util.Set;

/**
 * Starts the patcher in a JVM: {@code java -javaagent:evy.jar[=groups]}, or the manifest entry
 * {@code Launcher-Agent-Class} of a runnable jar.
 *
 * <p>The argument chooses the groups as {@link Group#parse} understands it. With {@code all=false}
 * nothing is patched until the program asks for it by {@link Patcher#monkeyPatch()}.
 */
public final class Agent {
    private Agent() {}

    /**
     * Called by the JVM before {@code main}. Ends the JVM with a message if that cannot be done.
     *
     * @param groups the agent's argument
     * @param instrumentation what transforms classes
     */
    public static void premain(@Nullable String groups, Instrumentation instrumentation) {
        try {
            start(groups, instrumentation);
        } catch (IllegalArgumentException | IllegalStateException e) {
            // thrown on it would make the JVM abort with a dump
            System.err.println("evy: " + e.getMessage());
            System.exit(1);
        }
    }

    /**
     * Called by the JVM when the agent is started by a jar's manifest or attached.
     *
     * @param groups the agent's argument
     * @param instrumentation what transforms classes
     */
    public static void agentmain(@Nullable String groups, Instrumentation instrumentation) {
        start(groups, instrumentation);
    }

    private static void start(@Nullable String groups, Instrumentation instrumentation) {
        Set<Group> chosen = Group.parse(groups == null ? "" : groups);
        requireOneVersion();
        JdkDoors.open(instrumentation);
        Patcher.start(instrumentation, chosen);
    }

    /** The program's own evy-core comes before the agent's on the class path. */
    private static void requireOneVersion() {
        String own = Agent.class.getPackage().getImplementationVersion();
        String core = Hub.class.getPackage().getImplementationVersion();
        if (own != null && core != null && !own.equals(core)) {
            throw new IllegalStateException(
                    "Evy's agent is version "
                            + own
                            + ", the program's evy-core is "
                            + core
                            + "; use the same version of both");
        }
    }
}
