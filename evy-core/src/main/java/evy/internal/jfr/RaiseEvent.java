package evy.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

import org.jspecify.annotations.Nullable;

/** An exception was raised into a thread: a kill, a timeout. */
@Name("evy.Raise")
@Label("Kill or Timeout")
@Category("Evy")
@Description("An exception was raised into a thread: a kill, a timeout.")
final class RaiseEvent extends Event {
    /** To ask whether it is enabled. */
    static final RaiseEvent PROBE = new RaiseEvent();

    @Label("Green Thread")
    long greenThread;

    @Label("Name")
    @Nullable String name;

    @Label("Exception")
    @Nullable String exception;

    @Label("Message")
    @Nullable String message;
}
