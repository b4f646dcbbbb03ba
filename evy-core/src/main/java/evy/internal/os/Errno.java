package evy.internal.os;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Error numbers of Linux and their texts. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EEXIST = 17;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENOSPC = 28;
    public static final int EPIPE = 32;
    public static final int ENOSYS = 38;
    public static final int EPROTO = 71;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETUNREACH = 101;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int EISCONN = 106;
    public static final int ENOTCONN = 107;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTUNREACH = 113;
    public static final int EALREADY = 114;
    public static final int EINPROGRESS = 115;

    private Errno() {}

    /** The system's text for an error number, as in "Connection refused". */
    public static String text(int errno) {
        return Platform.unavailable() == null ? Texts.get(errno) : "error " + errno;
    }

    /** Apart, so that the numbers can be used where the C library cannot be bound. */
    private static final class Texts {
        private static final MethodHandle STRERROR = Downcalls.blocking("strerror");

        private static final long LONGEST = 1024;

        @SuppressWarnings("restricted")
        static String get(int errno) {
            try {
                MemorySegment unused = Scratch.current().errno;
                long at = (long) STRERROR.invokeExact(unused, (long) errno, 0L, 0L, 0L, 0L);
                return MemorySegment.ofAddress(at).reinterpret(LONGEST).getString(0);
            } catch (Throwable t) {
                throw Downcalls.unexpected(t);
            }
        }
    }
}
