package evy.internal.os;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/**
 * The calls of epoll and eventfd, and the memory that one poller needs for them. The static calls
 * return the result, or the error number negated.
 */
public final class Epoll {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong DATA = ValueLayout.JAVA_LONG_UNALIGNED;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final MethodHandle CREATE = Downcalls.quick("epoll_create1");
    private static final MethodHandle CTL = Downcalls.quick("epoll_ctl");
    private static final MethodHandle EVENTFD = Downcalls.quick("eventfd");
    private static final MethodHandle WAIT = Downcalls.blocking("epoll_wait");

    /** For a timeout of 0 only: then it cannot block. */
    private static final MethodHandle LOOK = Downcalls.quick("epoll_wait");

    /** Linux 5.11, glibc 2.35; not in every C library. */
    private static final @Nullable MethodHandle NANO_WAIT =
            Downcalls.has("epoll_pwait2") ? Downcalls.blocking("epoll_pwait2") : null;

    private static final MethodHandle SIGNAL = Downcalls.transfer("write");
    private static final MemorySegment ONE = Arena.global().allocateFrom(ValueLayout.JAVA_LONG, 1);

    /** Where errors of {@link #signal} go, of all threads at once: nobody looks. */
    private static final MemorySegment IGNORED = Arena.global().allocate(Long.BYTES, Long.BYTES);

    private final int capacity;
    private final MemorySegment events;
    private final long eventsAt;
    private final MemorySegment timeout;
    private final long timeoutAt;

    // epoll_pwait2 is in the C library, but not in the kernel
    private boolean nanoWaitRefused;

    /** Memory for up to {@code capacity} events a call. */
    public Epoll(int capacity) {
        this.capacity = capacity;
        Arena arena = Arena.ofAuto();
        events = arena.allocate((long) capacity * LinuxAbi.EPOLL_EVENT_SIZE, Long.BYTES);
        eventsAt = events.address();
        timeout = arena.allocate(LinuxAbi.TIMESPEC_SIZE, Long.BYTES);
        timeoutAt = timeout.address();
    }

    /** Does nothing; a call initialises the class, or fails to. */
    static void load() {}

    /** Opens an epoll descriptor. */
    public static int create() {
        return Downcalls.call(CREATE, Scratch.current(), LinuxAbi.EPOLL_CLOEXEC, 0, 0, 0, 0);
    }

    /** Adds, changes or removes {@code fd}; {@code data} comes back with its events. */
    public static int control(int epoll, int operation, int fd, int interest, long data) {
        Scratch scratch = Scratch.current();
        MemorySegment event = scratch.event;
        event.set(INT, LinuxAbi.EPOLL_EVENT_EVENTS, interest);
        event.set(DATA, LinuxAbi.EPOLL_EVENT_DATA, data);
        return Downcalls.call(CTL, scratch, epoll, operation, fd, scratch.eventAt, 0);
    }

    /** Opens a non-blocking eventfd. */
    public static int eventFd() {
        int flags = LinuxAbi.EFD_NONBLOCK | LinuxAbi.EFD_CLOEXEC;
        return Downcalls.call(EVENTFD, Scratch.current(), 0, flags, 0, 0, 0);
    }

    /** Adds one to an eventfd. A full counter is no failure: then the wake-up is already there. */
    public static void signal(int eventFd) {
        try {
            long _ = (long) SIGNAL.invokeExact(IGNORED, eventFd, ONE, (long) Long.BYTES, 0);
        } catch (Throwable t) {
            throw Downcalls.unexpected(t);
        }
    }

    /**
     * Waits for events.
     *
     * @param nanos longest wait; 0 only looks, negative waits without limit; rounded up where the
     *     system counts in milliseconds
     * @return how many events are there, 0 if interrupted, or the error number negated
     */
    public int await(int epoll, long nanos) {
        int n;
        try {
            n = await(Scratch.current(), epoll, nanos);
        } finally {
            // the call knows the memory by number only
            Reference.reachabilityFence(this);
        }
        return n == -Errno.EINTR ? 0 : n;
    }

    private int await(Scratch scratch, int epoll, long nanos) {
        MethodHandle nanoWait = NANO_WAIT;
        if (nanos == 0) {
            return look(scratch, epoll);
        }
        if (nanos > 0 && nanoWait != null && !nanoWaitRefused) {
            return nanoWait(nanoWait, scratch, epoll, nanos);
        }
        return milliWait(scratch, epoll, nanos);
    }

    /** What happened to the {@code index}th descriptor: {@code EPOLLIN} and so on. */
    public int happened(int index) {
        return events.get(
                ValueLayout.JAVA_INT_UNALIGNED,
                (long) index * LinuxAbi.EPOLL_EVENT_SIZE + LinuxAbi.EPOLL_EVENT_EVENTS);
    }

    /** The data registered with the {@code index}th descriptor. */
    public long data(int index) {
        return events.get(
                DATA, (long) index * LinuxAbi.EPOLL_EVENT_SIZE + LinuxAbi.EPOLL_EVENT_DATA);
    }

    private int look(Scratch scratch, int epoll) {
        return Downcalls.call(LOOK, scratch, epoll, eventsAt, capacity, 0, 0);
    }

    private int milliWait(Scratch scratch, int epoll, long nanos) {
        return Downcalls.call(WAIT, scratch, epoll, eventsAt, capacity, milliseconds(nanos), 0);
    }

    private int nanoWait(MethodHandle function, Scratch scratch, int epoll, long nanos) {
        timeout.set(DATA, LinuxAbi.TIMESPEC_SECONDS, nanos / NANOS_PER_SECOND);
        timeout.set(DATA, LinuxAbi.TIMESPEC_NANOS, nanos % NANOS_PER_SECOND);
        int n = Downcalls.call(function, scratch, epoll, eventsAt, capacity, timeoutAt, 0);
        // EPERM: how older sandboxes refuse calls they have not heard of
        if (n == -Errno.ENOSYS || n == -Errno.EPERM) {
            nanoWaitRefused = true;
            return milliWait(scratch, epoll, nanos);
        }
        return n;
    }

    /** Milliseconds for {@code epoll_wait}, never shorter than {@code nanos}; -1 for no limit. */
    static int milliseconds(long nanos) {
        if (nanos < 0) {
            return -1;
        }
        long millis = nanos / NANOS_PER_MILLI + (nanos % NANOS_PER_MILLI == 0 ? 0 : 1);
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }
}
