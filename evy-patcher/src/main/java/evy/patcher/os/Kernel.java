package evy.patcher.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.util.Arrays;

/**
 * What Linux knows of a descriptor and tells at once: none of these calls blocks, moves a position
 * or takes a byte.
 */
final class Kernel {
    /** Something to read, or the end. */
    static final int POLLIN = 1;

    /** Room to write. */
    static final int POLLOUT = 4;

    private static final int SEEK_CUR = 1;
    private static final int F_GETFL = 3;
    private static final int O_DSYNC = 0x1000; // O_SYNC includes it
    private static final int RWF_NOWAIT = 8;

    private static final long NR_OPENAT2 = 437; // on all machines
    private static final long AT_FDCWD = -100;
    private static final long O_PATH = 0x200000;
    private static final long O_CLOEXEC = 0x80000;
    private static final long RESOLVE_CACHED = 0x20;
    private static final long HOW_SIZE = 24;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_TYPE = 1;
    private static final int STATX_SIZE = 256;
    private static final long STATX_MODE = 28;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout POINTER = ValueLayout.ADDRESS;
    private static final Linker LINKER = Linker.nativeLinker();

    private static final MethodHandle LSEEK =
            quick("lseek", FunctionDescriptor.of(LONG, INT, LONG, INT));
    private static final MethodHandle POLL =
            quick("poll", FunctionDescriptor.of(INT, POINTER, LONG, INT));
    private static final MethodHandle FCNTL = quick("fcntl", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle PREADV2 =
            quick("preadv2", FunctionDescriptor.of(LONG, INT, POINTER, INT, LONG, INT));

    private static final MethodHandle OPENAT2 =
            quick(
                    "syscall",
                    FunctionDescriptor.of(LONG, LONG, LONG, POINTER, POINTER, LONG),
                    Linker.Option.firstVariadicArg(1));
    private static final MethodHandle STATX =
            quick("statx", FunctionDescriptor.of(INT, INT, POINTER, INT, INT, POINTER));
    private static final MethodHandle CLOSE = quick("close", FunctionDescriptor.of(INT, INT));

    /** A vector of one byte that nobody looks at, so that all threads may share it. */
    private static final MemorySegment ONE_BYTE = oneByte();

    private static final MemorySegment IN_MEMORY = inMemory();
    private static final MemorySegment EMPTY = Arena.global().allocate(1);
    private static final ValueLayout.OfShort MODE = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final Charset JNU = Charset.forName(System.getProperty("sun.jnu.encoding"));

    private Kernel() {}

    @SuppressWarnings("restricted")
    private static MethodHandle quick(
            String name, FunctionDescriptor shape, Linker.Option... options) {
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.critical(true);
        MemorySegment symbol =
                LINKER.defaultLookup()
                        .find(name)
                        .orElseThrow(() -> new LinkageError("the C library lacks " + name + "()"));
        return LINKER.downcallHandle(symbol, shape, all);
    }

    private static MemorySegment oneByte() {
        MemorySegment vector = Arena.global().allocate(LONG, 2);
        vector.setAtIndex(LONG, 0, Arena.global().allocate(1).address());
        vector.setAtIndex(LONG, 1, 1);
        return vector;
    }

    /** The position in a file; negative for what has none: pipes, terminals, sockets. */
    static long position(int fd) {
        try {
            return (long) LSEEK.invokeExact(fd, 0L, SEEK_CUR);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Whether a read, or write, would find something now, be it an error. */
    static boolean isReady(int fd, int event) {
        int[] pollfd = {fd, event};
        try {
            return (int) POLL.invokeExact(MemorySegment.ofArray(pollfd), 1L, 0) != 0;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Whether each write waits for the disk. */
    static boolean isSynchronous(int fd) {
        try {
            int flags = (int) FCNTL.invokeExact(fd, F_GETFL);
            return flags != -1 && (flags & O_DSYNC) != 0;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * Whether a stretch of a file is in memory, judged by its ends. False also for file systems
     * that cannot tell.
     */
    static boolean isCached(int fd, long position, long length) {
        return isByteCached(fd, position)
                && (length <= 1 || isByteCached(fd, position + length - 1));
    }

    private static boolean isByteCached(int fd, long position) {
        try {
            return (long) PREADV2.invokeExact(fd, ONE_BYTE, 1, position, RWF_NOWAIT) >= 0;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * Looks at a file if the way to it and what it is are in memory.
     *
     * @return its type and permissions, as in {@code st_mode}; -1 if the disk would have to be
     *     asked, or there is no such file
     */
    static int cachedMode(String path) {
        MemorySegment name = MemorySegment.ofArray((path + '\0').getBytes(JNU));
        try {
            long fd = (long) OPENAT2.invokeExact(NR_OPENAT2, AT_FDCWD, name, IN_MEMORY, HOW_SIZE);
            if (fd < 0) {
                return -1;
            }
            byte[] status = new byte[STATX_SIZE];
            MemorySegment place = MemorySegment.ofArray(status);
            int failed = (int) STATX.invokeExact((int) fd, EMPTY, AT_EMPTY_PATH, STATX_TYPE, place);
            int closed = (int) CLOSE.invokeExact((int) fd);
            assert closed == 0;
            return failed != 0 ? -1 : place.get(MODE, STATX_MODE) & 0xffff;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static MemorySegment inMemory() {
        MemorySegment how = Arena.global().allocate(LONG, HOW_SIZE / Long.BYTES);
        how.setAtIndex(LONG, 0, O_PATH | O_CLOEXEC);
        how.setAtIndex(LONG, 2, RESOLVE_CACHED);
        return how;
    }

    private static Error unexpected(Throwable thrown) {
        return thrown instanceof Error error ? error : new AssertionError(thrown);
    }
}
