package evy.hubs;

import org.jspecify.annotations.Nullable;

/** Turns a list of tasks round, for the twins of the inbox. */
final class Reversal {
    private Reversal() {}

    static @Nullable Task of(@Nullable Task first) {
        Task left = first;
        Task turned = null;
        while (left != null) {
            Task following = left.next;
            left.next = turned;
            turned = left;
            left = following;
        }
        return turned;
    }
}
