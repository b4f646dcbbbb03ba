package evy.tools;

import evy.patcher.Group;
import evy.patcher.Patcher;
import evy.patcher.SeamReport;

import java.util.List;

/**
 * What the agent has patched. In a class of its own, as the patcher is there only if the agent is,
 * or if the program has it on its class path.
 */
final class Patches {
    private Patches() {}

    /**
     * Makes sure that the agent runs; starts it if that is possible without a flag.
     *
     * @param argument of the agent, if it is not running yet
     * @throws UsageException if it cannot run; says which flag to add
     */
    static void requireAgent(String argument) throws UsageException {
        try {
            if (!isRunning() && !LauncherAgent.start(argument)) {
                throw new UsageException(
                        "run needs Evy's agent; start java with -javaagent:evy.jar");
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        } catch (NoClassDefFoundError e) {
            throw new UsageException("run needs Evy's agent; start java with -javaagent:evy.jar");
        }
    }

    private static boolean isRunning() {
        try {
            Patcher.monkeyPatch(new Group[0]); // nothing, but needs the agent
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /**
     * What came of every place of the JDK that can be patched, by the agent that runs or, without a
     * flag for it, by one that is started for the question.
     *
     * @return nothing if there is no patcher
     */
    static List<SeamReport> report() {
        try {
            if (!isRunning()) {
                var _ = LauncherAgent.start("");
            }
            return Patcher.report();
        } catch (NoClassDefFoundError e) {
            return List.of();
        }
    }
}
