package evy.internal.os;

import static evy.internal.os.LinuxAbi.AF_INET;
import static evy.internal.os.LinuxAbi.AF_INET6;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/** Writes and reads {@code struct sockaddr_in} and {@code struct sockaddr_in6}. */
final class SocketAddresses {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort FAMILY = ValueLayout.JAVA_SHORT;
    private static final ValueLayout.OfShort PORT =
            ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private static final int MAPPED_PREFIX = 10;
    private static final int MAPPED_ADDRESS = 12;

    private SocketAddresses() {}

    /**
     * Writes an address for a socket of {@code family}. An IPv4 address on an IPv6 socket is
     * mapped, but for 0.0.0.0, which becomes {@code ::}, so that both protocols are covered.
     *
     * @return the size of the structure
     * @throws SocketException if the address is not one of the family
     */
    static int write(MemorySegment target, int family, InetAddress address, int port)
            throws SocketException {
        target.fill((byte) 0);
        target.set(FAMILY, LinuxAbi.SOCKADDR_FAMILY, (short) family);
        target.set(PORT, LinuxAbi.SOCKADDR_PORT, (short) port);
        byte[] bytes = address.getAddress();
        if (family == AF_INET6) {
            writeInet6(target, address, bytes);
            return LinuxAbi.SOCKADDR_IN6_SIZE;
        }
        if (!(address instanceof Inet4Address)) {
            throw new SocketException(
                    "Protocol family unavailable: "
                            + address.getHostAddress()
                            + " is IPv6, the socket is IPv4 only");
        }
        copy(bytes, target, LinuxAbi.SOCKADDR_IN_ADDR);
        return LinuxAbi.SOCKADDR_IN_SIZE;
    }

    private static void writeInet6(MemorySegment target, InetAddress address, byte[] bytes) {
        int start = LinuxAbi.SOCKADDR_IN6_ADDR;
        if (address instanceof Inet6Address inet6) {
            copy(bytes, target, start);
            target.set(INT, LinuxAbi.SOCKADDR_IN6_SCOPE, inet6.getScopeId());
        } else if (!address.isAnyLocalAddress()) {
            target.set(BYTE, start + MAPPED_PREFIX, (byte) 0xff);
            target.set(BYTE, start + MAPPED_PREFIX + 1, (byte) 0xff);
            copy(bytes, target, start + MAPPED_ADDRESS);
        }
    }

    private static void copy(byte[] bytes, MemorySegment target, long offset) {
        MemorySegment.copy(bytes, 0, target, BYTE, offset, bytes.length);
    }

    /**
     * Reads an address. A mapped IPv4 address becomes an {@link Inet4Address}.
     *
     * @throws SocketException if it is not an internet address
     */
    static InetSocketAddress read(MemorySegment source) throws SocketException {
        int family = source.get(FAMILY, LinuxAbi.SOCKADDR_FAMILY);
        int port = Short.toUnsignedInt(source.get(PORT, LinuxAbi.SOCKADDR_PORT));
        try {
            return switch (family) {
                case AF_INET -> {
                    byte[] bytes = bytes(source, LinuxAbi.SOCKADDR_IN_ADDR, 4);
                    yield new InetSocketAddress(InetAddress.getByAddress(bytes), port);
                }
                case AF_INET6 -> new InetSocketAddress(inet6(source), port);
                default -> throw new SocketException("address family is not IP: " + family);
            };
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes always are an address", e);
        }
    }

    private static InetAddress inet6(MemorySegment source) throws UnknownHostException {
        byte[] bytes = bytes(source, LinuxAbi.SOCKADDR_IN6_ADDR, 16);
        int scope = source.get(INT, LinuxAbi.SOCKADDR_IN6_SCOPE);
        return scope == 0
                ? InetAddress.getByAddress(bytes)
                : Inet6Address.getByAddress(null, bytes, scope);
    }

    private static byte[] bytes(MemorySegment source, int offset, int length) {
        return source.asSlice(offset, length).toArray(BYTE);
    }
}
