package evy.testkit.internal;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts what JVMs that tests start have run as the coverage of these tests, and has them compile
 * as the tests' own does: such a JVM is short-lived, too.
 */
public final class ChildCoverage {
    private ChildCoverage() {}

    /**
     * {@return the flags for such a JVM; none of coverage if this one does not count either}
     *
     * <p>Both write one file. A JVM that is killed, or ends by a signal it does not handle, adds
     * nothing.
     */
    public static List<String> flags() {
        return flags(ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    static List<String> flags(List<String> ownFlags) {
        List<String> flags = new ArrayList<>();
        for (String flag : ownFlags) {
            if (flag.startsWith("-javaagent:") && flag.contains("jacoco")) {
                flags.add(flag + ",inclbootstrapclasses=true"); // the bridge of Evy's own agent
                flags.add("-Xlog:cds=off"); // no warning that an agent switches sharing off
            } else if (flag.startsWith("-XX:TieredStopAtLevel=")) {
                flags.add(flag);
            }
        }
        return flags;
    }
}
