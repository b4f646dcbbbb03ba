package evy.internal.poll;

import static evy.internal.os.LinuxAbi.IPPROTO_IP;
import static evy.internal.os.LinuxAbi.IPPROTO_IPV6;

import evy.internal.os.Datagrams;
import evy.internal.os.Errors;
import evy.internal.os.LinuxAbi;
import evy.internal.os.Sockets;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/** The options of one UDP socket: those of any socket, and of multicast, for both protocols. */
final class LinuxDatagramOptions {
    private static final String DONT_FRAGMENT = "IP_DONTFRAGMENT";

    private static final Set<String> EXTENDED = Set.of(DONT_FRAGMENT, LinuxOptions.NAPI_ID);

    // values of IP_MTU_DISCOVER
    private static final int DONT = 0;
    private static final int DO = 2;

    /** What the JDK's own {@code DatagramSocket} supports. */
    static final Set<SocketOption<?>> SUPPORTED = supported();

    private final int fd;

    // the system tells its address only, and that for IPv4
    private volatile @Nullable NetworkInterface outgoing;

    LinuxDatagramOptions(int fd) {
        this.fd = fd;
    }

    private static Set<SocketOption<?>> supported() {
        Set<SocketOption<?>> options =
                new HashSet<>(
                        Set.of(
                                StandardSocketOptions.SO_SNDBUF,
                                StandardSocketOptions.SO_RCVBUF,
                                StandardSocketOptions.SO_REUSEADDR,
                                StandardSocketOptions.SO_REUSEPORT,
                                StandardSocketOptions.SO_BROADCAST,
                                StandardSocketOptions.IP_TOS,
                                StandardSocketOptions.IP_MULTICAST_IF,
                                StandardSocketOptions.IP_MULTICAST_TTL,
                                StandardSocketOptions.IP_MULTICAST_LOOP));
        try (DatagramChannel channel = DatagramChannel.open()) {
            for (SocketOption<?> option : channel.supportedOptions()) {
                if (EXTENDED.contains(option.name())) {
                    options.add(option); // of jdk.net, which this module does not require
                }
            }
        } catch (IOException e) {
            // out of descriptors: it is then not offered
        }
        return Collections.unmodifiableSet(options);
    }

    /** The number of an interface, or of the one for outgoing datagrams, or 0 for any. */
    int indexOf(@Nullable NetworkInterface at) {
        NetworkInterface chosen = at != null ? at : outgoing;
        return chosen == null ? 0 : chosen.getIndex();
    }

    void set(SocketOption<?> option, Object value) throws IOException {
        switch (option.name()) {
            case "IP_MULTICAST_IF" -> setInterface((NetworkInterface) value);
            case "IP_MULTICAST_TTL" ->
                    setBoth(
                            option,
                            LinuxAbi.IP_MULTICAST_TTL,
                            LinuxAbi.IPV6_MULTICAST_HOPS,
                            (Integer) value);
            case "IP_MULTICAST_LOOP" ->
                    setBoth(
                            option,
                            LinuxAbi.IP_MULTICAST_LOOP,
                            LinuxAbi.IPV6_MULTICAST_LOOP,
                            (Boolean) value ? 1 : 0);
            case DONT_FRAGMENT ->
                    setBoth(
                            option,
                            LinuxAbi.IP_MTU_DISCOVER,
                            LinuxAbi.IPV6_MTU_DISCOVER,
                            (Boolean) value ? DO : DONT);
            default -> LinuxOptions.set(fd, option, value);
        }
    }

    private void setInterface(NetworkInterface at) throws IOException {
        int index = at.getIndex();
        int result = 0;
        if (IpStack.FAMILY == LinuxAbi.AF_INET6) {
            result = Sockets.setInt(fd, IPPROTO_IPV6, LinuxAbi.IPV6_MULTICAST_IF, index);
        }
        if (result == 0) {
            result = Datagrams.setInet4MulticastInterface(fd, index);
        }
        if (result < 0) {
            throw Errors.of(-result, "IP_MULTICAST_IF = " + at);
        }
        outgoing = at;
    }

    private void setBoth(SocketOption<?> option, int name4, int name6, int value)
            throws IOException {
        int result = Sockets.setInt(fd, IPPROTO_IP, name4, value);
        if (result == 0 && IpStack.FAMILY == LinuxAbi.AF_INET6) {
            result = Sockets.setInt(fd, IPPROTO_IPV6, name6, value);
        }
        if (result < 0) {
            throw Errors.of(-result, option.name() + " = " + value);
        }
    }

    @Nullable Object get(SocketOption<?> option) throws IOException {
        return switch (option.name()) {
            case "IP_MULTICAST_IF" -> outgoing;
            case "IP_MULTICAST_TTL" -> Sockets.getInt(fd, IPPROTO_IP, LinuxAbi.IP_MULTICAST_TTL);
            case "IP_MULTICAST_LOOP" ->
                    Sockets.getInt(fd, IPPROTO_IP, LinuxAbi.IP_MULTICAST_LOOP) != 0;
            case DONT_FRAGMENT -> Sockets.getInt(fd, IPPROTO_IP, LinuxAbi.IP_MTU_DISCOVER) == DO;
            default -> LinuxOptions.get(fd, option);
        };
    }
}
