package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.behaviour.NetFixtures.Platform;
import evy.io.GreenDatagramSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/**
 * The same conversations on the JDK's datagram sockets and on green ones, on platform and on green
 * threads: results and kinds of exceptions must be the same.
 */
@ExtendWith(LeakCheckExtension.class)
class DatagramSameAsJdkTest {
    private static final Pattern PORTS = Pattern.compile("\\b\\d{4,5}\\b");

    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    /** Whose sockets. */
    private enum Sockets {
        JDK {
            @Override
            DatagramSocket bound(SocketAddress at) throws SocketException {
                return new DatagramSocket(at);
            }

            @Override
            DatagramSocket anywhere() throws SocketException {
                return new DatagramSocket();
            }
        },
        GREEN {
            @Override
            DatagramSocket bound(SocketAddress at) throws SocketException {
                return new GreenDatagramSocket(at);
            }

            @Override
            DatagramSocket anywhere() throws SocketException {
                return new GreenDatagramSocket();
            }
        };

        abstract DatagramSocket bound(SocketAddress at) throws SocketException;

        abstract DatagramSocket anywhere() throws SocketException;

        DatagramSocket loopback() throws SocketException {
            return bound(new InetSocketAddress(NetFixtures.loopback(), 0));
        }
    }

    @FunctionalInterface
    private interface Step {
        Object run() throws Exception;
    }

    @FunctionalInterface
    private interface Action {
        void run() throws Exception;
    }

    /** What happened, one line a step. */
    private static final class Trace {
        private final List<String> lines = new ArrayList<>();

        void get(String what, Step step) {
            String outcome;
            try {
                Object value = step.run();
                outcome =
                        value instanceof byte[] bytes
                                ? Arrays.toString(bytes)
                                : String.valueOf(value);
            } catch (Exception e) {
                outcome = kind(e);
            }
            lines.add(what + " -> " + PORTS.matcher(outcome).replaceAll("<port>"));
        }

        /* The JDK's datagram sockets let through what their channels throw. */
        private static String kind(Exception e) {
            if (e instanceof ClosedChannelException) {
                return SocketException.class.getName();
            }
            if (e instanceof IllegalArgumentException) {
                return IllegalArgumentException.class.getName();
            }
            Class<?> type = e.getClass();
            while (!type.getName().startsWith("java.")) {
                type = type.getSuperclass();
            }
            return type.getName();
        }

        void call(String what, Action action) {
            get(
                    what,
                    () -> {
                        action.run();
                        return "done";
                    });
        }

        void state(DatagramSocket socket) {
            get("isBound", socket::isBound);
            get("isConnected", socket::isConnected);
            get("isClosed", socket::isClosed);
            get("getPort", socket::getPort);
            get("getLocalPort", () -> Integer.signum(socket.getLocalPort()));
            get("getInetAddress", socket::getInetAddress);
            get("getLocalAddress", () -> anyOf(socket.getLocalAddress()));
            get("getRemoteSocketAddress", socket::getRemoteSocketAddress);
            get("has local address", () -> socket.getLocalSocketAddress() != null);
        }

        /* Of a socket for both protocols it depends on which it is asked for. */
        private static Object anyOf(InetAddress address) {
            return address != null && address.isAnyLocalAddress() ? "any" : address;
        }
    }

    @FunctionalInterface
    private interface Conversation {
        void hold(Sockets sockets, Trace trace) throws Exception;
    }

    /** What is compared. */
    private enum Subject {
        BOUND(DatagramSameAsJdkTest::bound),
        UNBOUND(DatagramSameAsJdkTest::unbound),
        CLOSED(DatagramSameAsJdkTest::closed),
        EXCHANGE(DatagramSameAsJdkTest::exchange),
        TRUNCATION(DatagramSameAsJdkTest::truncation),
        PACKET_USED_AGAIN(DatagramSameAsJdkTest::packetUsedAgain),
        EMPTY(DatagramSameAsJdkTest::empty),
        LARGE(DatagramSameAsJdkTest::large),
        CONNECTED(DatagramSameAsJdkTest::connected),
        CONNECT_FLUSHES(DatagramSameAsJdkTest::connectFlushes),
        RECONNECT(DatagramSameAsJdkTest::reconnect),
        DISCONNECT(DatagramSameAsJdkTest::disconnect),
        PORT_UNREACHABLE(DatagramSameAsJdkTest::portUnreachable),
        BAD_SENDS(DatagramSameAsJdkTest::badSends),
        BAD_CONNECTS(DatagramSameAsJdkTest::badConnects),
        BAD_BINDS(DatagramSameAsJdkTest::badBinds),
        TIMEOUT(DatagramSameAsJdkTest::timeout),
        OPTIONS(DatagramSameAsJdkTest::options),
        BAD_OPTIONS(DatagramSameAsJdkTest::badOptions),
        MULTICAST(DatagramSameAsJdkTest::multicast),
        MULTICAST6(DatagramSameAsJdkTest::multicast6),
        BAD_GROUPS(DatagramSameAsJdkTest::badGroups),
        IPV6(DatagramSameAsJdkTest::ipv6),
        LINK_LOCAL(DatagramSameAsJdkTest::linkLocal),
        DUAL_STACK(DatagramSameAsJdkTest::dualStack),
        REUSE(DatagramSameAsJdkTest::reuse);

        private final Conversation conversation;

        Subject(Conversation conversation) {
            this.conversation = conversation;
        }

        List<String> hold(Sockets sockets) throws Exception {
            Trace trace = new Trace();
            conversation.hold(sockets, trace);
            return trace.lines;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Spec({"SOCK9", "SOCK31", "HUB18"})
    void conversation_onGreenSockets_goesAsOnTheJdks(Subject subject) throws Exception {
        List<String> expected = onPlatformThread(() -> subject.hold(Sockets.JDK));
        List<String> greenOnPlatformThread = onPlatformThread(() -> subject.hold(Sockets.GREEN));
        List<String> greenOnGreenThread = Evy.run(() -> subject.hold(Sockets.GREEN));

        assertThat(expected).isNotEmpty();
        assertThat(differences(expected, greenOnGreenThread)).as("green, green thread").isEmpty();
        assertThat(differences(expected, greenOnPlatformThread))
                .as("green, platform thread")
                .isEmpty();
    }

    private static List<String> differences(List<String> expected, List<String> actual) {
        assertThat(actual).hasSameSizeAs(expected);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            if (!actual.get(i).equals(expected.get(i))) {
                differences.add("JDK: " + expected.get(i) + "\nnot: " + actual.get(i));
            }
        }
        return differences;
    }

    private static List<String> onPlatformThread(Callable<List<String>> body) throws Exception {
        try (Platform<List<String>> thread = Platform.start(body)) {
            return thread.get();
        }
    }

    private static DatagramPacket packet(String text, SocketAddress to) {
        byte[] data = text.getBytes();
        return new DatagramPacket(data, data.length, to);
    }

    private static DatagramPacket space(int size) {
        return new DatagramPacket(new byte[size], size);
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), packet.getOffset(), packet.getLength());
    }

    private static String receive(DatagramSocket socket, DatagramPacket packet) throws IOException {
        socket.setSoTimeout(5000);
        socket.receive(packet);
        return text(packet);
    }

    private static void bound(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket any = sockets.anywhere();
                DatagramSocket loopback = sockets.loopback()) {
            trace.state(any);
            trace.state(loopback);
            trace.get("getBroadcast", any::getBroadcast);
            trace.get("getReuseAddress", any::getReuseAddress);
            trace.get("getTrafficClass", any::getTrafficClass);
            trace.get("getSoTimeout", any::getSoTimeout);
            trace.get("getSendBufferSize", any::getSendBufferSize);
            trace.get("getReceiveBufferSize", any::getReceiveBufferSize);
            trace.call("disconnect", any::disconnect);
            trace.call("bind again", () -> any.bind(null));
        }
    }

    private static void unbound(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket socket = sockets.bound(null);
                DatagramSocket sender = sockets.bound(null);
                DatagramSocket peer = sockets.loopback()) {
            trace.state(socket);
            socket.setSoTimeout(1);
            trace.call("receive binds", () -> socket.receive(space(1)));
            trace.state(socket);
            trace.call("send binds", () -> sender.send(packet("a", peer.getLocalSocketAddress())));
            trace.state(sender);
            trace.get("arrives", () -> receive(peer, space(5)));
        }
    }

    private static void closed(Sockets sockets, Trace trace) throws IOException {
        DatagramSocket socket = sockets.loopback();
        InetSocketAddress to = new InetSocketAddress(NetFixtures.loopback(), 9);
        socket.close();
        trace.call("close again", socket::close);
        trace.state(socket);
        trace.call("receive", () -> socket.receive(space(1)));
        trace.call("send", () -> socket.send(packet("a", to)));
        trace.call("bind", () -> socket.bind(null));
        // not connect: the JDK's does nothing then, ours is an error
        trace.call("disconnect", socket::disconnect);
        trace.get("getSoTimeout", socket::getSoTimeout);
        trace.call("setSoTimeout", () -> socket.setSoTimeout(1));
        trace.get("getBroadcast", socket::getBroadcast);
        trace.call("setBroadcast", () -> socket.setBroadcast(true));
        trace.get("getReceiveBufferSize", socket::getReceiveBufferSize);
        trace.call("setSendBufferSize", () -> socket.setSendBufferSize(9000));
        trace.get("getOption", () -> socket.getOption(StandardSocketOptions.SO_BROADCAST));
        trace.get("supported", () -> socket.supportedOptions().isEmpty());
        trace.call("join", () -> socket.joinGroup(group("239.1.2.3"), null));
    }

    private static void exchange(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket first = sockets.loopback();
                DatagramSocket second = sockets.loopback()) {
            first.send(packet("hello", second.getLocalSocketAddress()));
            DatagramPacket got = space(100);
            trace.get("receive", () -> receive(second, got));
            trace.get("sender", () -> got.getSocketAddress().equals(first.getLocalSocketAddress()));
            trace.get("length", got::getLength);
            got.setData("back".getBytes());
            second.send(got);
            DatagramPacket inside = new DatagramPacket(new byte[20], 5, 10);
            trace.get("receive back", () -> receive(first, inside));
            trace.get("offset", inside::getOffset);
            trace.get("whole", inside::getData);
        }
    }

    private static void truncation(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket first = sockets.loopback();
                DatagramSocket second = sockets.loopback()) {
            first.send(packet("0123456789", second.getLocalSocketAddress()));
            first.send(packet("next", second.getLocalSocketAddress()));
            first.send(packet("last", second.getLocalSocketAddress()));
            DatagramPacket small = new DatagramPacket(new byte[8], 4);
            trace.get("cut", () -> receive(second, small));
            trace.get("rest untouched", small::getData);
            trace.get("none", () -> receive(second, space(0)));
            trace.get("last", () -> receive(second, space(10)));
        }
    }

    private static void packetUsedAgain(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket first = sockets.loopback();
                DatagramSocket second = sockets.loopback()) {
            DatagramPacket again = space(8);
            for (String text : List.of("a", "bcd", "", "0123456789", "xyz", "12345678")) {
                first.send(packet(text, second.getLocalSocketAddress()));
                trace.get("receive", () -> receive(second, again));
            }
            first.send(packet("shortened", second.getLocalSocketAddress()));
            again.setLength(2);
            trace.get("receive", () -> receive(second, again));
            first.send(packet("longer", second.getLocalSocketAddress()));
            again.setData(new byte[5]);
            trace.get("receive", () -> receive(second, again));
        }
    }

    private static void empty(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket first = sockets.loopback();
                DatagramSocket second = sockets.loopback()) {
            first.send(packet("", second.getLocalSocketAddress()));
            DatagramPacket got = space(10);
            trace.get("receive", () -> receive(second, got));
            trace.get("length", got::getLength);
            trace.get("sender", () -> got.getPort() == first.getLocalPort());
        }
    }

    private static void large(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket first = sockets.loopback();
                DatagramSocket second = sockets.loopback()) {
            second.setReceiveBufferSize(200_000);
            byte[] data = NetFixtures.pattern(65_507);
            SocketAddress to = second.getLocalSocketAddress();
            first.send(new DatagramPacket(data, data.length, to));
            DatagramPacket got = space(70_000);
            second.setSoTimeout(5000);
            second.receive(got);
            trace.get("length", got::getLength);
            trace.get("bytes", () -> Arrays.equals(data, Arrays.copyOf(got.getData(), 65_507)));
            trace.call(
                    "too large",
                    () -> first.send(new DatagramPacket(new byte[65_508], 65_508, to)));
            first.send(packet("still works", to));
            trace.get("receive", () -> receive(second, got));
        }
    }

    private static void connected(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket first = sockets.loopback();
                DatagramSocket second = sockets.loopback();
                DatagramSocket stranger = sockets.loopback()) {
            first.connect(second.getLocalSocketAddress());
            trace.state(first);
            DatagramPacket nowhere = new DatagramPacket("hi".getBytes(), 2);
            first.send(nowhere);
            trace.get("address set", () -> nowhere.getSocketAddress() != null);
            DatagramPacket got = space(10);
            trace.get("receive", () -> receive(second, got));
            trace.call(
                    "send elsewhere",
                    () -> first.send(packet("x", stranger.getLocalSocketAddress())));
            stranger.send(packet("strange", first.getLocalSocketAddress()));
            second.send(packet("mine", first.getLocalSocketAddress()));
            trace.get("filtered", () -> receive(first, space(10)));
        }
    }

    private static void connectFlushes(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket first = sockets.loopback();
                DatagramSocket second = sockets.loopback();
                DatagramSocket stranger = sockets.loopback()) {
            stranger.send(packet("before", first.getLocalSocketAddress()));
            first.connect(second.getLocalSocketAddress());
            second.send(packet("after", first.getLocalSocketAddress()));
            trace.get("receive", () -> receive(first, space(10)));
        }
    }

    private static void reconnect(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket first = sockets.anywhere();
                DatagramSocket second = sockets.loopback();
                DatagramSocket third = sockets.loopback()) {
            first.connect(second.getLocalSocketAddress());
            trace.call("again", () -> first.connect(third.getLocalSocketAddress()));
            trace.get("to the third", () -> first.getPort() == third.getLocalPort());
            first.send(new DatagramPacket("hi".getBytes(), 2));
            trace.get("receive", () -> receive(third, space(10)));
        }
    }

    private static void disconnect(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket first = sockets.anywhere();
                DatagramSocket second = sockets.loopback();
                DatagramSocket third = sockets.loopback()) {
            int port = first.getLocalPort();
            first.connect(second.getLocalSocketAddress());
            trace.state(first);
            first.disconnect();
            trace.state(first);
            trace.get("port stays", () -> first.getLocalPort() == port);
            InetSocketAddress to = new InetSocketAddress(NetFixtures.loopback(), port);
            third.send(packet("from the third", to));
            trace.get("receive", () -> receive(first, space(20)));
            trace.call("send to nobody", () -> first.send(new DatagramPacket(new byte[1], 1)));
            first.send(packet("any", third.getLocalSocketAddress()));
            trace.get("receive", () -> receive(third, space(20)));
        }
    }

    private static void portUnreachable(Sockets sockets, Trace trace) throws IOException {
        InetSocketAddress nobody;
        try (DatagramSocket gone = sockets.loopback()) {
            nobody = (InetSocketAddress) gone.getLocalSocketAddress();
        }
        try (DatagramSocket socket = sockets.loopback();
                DatagramSocket peer = sockets.loopback()) {
            trace.call("unconnected", () -> socket.send(packet("a", nobody)));
            socket.connect(nobody);
            trace.call("send", () -> socket.send(packet("a", nobody)));
            trace.call("receive", () -> receive(socket, space(1)));
            socket.connect(peer.getLocalSocketAddress());
            peer.send(packet("usable", socket.getLocalSocketAddress()));
            trace.get("receive", () -> receive(socket, space(10)));
        }
    }

    private static void badSends(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket socket = sockets.loopback()) {
            trace.call("no address", () -> socket.send(new DatagramPacket(new byte[1], 1)));
            trace.call(
                    "port 0",
                    () ->
                            socket.send(
                                    packet("a", new InetSocketAddress(NetFixtures.loopback(), 0))));
            trace.call("null", () -> socket.send(null));
            trace.call("receive null", () -> socket.receive(null));
        }
    }

    private static void badConnects(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket socket = sockets.loopback()) {
            trace.call("null", () -> socket.connect(null));
            trace.call("null address", () -> socket.connect(null, 1));
            trace.call(
                    "unresolved",
                    () -> socket.connect(InetSocketAddress.createUnresolved("x.invalid", 1)));
            trace.call("port 0", () -> socket.connect(NetFixtures.loopback(), 0));
            trace.call("bad port", () -> socket.connect(NetFixtures.loopback(), 70_000));
            trace.call("other kind", () -> socket.connect(new SocketAddress() {}));
            trace.state(socket);
        }
    }

    private static void badBinds(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket taken = sockets.loopback();
                DatagramSocket socket = sockets.bound(null)) {
            trace.call("taken", () -> socket.bind(taken.getLocalSocketAddress()));
            trace.call("other kind", () -> socket.bind(new SocketAddress() {}));
            trace.call(
                    "not ours",
                    () ->
                            socket.bind(
                                    new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 0)));
            trace.call(
                    "unresolved",
                    () -> socket.bind(InetSocketAddress.createUnresolved("x.invalid", 1)));
            trace.state(socket);
            trace.call("at last", () -> socket.bind(null));
            trace.state(socket);
            trace.call("new, taken", () -> sockets.bound(taken.getLocalSocketAddress()).close());
        }
    }

    private static void timeout(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket socket = sockets.loopback()) {
            socket.setSoTimeout(2);
            trace.get("getSoTimeout", socket::getSoTimeout);
            trace.call("receive", () -> socket.receive(space(1)));
            trace.call("negative", () -> socket.setSoTimeout(-1));
            socket.send(packet("self", socket.getLocalSocketAddress()));
            trace.get("receive", () -> receive(socket, space(10)));
        }
    }

    private static void options(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket socket = sockets.anywhere()) {
            socket.setBroadcast(false);
            socket.setReuseAddress(true);
            socket.setTrafficClass(0x10);
            socket.setSendBufferSize(20_000);
            socket.setReceiveBufferSize(30_000);
            socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 3);
            socket.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false);
            socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, lo());
            trace.get("getBroadcast", socket::getBroadcast);
            trace.get("getReuseAddress", socket::getReuseAddress);
            trace.get("getTrafficClass", socket::getTrafficClass);
            trace.get("getSendBufferSize", socket::getSendBufferSize);
            trace.get("getReceiveBufferSize", socket::getReceiveBufferSize);
            trace.get("ttl", () -> socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
            trace.get("loop", () -> socket.getOption(StandardSocketOptions.IP_MULTICAST_LOOP));
            trace.get("if", () -> socket.getOption(StandardSocketOptions.IP_MULTICAST_IF));
            trace.call(
                    "broadcast not allowed",
                    () -> socket.send(packet("x", new InetSocketAddress("255.255.255.255", 9))));
        }
        try (DatagramSocket socket = sockets.anywhere()) {
            trace.get("ttl", () -> socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
            trace.get("loop", () -> socket.getOption(StandardSocketOptions.IP_MULTICAST_LOOP));
            trace.get("if", () -> socket.getOption(StandardSocketOptions.IP_MULTICAST_IF));
            trace.get("channel", socket::getChannel);
            trace.get(
                    "supported",
                    () ->
                            socket.supportedOptions().stream()
                                    .map(Object::toString)
                                    .filter(name -> !name.contains("NAPI"))
                                    .sorted()
                                    .toList());
        }
    }

    private static void badOptions(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket socket = sockets.anywhere()) {
            trace.call("send buffer 0", () -> socket.setSendBufferSize(0));
            trace.call("receive buffer -1", () -> socket.setReceiveBufferSize(-1));
            trace.call("traffic class", () -> socket.setTrafficClass(256));
            trace.call("of TCP", () -> socket.setOption(StandardSocketOptions.TCP_NODELAY, true));
            trace.call("null name", () -> socket.setOption(null, true));
            trace.call("ttl", () -> socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 256));
            trace.call(
                    "null if", () -> socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, null));
        }
    }

    private static NetworkInterface lo() throws SocketException {
        return NetworkInterface.getByInetAddress(NetFixtures.loopback());
    }

    private static InetSocketAddress group(String literal) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), 0);
    }

    private static void multicast(Sockets sockets, Trace trace) throws IOException {
        multicast(sockets, trace, "239.255.7.7", lo());
    }

    private static void multicast6(Sockets sockets, Trace trace) throws IOException {
        trace.get("always", () -> true);
        NetworkInterface six = withInet6();
        if (six != null) {
            multicast(sockets, trace, "ff11::7:7", six);
        }
    }

    private static NetworkInterface withInet6() throws SocketException {
        for (Enumeration<NetworkInterface> all = NetworkInterface.getNetworkInterfaces();
                all.hasMoreElements(); ) {
            NetworkInterface each = all.nextElement();
            boolean six = each.inetAddresses().anyMatch(a -> a.getAddress().length == 16);
            if (six && each.isUp() && each.supportsMulticast()) {
                return each;
            }
        }
        return null;
    }

    private static void multicast(Sockets sockets, Trace trace, String literal, NetworkInterface at)
            throws IOException {
        InetSocketAddress group = group(literal);
        try (DatagramSocket member = sockets.anywhere();
                DatagramSocket other = sockets.anywhere();
                DatagramSocket sender = sockets.anywhere()) {
            sender.setOption(StandardSocketOptions.IP_MULTICAST_IF, at);
            InetSocketAddress to = new InetSocketAddress(group.getAddress(), member.getLocalPort());
            member.setSoTimeout(20);
            sender.send(packet("early", to));
            trace.call("not a member", () -> member.receive(space(10)));
            trace.call("join", () -> member.joinGroup(group, at));
            trace.call("join again", () -> member.joinGroup(group, at));
            other.setSoTimeout(20);
            sender.send(
                    packet("x", new InetSocketAddress(group.getAddress(), other.getLocalPort())));
            trace.call("joined by another", () -> other.receive(space(10)));
            sender.send(packet("to all", to));
            trace.get("receive", () -> receive(member, space(10)));
            trace.call("leave", () -> member.leaveGroup(group, at));
            trace.call("leave again", () -> member.leaveGroup(group, at));
            sender.send(packet("late", to));
            member.setSoTimeout(20);
            trace.call("no member any more", () -> member.receive(space(10)));
        }
    }

    private static void badGroups(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket socket = sockets.anywhere()) {
            trace.call("no group", () -> socket.joinGroup(group("127.0.0.1"), lo()));
            trace.call("null", () -> socket.joinGroup(null, lo()));
            trace.call("other kind", () -> socket.joinGroup(new SocketAddress() {}, lo()));
            trace.call(
                    "unresolved",
                    () -> socket.joinGroup(InetSocketAddress.createUnresolved("x", 1), lo()));
            trace.call("not joined", () -> socket.leaveGroup(group("239.255.7.8"), lo()));
        }
    }

    private static void ipv6(Sockets sockets, Trace trace) throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);
        trace.get("always", () -> true);
        if (withInet6() == null && NetworkInterface.getByInetAddress(any.getAddress()) == null) {
            return;
        }
        try (DatagramSocket first = sockets.bound(any);
                DatagramSocket second = sockets.bound(any)) {
            trace.state(first);
            first.send(packet("six", second.getLocalSocketAddress()));
            DatagramPacket got = space(10);
            trace.get("receive", () -> receive(second, got));
            trace.get("sender", got::getAddress);
            first.connect(second.getLocalSocketAddress());
            trace.state(first);
        }
    }

    private static void linkLocal(Sockets sockets, Trace trace) throws IOException {
        trace.get("always", () -> true);
        NetworkInterface six = withInet6();
        InetAddress local =
                six == null
                        ? null
                        : six.inetAddresses()
                                .filter(InetAddress::isLinkLocalAddress)
                                .filter(address -> address.getAddress().length == 16)
                                .findFirst()
                                .orElse(null);
        if (local == null) {
            return;
        }
        try (DatagramSocket first = sockets.bound(new InetSocketAddress(local, 0));
                DatagramSocket second = sockets.bound(new InetSocketAddress(local, 0))) {
            trace.get("getLocalAddress", first::getLocalAddress);
            first.send(packet("scoped", second.getLocalSocketAddress()));
            DatagramPacket got = space(10);
            trace.get("receive", () -> receive(second, got));
            trace.get("sender", got::getAddress);
            got.setData("back".getBytes());
            second.send(got);
            trace.get("receive", () -> receive(first, space(10)));
            first.connect(second.getLocalSocketAddress());
            trace.state(first);
        }
    }

    private static void dualStack(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket any = sockets.anywhere();
                DatagramSocket four = sockets.loopback()) {
            InetSocketAddress to =
                    new InetSocketAddress(NetFixtures.loopback(), any.getLocalPort());
            four.send(packet("four", to));
            DatagramPacket got = space(10);
            trace.get("receive", () -> receive(any, got));
            trace.get("sender", got::getAddress);
            got.setData("back".getBytes());
            any.send(got);
            trace.get("receive", () -> receive(four, got));
            any.connect(four.getLocalSocketAddress());
            trace.get("local", any::getLocalAddress);
        }
    }

    private static void reuse(Sockets sockets, Trace trace) throws IOException {
        try (DatagramSocket first = sockets.bound(null);
                DatagramSocket second = sockets.bound(null)) {
            first.setReuseAddress(true);
            second.setReuseAddress(true);
            first.bind(new InetSocketAddress(NetFixtures.loopback(), 0));
            trace.call("same port", () -> second.bind(first.getLocalSocketAddress()));
        }
    }
}
