package evy.debug;

import evy.hubs.Hub;
import evy.internal.jfr.Flight;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Looks at the hubs from a thread of its own and tells of those that do not return to their loops.
 */
/*
 * A hub counts its tasks and turns anyway; the watchdog reads the counts a few times within each
 * resolution. So a hub pays nothing, and the program a few microseconds a look. A look that comes too
 * late means that the JVM, or the machine, stood still: no hub is blamed for that time.
 */
final class Watchdog implements Runnable {
    private static final int LOOKS_PER_RESOLUTION = 4;
    private static final long SHORTEST_TICK_NANOS = 2_000_000;
    private static final long LONGEST_TICK_NANOS = 250_000_000;
    private static final long ORDINARY_DELAY_NANOS = 10_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long resolutionNanos;
    private final long tickNanos;
    private final BlockAction action;
    private final LongSupplier gcMillis;
    private final BlockLedger ledger = new BlockLedger();
    private final Thread thread = Thread.ofPlatform().daemon().name("evy-watchdog").unstarted(this);
    private volatile boolean stopped;

    // its thread only
    private final Map<Hub, Watch> watches = new HashMap<>();
    private long lastLook;
    private long lastGcMillis;

    Watchdog(Duration resolution, BlockAction action) {
        this(resolution, action, GcTime::millis);
    }

    Watchdog(Duration resolution, BlockAction action, LongSupplier gcMillis) {
        if (resolution.isNegative() || resolution.isZero()) {
            throw new IllegalArgumentException("resolution must be > 0: " + resolution);
        }
        this.resolutionNanos = Hub.saturatedNanos(resolution);
        this.tickNanos =
                Math.clamp(
                        resolutionNanos / LOOKS_PER_RESOLUTION,
                        SHORTEST_TICK_NANOS,
                        LONGEST_TICK_NANOS);
        this.action = action;
        this.gcMillis = gcMillis;
    }

    void start() {
        thread.start();
    }

    /** Stops looking; an action under way is finished. */
    void stop() {
        stopped = true;
        thread.interrupt();
    }

    @Override
    public void run() {
        GcTime.millis(); // loads what the looks need, which may take longer than one
        NativeState.of(thread);
        begin(System.nanoTime());
        while (!stopped) {
            try {
                Thread.sleep(Duration.ofNanos(tickNanos));
            } catch (InterruptedException e) {
                continue; // stopped, or an action's doing
            }
            look(System.nanoTime());
        }
    }

    void begin(long now) {
        lastLook = now;
        lastGcMillis = gcMillis.getAsLong();
    }

    /** One look at every hub. */
    void look(long now) {
        long late = now - lastLook - tickNanos;
        lastLook = now;
        long gc = gcMillis.getAsLong();
        if (late > Math.max(ORDINARY_DELAY_NANOS, resolutionNanos / 2)) {
            excuse(late, (gc - lastGcMillis) * NANOS_PER_MILLI);
        }
        lastGcMillis = gc;
        List<Hub> open = Hub.all();
        for (Hub hub : open) {
            watches.computeIfAbsent(hub, h -> new Watch(h, ledger, this::tell))
                    .look(now, resolutionNanos);
        }
        if (watches.size() > open.size()) {
            forgetClosed(open, now);
        }
    }

    private void forgetClosed(List<Hub> open, long now) {
        watches.entrySet()
                .removeIf(
                        entry -> {
                            boolean closed = !open.contains(entry.getKey());
                            if (closed) {
                                entry.getValue().stop(now);
                            }
                            return closed;
                        });
    }

    private void excuse(long late, long collected) {
        watches.values().forEach(watch -> watch.excuse(late));
        if (late < resolutionNanos) {
            return;
        }
        String by = collected >= late / 2 ? "garbage collector" : "JVM or machine";
        StackTraceElement frame = new StackTraceElement(by, "pause", null, -1);
        Duration paused = Duration.ofNanos(late);
        HubBlock found = ledger.add("*", null, BlockCause.PAUSE, paused, List.of(frame));
        tell(ledger.end(found, paused));
    }

    private void tell(HubBlock block) {
        if (Flight.recordsBlocks()) {
            record(block);
        }
        long start = System.nanoTime();
        try {
            action.blocked(block);
        } catch (RuntimeException | Error e) {
            System.getLogger("evy.debug")
                    .log(System.Logger.Level.WARNING, "action for " + block.hub(), e);
        }
        lastLook += System.nanoTime() - start; // the next look is late, and nothing stood still
    }

    private static void record(HubBlock block) {
        StringBuilder stack = new StringBuilder();
        Stacks.append(block.stack(), "", stack);
        @Nullable Thread thread = block.greenThread() == null ? null : block.greenThread().thread();
        Flight.recordBlock(
                block.hub(),
                thread,
                block.cause().name(),
                block.blocked().toNanos(),
                block.over(),
                stack.toString());
    }

    List<HubBlock> groups() {
        return ledger.groups();
    }
}
