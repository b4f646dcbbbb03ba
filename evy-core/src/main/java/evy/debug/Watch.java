package evy.debug;

import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Pulse;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Watches one hub for the {@link Watchdog}, on whose thread alone it is used. */
final class Watch {
    private static final String POLLERS = "evy.internal.poll.";
    private static final String HUBS = "evy.hubs.";

    private final Hub hub;
    private final BlockLedger ledger;
    private final Consumer<HubBlock> observer;

    private long beats = -1;
    private long since;
    private @Nullable HubBlock current;

    Watch(Hub hub, BlockLedger ledger, Consumer<HubBlock> observer) {
        this.hub = hub;
        this.ledger = ledger;
        this.observer = observer;
    }

    /** Looks whether the hub has moved since the last look. */
    void look(long now, long resolutionNanos) {
        Pulse pulse = hub.pulse();
        if (pulse.asleep() || pulse.beats() != beats) {
            endBlock(now);
            beats = pulse.beats();
            since = now;
        } else if (current == null && now - since >= resolutionNanos) {
            examine(now, pulse);
        }
    }

    /** Does not count a time in which nobody could run. */
    void excuse(long nanos) {
        since += nanos;
    }

    private void examine(long now, Pulse pulse) {
        Greenlet running = pulse.running();
        Thread thread = running == null ? hub.carrier() : running.thread();
        boolean inNative = NativeState.of(hub.carrier());
        List<StackTraceElement> stack = List.of(thread.getStackTrace());
        Thread.State state = thread.getState();
        inNative = inNative && NativeState.of(hub.carrier()); // both times, so not just in passing
        BlockCause cause = BlockCause.of(state, stack, inNative);
        Pulse after = hub.pulse();
        boolean moved = after.asleep() || after.beats() != beats || after.running() != running;
        if (moved || stack.isEmpty() || isHeldUpByMachine(running, stack)) {
            return; // what was seen may be of something else
        }
        Duration blocked = Duration.ofNanos(now - since);
        HubBlock block = ledger.add(hub.name(), running, cause, blocked, stack);
        current = block;
        observer.accept(block);
    }

    /*
     * In its poller, woken and not running yet, or between two tasks, in nobody's code but its own: as
     * on a machine with more to do than it can.
     */
    private static boolean isHeldUpByMachine(
            @Nullable Greenlet running, List<StackTraceElement> stack) {
        return running == null
                && (stack.stream().anyMatch(f -> f.getClassName().startsWith(POLLERS))
                        || stack.stream().allMatch(f -> f.getClassName().startsWith(HUBS)));
    }

    private void endBlock(long now) {
        HubBlock block = current;
        if (block != null) {
            current = null;
            observer.accept(ledger.end(block, Duration.ofNanos(now - since)));
        }
    }

    /** The hub is closed. */
    void stop(long now) {
        endBlock(now);
    }
}
