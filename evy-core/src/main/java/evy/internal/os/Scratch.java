package evy.internal.os;

import evy.internal.vthread.Carrier;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Native memory for the small arguments of one system call: the error number, a socket address, an
 * option value, an epoll event.
 *
 * <p>It belongs to a carrier thread. A green thread may use the scratch of its carrier from one
 * blocking point to the next, since it cannot be switched in between. Freed with the object; a call
 * that captures the error number keeps all of it alive.
 */
public final class Scratch {
    private static final ThreadLocal<Scratch> LOCAL = ThreadLocal.withInitial(Scratch::new);

    private static final int VALUE = 8;
    private static final int LENGTH = 16;
    private static final int EVENT = 24;
    private static final int ADDRESS = 40;
    private static final int SIZE = 72;

    /** Where the captured {@code errno} goes. */
    final MemorySegment errno;

    /** Room for an option value of up to 8 bytes, and where it is. */
    final MemorySegment value;

    final long valueAt;

    /** A {@code socklen_t} given to the system and changed by it, and where it is. */
    final MemorySegment length;

    final long lengthAt;

    /** Room for one {@code epoll_event}, and where it is. */
    final MemorySegment event;

    final long eventAt;

    /** Room for a {@code sockaddr_in6}, and where it is. */
    final MemorySegment address;

    final long addressAt;

    // made when first needed
    private @Nullable SocketVectors vectors;

    public Scratch() {
        MemorySegment memory = Arena.ofAuto().allocate(SIZE, Long.BYTES);
        errno = memory.asSlice(0, VALUE);
        value = memory.asSlice(VALUE, LENGTH - VALUE);
        valueAt = value.address();
        length = memory.asSlice(LENGTH, EVENT - LENGTH);
        lengthAt = length.address();
        event = memory.asSlice(EVENT, ADDRESS - EVENT);
        eventAt = event.address();
        address = memory.asSlice(ADDRESS, SIZE - ADDRESS);
        addressAt = address.address();
    }

    /** The scratch of the thread that carries the caller. */
    static Scratch current() {
        return Carrier.current() instanceof ScratchHolder holder ? holder.scratch() : LOCAL.get();
    }

    /** Room for calls with several buffers. */
    SocketVectors vectors() {
        SocketVectors there = vectors;
        if (there == null) {
            there = new SocketVectors();
            vectors = there;
        }
        return there;
    }

    /** The error number of the last call that captured it here, negated. */
    int negatedErrno() {
        return -errno.get(ValueLayout.JAVA_INT, 0);
    }
}
