package evy.internal.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Calls that name Unix-domain sockets, which are non-blocking. A name is the bytes of a path, or a
 * NUL and the bytes of an abstract name, or nothing for a socket without a name.
 */
public final class UnixSockets {
    /** How many bytes a name can have. A path is better one shorter, for others add a NUL. */
    public static final int MAX_NAME = LinuxAbi.SOCKADDR_UN_SIZE - LinuxAbi.SOCKADDR_UN_PATH;

    private static final MethodHandle BIND = Downcalls.quick("bind");
    private static final MethodHandle CONNECT = Downcalls.quick("connect");
    private static final MethodHandle SOCKETPAIR = Downcalls.quick("socketpair");
    private static final MethodHandle GETSOCKNAME = Downcalls.quick("getsockname");
    private static final MethodHandle GETPEERNAME = Downcalls.quick("getpeername");

    private UnixSockets() {}

    /** Binds; 0, or the error number negated. */
    public static int bind(int fd, byte[] name) {
        return callWithName(BIND, fd, name);
    }

    /** Connects at once or not at all; 0, or the error number negated. */
    public static int connect(int fd, byte[] name) {
        return callWithName(CONNECT, fd, name);
    }

    private static int callWithName(MethodHandle function, int fd, byte[] name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(LinuxAbi.SOCKADDR_UN_SIZE, Long.BYTES);
            address.set(ValueLayout.JAVA_SHORT, LinuxAbi.SOCKADDR_FAMILY, (short) LinuxAbi.AF_UNIX);
            MemorySegment.copy(
                    name,
                    0,
                    address,
                    ValueLayout.JAVA_BYTE,
                    LinuxAbi.SOCKADDR_UN_PATH,
                    name.length);
            int size = LinuxAbi.SOCKADDR_UN_PATH + name.length + terminator(name);
            return Downcalls.call(function, Scratch.current(), fd, address.address(), size, 0, 0);
        }
    }

    /* A path has one if there is room. To an abstract name it would belong. */
    private static int terminator(byte[] name) {
        boolean path = name.length > 0 && name[0] != 0;
        return path && name.length < MAX_NAME ? 1 : 0;
    }

    /**
     * Opens two sockets that are connected to each other.
     *
     * @return their descriptors
     * @throws IOException if the system refuses
     */
    public static int[] pair() throws IOException {
        Scratch scratch = Scratch.current();
        int type = LinuxAbi.SOCK_STREAM | LinuxAbi.SOCK_NONBLOCK | LinuxAbi.SOCK_CLOEXEC;
        int result =
                Downcalls.call(SOCKETPAIR, scratch, LinuxAbi.AF_UNIX, type, 0, scratch.valueAt, 0);
        if (result < 0) {
            throw Errors.of(-result, "");
        }
        return scratch.value.asSlice(0, 2L * Integer.BYTES).toArray(ValueLayout.JAVA_INT);
    }

    /**
     * The name {@code fd} is bound to.
     *
     * @throws IOException if the system refuses
     */
    public static byte[] localName(int fd) throws IOException {
        return name(GETSOCKNAME, fd);
    }

    /**
     * The name of the peer of {@code fd}.
     *
     * @throws IOException if the system refuses, say because it is not connected
     */
    public static byte[] remoteName(int fd) throws IOException {
        return name(GETPEERNAME, fd);
    }

    private static byte[] name(MethodHandle function, int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Scratch scratch = Scratch.current();
            // one more, for Linux may add a NUL of its own and count it
            int room = LinuxAbi.SOCKADDR_UN_SIZE + 1;
            MemorySegment address = arena.allocate(room, Long.BYTES);
            scratch.length.set(ValueLayout.JAVA_INT, 0, room);
            int result =
                    Downcalls.call(
                            function, scratch, fd, address.address(), scratch.lengthAt, 0, 0);
            if (result < 0) {
                throw Errors.of(-result, "");
            }
            return nameIn(address, scratch.length.get(ValueLayout.JAVA_INT, 0));
        }
    }

    private static byte[] nameIn(MemorySegment address, int size) {
        int start = LinuxAbi.SOCKADDR_UN_PATH;
        if (size <= start) {
            return new byte[0];
        }
        int end = size;
        if (address.get(ValueLayout.JAVA_BYTE, start) != 0) {
            end = start + 1;
            while (end < size && address.get(ValueLayout.JAVA_BYTE, end) != 0) {
                end++;
            }
        }
        return address.asSlice(start, end - (long) start).toArray(ValueLayout.JAVA_BYTE);
    }
}
