package evy.patcher.time;

import evy.patcher.bridge.Bridge;
import evy.patcher.weave.Patch;
import evy.patcher.weave.Seam;

import java.util.List;

/** The place where virtual threads have their timed waits timed. */
public final class TimeSeams {
    private TimeSeams() {}

    /** {@return the seams of group time} */
    public static List<Seam> all() {
        return List.of(
                new Seam(
                        "timed waits",
                        List.of(
                                Patch.of(
                                        "java.lang.VirtualThread",
                                        "schedule",
                                        "(Ljava/lang/Runnable;JLjava/util/concurrent/TimeUnit;)"
                                                + "Ljava/util/concurrent/Future;",
                                        "schedule")),
                        () -> Bridge.timers = new HubTimers(),
                        "Thread.sleep and all other timed waits use the hub's timers"));
    }
}
