package evy.debug;

import evy.hubs.Greenlet;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * A hub that did not return to its loop in time.
 *
 * @param hub the name of the hub; of all of them, {@code *}, for a pause of the JVM
 * @param greenThread who held it up; null for a callback, a pause, and a virtual thread that a
 *     green one has started
 * @param cause by what
 * @param blocked for how long, so far
 * @param over false while it lasts; each is told of twice, when it is found and when it is over
 * @param place the innermost frame of the program's own; blocks are grouped by it and the cause
 * @param times how often the hubs were blocked there, this one included
 * @param total for how long, all in all, this one included
 * @param stack where it was when it was found, the innermost frame first
 */
public record HubBlock(
        String hub,
        @Nullable Greenlet greenThread,
        BlockCause cause,
        Duration blocked,
        boolean over,
        String place,
        long times,
        Duration total,
        List<StackTraceElement> stack) {
    /** Copies the list. */
    public HubBlock {
        stack = List.copyOf(stack);
    }

    /** {@return what happened, in one line, and while it lasts the stack} */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append("hub '").append(hub).append(over ? "' was blocked for " : "' is blocked for ");
        text.append(Times.words(blocked)).append(": ");
        text.append(greenThread == null ? "it" : greenThread).append(' ').append(cause.words());
        text.append(", in ").append(place);
        text.append(" (").append(times).append(" times, ");
        text.append(Times.words(total)).append(" in all)");
        if (!over) {
            text.append('\n');
            Stacks.append(stack, "    ", text);
        }
        return text.toString();
    }
}
