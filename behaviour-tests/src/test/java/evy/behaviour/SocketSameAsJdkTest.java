package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.behaviour.NetFixtures.FullBacklog;
import evy.behaviour.NetFixtures.Platform;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/**
 * The same conversations on the JDK's sockets and on green ones, on platform and on green threads:
 * results, exceptions and their texts must be the same, word for word.
 */
@ExtendWith(LeakCheckExtension.class)
class SocketSameAsJdkTest {
    private static final Pattern PORTS = Pattern.compile("\\b\\d{4,5}\\b");

    /* Green sockets say in addition which address it was about. */
    private static final Pattern ADDRESS_AT_THE_END =
            Pattern.compile(": ([0-9.]+|\\[[0-9a-f:]+]):\\d+$");

    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    /** Whose sockets. */
    private enum Sockets {
        JDK {
            @Override
            Socket socket() {
                return new Socket();
            }

            @Override
            ServerSocket server() throws IOException {
                return new ServerSocket();
            }
        },
        GREEN {
            @Override
            Socket socket() throws IOException {
                return new GreenSocket();
            }

            @Override
            ServerSocket server() {
                return new GreenServerSocket();
            }
        };

        abstract Socket socket() throws IOException;

        abstract ServerSocket server() throws IOException;

        ServerSocket listener() throws IOException {
            ServerSocket server = server();
            server.bind(new InetSocketAddress(NetFixtures.loopback(), 0));
            return server;
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
            } catch (NullPointerException e) {
                outcome = e.getClass().getName(); // the text depends on the compiler
            } catch (ConnectException | BindException e) {
                String text = ADDRESS_AT_THE_END.matcher(e.getMessage()).replaceAll("");
                outcome = e.getClass().getName() + ": " + text;
            } catch (Exception e) {
                outcome = e.getClass().getName() + ": " + e.getMessage();
            }
            lines.add(what + " -> " + PORTS.matcher(outcome).replaceAll("<port>"));
        }

        void call(String what, Action action) {
            get(
                    what,
                    () -> {
                        action.run();
                        return "done";
                    });
        }

        void state(Socket socket) {
            get("isBound", socket::isBound);
            get("isConnected", socket::isConnected);
            get("isClosed", socket::isClosed);
            get("isInputShutdown", socket::isInputShutdown);
            get("isOutputShutdown", socket::isOutputShutdown);
            get("toString", socket::toString);
            get("getPort", () -> socket.getPort() > 0);
            get("getLocalPort", () -> Integer.signum(socket.getLocalPort()));
            get("getInetAddress", socket::getInetAddress);
            get("getLocalAddress", socket::getLocalAddress);
            get("getRemoteSocketAddress", socket::getRemoteSocketAddress);
            get("getLocalSocketAddress", socket::getLocalSocketAddress);
            get("getChannel", socket::getChannel);
        }

        void state(ServerSocket server) {
            get("isBound", server::isBound);
            get("isClosed", server::isClosed);
            get("toString", server::toString);
            get("getLocalPort", () -> Integer.signum(server.getLocalPort()));
            get("getInetAddress", server::getInetAddress);
            get("getLocalSocketAddress", server::getLocalSocketAddress);
            get("getChannel", server::getChannel);
        }
    }

    @FunctionalInterface
    private interface Conversation {
        void hold(Sockets sockets, Trace trace) throws Exception;
    }

    @FunctionalInterface
    private interface Exchange {
        void hold(Socket client, Socket server, Trace trace) throws Exception;
    }

    private static Conversation between(Exchange exchange) {
        return (sockets, trace) -> {
            try (ServerSocket listener = sockets.listener();
                    Socket client = sockets.socket()) {
                client.connect(listener.getLocalSocketAddress());
                try (Socket server = listener.accept()) {
                    exchange.hold(client, server, trace);
                }
            }
        };
    }

    /** What is compared. */
    private enum Subject {
        UNCONNECTED(SocketSameAsJdkTest::unconnected),
        CLOSED(SocketSameAsJdkTest::closed),
        CLOSED_AFTER_USE(between(SocketSameAsJdkTest::closedAfterUse)),
        CONNECTED(between(SocketSameAsJdkTest::connected)),
        REFUSED(SocketSameAsJdkTest::refused),
        BAD_ADDRESSES(SocketSameAsJdkTest::badAddresses),
        UNRESOLVED(SocketSameAsJdkTest::unresolved),
        CONNECT_TWICE(between(SocketSameAsJdkTest::connectTwice)),
        CONNECT_TIMEOUT(SocketSameAsJdkTest::connectTimeout),
        BIND(SocketSameAsJdkTest::bind),
        SERVER_UNBOUND(SocketSameAsJdkTest::serverUnbound),
        SERVER_BOUND(SocketSameAsJdkTest::serverBound),
        SERVER_CLOSED(SocketSameAsJdkTest::serverClosed),
        SERVER_TIMEOUT(SocketSameAsJdkTest::serverTimeout),
        OPTIONS(between(SocketSameAsJdkTest::options)),
        BAD_OPTIONS(between(SocketSameAsJdkTest::badOptions)),
        SERVER_OPTIONS(SocketSameAsJdkTest::serverOptions),
        READ_TIMEOUT(between(SocketSameAsJdkTest::readTimeout)),
        BAD_READS_AND_WRITES(between(SocketSameAsJdkTest::badReadsAndWrites)),
        END_OF_STREAM(between(SocketSameAsJdkTest::endOfStream)),
        RESET(between(SocketSameAsJdkTest::reset)),
        HALF_CLOSE_OF_OUTPUT(between(SocketSameAsJdkTest::halfCloseOfOutput)),
        HALF_CLOSE_OF_INPUT(between(SocketSameAsJdkTest::halfCloseOfInput)),
        STREAMS(between(SocketSameAsJdkTest::streams)),
        URGENT(between(SocketSameAsJdkTest::urgent)),
        URGENT_NOT_INLINE(between(SocketSameAsJdkTest::urgentNotInline)),
        EXTENDED_OPTIONS(between(SocketSameAsJdkTest::extendedOptions)),
        HOST_NAME(SocketSameAsJdkTest::hostName),
        HOST_NAME_OF_FAILURE(SocketSameAsJdkTest::hostNameOfFailure),
        DUAL_STACK(SocketSameAsJdkTest::dualStack),
        FAMILIES(SocketSameAsJdkTest::families),
        LINK_LOCAL(SocketSameAsJdkTest::linkLocal),
        BIND_AND_CONNECT(SocketSameAsJdkTest::bindAndConnect),
        REUSE_PORT(SocketSameAsJdkTest::reusePort),
        IPV6(SocketSameAsJdkTest::ipv6),
        WILDCARD(SocketSameAsJdkTest::wildcard),
        CLOSE_WHILE_READING(between(SocketSameAsJdkTest::closeWhileReading));

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
    @Spec({"SOCK9", "SOCK10", "SOCK12", "SOCK14", "SOCK17", "SOCK20", "SOCK25", "HUB18"})
    void conversation_onGreenSockets_goesAsOnTheJdks(Subject subject) throws Exception {
        List<String> expected = onPlatformThread(() -> subject.hold(Sockets.JDK));
        List<String> jdkOnGreenThread = Evy.run(() -> subject.hold(Sockets.JDK));
        List<String> greenOnPlatformThread = onPlatformThread(() -> subject.hold(Sockets.GREEN));
        List<String> greenOnGreenThread = Evy.run(() -> subject.hold(Sockets.GREEN));

        assertThat(expected).isNotEmpty();
        assertThat(differences(expected, jdkOnGreenThread)).as("JDK, green thread").isEmpty();
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

    private static void unconnected(Sockets sockets, Trace trace) throws IOException {
        try (Socket socket = sockets.socket()) {
            trace.state(socket);
            trace.get("getInputStream", socket::getInputStream);
            trace.get("getOutputStream", socket::getOutputStream);
            trace.call("shutdownInput", socket::shutdownInput);
            trace.call("shutdownOutput", socket::shutdownOutput);
            trace.call("sendUrgentData", () -> socket.sendUrgentData(1));
            trace.state(socket);
        }
    }

    private static void closed(Sockets sockets, Trace trace) throws IOException {
        Socket socket = sockets.socket();
        socket.close();
        trace.call("close again", socket::close);
        trace.state(socket);
        useClosed(socket, trace);
    }

    private static void useClosed(Socket socket, Trace trace) {
        trace.get("getInputStream", socket::getInputStream);
        trace.get("getOutputStream", socket::getOutputStream);
        trace.call("connect", () -> socket.connect(new InetSocketAddress("127.0.0.1", 1)));
        trace.call("bind", () -> socket.bind(null));
        trace.call("shutdownInput", socket::shutdownInput);
        trace.call("shutdownOutput", socket::shutdownOutput);
        trace.call("sendUrgentData", () -> socket.sendUrgentData(1));
        trace.get("getSoTimeout", socket::getSoTimeout);
        trace.call("setSoTimeout", () -> socket.setSoTimeout(1));
        trace.get("getTcpNoDelay", socket::getTcpNoDelay);
        trace.call("setTcpNoDelay", () -> socket.setTcpNoDelay(true));
        trace.call("setSoLinger", () -> socket.setSoLinger(true, 1));
        trace.get("getReuseAddress", socket::getReuseAddress);
        trace.get("getOption", () -> socket.getOption(StandardSocketOptions.TCP_NODELAY));
        trace.get("setOption", () -> socket.setOption(StandardSocketOptions.TCP_NODELAY, true));
    }

    private static void closedAfterUse(Socket client, Socket server, Trace trace)
            throws IOException {
        InputStream in = client.getInputStream();
        OutputStream out = client.getOutputStream();
        out.write(1);
        trace.get("read", server.getInputStream()::read);
        client.close();
        trace.state(client);
        useClosed(client, trace);
        trace.get("read", in::read);
        trace.get("available", in::available);
        trace.get("read nothing", () -> in.read(new byte[0]));
        trace.call("write", () -> out.write(1));
        trace.call("write nothing", () -> out.write(new byte[0]));
        trace.call("flush", out::flush);
        trace.call("close in", in::close);
        trace.call("close out", out::close);
    }

    private static void connected(Socket client, Socket server, Trace trace) throws IOException {
        for (Socket socket : List.of(client, server)) {
            trace.state(socket);
            InputStream in = socket.getInputStream();
            trace.get("getInputStream", () -> socket.getInputStream() == in);
            trace.get("getSoTimeout", socket::getSoTimeout);
        }
        client.getOutputStream().write("hello".getBytes());
        trace.get("readNBytes", () -> server.getInputStream().readNBytes(5));
        server.getInputStream().close();
        trace.get("closed by its stream", server::isClosed);
        trace.get("read", client.getInputStream()::read);
        client.getOutputStream().close();
        trace.get("closed by its stream", client::isClosed);
    }

    private static void refused(Sockets sockets, Trace trace) throws IOException {
        InetSocketAddress nobody = NetFixtures.refusing();
        try (Socket socket = sockets.socket()) {
            trace.call("connect", () -> socket.connect(nobody));
            trace.get("isClosed", socket::isClosed);
            trace.get("isConnected", socket::isConnected);
            trace.call("connect again", () -> socket.connect(nobody));
        }
        try (Socket socket = sockets.socket()) {
            trace.call("connect with timeout", () -> socket.connect(nobody, 20_000));
        }
    }

    private static void badAddresses(Sockets sockets, Trace trace) throws IOException {
        try (Socket socket = sockets.socket();
                ServerSocket server = sockets.server()) {
            trace.call("connect null", () -> socket.connect(null));
            trace.call("connect strange", () -> socket.connect(new Strange()));
            trace.call("connect -1 ms", () -> socket.connect(NetFixtures.refusing(), -1));
            trace.call("bind strange", () -> socket.bind(new Strange()));
            trace.call("bind server strange", () -> server.bind(new Strange()));
            trace.call("port", () -> socket.connect(new InetSocketAddress("127.0.0.1", 70_000)));
            trace.call("port", () -> server.bind(new InetSocketAddress("127.0.0.1", -1)));
            trace.get("isClosed", socket::isClosed);
            trace.get("isBound", server::isBound);
        }
        try (Socket socket = sockets.socket()) {
            InetSocketAddress foreign = new InetSocketAddress("192.0.2.1", 0);
            trace.call("bind foreign", () -> socket.bind(foreign));
            trace.get("isBound", socket::isBound);
        }
    }

    /** An address that no socket knows. */
    private static final class Strange extends SocketAddress {
        private static final long serialVersionUID = 1L;
    }

    private static void unresolved(Sockets sockets, Trace trace) throws IOException {
        InetSocketAddress unknown = InetSocketAddress.createUnresolved("host.invalid", 80);
        try (Socket socket = sockets.socket()) {
            trace.call("connect", () -> socket.connect(unknown));
            trace.get("isClosed", socket::isClosed);
        }
        try (Socket socket = sockets.socket();
                ServerSocket server = sockets.server()) {
            trace.call("bind", () -> socket.bind(unknown));
            trace.call("bind server", () -> server.bind(unknown));
        }
    }

    private static void connectTwice(Socket client, Socket server, Trace trace) {
        trace.call("connect", () -> client.connect(server.getLocalSocketAddress()));
        trace.call("connect accepted", () -> server.connect(client.getLocalSocketAddress()));
        trace.call("bind connected", () -> client.bind(null));
        trace.get("isConnected", client::isConnected);
        trace.get("isClosed", client::isClosed);
    }

    private static void connectTimeout(Sockets sockets, Trace trace) throws IOException {
        try (FullBacklog full = new FullBacklog();
                Socket socket = sockets.socket()) {
            trace.call("connect", () -> socket.connect(full.address(), 20));
            trace.get("isClosed", socket::isClosed);
            trace.get("isConnected", socket::isConnected);
        }
    }

    private static void bind(Sockets sockets, Trace trace) throws IOException {
        try (ServerSocket first = sockets.listener();
                ServerSocket second = sockets.server();
                Socket socket = sockets.socket()) {
            trace.call("bind taken", () -> second.bind(first.getLocalSocketAddress()));
            trace.call("bind twice", () -> first.bind(null));
            trace.call("bind client taken", () -> socket.bind(first.getLocalSocketAddress()));
        }
        try (ServerSocket listener = sockets.listener();
                Socket socket = sockets.socket()) {
            trace.call("bind client", () -> socket.bind(new InetSocketAddress("127.0.0.1", 0)));
            trace.state(socket);
            trace.call("connect", () -> socket.connect(listener.getLocalSocketAddress()));
            trace.state(socket);
        }
    }

    private static void serverUnbound(Sockets sockets, Trace trace) throws IOException {
        try (ServerSocket server = sockets.server()) {
            trace.state(server);
            trace.get("accept", server::accept);
            trace.get("getSoTimeout", server::getSoTimeout);
            trace.call("bind backlog 0", () -> server.bind(null, 0));
            trace.state(server);
        }
    }

    private static void serverBound(Sockets sockets, Trace trace) throws IOException {
        try (ServerSocket server = sockets.server()) {
            trace.call("bind", () -> server.bind(new InetSocketAddress("127.0.0.1", 0), -5));
            trace.state(server);
            server.close();
            trace.state(server);
        }
    }

    private static void serverClosed(Sockets sockets, Trace trace) throws IOException {
        ServerSocket server = sockets.listener();
        server.close();
        trace.call("close again", server::close);
        trace.get("accept", server::accept);
        trace.call("bind", () -> server.bind(null));
        trace.get("getSoTimeout", server::getSoTimeout);
        trace.call("setSoTimeout", () -> server.setSoTimeout(1));
        trace.get("getReuseAddress", server::getReuseAddress);
        trace.call("setReuseAddress", () -> server.setReuseAddress(true));
        trace.get("getReceiveBufferSize", server::getReceiveBufferSize);
        trace.state(server);
    }

    private static void serverTimeout(Sockets sockets, Trace trace) throws IOException {
        try (ServerSocket server = sockets.listener()) {
            server.setSoTimeout(20);
            trace.get("getSoTimeout", server::getSoTimeout);
            trace.get("accept", server::accept);
            trace.get("accept", server::accept);
            try (Socket client = sockets.socket()) {
                client.connect(server.getLocalSocketAddress());
                server.setSoTimeout(20_000);
                try (Socket accepted = server.accept()) {
                    trace.get("not inherited", accepted::getSoTimeout);
                }
            }
            trace.call("negative", () -> server.setSoTimeout(-1));
        }
    }

    private static void options(Socket client, Socket server, Trace trace) throws IOException {
        for (Socket socket : List.of(client, server)) {
            trace.get("getTcpNoDelay", socket::getTcpNoDelay);
            trace.get("getKeepAlive", socket::getKeepAlive);
            trace.get("getReuseAddress", socket::getReuseAddress);
            trace.get("getOOBInline", socket::getOOBInline);
            trace.get("getSoLinger", socket::getSoLinger);
            trace.get("getTrafficClass", socket::getTrafficClass);
        }
        client.setTcpNoDelay(true);
        client.setKeepAlive(true);
        client.setReuseAddress(true);
        client.setOOBInline(true);
        client.setSoLinger(true, 100_000);
        client.setTrafficClass(0x08);
        client.setSendBufferSize(10_000);
        client.setReceiveBufferSize(10_000);
        client.setSoTimeout(123);
        trace.get("getTcpNoDelay", client::getTcpNoDelay);
        trace.get("getKeepAlive", client::getKeepAlive);
        trace.get("getReuseAddress", client::getReuseAddress);
        trace.get("getOOBInline", client::getOOBInline);
        trace.get("getSoLinger", client::getSoLinger);
        trace.get("getTrafficClass", client::getTrafficClass);
        trace.get("getSendBufferSize", () -> client.getSendBufferSize() >= 10_000);
        trace.get("getReceiveBufferSize", () -> client.getReceiveBufferSize() >= 10_000);
        trace.get("getSoTimeout", client::getSoTimeout);
        client.setSoLinger(false, 5);
        trace.get("getSoLinger", client::getSoLinger);
        trace.get("SO_LINGER", () -> client.getOption(StandardSocketOptions.SO_LINGER));
        trace.get("TCP_NODELAY", () -> client.getOption(StandardSocketOptions.TCP_NODELAY));
        trace.get("SO_REUSEPORT", () -> client.getOption(StandardSocketOptions.SO_REUSEPORT));
        trace.call("preferences", () -> client.setPerformancePreferences(1, 2, 3));
    }

    private static void badOptions(Socket client, Socket server, Trace trace) {
        trace.call("setSoTimeout", () -> client.setSoTimeout(-1));
        trace.call("setSoLinger", () -> client.setSoLinger(true, -1));
        trace.call("setSendBufferSize", () -> client.setSendBufferSize(0));
        trace.call("setReceiveBufferSize", () -> client.setReceiveBufferSize(-5));
        trace.call("setTrafficClass", () -> client.setTrafficClass(256));
        trace.call("setTrafficClass", () -> client.setTrafficClass(-1));
        trace.get("null", () -> client.setOption(null, 1));
        trace.get(
                "not for TCP",
                () -> server.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true));
        trace.get("not for TCP", () -> server.getOption(StandardSocketOptions.IP_MULTICAST_LOOP));
        trace.get("isClosed", client::isClosed);
    }

    private static void serverOptions(Sockets sockets, Trace trace) throws IOException {
        try (ServerSocket server = sockets.server()) {
            trace.get("getReuseAddress", server::getReuseAddress);
            server.setReuseAddress(false);
            trace.get("getReuseAddress", server::getReuseAddress);
            server.setReceiveBufferSize(10_000);
            trace.get("getReceiveBufferSize", () -> server.getReceiveBufferSize() >= 10_000);
            trace.call("setReceiveBufferSize", () -> server.setReceiveBufferSize(0));
            trace.get(
                    "not for listeners",
                    () -> server.setOption(StandardSocketOptions.TCP_NODELAY, true));
            server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            trace.get("SO_REUSEPORT", () -> server.getOption(StandardSocketOptions.SO_REUSEPORT));
        }
    }

    private static void readTimeout(Socket client, Socket server, Trace trace) throws IOException {
        client.setSoTimeout(20);
        InputStream in = client.getInputStream();
        trace.get("read", in::read);
        trace.get("read array", () -> in.read(new byte[5]));
        server.getOutputStream().write(7);
        client.setSoTimeout(20_000);
        trace.get("read", in::read);
        trace.get("isClosed", client::isClosed);
    }

    private static void badReadsAndWrites(Socket client, Socket server, Trace trace)
            throws IOException {
        InputStream in = client.getInputStream();
        OutputStream out = client.getOutputStream();
        byte[] five = new byte[5];
        trace.get("read past", () -> in.read(five, 3, 3));
        trace.get("read before", () -> in.read(five, -1, 3));
        trace.get("read negative", () -> in.read(five, 0, -1));
        trace.get("read null", () -> in.read(null, 0, 1));
        trace.get("read nothing", () -> in.read(five, 5, 0));
        trace.call("write past", () -> out.write(five, 3, 3));
        trace.call("write before", () -> out.write(five, -1, 3));
        trace.call("write negative", () -> out.write(five, 0, -1));
        trace.call("write null", () -> out.write(null, 0, 1));
        trace.call("write nothing", () -> out.write(five, 5, 0));
        trace.call("write one", () -> out.write(0x1ff));
        trace.get("read one", server.getInputStream()::read);
    }

    private static void endOfStream(Socket client, Socket server, Trace trace) throws IOException {
        server.getOutputStream().write("end".getBytes());
        server.close();
        InputStream in = client.getInputStream();
        trace.get("readAllBytes", in::readAllBytes);
        trace.get("read", in::read);
        trace.get("read array", () -> in.read(new byte[5]));
        trace.get("read nothing", () -> in.read(new byte[0]));
        trace.get("available", in::available);
        trace.get("isInputShutdown", client::isInputShutdown);
        trace.get("isClosed", client::isClosed);
    }

    private static void reset(Socket client, Socket server, Trace trace) throws IOException {
        server.setSoLinger(true, 0);
        server.close();
        InputStream in = client.getInputStream();
        trace.get("read", in::read);
        trace.get("read again", in::read);
        trace.call(
                "write",
                () -> {
                    for (int i = 0; i < 1_000; i++) {
                        client.getOutputStream().write(new byte[1_000]);
                    }
                });
        trace.get("isClosed", client::isClosed);
    }

    private static void halfCloseOfOutput(Socket client, Socket server, Trace trace)
            throws IOException {
        OutputStream out = client.getOutputStream();
        out.write("bye".getBytes());
        client.shutdownOutput();
        trace.get("isOutputShutdown", client::isOutputShutdown);
        trace.get("readAllBytes", server.getInputStream()::readAllBytes);
        trace.call("write", () -> out.write(1));
        trace.call("shutdownOutput", client::shutdownOutput);
        trace.get("getOutputStream", client::getOutputStream);
        server.getOutputStream().write(5);
        trace.get("read", client.getInputStream()::read);
        trace.get("isClosed", client::isClosed);
    }

    private static void halfCloseOfInput(Socket client, Socket server, Trace trace)
            throws IOException {
        InputStream in = client.getInputStream();
        client.shutdownInput();
        trace.get("isInputShutdown", client::isInputShutdown);
        trace.get("read", in::read);
        server.getOutputStream().write(1);
        trace.get("read", in::read);
        trace.get("available", in::available);
        trace.call("shutdownInput", client::shutdownInput);
        trace.get("getInputStream", client::getInputStream);
        client.getOutputStream().write(6);
        trace.get("read at the other end", server.getInputStream()::read);
    }

    private static void streams(Socket client, Socket server, Trace trace) throws IOException {
        byte[] data = NetFixtures.pattern(50_000);
        client.getOutputStream().write(data);
        client.getOutputStream().flush();
        client.shutdownOutput();
        InputStream in = server.getInputStream();
        trace.get("markSupported", in::markSupported);
        trace.get("skip", () -> in.skip(10));
        trace.get("readNBytes", () -> in.readNBytes(5));
        trace.get("the rest", () -> Arrays.hashCode(in.readAllBytes()));
        trace.get("skip at the end", () -> in.skip(10));
        trace.call("skipNBytes at the end", () -> in.skipNBytes(10));
        trace.call("mark", () -> in.mark(10));
        trace.call("reset", in::reset);
    }

    private static void urgent(Socket client, Socket server, Trace trace) throws IOException {
        server.setOOBInline(true);
        client.getOutputStream().write('a');
        client.sendUrgentData('!');
        client.getOutputStream().write('b');
        trace.get("inline", () -> server.getInputStream().readNBytes(3));
        trace.call("out of range", () -> client.sendUrgentData(0x141));
        trace.get("lowest byte", server.getInputStream()::read);
    }

    private static void urgentNotInline(Socket client, Socket server, Trace trace)
            throws IOException {
        InputStream in = server.getInputStream();
        client.getOutputStream().write('a');
        trace.get("read before", in::read);
        client.sendUrgentData('!');
        client.getOutputStream().write('b');
        client.getOutputStream().write('c');
        trace.get("read after", () -> in.readNBytes(2));
        client.sendUrgentData('?');
        client.shutdownOutput();
        trace.get("end", in::read);
    }

    private static void extendedOptions(Socket client, Socket server, Trace trace) {
        List<SocketOption<?>> options =
                client.supportedOptions().stream()
                        .filter(
                                option ->
                                        !option.name().equals("TCP_QUICKACK")) // changes by itself
                        .filter(option -> !option.name().equals("IP_TOS")) // not by all channels
                        .sorted(Comparator.comparing(SocketOption::name))
                        .<SocketOption<?>>map(option -> option)
                        .toList();
        for (SocketOption<?> option : options) {
            trace.get(option.name(), () -> client.getOption(option));
            trace.get(option.name() + " accepted", () -> server.getOption(option));
            trace.get("set " + option.name(), () -> client == setSome(client, option));
            if (!option.name().endsWith("BUF")) {
                trace.get(option.name(), () -> client.getOption(option));
            }
        }
    }

    private static <T> Socket setSome(Socket socket, SocketOption<T> option) throws IOException {
        Integer number = option.name().endsWith("BUF") ? 20_000 : 100;
        Object value = option.type() == Boolean.class ? true : (Object) number;
        return socket.setOption(option, option.type().cast(value));
    }

    private static void hostName(Sockets sockets, Trace trace) throws IOException {
        InetAddress named = InetAddress.getByAddress("some.name", new byte[] {127, 0, 0, 1});
        try (ServerSocket listener = sockets.listener();
                Socket client = sockets.socket()) {
            client.connect(new InetSocketAddress(named, listener.getLocalPort()));
            trace.get("getHostName", () -> client.getInetAddress().getHostName());
            trace.get(
                    "getRemoteSocketAddress",
                    () -> ((InetSocketAddress) client.getRemoteSocketAddress()).getHostString());
            trace.state(client);
            try (Socket accepted = listener.accept()) {
                trace.state(accepted);
            }
            client.close();
            trace.state(client);
        }
        try (ServerSocket server = sockets.server();
                Socket client = sockets.socket()) {
            server.bind(new InetSocketAddress(named, 0));
            trace.state(server);
            client.bind(new InetSocketAddress(named, 0));
            trace.state(client);
        }
    }

    private static void hostNameOfFailure(Sockets sockets, Trace trace) throws IOException {
        InetAddress named = InetAddress.getByAddress("some.name", new byte[] {127, 0, 0, 1});
        int port = NetFixtures.refusing().getPort();
        try (Socket client = sockets.socket()) {
            trace.call("connect", () -> client.connect(new InetSocketAddress(named, port)));
            trace.state(client);
        }
    }

    private static void dualStack(Sockets sockets, Trace trace) throws IOException {
        try (ServerSocket server = sockets.server()) {
            server.bind(new InetSocketAddress(0));
            for (String host : List.of("127.0.0.1", "::1", "::ffff:127.0.0.1")) {
                try (Socket client = sockets.socket()) {
                    client.connect(new InetSocketAddress(host, server.getLocalPort()));
                    trace.state(client);
                    try (Socket accepted = server.accept()) {
                        trace.state(accepted);
                    }
                }
            }
        }
    }

    private static void families(Sockets sockets, Trace trace) throws IOException {
        try (ServerSocket four = sockets.listener();
                Socket client = sockets.socket();
                Socket bound = sockets.socket()) {
            trace.call(
                    "connect 6 to 4",
                    () -> client.connect(new InetSocketAddress("::1", four.getLocalPort())));
            bound.bind(new InetSocketAddress("::1", 0));
            trace.state(bound);
            trace.get("connect 4 from 6", () -> isRefused(bound, four.getLocalSocketAddress()));
        }
    }

    /* How differs: the JDK's text is that of another system call. */
    private static boolean isRefused(Socket socket, SocketAddress address) {
        try {
            socket.connect(address);
            return false;
        } catch (IOException e) {
            return socket.isClosed();
        }
    }

    private static void linkLocal(Sockets sockets, Trace trace) throws IOException {
        trace.get("always", () -> true);
        for (NetworkInterface at : NetworkInterface.networkInterfaces().toList()) {
            for (InetAddress address : at.inetAddresses().toList()) {
                if (address instanceof Inet6Address six && six.isLinkLocalAddress()) {
                    scoped(sockets, six, trace);
                }
            }
        }
    }

    private static void scoped(Sockets sockets, Inet6Address address, Trace trace)
            throws IOException {
        try (ServerSocket server = sockets.server();
                Socket client = sockets.socket()) {
            server.bind(new InetSocketAddress(address, 0));
            trace.state(server);
            client.connect(server.getLocalSocketAddress());
            trace.state(client);
            try (Socket accepted = server.accept()) {
                trace.state(accepted);
                trace.get(
                        "scope of the peer",
                        () -> ((Inet6Address) accepted.getInetAddress()).getScopeId());
            }
        }
    }

    private static void bindAndConnect(Sockets sockets, Trace trace) throws IOException {
        try (ServerSocket listener = sockets.listener();
                Socket socket = sockets.socket()) {
            socket.setReuseAddress(true);
            socket.bind(null);
            trace.state(socket);
            trace.call("bind twice", () -> socket.bind(null));
            socket.connect(listener.getLocalSocketAddress(), 20_000);
            trace.state(socket);
            try (Socket accepted = listener.accept()) {
                trace.get("port", () -> accepted.getPort() == socket.getLocalPort());
            }
        }
    }

    private static void reusePort(Sockets sockets, Trace trace) throws IOException {
        try (ServerSocket first = sockets.server();
                ServerSocket second = sockets.server();
                ServerSocket third = sockets.server()) {
            first.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            second.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            first.setPerformancePreferences(1, 2, 3);
            first.bind(new InetSocketAddress(NetFixtures.loopback(), 0));
            trace.call("share", () -> second.bind(first.getLocalSocketAddress()));
            trace.call("unwilling", () -> third.bind(first.getLocalSocketAddress()));
            trace.state(second);
            trace.state(third);
        }
    }

    private static void ipv6(Sockets sockets, Trace trace) throws IOException {
        try (ServerSocket server = sockets.server();
                Socket client = sockets.socket()) {
            server.bind(new InetSocketAddress(InetAddress.getByName("::1"), 0));
            trace.state(server);
            client.connect(server.getLocalSocketAddress());
            trace.state(client);
            try (Socket accepted = server.accept()) {
                trace.state(accepted);
            }
        }
    }

    private static void wildcard(Sockets sockets, Trace trace) throws IOException {
        try (ServerSocket server = sockets.server();
                Socket client = sockets.socket()) {
            server.bind(new InetSocketAddress(0));
            trace.state(server);
            // the JDK takes the local host's name for it, green sockets the loopback address
            trace.call("connect", () -> client.connect(server.getLocalSocketAddress()));
            try (Socket accepted = server.accept()) {
                trace.get("isConnected", accepted::isConnected);
            }
        }
    }

    private static void closeWhileReading(Socket client, Socket server, Trace trace)
            throws Exception {
        InputStream in = client.getInputStream();
        try (Platform<Void> closer =
                Platform.start(
                        () -> {
                            // the outcome is the same if the read comes late
                            Thread.sleep(20);
                            client.close();
                            return null;
                        })) {
            trace.get("read", in::read);
        }
        trace.get("read again", in::read);
        trace.get("the other end", server.getInputStream()::read);
    }
}
