package evy.internal.os;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Calls on any descriptor. Each returns the result, or the error number negated. */
public final class Descriptors {
    /*
     * close() may block for a socket with SO_LINGER, on network file systems and on terminals, so it
     * must not hold up a safepoint.
     */
    private static final MethodHandle CLOSE = Downcalls.blocking("close");
    private static final MethodHandle READ = Downcalls.transfer("read");
    private static final MethodHandle WRITE = Downcalls.transfer("write");

    private Descriptors() {}

    /** Does nothing; a call initialises the class, or fails to. */
    static void load() {}

    /** Closes {@code fd}. Not repeated if interrupted: the number is free by then. */
    public static int close(int fd) {
        return Downcalls.call(CLOSE, Scratch.current(), fd, 0, 0, 0, 0);
    }

    /** Reads from a descriptor that is non-blocking. */
    public static int read(int fd, MemorySegment buffer, long length) {
        Scratch scratch = Scratch.current();
        int result;
        do {
            try {
                long n = (long) READ.invokeExact(scratch.errno, fd, buffer, length, 0);
                result = n >= 0 ? (int) n : scratch.negatedErrno();
            } catch (Throwable t) {
                throw Downcalls.unexpected(t);
            }
        } while (result == -Errno.EINTR);
        return result;
    }

    /** Writes to a descriptor that is non-blocking. */
    public static int write(int fd, MemorySegment buffer, long length) {
        Scratch scratch = Scratch.current();
        int result;
        do {
            try {
                long n = (long) WRITE.invokeExact(scratch.errno, fd, buffer, length, 0);
                result = n >= 0 ? (int) n : scratch.negatedErrno();
            } catch (Throwable t) {
                throw Downcalls.unexpected(t);
            }
        } while (result == -Errno.EINTR);
        return result;
    }

    /** Number of bytes that can be read from {@code fd} at once ({@code FIONREAD}). */
    public static int available(int fd) {
        Scratch scratch = Scratch.current();
        int result =
                Downcalls.call(
                        Control.IOCTL, scratch, fd, LinuxAbi.FIONREAD, scratch.valueAt, 0, 0);
        return result == 0 ? Math.max(0, scratch.value.get(ValueLayout.JAVA_INT, 0)) : result;
    }

    /** Apart, as it is of a shape of its own and seldom needed. */
    private static final class Control {
        static final MethodHandle IOCTL = Downcalls.quickVariadic("ioctl", 2);
    }
}
