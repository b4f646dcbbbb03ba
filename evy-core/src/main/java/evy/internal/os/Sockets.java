package evy.internal.os;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;

/** Calls on sockets that are non-blocking. Each returns the result, or the error number negated. */
public final class Sockets {
    /*
     * recv and send make their segment in the method that calls the handle: there it is no object
     * once compiled, whether or not the method is inlined into its caller. Hence four such methods.
     */
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final int NEW_SOCKET = LinuxAbi.SOCK_NONBLOCK | LinuxAbi.SOCK_CLOEXEC;

    private static final MethodHandle SOCKET = Downcalls.quick("socket");
    private static final MethodHandle BIND = Downcalls.quick("bind");
    private static final MethodHandle LISTEN = Downcalls.quick("listen");
    private static final MethodHandle ACCEPT = Downcalls.quick("accept4");
    private static final MethodHandle CONNECT = Downcalls.quick("connect");
    private static final MethodHandle SHUTDOWN = Downcalls.quick("shutdown");
    private static final MethodHandle GETSOCKOPT = Downcalls.quick("getsockopt");
    private static final MethodHandle SETSOCKOPT = Downcalls.quick("setsockopt");
    private static final MethodHandle GETSOCKNAME = Downcalls.quick("getsockname");
    private static final MethodHandle GETPEERNAME = Downcalls.quick("getpeername");
    private static final MethodHandle RECV = Downcalls.transfer("recv");
    private static final MethodHandle SEND = Downcalls.transfer("send");

    private Sockets() {}

    /** Does nothing; a call initialises the class, or fails to. */
    static void load() {}

    /** Opens a non-blocking stream socket. */
    public static int open(int family) {
        int type = LinuxAbi.SOCK_STREAM | NEW_SOCKET;
        return Downcalls.call(SOCKET, Scratch.current(), family, type, 0, 0, 0);
    }

    /**
     * Binds {@code fd}, a socket of {@code family}.
     *
     * @throws SocketException if the address is not one of the family
     */
    public static int bind(int fd, int family, InetAddress address, int port)
            throws SocketException {
        Scratch scratch = Scratch.current();
        int size = SocketAddresses.write(scratch.address, family, address, port);
        return Downcalls.call(BIND, scratch, fd, scratch.addressAt, size, 0, 0);
    }

    /** Makes {@code fd} a listening socket. */
    public static int listen(int fd, int backlog) {
        return Downcalls.call(LISTEN, Scratch.current(), fd, backlog, 0, 0, 0);
    }

    /** Takes a connection as a non-blocking descriptor. */
    public static int accept(int fd) {
        Scratch scratch = Scratch.current();
        int result;
        do {
            result = Downcalls.call(ACCEPT, scratch, fd, 0, 0, NEW_SOCKET, 0);
        } while (result == -Errno.EINTR);
        return result;
    }

    /**
     * Begins to connect {@code fd}, a socket of {@code family}, or asks again how that goes: 0,
     * {@code EISCONN}, {@code EINPROGRESS} or {@code EALREADY}, or why it failed. Interrupted, it
     * goes on in the background and {@code EINTR} is returned.
     *
     * @throws SocketException if the address is not one of the family
     */
    public static int connect(int fd, int family, InetAddress address, int port)
            throws SocketException {
        Scratch scratch = Scratch.current();
        int size = SocketAddresses.write(scratch.address, family, address, port);
        return Downcalls.call(CONNECT, scratch, fd, scratch.addressAt, size, 0, 0);
    }

    /** Receives into an array. */
    public static int recv(int fd, byte[] array, int offset, int length, int flags) {
        Scratch scratch = Scratch.current();
        MemorySegment memory = MemorySegment.ofArray(array).asSlice(offset, length);
        int result;
        do {
            try {
                long n = (long) RECV.invokeExact(scratch.errno, fd, memory, (long) length, flags);
                result = n >= 0 ? (int) n : scratch.negatedErrno();
            } catch (Throwable t) {
                throw Downcalls.unexpected(t);
            }
        } while (result == -Errno.EINTR);
        return result;
    }

    /** Receives from the buffer's position on, which stays. */
    public static int recv(int fd, ByteBuffer buffer, int length, int flags) {
        Scratch scratch = Scratch.current();
        MemorySegment memory = MemorySegment.ofBuffer(buffer);
        int result;
        do {
            try {
                long n = (long) RECV.invokeExact(scratch.errno, fd, memory, (long) length, flags);
                result = n >= 0 ? (int) n : scratch.negatedErrno();
            } catch (Throwable t) {
                throw Downcalls.unexpected(t);
            }
        } while (result == -Errno.EINTR);
        return result;
    }

    /** Sends from an array. Never raises {@code SIGPIPE}. */
    public static int send(int fd, byte[] array, int offset, int length, int flags) {
        Scratch scratch = Scratch.current();
        MemorySegment memory = MemorySegment.ofArray(array).asSlice(offset, length);
        int quiet = flags | LinuxAbi.MSG_NOSIGNAL;
        int result;
        do {
            try {
                long n = (long) SEND.invokeExact(scratch.errno, fd, memory, (long) length, quiet);
                result = n >= 0 ? (int) n : scratch.negatedErrno();
            } catch (Throwable t) {
                throw Downcalls.unexpected(t);
            }
        } while (result == -Errno.EINTR);
        return result;
    }

    /** Sends from the buffer's position on, which stays. Never raises {@code SIGPIPE}. */
    public static int send(int fd, ByteBuffer buffer, int length, int flags) {
        Scratch scratch = Scratch.current();
        MemorySegment memory = MemorySegment.ofBuffer(buffer);
        int quiet = flags | LinuxAbi.MSG_NOSIGNAL;
        int result;
        do {
            try {
                long n = (long) SEND.invokeExact(scratch.errno, fd, memory, (long) length, quiet);
                result = n >= 0 ? (int) n : scratch.negatedErrno();
            } catch (Throwable t) {
                throw Downcalls.unexpected(t);
            }
        } while (result == -Errno.EINTR);
        return result;
    }

    /** Shuts one direction, {@link LinuxAbi#SHUT_RD} or {@link LinuxAbi#SHUT_WR}. */
    public static int shutdown(int fd, int how) {
        return Downcalls.call(SHUTDOWN, Scratch.current(), fd, how, 0, 0, 0);
    }

    /** Sets an option whose value is an int. */
    public static int setInt(int fd, int level, int name, int value) {
        Scratch scratch = Scratch.current();
        scratch.value.set(INT, 0, value);
        return setOption(scratch, fd, level, name, Integer.BYTES);
    }

    /** Sets {@code SO_LINGER}. Negative means off. */
    public static int setLinger(int fd, int seconds) {
        Scratch scratch = Scratch.current();
        scratch.value.set(INT, LinuxAbi.LINGER_ONOFF, seconds < 0 ? 0 : 1);
        scratch.value.set(INT, LinuxAbi.LINGER_SECONDS, Math.max(0, seconds));
        return setOption(
                scratch, fd, LinuxAbi.SOL_SOCKET, LinuxAbi.SO_LINGER, LinuxAbi.LINGER_SIZE);
    }

    /**
     * The value of an option that is an int.
     *
     * @throws IOException if the system refuses; negative values are legal, so that the result
     *     cannot tell
     */
    public static int getInt(int fd, int level, int name) throws IOException {
        Scratch scratch = Scratch.current();
        scratch.value.set(INT, 0, 0);
        getOption(scratch, fd, level, name, Integer.BYTES);
        return scratch.value.get(INT, 0);
    }

    /**
     * The value of {@code SO_LINGER}, -1 for off.
     *
     * @throws IOException if the system refuses
     */
    public static int getLinger(int fd) throws IOException {
        Scratch scratch = Scratch.current();
        getOption(scratch, fd, LinuxAbi.SOL_SOCKET, LinuxAbi.SO_LINGER, LinuxAbi.LINGER_SIZE);
        boolean on = scratch.value.get(INT, LinuxAbi.LINGER_ONOFF) != 0;
        return on ? scratch.value.get(INT, LinuxAbi.LINGER_SECONDS) : -1;
    }

    /**
     * The address {@code fd} is bound to.
     *
     * @throws IOException if the system refuses
     */
    public static InetSocketAddress localAddress(int fd) throws IOException {
        Scratch scratch = Scratch.current();
        int result = name(scratch, fd, false);
        if (result < 0) {
            throw Errors.of(-result, "");
        }
        return SocketAddresses.read(scratch.address);
    }

    /**
     * The address {@code fd} is connected to, or null if it is not connected.
     *
     * @throws IOException if the system refuses
     */
    public static @Nullable InetSocketAddress remoteAddress(int fd) throws IOException {
        Scratch scratch = Scratch.current();
        int result = name(scratch, fd, true);
        if (result == -Errno.ENOTCONN) {
            return null;
        }
        if (result < 0) {
            throw Errors.of(-result, "");
        }
        return SocketAddresses.read(scratch.address);
    }

    private static int name(Scratch scratch, int fd, boolean peer) {
        scratch.length.set(INT, 0, LinuxAbi.SOCKADDR_IN6_SIZE);
        MethodHandle function = peer ? GETPEERNAME : GETSOCKNAME;
        return Downcalls.call(function, scratch, fd, scratch.addressAt, scratch.lengthAt, 0, 0);
    }

    private static int setOption(Scratch scratch, int fd, int level, int name, int size) {
        return Downcalls.call(SETSOCKOPT, scratch, fd, level, name, scratch.valueAt, size);
    }

    private static void getOption(Scratch scratch, int fd, int level, int name, int size)
            throws IOException {
        scratch.length.set(INT, 0, size);
        int result =
                Downcalls.call(
                        GETSOCKOPT, scratch, fd, level, name, scratch.valueAt, scratch.lengthAt);
        if (result < 0) {
            throw Errors.of(-result, "");
        }
    }
}
