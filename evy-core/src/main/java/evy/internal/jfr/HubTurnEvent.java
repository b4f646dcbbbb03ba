package evy.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

import org.jspecify.annotations.Nullable;

/** A hub ran what could run and fired what was due. */
@Name("evy.HubTurn")
@Label("Hub Turn")
@Category("Evy")
@Description("A hub ran what could run and fired what was due.")
@Threshold("20 ms")
@StackTrace(false)
final class HubTurnEvent extends Event {
    /** To ask whether it is enabled. */
    static final HubTurnEvent PROBE = new HubTurnEvent();

    @Label("Hub")
    @Nullable String hub;

    @Label("Tasks")
    long tasks;
}
