package evy.patcher.bridge;

import org.jspecify.annotations.Nullable;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The hooks that patched JDK code calls, and where their implementations are put.
 *
 * <p>Every hook may decline: it returns false, null or {@link #DECLINED}, and the JDK's method goes
 * on as if it had not been patched. A hook declines while nothing is installed, and on every thread
 * that no hub carries; to find that out costs a few field reads.
 */
public final class Bridge {
    /** What a hook with an {@code int} result returns when it declines. */
    public static final int DECLINED = Integer.MIN_VALUE;

    /** Waits for descriptors. */
    public interface Polls {
        /**
         * Waits until a descriptor is ready, closed, the time is over or the thread is interrupted.
         *
         * @param fd the descriptor
         * @param event the system's {@code POLLIN} or {@code POLLOUT}
         * @param nanos longest wait; 0 for no limit
         * @param open asked once, when whoever closes the descriptor would find the waiter
         * @return false to decline
         * @throws IOException if the descriptor cannot be waited for
         */
        boolean poll(int fd, int event, long nanos, BooleanSupplier open) throws IOException;
    }

    /** Waits of selectors. */
    public interface Selects {
        /**
         * Waits until a selector's descriptor has something to tell, the time is over or the thread
         * is interrupted.
         *
         * @param fd the descriptor
         * @param nanos longest wait; 0 for no limit
         * @return false to decline
         * @throws IOException if the descriptor cannot be waited for
         */
        boolean select(int fd, long nanos) throws IOException;
    }

    /** Looks for what was thrown into a thread, where the JDK looks for an interrupt. */
    public interface Checkpoints {
        /** Throws what was thrown into the current thread and not delivered yet. */
        void check();
    }

    /** Is told of descriptors that end. */
    public interface Closings {
        /**
         * Ends all waits for a descriptor: it is about to be closed, or changed under its number.
         *
         * @param fd the descriptor
         */
        void closing(int fd);
    }

    /** Parks of virtual threads that cannot leave their carrier. */
    public interface Pins {
        /**
         * Parks, or returns early for no reason.
         *
         * @param timed whether there is a limit
         * @param nanos the limit
         * @return false to decline
         */
        boolean park(boolean timed, long nanos);
    }

    /** Timers of virtual threads that park for a time. */
    public interface Timers {
        /**
         * Has a call made later.
         *
         * @param command must not block
         * @param delay from now
         * @param unit of the delay
         * @return to cancel it by; null to decline
         */
        @Nullable Future<?> schedule(Runnable command, long delay, TimeUnit unit);
    }

    /** Makes a method's call in a way of its own, or has the method go on. */
    public interface Detour {
        /**
         * Makes the call, or declines.
         *
         * @param original the method itself, not as a subclass has it; to be called with {@link
         *     #takesDetours} false, as on other threads, or it comes here again
         * @param arguments its arguments, after {@code this} unless it is static
         * @return its result, null if it has none; {@link #STAY} to decline
         * @throws Throwable what the call throws
         */
        @Nullable Object call(MethodHandle original, Object[] arguments) throws Throwable;
    }

    /** Is told of files and streams that end. */
    public interface Endings {
        /**
         * Ends all waits for a stream: it is about to be closed.
         *
         * @param descriptor its descriptor
         */
        void ending(FileDescriptor descriptor);

        /**
         * Says that the garbage collector found a stream that nobody had closed.
         *
         * @param cleanable what is about to close its descriptor
         */
        void cleaning(Object cleanable);

        /**
         * Closes a channel of a file elsewhere: that waits for those who use it.
         *
         * @param channel the channel
         * @return false to decline
         */
        boolean closing(Object channel);
    }

    /** Is told of lines of the program that are about to be run. */
    public interface Lines {
        /**
         * Takes note of a line; throws nothing.
         *
         * @param place the number that it was given when its class was rewritten
         * @param values the variables it uses; null if they are not wanted
         */
        void line(int place, @Nullable Object @Nullable [] values);
    }

    /** What a detour returns when it declines. */
    public static final Object STAY = new Object();

    /** Put here when the seam is patched; null: all decline. */
    public static volatile @Nullable Polls polls;

    /** Put here when the seam is patched; null: all decline. */
    public static volatile @Nullable Selects selects;

    /** Put here when the seam is patched; null: nobody looks. */
    public static volatile @Nullable Checkpoints checkpoints;

    /** Put here when the seam is patched; null: nobody is told. */
    public static volatile @Nullable Closings closings;

    /** Put here when the seam is patched; null: all decline. */
    public static volatile @Nullable Pins pins;

    /** Put here when the seam is patched; null: all decline. */
    public static volatile @Nullable Timers timers;

    /** Whether the current virtual thread takes detours; put here with the first; null: none. */
    public static volatile @Nullable BooleanSupplier gate;

    /** Put here when the seam is patched; null: all decline. */
    public static volatile @Nullable Detour reads;

    /** Put here when the seam is patched; null: all decline. */
    public static volatile @Nullable Detour writes;

    /** Put here when the seam is patched; null: all decline. */
    public static volatile @Nullable Detour opens;

    /** Put here when the seam is patched; null: all decline. */
    public static volatile @Nullable Detour files;

    /** Put here when the seam is patched; null: all decline. */
    public static volatile @Nullable Detour looks;

    /** Put here when the seam is patched; null: all decline. */
    public static volatile @Nullable Detour locks;

    /** Put here when the seam is patched; null: all decline. */
    public static volatile @Nullable Detour starts;

    /** Put here when the seam is patched; null: nobody is told. */
    public static volatile @Nullable Endings endings;

    /** Put here while a program is traced; null: nobody is told. */
    public static volatile @Nullable Lines lines;

    private Bridge() {}

    /**
     * In {@code sun.nio.ch.Poller.poll}.
     *
     * @param fd see {@link Polls#poll}, like the rest
     * @param event see there
     * @param nanos see there
     * @param open see there
     * @return false to decline
     * @throws IOException if the descriptor cannot be waited for
     */
    public static boolean poll(int fd, int event, long nanos, BooleanSupplier open)
            throws IOException {
        Polls hook = polls;
        return hook != null && hook.poll(fd, event, nanos, open);
    }

    /**
     * In {@code sun.nio.ch.Poller.pollSelector}.
     *
     * @param fd see {@link Selects#select}, like the rest
     * @param nanos see there
     * @return false to decline
     * @throws IOException if the descriptor cannot be waited for
     */
    public static boolean select(int fd, long nanos) throws IOException {
        Selects hook = selects;
        return hook != null && hook.select(fd, nanos);
    }

    /**
     * In {@code AbstractInterruptibleChannel.begin} and {@code SelectorImpl.lockAndDoSelect}, which
     * take the interrupt that comes with a kill for a wish to close the channel, or to go on.
     */
    public static void check() {
        Checkpoints hook = checkpoints;
        if (hook != null) {
            hook.check();
        }
    }

    /**
     * Wherever {@code java.base} closes a descriptor that can be waited for.
     *
     * @param fd the descriptor
     */
    public static void closing(int fd) {
        Closings hook = closings;
        if (hook != null) {
            hook.closing(fd);
        }
    }

    /**
     * In {@code sun.nio.ch.Poller.stopPoll}.
     *
     * @param fd the descriptor
     * @param event whose waiter is to wake; the other's may, too
     */
    public static void stopping(int fd, int event) {
        closing(fd);
    }

    /**
     * In {@code sun.nio.ch.DatagramDispatcher.dup}.
     *
     * @param from the descriptor that gets a second number
     * @param to the number, which loses what it stood for
     */
    public static void replacing(int from, int to) {
        closing(to);
    }

    /**
     * In {@code java.lang.VirtualThread.parkOnCarrierThread}.
     *
     * @param timed see {@link Pins#park}, like the rest
     * @param nanos see there
     * @return false to decline
     */
    public static boolean parkPinned(boolean timed, long nanos) {
        Pins hook = pins;
        return hook != null && hook.park(timed, nanos);
    }

    /**
     * In {@code java.lang.VirtualThread.schedule}.
     *
     * @param command see {@link Timers#schedule}, like the rest
     * @param delay see there
     * @param unit see there
     * @return null to decline
     */
    public static @Nullable Future<?> schedule(Runnable command, long delay, TimeUnit unit) {
        Timers hook = timers;
        return hook == null ? null : hook.schedule(command, delay, unit);
    }

    /** {@return true if methods with a detour shall ask for it, false to spare them that} */
    public static boolean takesDetours() {
        BooleanSupplier asked = gate;
        return asked != null && Thread.currentThread().isVirtual() && asked.getAsBoolean();
    }

    /**
     * In methods that read from streams, files and channels of files.
     *
     * @param original see {@link Detour#call}, like the rest
     * @param arguments see there
     * @return {@link #STAY} to decline
     * @throws Throwable what the call throws
     */
    public static @Nullable Object read(MethodHandle original, Object[] arguments)
            throws Throwable {
        return call(reads, original, arguments);
    }

    /**
     * In methods that write to streams, files and channels of files.
     *
     * @param original see {@link Detour#call}, like the rest
     * @param arguments see there
     * @return {@link #STAY} to decline
     * @throws Throwable what the call throws
     */
    public static @Nullable Object write(MethodHandle original, Object[] arguments)
            throws Throwable {
        return call(writes, original, arguments);
    }

    /**
     * In methods that open files and directories.
     *
     * @param original see {@link Detour#call}, like the rest
     * @param arguments see there
     * @return {@link #STAY} to decline
     * @throws Throwable what the call throws
     */
    public static @Nullable Object open(MethodHandle original, Object[] arguments)
            throws Throwable {
        return call(opens, original, arguments);
    }

    /**
     * In other methods that may wait for a disk.
     *
     * @param original see {@link Detour#call}, like the rest
     * @param arguments see there
     * @return {@link #STAY} to decline
     * @throws Throwable what the call throws
     */
    public static @Nullable Object file(MethodHandle original, Object[] arguments)
            throws Throwable {
        return call(files, original, arguments);
    }

    /**
     * In methods that look at a path.
     *
     * @param original see {@link Detour#call}, like the rest
     * @param arguments see there
     * @return {@link #STAY} to decline
     * @throws Throwable what the call throws
     */
    public static @Nullable Object look(MethodHandle original, Object[] arguments)
            throws Throwable {
        return call(looks, original, arguments);
    }

    /**
     * In {@code sun.nio.ch.UnixFileDispatcherImpl.lock}.
     *
     * @param original see {@link Detour#call}, like the rest
     * @param arguments see there
     * @return {@link #STAY} to decline
     * @throws Throwable what the call throws
     */
    public static @Nullable Object lock(MethodHandle original, Object[] arguments)
            throws Throwable {
        return call(locks, original, arguments);
    }

    /**
     * In {@code java.lang.ProcessImpl.start}.
     *
     * @param original see {@link Detour#call}, like the rest
     * @param arguments see there
     * @return {@link #STAY} to decline
     * @throws Throwable what the call throws
     */
    public static @Nullable Object start(MethodHandle original, Object[] arguments)
            throws Throwable {
        return call(starts, original, arguments);
    }

    private static @Nullable Object call(
            @Nullable Detour detour, MethodHandle original, Object[] arguments) throws Throwable {
        return detour == null ? STAY : detour.call(original, arguments);
    }

    /**
     * In {@code java.io.FileDescriptor.close}.
     *
     * @param descriptor what is about to be closed
     */
    public static void ending(FileDescriptor descriptor) {
        Endings hook = endings;
        if (hook != null) {
            hook.ending(descriptor);
        }
    }

    /**
     * In {@code java.io.FileCleanable.performCleanup}.
     *
     * @param cleanable what is about to close a descriptor
     */
    public static void cleaning(Object cleanable) {
        Endings hook = endings;
        if (hook != null) {
            hook.cleaning(cleanable);
        }
    }

    /**
     * In {@code sun.nio.ch.FileChannelImpl.implCloseChannel}.
     *
     * @param channel see {@link Endings#closing}
     * @return false to decline
     */
    public static boolean closingChannel(Object channel) {
        Endings hook = endings;
        return hook != null && hook.closing(channel);
    }

    /**
     * In code that is traced.
     *
     * @param place see {@link Lines#line}
     */
    public static void line(int place) {
        Lines hook = lines;
        if (hook != null) {
            hook.line(place, null);
        }
    }

    /**
     * In code that is traced with values.
     *
     * @param place see {@link Lines#line}, like the rest
     * @param values see there
     */
    public static void lineWithValues(int place, @Nullable Object[] values) {
        Lines hook = lines;
        if (hook != null) {
            hook.line(place, values);
        }
    }
}
