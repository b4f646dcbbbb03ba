package evy.patcher.weave;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A place where the JDK blocks, and what makes it green: a few patches that only together make
 * sense, and the hook that they ask.
 *
 * @param name as reports have it
 * @param patches what is woven into the JDK
 * @param hook puts the implementation into the bridge; called once, when all patches are woven
 * @param detail what the seam does, in a line, and where it does not reach
 */
public record Seam(String name, List<Patch> patches, Runnable hook, String detail) {
    /* By identity, as patches, and for the same reason. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
