package evy.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

import org.jspecify.annotations.Nullable;

/** A hub did not return to its loop in time. */
@Name("evy.HubBlocked")
@Label("Hub Blocked")
@Category("Evy")
@Description("A hub did not return to its loop in time.")
@StackTrace(false)
final class HubBlockedEvent extends Event {
    /** To ask whether it is enabled. */
    static final HubBlockedEvent PROBE = new HubBlockedEvent();

    @Label("Hub")
    @Nullable String hub;

    @Label("Green Thread")
    long greenThread;

    @Label("Name")
    @Nullable String name;

    @Label("Cause")
    @Nullable String cause;

    @Label("Blocked For")
    @Timespan(Timespan.NANOSECONDS)
    long blocked;

    @Label("Over")
    boolean over;

    @Label("Stack")
    @Nullable String stack;
}
