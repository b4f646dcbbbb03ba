package evy.patcher;

import evy.hubs.Hub;
import evy.patcher.spew.AgentTracer;

import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;

/**
 * Starts the patcher in a JVM: {@code java -javaagent:evy.jar[=options]}, or the manifest entry
 * {@code Launcher-Agent-Class} of a runnable jar.
 *
 * <p>The argument chooses the groups as {@link Group#parse} understands it. With {@code all=false}
 * nothing is patched until the program asks for it by {@link Patcher#monkeyPatch()}. Among the
 * groups may stand what to trace line by line from the start: {@code spew} for all code of the
 * program, {@code spew=com.acme+com.lib.Client+values} for some of it and with the values of its
 * variables, {@code spewTo=FILE}, {@code spewSources=FOLDERS}.
 */
public final class Agent {
    private Agent() {}

    /**
     * Called by the JVM before {@code main}. Ends the JVM with a message if that cannot be done.
     *
     * @param argument the agent's argument
     * @param instrumentation what transforms classes
     */
    public static void premain(@Nullable String argument, Instrumentation instrumentation) {
        try {
            start(argument, instrumentation);
        } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException e) {
            // thrown on it would make the JVM abort with a dump
            System.err.println("evy: " + e.getMessage());
            System.exit(1);
        }
    }

    /**
     * Called by the JVM when the agent is started by a jar's manifest or attached.
     *
     * @param argument the agent's argument
     * @param instrumentation what transforms classes
     */
    public static void agentmain(@Nullable String argument, Instrumentation instrumentation) {
        start(argument, instrumentation);
    }

    private static void start(@Nullable String argument, Instrumentation instrumentation) {
        AgentOptions options = AgentOptions.parse(argument == null ? "" : argument);
        requireOneVersion();
        JdkDoors.open(instrumentation);
        Patcher.start(instrumentation, options.groups());
        AgentTracer.provide(instrumentation);
        if (options.spew() != null) {
            new AgentTracer().start(options.spew());
        }
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
