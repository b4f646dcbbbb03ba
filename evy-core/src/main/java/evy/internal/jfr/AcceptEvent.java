package evy.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

import org.jspecify.annotations.Nullable;

/** A server accepted a connection. */
@Name("evy.Accept")
@Label("Connection Accepted")
@Category("Evy")
@Description("A server accepted a connection.")
@StackTrace(false)
final class AcceptEvent extends Event {
    /** To ask whether it is enabled. */
    static final AcceptEvent PROBE = new AcceptEvent();

    @Label("Local Address")
    @Nullable String local;

    @Label("Remote Address")
    @Nullable String remote;
}
