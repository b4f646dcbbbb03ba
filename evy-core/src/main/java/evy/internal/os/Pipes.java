package evy.internal.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Pipes, FIFOs and terminals as non-blocking descriptors that no child process inherits. */
public final class Pipes {
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 1;
    private static final int O_NOCTTY = 0x100;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;

    /* Longest transfer: a pipe holds no more, and during the call no safepoint can begin. */
    private static final int LARGEST_TRANSFER = 64 * 1024;

    private static final MethodHandle PIPE = Downcalls.quick("pipe2");
    private static final MethodHandle OPEN = Downcalls.blocking("open");

    private Pipes() {}

    /** The two ends of a pipe; who has them closes them. */
    public record Ends(int source, int sink) {}

    /**
     * Makes a pipe.
     *
     * @throws IOException if the system refuses, say for lack of descriptors
     */
    public static Ends open() throws IOException {
        Scratch scratch = Scratch.current();
        int flags = O_CLOEXEC | O_NONBLOCK;
        int result = Downcalls.call(PIPE, scratch, scratch.valueAt, flags, 0, 0, 0);
        if (result < 0) {
            throw Errors.of(-result, "opening a pipe");
        }
        return new Ends(
                scratch.value.get(ValueLayout.JAVA_INT, 0),
                scratch.value.get(ValueLayout.JAVA_INT, Integer.BYTES));
    }

    /**
     * Opens what is at a path without waiting: a FIFO whose other end is open, a terminal, or by
     * {@code /proc/self/fd/N} one more end of a pipe.
     *
     * @return the error number negated, or a descriptor
     */
    public static int open(String path, boolean writing) {
        int flags = (writing ? O_WRONLY : O_RDONLY) | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            return Downcalls.call(OPEN, Scratch.current(), name.address(), flags, 0, 0, 0);
        }
    }

    /** Reads what is there. The result, 0 at the end, or the error number negated. */
    public static int read(int fd, byte[] array, int offset, int length) {
        int size = Math.min(length, LARGEST_TRANSFER);
        return Descriptors.read(fd, MemorySegment.ofArray(array).asSlice(offset, size), size);
    }

    /** Writes what there is room for. The result, or the error number negated. */
    public static int write(int fd, byte[] array, int offset, int length) {
        int size = Math.min(length, LARGEST_TRANSFER);
        return Descriptors.write(fd, MemorySegment.ofArray(array).asSlice(offset, size), size);
    }
}
