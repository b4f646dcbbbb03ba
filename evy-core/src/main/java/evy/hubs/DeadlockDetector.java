package evy.hubs;

import evy.internal.util.Cleaners;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Notices that every green thread of a hub waits for another and nothing is left that could wake
 * one, and says so on standard error, once, with every stack.
 */
/*
 * Asked only when the hub has nothing to do, no timer and no listener. It must not cry wolf, so
 * anything seen that might wake somebody counts as hope (virtual threads outside the hubs cannot be seen): another hub that is not idle itself, a green
 * thread in a JDK wait with a time limit or in a JDK socket, a wait marked External, a platform
 * thread of the program that runs or sleeps. The JVM's own threads do not count.
 */
final class DeadlockDetector {
    private static final long FIRST_LOOK_NANOS = 1_000_000_000L;
    private static final long RAREST_LOOK_NANOS = 60_000_000_000L;

    /* So many looks in a row have to find the same, so far apart. */
    private static final int LOOKS = 3;
    private static final long LOOK_AGAIN_NANOS = 50_000_000L;

    private static final int STACKS_PRINTED = 100;
    private static final Set<String> JVM_GROUPS = Set.of("system", "InnocuousThreadGroup");

    /* Evy's own, which look and wake nobody. */
    private static final Set<String> ONLOOKERS =
            Set.of(Cleaners.THREAD_NAME, "evy-watchdog", "evy-load-sampler");

    private final Hub hub;

    // hub thread only
    private long idleSwitches = -1;
    private long patience;
    private long nextLook;
    private int suspicions;
    private long switchesElsewhere;
    private boolean reported;

    DeadlockDetector(Hub hub) {
        this.hub = hub;
    }

    /**
     * Called whenever the hub is about to wait with no timer and no listener.
     *
     * @return how long it may wait until the next look
     */
    long idle() {
        long switches = hub.statistics().switches();
        long now = System.nanoTime();
        if (switches != idleSwitches) {
            idleSwitches = switches;
            patience = FIRST_LOOK_NANOS;
            nextLook = now + patience;
            suspicions = 0;
            reported = false;
        } else if (!reported && now - nextLook >= 0) {
            look(now);
        }
        return reported ? RAREST_LOOK_NANOS : Math.max(1, nextLook - now);
    }

    /*
     * Threads are looked at one after the other, and one that was woken seems to wait until it runs.
     * So a thread and a hub that wake each other in turn may both be seen to wait. But not again and
     * again, and not without a switch on that hub in between.
     */
    private void look(long now) {
        List<Greenlet> greenlets = hub.greenlets();
        long switches = switchesElsewhere();
        boolean moved = suspicions > 0 && switches != switchesElsewhere;
        switchesElsewhere = switches;
        if (moved || greenlets.stream().anyMatch(DeadlockDetector::hasHope) || outsiderCanHelp()) {
            suspicions = 0;
            patience = Math.min(patience * 2, RAREST_LOOK_NANOS);
            nextLook = now + patience;
        } else if (++suspicions < LOOKS) {
            nextLook = now + LOOK_AGAIN_NANOS;
        } else {
            reported = true;
            HubReport.print(report(greenlets));
        }
    }

    private static boolean hasHope(Greenlet greenlet) {
        Object reason = greenlet.waitsFor();
        if (reason != null) {
            return reason instanceof Descriptor || reason instanceof Waiter.External;
        }
        Thread thread = greenlet.thread();
        return switch (thread.getState()) {
            case WAITING -> isInJdkPoller(thread);
            case BLOCKED -> false;
            default -> true;
        };
    }

    private static boolean isInJdkPoller(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().equals("sun.nio.ch.Poller")) {
                return true;
            }
        }
        return false;
    }

    private boolean outsiderCanHelp() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!isOfTheJvm(thread) && mayAct(thread)) {
                return true;
            }
        }
        return false;
    }

    private long switchesElsewhere() {
        return Hub.all().stream()
                .filter(other -> other != hub)
                .mapToLong(other -> other.statistics().switches())
                .sum();
    }

    private static boolean isOfTheJvm(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        // the one that waits for a child process to end tells whoever waits for that
        boolean reaper = thread.getName().startsWith("process reaper");
        return group == null
                || (thread.isDaemon() && JVM_GROUPS.contains(group.getName()) && !reaper)
                || ONLOOKERS.contains(thread.getName());
    }

    private boolean mayAct(Thread thread) {
        if (thread instanceof HubThread other) {
            return other.hub != hub && !other.hub.hasNothingToDo();
        }
        return switch (thread.getState()) {
            case WAITING, BLOCKED -> false;
            // the JDK's carrier threads linger for a while when they have nothing to do
            case TIMED_WAITING -> !isCarrier(thread);
            default -> true;
        };
    }

    private static boolean isCarrier(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return group != null && group.getName().equals("CarrierThreads");
    }

    private String report(List<Greenlet> greenlets) {
        var text = new StringBuilder();
        text.append(hub)
                .append(": all ")
                .append(greenlets.size())
                .append(" green threads are asleep, and no timer, descriptor or platform thread is")
                .append(" left that could wake them\n");
        List<Greenlet> shown =
                new ArrayList<>(greenlets.subList(0, Math.min(greenlets.size(), STACKS_PRINTED)));
        for (Greenlet greenlet : shown.reversed()) {
            describe(greenlet, text);
        }
        int left = greenlets.size() - shown.size();
        if (left > 0) {
            text.append("... and ").append(left).append(" more\n");
        }
        return text.toString();
    }

    private static void describe(Greenlet greenlet, StringBuilder text) {
        text.append(greenlet);
        Object reason = greenlet.waitsFor();
        if (reason != null) {
            text.append(", waits for ").append(reason);
        }
        text.append('\n');
        for (StackTraceElement frame : greenlet.thread().getStackTrace()) {
            text.append("    at ").append(frame).append('\n');
        }
    }
}
