package evy.tools.profiler;

import evy.debug.Awaited;
import evy.hubs.Greenlet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Where green threads waited, and for what. */
final class WaitStacks {
    private static final int MOST = 20_000;
    private static final String NO_STACK = "stack not taken";

    /** In the place of a wait whose stack was not taken, or of one too many. */
    static final Wait UNKNOWN = new Wait(0, "", List.of(), new Awaited(NO_STACK, NO_STACK));

    private final Map<Wait, CallTree.Cost> costs = new HashMap<>();

    /** A wait that takes place: one whose thread is suspended, on this hub or for good. */
    static Wait of(Greenlet greenlet, boolean withThread) {
        Thread thread = greenlet.thread();
        List<StackTraceElement> stack = Arrays.asList(thread.getStackTrace());
        if (stack.isEmpty()) {
            return UNKNOWN;
        }
        Awaited awaited = Awaited.of(greenlet.waiter(), stack, thread);
        return withThread
                ? new Wait(thread.threadId(), thread.getName(), stack, awaited)
                : new Wait(0, "", stack, awaited);
    }

    void add(Wait wait, long nanos, long switches) {
        Wait key = costs.size() < MOST || costs.containsKey(wait) ? wait : UNKNOWN;
        CallTree.Cost cost = costs.computeIfAbsent(key, _ -> new CallTree.Cost());
        cost.waitNanos += nanos;
        cost.switches += switches;
    }

    void forEach(BiConsumer<Wait, CallTree.Cost> action) {
        costs.forEach(action);
    }

    /**
     * Waits of one kind at one place.
     *
     * @param threadId 0 unless each thread is told apart
     * @param stack the innermost frame first
     */
    record Wait(long threadId, String name, List<StackTraceElement> stack, Awaited awaited) {
        /** The program's frames, the outermost first, and at last what was waited for. */
        List<String> frames() {
            List<String> frames =
                    new ArrayList<>(Frames.withoutInner(Frames.withoutOuter(Frames.names(stack))));
            frames.add("[" + awaited.kind() + "]");
            return frames;
        }
    }
}
