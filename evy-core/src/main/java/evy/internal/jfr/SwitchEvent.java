package evy.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

import org.jspecify.annotations.Nullable;

/** A green thread ran until it waited, gave way or ended. */
@Name("evy.Switch")
@Label("Green Thread Ran")
@Category("Evy")
@Description("A green thread ran until it waited, gave way or ended.")
@Enabled(false)
@StackTrace(false)
final class SwitchEvent extends Event {
    /** To ask whether it is enabled. */
    static final SwitchEvent PROBE = new SwitchEvent();

    @Label("Green Thread")
    long greenThread;

    @Label("Name")
    @Nullable String name;

    @Label("Hub")
    @Nullable String hub;
}
