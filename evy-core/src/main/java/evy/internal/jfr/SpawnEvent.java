package evy.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

import org.jspecify.annotations.Nullable;

/** A green thread has begun. */
@Name("evy.Spawn")
@Label("Green Thread Spawned")
@Category("Evy")
@Description("A green thread has begun.")
final class SpawnEvent extends Event {
    /** To ask whether it is enabled. */
    static final SpawnEvent PROBE = new SpawnEvent();

    @Label("Green Thread")
    long greenThread;

    @Label("Name")
    @Nullable String name;

    @Label("Hub")
    @Nullable String hub;

    @Label("Parent")
    long parent;
}
