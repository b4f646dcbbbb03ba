package evy.internal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Sends from several buffers, or receives into several, by one call on a socket that is
 * non-blocking. Direct buffers are used where they lie; those on the heap have no address to give,
 * so up to {@value #MAX_STAGED} bytes of them are copied.
 *
 * <p>An object is a {@code struct msghdr} with its {@code iovec}s, and the memory that stands in
 * for the heap; it belongs to a {@link Scratch}.
 */
public final class SocketVectors {
    /** As many pieces go into one call; the system's own limit is 1024. */
    private static final int MAX_PIECES = 64;

    private static final int MAX_STAGED = 64 * 1024;

    /** A system call costs about as much as to copy so many bytes. */
    private static final int BYTES_PER_CALL = 16 * 1024;

    private static final MethodHandle SENDMSG = Downcalls.quick("sendmsg");
    private static final MethodHandle RECVMSG = Downcalls.quick("recvmsg");

    private final MemorySegment header;
    private final MemorySegment pieces;
    private final ByteBuffer staging;
    private final long stagingAt;

    // of the call that is prepared
    private int count;
    private int staged;
    private long end;

    SocketVectors() {
        int piecesAt = LinuxAbi.MSGHDR_SIZE;
        int heapAt = piecesAt + MAX_PIECES * LinuxAbi.IOVEC_SIZE;
        MemorySegment memory = Arena.ofAuto().allocate(heapAt + MAX_STAGED, Long.BYTES);
        header = memory.asSlice(0, LinuxAbi.MSGHDR_SIZE);
        pieces = memory.asSlice(piecesAt, heapAt - piecesAt);
        staging = memory.asSlice(heapAt).asByteBuffer();
        stagingAt = memory.address() + heapAt;
        header.set(ValueLayout.JAVA_LONG, LinuxAbi.MSGHDR_IOV, pieces.address());
    }

    /**
     * Asks whether to send all of the buffers by one call is likely to cost less than one call for
     * each, which copies nothing.
     */
    public static boolean isWorthwhile(ByteBuffer[] buffers) {
        long copied = 0;
        int callsSaved = -1;
        for (ByteBuffer buffer : buffers) {
            if (buffer.hasRemaining()) {
                callsSaved++;
                copied += buffer.isDirect() ? 0 : buffer.remaining();
            }
        }
        return copied <= (long) callsSaved * BYTES_PER_CALL;
    }

    /**
     * Sends what the buffers hold, as much as there is room for, and advances their positions.
     * Never raises {@code SIGPIPE}.
     *
     * @return bytes sent, or the error number negated
     */
    public static int send(int fd, ByteBuffer[] buffers) {
        Scratch scratch = Scratch.current();
        SocketVectors vectors = scratch.vectors();
        try {
            vectors.prepare(buffers, true);
            int n = vectors.call(SENDMSG, scratch, fd, LinuxAbi.MSG_NOSIGNAL);
            vectors.advance(buffers, n, false);
            return n;
        } finally {
            Reference.reachabilityFence(buffers);
        }
    }

    /**
     * Receives what is there into the buffers, which are writable, and advances their positions.
     *
     * @return bytes received, 0 at the end, or the error number negated
     */
    public static int recv(int fd, ByteBuffer[] buffers) {
        Scratch scratch = Scratch.current();
        SocketVectors vectors = scratch.vectors();
        try {
            vectors.prepare(buffers, false);
            int n = vectors.call(RECVMSG, scratch, fd, 0);
            vectors.advance(buffers, n, true);
            return n;
        } finally {
            Reference.reachabilityFence(buffers);
        }
    }

    private void prepare(ByteBuffer[] buffers, boolean copyIn) {
        count = 0;
        staged = 0;
        end = 0;
        boolean room = true;
        for (int i = 0; room && i < buffers.length; i++) {
            ByteBuffer buffer = buffers[i];
            int size = buffer.remaining();
            if (size > 0) {
                room =
                        buffer.isDirect()
                                ? add(MemorySegment.ofBuffer(buffer).address(), size)
                                : stage(buffer, size, copyIn);
            }
        }
    }

    /* False if no more can follow. */
    private boolean stage(ByteBuffer buffer, int size, boolean copyIn) {
        int most = Math.min(size, MAX_STAGED - staged);
        if (most == 0 || !add(stagingAt + staged, most)) {
            return false;
        }
        if (copyIn) {
            staging.put(staged, buffer, buffer.position(), most);
        }
        staged += most;
        return most == size;
    }

    private boolean add(long address, long size) {
        if (address == end && count > 0) {
            long at = (count - 1) * (long) LinuxAbi.IOVEC_SIZE + LinuxAbi.IOVEC_LENGTH;
            pieces.set(ValueLayout.JAVA_LONG, at, pieces.get(ValueLayout.JAVA_LONG, at) + size);
        } else if (count == MAX_PIECES) {
            return false;
        } else {
            long at = count++ * (long) LinuxAbi.IOVEC_SIZE;
            pieces.set(ValueLayout.JAVA_LONG, at, address);
            pieces.set(ValueLayout.JAVA_LONG, at + LinuxAbi.IOVEC_LENGTH, size);
        }
        end = address + size;
        return true;
    }

    private int call(MethodHandle function, Scratch scratch, int fd, int flags) {
        header.set(ValueLayout.JAVA_LONG, LinuxAbi.MSGHDR_IOV_COUNT, count);
        int result;
        do {
            result = Downcalls.call(function, scratch, fd, header.address(), flags, 0, 0);
        } while (result == -Errno.EINTR);
        return result;
    }

    private void advance(ByteBuffer[] buffers, int n, boolean copyOut) {
        int left = n;
        int taken = 0;
        for (int i = 0; left > 0 && i < buffers.length; i++) {
            ByteBuffer buffer = buffers[i];
            int size = Math.min(left, buffer.remaining());
            if (copyOut && !buffer.isDirect()) {
                buffer.put(buffer.position(), staging, taken, size);
                taken += size;
            }
            buffer.position(buffer.position() + size);
            left -= size;
        }
    }
}
