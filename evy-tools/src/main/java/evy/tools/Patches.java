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
     * Makes sure that the agent runs.
     *
     * @throws UsageException if it does not; says which flag to add
     */
    static void requireAgent() throws UsageException {
        try {
            Patcher.monkeyPatch(new Group[0]); // nothing, but needs the agent
        } catch (IllegalStateException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        } catch (NoClassDefFoundError e) {
            throw new UsageException("run needs Evy's agent; start java with -javaagent:evy.jar");
        }
    }

    /**
     * What came of every place of the JDK that can be patched.
     *
     * @return nothing if there is no patcher
     */
    static List<SeamReport> report() {
        try {
            return Patcher.report();
        } catch (NoClassDefFoundError e) {
            return List.of();
        }
    }
}
