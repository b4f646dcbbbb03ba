package evy.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;

import org.jspecify.annotations.Nullable;

/** A call was made in a native thread of the pool. */
@Name("evy.NativeCall")
@Label("Native Call")
@Category("Evy")
@Description("A call was made in a native thread of the pool.")
@Threshold("20 ms")
@StackTrace(false)
final class NativeCallEvent extends Event {
    /** To ask whether it is enabled. */
    static final NativeCallEvent PROBE = new NativeCallEvent();

    @Label("Call")
    @Nullable String call;

    @Label("Green Thread")
    long greenThread;

    @Label("Queued For")
    @Timespan(Timespan.NANOSECONDS)
    long queued;

    @Label("Failure")
    @Nullable String failure;
}
