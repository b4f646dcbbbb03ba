package evy.internal.os;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A file that is open to be read by number, so that the system can send from it to a socket without
 * copying ({@code sendfile}).
 *
 * <p>Opening and loading may wait for the disk. Sending does, too, if what is sent is not in the
 * system's memory; {@link #isLoaded} tells.
 */
public final class RawFile implements AutoCloseable {
    private static final int O_RDONLY = 0;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int RWF_NOWAIT = 0x8;

    private static final int LOAD_STEP = 64 * 1024;

    /* Not critical: they may wait for the disk, and a safepoint must not. */
    private static final MethodHandle OPEN = Downcalls.blocking("open");
    private static final MethodHandle PREAD = Downcalls.blocking("pread");
    private static final MethodHandle SENDFILE = Downcalls.blocking("sendfile");

    /* The C library may be older than the system call. */
    private static final @Nullable MethodHandle PREADV2 =
            Downcalls.has("preadv2") ? Downcalls.blocking("preadv2") : null;

    private final int fd;

    // false once the file system has said that it cannot tell
    private boolean tells = PREADV2 != null;

    private RawFile(int fd) {
        this.fd = fd;
    }

    /**
     * Opens a file.
     *
     * @param path its bytes, without a NUL
     * @return null if the system refuses, for whatever reason
     */
    public static @Nullable RawFile open(byte[] path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(path.length + 1L);
            MemorySegment.copy(path, 0, name, ValueLayout.JAVA_BYTE, 0, path.length);
            // a FIFO must not hold up the caller
            int flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC;
            int fd = Downcalls.call(OPEN, Scratch.current(), name.address(), flags, 0, 0, 0);
            return fd < 0 ? null : new RawFile(fd);
        }
    }

    /** Whether the first and the last byte of a range can be had without waiting for the disk. */
    public boolean isLoaded(long position, int length) {
        return isLoaded(position) && isLoaded(position + length - 1);
    }

    private boolean isLoaded(long position) {
        MethodHandle preadv2 = PREADV2;
        if (!tells || preadv2 == null) {
            return false;
        }
        Scratch scratch = Scratch.current();
        MemorySegment piece = scratch.event;
        piece.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, scratch.valueAt);
        piece.set(ValueLayout.JAVA_LONG_UNALIGNED, LinuxAbi.IOVEC_LENGTH, 1);
        int n = Downcalls.call(preadv2, scratch, fd, scratch.eventAt, 1, position, RWF_NOWAIT);
        tells = n >= 0 || n == -Errno.EAGAIN;
        return n >= 0;
    }

    /**
     * Has the system read a range into its memory, and waits for that.
     *
     * @throws IOException if it cannot be read
     */
    public void load(long position, int length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(LOAD_STEP);
            int done = 0;
            int n;
            do {
                int size = Math.min(LOAD_STEP, length - done);
                long at = position + done;
                n = Downcalls.call(PREAD, Scratch.current(), fd, buffer.address(), size, at, 0);
                done += Math.max(n, 0);
            } while (n == -Errno.EINTR || (n > 0 && done < length));
            if (n < 0) {
                throw new IOException(Errno.text(-n));
            }
        }
    }

    /**
     * Sends a range to a socket that is non-blocking.
     *
     * @return bytes sent, 0 if the position is not before the end of the file, or the error number
     *     negated
     */
    public int send(int socket, long position, int length) {
        Scratch scratch = Scratch.current();
        int result;
        do {
            scratch.value.set(ValueLayout.JAVA_LONG, 0, position);
            result = Downcalls.call(SENDFILE, scratch, socket, fd, scratch.valueAt, length, 0);
        } while (result == -Errno.EINTR);
        return result;
    }

    @Override
    public void close() {
        // nothing was written, so there is nothing to report
        Descriptors.close(fd);
    }

    @Override
    public String toString() {
        return "file descriptor " + fd;
    }
}
