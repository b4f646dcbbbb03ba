package evy.debug;

import evy.hubs.Greenlet;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts blocks by their cause and place. Bounded: a program has so many places only. */
final class BlockLedger {
    private static final int MOST_PLACES = 1_000;

    // guarded by this: the latest of each group, with the sums
    private final Map<String, HubBlock> byGroup = new HashMap<>();

    synchronized HubBlock add(
            String hub,
            @Nullable Greenlet greenThread,
            BlockCause cause,
            Duration blocked,
            List<StackTraceElement> stack) {
        String place = placeOf(stack);
        HubBlock before = byGroup.get(cause + place);
        long times = before == null ? 0 : before.times();
        Duration total = before == null ? Duration.ZERO : before.total();
        HubBlock block =
                new HubBlock(
                        hub,
                        greenThread,
                        cause,
                        blocked,
                        false,
                        place,
                        times + 1,
                        total.plus(blocked),
                        stack);
        if (before != null || byGroup.size() < MOST_PLACES) {
            byGroup.put(cause + place, withoutThread(block));
        }
        return block;
    }

    /* What is kept must not keep a green thread, and its result, alive. */
    private static HubBlock withoutThread(HubBlock b) {
        return new HubBlock(
                b.hub(),
                null,
                b.cause(),
                b.blocked(),
                b.over(),
                b.place(),
                b.times(),
                b.total(),
                b.stack());
    }

    /* Without the line: code that computes is found at another one each time. */
    private static String placeOf(List<StackTraceElement> stack) {
        if (stack.isEmpty()) {
            return "?";
        }
        StackTraceElement frame = Stacks.place(stack);
        return frame.getClassName() + "." + frame.getMethodName();
    }

    /** The block is over, and was as long as that. */
    synchronized HubBlock end(HubBlock block, Duration blocked) {
        HubBlock sums = byGroup.getOrDefault(block.cause() + block.place(), block);
        HubBlock ended =
                new HubBlock(
                        block.hub(),
                        block.greenThread(),
                        block.cause(),
                        blocked,
                        true,
                        block.place(),
                        sums.times(),
                        sums.total().plus(blocked).minus(block.blocked()),
                        block.stack());
        byGroup.computeIfPresent(
                block.cause() + block.place(), (group, before) -> withoutThread(ended));
        return ended;
    }

    /** The latest of each group, the one with the longest total first. */
    synchronized List<HubBlock> groups() {
        List<HubBlock> all = new ArrayList<>(byGroup.values());
        all.sort(Comparator.comparing(HubBlock::total).reversed());
        return all;
    }
}
