package evy.debug;

import evy.hubs.Descriptor;
import evy.hubs.GreenThreadState;
import evy.hubs.Greenlet;
import evy.hubs.Sighting;
import evy.hubs.Waiter;

import org.jspecify.annotations.Nullable;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * What a green thread waits for, in words. The objects waited for say it themselves, when they are
 * asked; a wait costs nothing for it.
 *
 * @param kind in a word, such as {@code read}, {@code sleep}, {@code queue}, {@code lock}
 * @param what in detail
 */
public record Awaited(String kind, String what) {
    /**
     * Puts the wait of a green thread that is suspended into words, without asking objects of
     * unknown classes for theirs: what they do then, and how long it takes, is not known.
     *
     * @param waiter its wait in a call of Evy's; null if it was in none
     * @param stack its stack, the innermost frame first; says what it waits for if nothing else
     *     does
     * @param thread its thread
     * @return the words
     */
    public static Awaited of(
            @Nullable Waiter waiter, List<StackTraceElement> stack, Thread thread) {
        Object reason = waiter == null ? null : waiter.reason();
        if (waiter == null || reason == null) {
            return inJdk(LockSupport.getBlocker(thread), stack, thread);
        }
        return switch (reason) {
            case Descriptor _ -> new Awaited(isWriting(stack) ? "write" : "read", wordsOf(reason));
            case String s -> new Awaited(s.equals("sleep") ? s : "other", s);
            case Greenlet _ -> new Awaited("join", "a green thread's end");
            case Waiter.Kind k -> new Awaited(k.kind(), k.kind());
            default -> new Awaited(kindOf(reason), kindOf(reason));
        };
    }

    /* The descriptor does not know any more, once it has woken who waits. */
    private static boolean isWriting(List<StackTraceElement> stack) {
        return stack.stream()
                .anyMatch(
                        frame ->
                                frame.getClassName().equals(Descriptor.class.getName())
                                        && frame.getMethodName().contains("Writ"));
    }

    /**
     * Puts a wait into words.
     *
     * @param seen the green thread
     * @param known the words found before, by what is waited for: many may wait for the same, and
     *     it may have to count them
     */
    static @Nullable Awaited of(Sighting seen, IdentityHashMap<Object, String> known) {
        Waiter waiter = seen.waiter();
        return switch (seen.state()) {
            case READY, RUNNING -> null;
            case DELAYED -> new Awaited("start", "its time to start");
            case BLOCKED -> new Awaited("monitor", "a monitor (synchronized)");
            case WAITING ->
                    waiter != null
                            ? inEvy(waiter, known)
                            : inJdk(seen.blocker(), seen.stack(), seen.greenlet().thread());
        };
    }

    /** Only the kind, for those who count: nothing is asked to put itself into words. */
    static @Nullable String kind(Sighting seen) {
        Waiter waiter = seen.waiter();
        if (seen.state() == GreenThreadState.WAITING && waiter != null) {
            return kindOf(waiter, waiter.reason());
        }
        Awaited awaited = of(seen, new IdentityHashMap<>(0));
        return awaited == null ? null : awaited.kind();
    }

    private static Awaited inEvy(Waiter waiter, IdentityHashMap<Object, String> known) {
        Object reason = waiter.reason();
        String words = known.computeIfAbsent(reason, Awaited::wordsOf);
        return new Awaited(kindOf(waiter, reason), words);
    }

    /* Not a switch over types: the first takes the JVM some 20 ms, during which the hub stands still. */
    private static String kindOf(Waiter waiter, Object reason) {
        if (reason instanceof Descriptor d) {
            return d.isWriting(waiter) ? "write" : "read";
        }
        if (reason instanceof String s) {
            return s.equals("sleep") ? s : "other";
        }
        if (reason instanceof Greenlet) {
            return "join";
        }
        return reason instanceof Waiter.Kind k ? k.kind() : kindOf(reason);
    }

    private static String kindOf(Object reason) {
        String name = reason.getClass().getSimpleName();
        return name.isEmpty() || reason.getClass().isHidden()
                ? "other"
                : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    /* Also users give reasons, and what they say is theirs. */
    private static String wordsOf(Object reason) {
        try {
            return reason instanceof Descriptor d ? d.describe() : String.valueOf(reason);
        } catch (RuntimeException e) {
            return reason.getClass().getName() + " (its toString failed: " + e + ")";
        }
    }

    /* Not by toString: what is blocked in may be in the middle of something. */
    private static Awaited inJdk(
            @Nullable Object blocker, List<StackTraceElement> stack, Thread thread) {
        if (blocker != null) {
            Class<?> type = blocker.getClass();
            String what =
                    type.getName() + "@" + Integer.toHexString(System.identityHashCode(blocker));
            return new Awaited(kindOfBlocker(type), what);
        }
        return byStack(stack, thread.getState());
    }

    private static String kindOfBlocker(Class<?> type) {
        String name = type.getName();
        if (name.startsWith("java.util.concurrent.locks.")
                || name.startsWith("java.util.concurrent.Semaphore")
                || name.startsWith("java.util.concurrent.CountDownLatch")) {
            return "lock";
        }
        return name.contains("Future") ? "future" : "park";
    }

    /* What waits other than for a monitor does so in a method of the JDK's. */
    private static boolean isOfTheJdk(StackTraceElement innermost) {
        return "java.base".equals(innermost.getModuleName());
    }

    private static Awaited byStack(List<StackTraceElement> stack, Thread.State state) {
        if (!stack.isEmpty() && !isOfTheJdk(stack.getFirst())) {
            return new Awaited("monitor", "a monitor (synchronized)");
        }
        for (StackTraceElement frame : stack) {
            switch (frame.getClassName()) {
                case "java.lang.VirtualThread" -> {
                    if (frame.getMethodName().contains("ield")) {
                        return new Awaited("yield", "its next turn");
                    }
                }
                case "sun.nio.ch.Poller" -> {
                    return new Awaited("socket", "a socket of the JDK's");
                }
                case "java.lang.Thread" -> {
                    if (frame.getMethodName().startsWith("sleep")) {
                        return new Awaited("sleep", "Thread.sleep");
                    }
                }
                case "java.lang.Object" -> {
                    return new Awaited("monitor", "Object.notify");
                }
                default -> {
                    // further out
                }
            }
        }
        return state == Thread.State.TIMED_WAITING
                ? new Awaited("park", "a wait of the JDK's with a time limit")
                : new Awaited("park", "a wait of the JDK's");
    }
}
