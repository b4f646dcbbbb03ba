package evy.internal.os;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;

/**
 * Calls on datagram sockets that are non-blocking. Each returns the result, or the error number
 * negated.
 */
public final class Datagrams {
    /*
     * As in Sockets, receive and send make their segment in the method that calls the handle, so
     * that it is no object once compiled. Hence four such methods.
     */
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    /* The sixth argument is why these have a shape of their own. */
    private static final FunctionDescriptor WITH_ADDRESS =
            FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG, INT, LONG, LONG);

    private static final MethodHandle RECVFROM = Downcalls.quick("recvfrom", WITH_ADDRESS);
    private static final MethodHandle SENDTO = Downcalls.quick("sendto", WITH_ADDRESS);
    private static final MethodHandle SOCKET = Downcalls.quick("socket");
    private static final MethodHandle CONNECT = Downcalls.quick("connect");
    private static final MethodHandle SETSOCKOPT = Downcalls.quick("setsockopt");

    private Datagrams() {}

    /** Opens a non-blocking UDP socket. */
    public static int open(int family) {
        int type = LinuxAbi.SOCK_DGRAM | LinuxAbi.SOCK_NONBLOCK | LinuxAbi.SOCK_CLOEXEC;
        return Downcalls.call(SOCKET, Scratch.current(), family, type, 0, 0, 0);
    }

    /** Who sent the datagram that was received last: found without making an address, mostly. */
    public static final class Senders {
        private record Known(MemorySegment bytes, InetSocketAddress address) {}

        // any thread; the last of several wins
        private volatile @Nullable Known last;

        private InetSocketAddress find(MemorySegment bytes) throws SocketException {
            Known known = last;
            if (known != null && known.bytes.mismatch(bytes) < 0) {
                return known.address;
            }
            InetSocketAddress address = SocketAddresses.read(bytes);
            MemorySegment copy = MemorySegment.ofArray(bytes.toArray(ValueLayout.JAVA_BYTE));
            last = new Known(copy, address);
            return address;
        }
    }

    /** Receives one datagram into an array; what does not fit is lost. Then ask {@link #sender}. */
    public static int receive(int fd, byte[] array, int offset, int length) {
        Scratch scratch = Scratch.current();
        MemorySegment memory = MemorySegment.ofArray(array).asSlice(offset, length);
        int result;
        do {
            scratch.length.set(INT, 0, LinuxAbi.SOCKADDR_IN6_SIZE);
            try {
                long n =
                        (long)
                                RECVFROM.invokeExact(
                                        scratch.errno,
                                        fd,
                                        memory,
                                        (long) length,
                                        0,
                                        scratch.addressAt,
                                        scratch.lengthAt);
                result = n >= 0 ? (int) n : scratch.negatedErrno();
            } catch (Throwable t) {
                throw Downcalls.unexpected(t);
            }
        } while (result == -Errno.EINTR);
        return result;
    }

    /** Receives one datagram into a buffer, whose position stays; otherwise as into an array. */
    public static int receive(int fd, ByteBuffer buffer) {
        Scratch scratch = Scratch.current();
        MemorySegment memory = MemorySegment.ofBuffer(buffer);
        int result;
        do {
            scratch.length.set(INT, 0, LinuxAbi.SOCKADDR_IN6_SIZE);
            try {
                long n =
                        (long)
                                RECVFROM.invokeExact(
                                        scratch.errno,
                                        fd,
                                        memory,
                                        memory.byteSize(),
                                        0,
                                        scratch.addressAt,
                                        scratch.lengthAt);
                result = n >= 0 ? (int) n : scratch.negatedErrno();
            } catch (Throwable t) {
                throw Downcalls.unexpected(t);
            }
        } while (result == -Errno.EINTR);
        return result;
    }

    /**
     * Who sent what {@link #receive} has got. To be asked right after it, on the same thread.
     *
     * @throws SocketException if it is not an internet address
     */
    public static InetSocketAddress sender(Senders senders) throws SocketException {
        Scratch scratch = Scratch.current();
        return senders.find(scratch.address.asSlice(0, scratch.length.get(INT, 0)));
    }

    /**
     * Sends one datagram from an array.
     *
     * @throws SocketException if the address is not one of the family
     */
    public static int send(
            int fd, byte[] array, int offset, int length, int family, InetAddress to, int port)
            throws SocketException {
        Scratch scratch = Scratch.current();
        long size = SocketAddresses.write(scratch.address, family, to, port);
        MemorySegment memory = MemorySegment.ofArray(array).asSlice(offset, length);
        int result;
        do {
            try {
                long n =
                        (long)
                                SENDTO.invokeExact(
                                        scratch.errno,
                                        fd,
                                        memory,
                                        (long) length,
                                        LinuxAbi.MSG_NOSIGNAL,
                                        scratch.addressAt,
                                        size);
                result = n >= 0 ? (int) n : scratch.negatedErrno();
            } catch (Throwable t) {
                throw Downcalls.unexpected(t);
            }
        } while (result == -Errno.EINTR);
        return result;
    }

    /**
     * Sends one datagram from a buffer, whose position stays.
     *
     * @throws SocketException if the address is not one of the family
     */
    public static int send(int fd, ByteBuffer buffer, int family, InetAddress to, int port)
            throws SocketException {
        Scratch scratch = Scratch.current();
        long size = SocketAddresses.write(scratch.address, family, to, port);
        MemorySegment memory = MemorySegment.ofBuffer(buffer);
        int result;
        do {
            try {
                long n =
                        (long)
                                SENDTO.invokeExact(
                                        scratch.errno,
                                        fd,
                                        memory,
                                        memory.byteSize(),
                                        LinuxAbi.MSG_NOSIGNAL,
                                        scratch.addressAt,
                                        size);
                result = n >= 0 ? (int) n : scratch.negatedErrno();
            } catch (Throwable t) {
                throw Downcalls.unexpected(t);
            }
        } while (result == -Errno.EINTR);
        return result;
    }

    /** Takes back a connect. */
    public static int disconnect(int fd) {
        Scratch scratch = Scratch.current();
        scratch.address.fill((byte) 0);
        scratch.address.set(
                ValueLayout.JAVA_SHORT, LinuxAbi.SOCKADDR_FAMILY, (short) LinuxAbi.AF_UNSPEC);
        int size = LinuxAbi.SOCKADDR_IN6_SIZE;
        return Downcalls.call(CONNECT, scratch, fd, scratch.addressAt, size, 0, 0);
    }

    /**
     * Joins or leaves a multicast group.
     *
     * @param index of the network interface, 0 for the one the system chooses
     */
    public static int member(int fd, boolean join, InetAddress group, int index) {
        Scratch scratch = Scratch.current();
        byte[] bytes = group.getAddress();
        MemorySegment request = scratch.address.fill((byte) 0);
        // both begin with the group
        MemorySegment.copy(
                bytes, 0, request, ValueLayout.JAVA_BYTE, LinuxAbi.MREQN_GROUP, bytes.length);
        if (bytes.length == LinuxAbi.MREQ6_INDEX) {
            request.set(INT, LinuxAbi.MREQ6_INDEX, index);
            int name = join ? LinuxAbi.IPV6_ADD_MEMBERSHIP : LinuxAbi.IPV6_DROP_MEMBERSHIP;
            return set(scratch, fd, LinuxAbi.IPPROTO_IPV6, name, LinuxAbi.MREQ6_SIZE);
        }
        request.set(INT, LinuxAbi.MREQN_INDEX, index);
        int name = join ? LinuxAbi.IP_ADD_MEMBERSHIP : LinuxAbi.IP_DROP_MEMBERSHIP;
        return set(scratch, fd, LinuxAbi.IPPROTO_IP, name, LinuxAbi.MREQN_SIZE);
    }

    /**
     * Sets where multicast datagrams to IPv4 groups go out.
     *
     * @param index of the network interface, 0 for the one the system chooses
     */
    public static int setInet4MulticastInterface(int fd, int index) {
        Scratch scratch = Scratch.current();
        scratch.address.fill((byte) 0).set(INT, LinuxAbi.MREQN_INDEX, index);
        return set(scratch, fd, LinuxAbi.IPPROTO_IP, LinuxAbi.IP_MULTICAST_IF, LinuxAbi.MREQN_SIZE);
    }

    private static int set(Scratch scratch, int fd, int level, int name, int size) {
        return Downcalls.call(SETSOCKOPT, scratch, fd, level, name, scratch.addressAt, size);
    }
}
