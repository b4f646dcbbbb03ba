package evy.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

import org.jspecify.annotations.Nullable;

/** A green thread has ended. */
@Name("evy.End")
@Label("Green Thread Ended")
@Category("Evy")
@Description("A green thread has ended.")
@StackTrace(false)
final class EndEvent extends Event {
    /** To ask whether it is enabled. */
    static final EndEvent PROBE = new EndEvent();

    @Label("Green Thread")
    long greenThread;

    @Label("Name")
    @Nullable String name;

    @Label("Hub")
    @Nullable String hub;

    @Label("Failure")
    @Nullable String failure;
}
