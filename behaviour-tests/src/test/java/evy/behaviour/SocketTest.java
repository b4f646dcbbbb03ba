package evy.behaviour;

import static evy.behaviour.NetFixtures.awaitTrue;
import static evy.behaviour.NetFixtures.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.behaviour.NetFixtures.FullBacklog;
import evy.behaviour.NetFixtures.Pair;
import evy.hubs.Descriptor;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.io.WouldBlockException;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Green TCP sockets: options, connecting, accepting, receiving, sending. */
@ExtendWith(LeakCheckExtension.class)
class SocketTest {
    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    // construction and options

    @Test
    @Spec("SOCK1")
    void fresh_isAPlainSocketToo_withItsDescriptorAndDefaults() throws Exception {
        Evy.run(
                () -> {
                    try (GreenSocket socket = new GreenSocket()) {
                        assertThat(socket.isConnected()).isFalse();
                        assertThat(socket.isBound()).isFalse();
                        assertThat(socket.isClosed()).isFalse();
                        assertThat(socket.getReuseAddress()).isFalse();
                        assertThat(socket.getTcpNoDelay()).isFalse();
                        assertThat(socket.descriptor().toString()).startsWith("descriptor ");
                        assertThat(socket.descriptor()).isSameAs(socket.descriptor());
                        assertThat(socket.timeout()).isNull();
                    }
                });
    }

    @Test
    @Spec("SOCK1")
    void options_setAndGet_agree() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        GreenSocket socket = pair.client();
                        socket.setReuseAddress(true);
                        socket.setTcpNoDelay(true);
                        socket.setKeepAlive(true);
                        socket.setOOBInline(true);
                        socket.setSoLinger(true, 7);
                        socket.setTrafficClass(0x10);
                        socket.setReceiveBufferSize(20_000);
                        socket.setSendBufferSize(30_000);

                        assertThat(socket.getReuseAddress()).isTrue();
                        assertThat(socket.getTcpNoDelay()).isTrue();
                        assertThat(socket.getKeepAlive()).isTrue();
                        assertThat(socket.getOOBInline()).isTrue();
                        assertThat(socket.getSoLinger()).isEqualTo(7);
                        assertThat(socket.getTrafficClass()).isEqualTo(0x10);
                        assertThat(socket.getReceiveBufferSize()).isGreaterThanOrEqualTo(20_000);
                        assertThat(socket.getSendBufferSize()).isGreaterThanOrEqualTo(30_000);

                        socket.setSoLinger(false, 0);
                        socket.setOption(StandardSocketOptions.TCP_NODELAY, false);
                        assertThat(socket.getSoLinger()).isEqualTo(-1);
                        assertThat(socket.getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
                    }
                });
    }

    @Test
    @Spec({"SOCK1", "SOCK2"})
    void supportedOptions_areTheStandardOnes() throws Exception {
        try (Socket plain = new Socket();
                GreenSocket green = new GreenSocket();
                ServerSocket plainServer = new ServerSocket();
                GreenServerSocket greenServer = new GreenServerSocket()) {
            assertThat(green.supportedOptions())
                    .contains(
                            StandardSocketOptions.SO_RCVBUF,
                            StandardSocketOptions.SO_SNDBUF,
                            StandardSocketOptions.SO_REUSEADDR,
                            StandardSocketOptions.SO_KEEPALIVE,
                            StandardSocketOptions.SO_LINGER,
                            StandardSocketOptions.TCP_NODELAY)
                    .containsAll(portable(plain.supportedOptions()));
            assertThat(greenServer.supportedOptions())
                    .contains(StandardSocketOptions.SO_REUSEADDR, StandardSocketOptions.SO_RCVBUF)
                    .containsAll(portable(plainServer.supportedOptions()));
        }
    }

    /* Without what only one kind of JDK socket knows. */
    private static List<SocketOption<?>> portable(Set<SocketOption<?>> options) {
        return options.stream()
                .filter(option -> !option.name().equals("IP_TOS"))
                .<SocketOption<?>>map(option -> option)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536, 70_000, -65_536, Integer.MIN_VALUE})
    @Spec({"SOCK2", "SOCK4"})
    void port_outOfRange_isRefusedByItsValue(int port) {
        assertThatThrownBy(() -> Evy.listen(port))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(port));
        assertThatThrownBy(() -> Evy.listen("127.0.0.1", port))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(port));
        assertThatThrownBy(() -> Evy.connect("127.0.0.1", port))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(port));
        assertThatThrownBy(
                        () -> {
                            try (GreenSocket socket = new GreenSocket()) {
                                socket.bind(new InetSocketAddress(port));
                            }
                        })
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Spec({"SOCK1", "TEST4"})
    void dropped_withoutClose_isCollectedAndClosed() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        WeakReference<GreenSocket> dropped =
                                Evy.spawn(() -> connectAndDrop(listener)).join();
                        try (GreenSocket peer = listener.accept()) {
                            peer.setTimeout(Duration.ofMillis(20));
                            awaitTrue("the end of the stream", () -> collectAndLook(peer));

                            assertThat(dropped.get()).isNull();
                        }
                    }
                });
    }

    private static WeakReference<GreenSocket> connectAndDrop(GreenServerSocket listener)
            throws IOException {
        return new WeakReference<>(Evy.connect(listener.address()));
    }

    private static boolean collectAndLook(GreenSocket peer) {
        System.gc();
        try {
            return peer.recv(1).length == 0;
        } catch (SocketTimeoutException notYet) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Spec("SOCK4")
    void bind_toPortZero_tellsTheRealPort() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket server = new GreenServerSocket();
                            GreenServerSocket any = new GreenServerSocket();
                            GreenSocket client = new GreenSocket()) {
                        server.bind(new InetSocketAddress("127.0.0.1", 0), 0);
                        any.bind(null);
                        client.bind(new InetSocketAddress("127.0.0.1", 0));

                        assertThat(server.getLocalPort()).isPositive();
                        assertThat(server.address())
                                .isEqualTo(
                                        new InetSocketAddress("127.0.0.1", server.getLocalPort()));
                        assertThat(any.getLocalPort()).isPositive();
                        assertThat(any.getInetAddress().isAnyLocalAddress()).isTrue();
                        assertThat(client.getLocalPort()).isPositive();

                        client.connect(server.address());
                        try (GreenSocket accepted = server.accept()) {
                            assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
                            assertThat(accepted.getRemoteSocketAddress())
                                    .isEqualTo(client.getLocalSocketAddress());
                            assertThat(accepted.getLocalPort()).isEqualTo(server.getLocalPort());
                        }
                    }
                });
    }

    @Test
    @Spec("SOCK4")
    void address_ofUnboundListener_isAnError() throws Exception {
        try (GreenServerSocket server = new GreenServerSocket()) {
            assertThatThrownBy(server::address)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not bound");
            assertThatThrownBy(server::accept)
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("not bound");
        }
    }

    // connecting and accepting

    @Test
    @Spec({"SOCK10", "SOCK11"})
    void connect_refused_saysSo() throws Exception {
        InetSocketAddress nobody = NetFixtures.refusing();
        Evy.run(
                () -> {
                    GreenSocket socket = new GreenSocket();
                    assertThatThrownBy(() -> socket.connect(nobody))
                            .isInstanceOf(ConnectException.class)
                            .hasMessageContaining("refused");
                    assertThat(socket.isConnected()).isFalse();
                    assertThatThrownBy(() -> Evy.connect(nobody))
                            .isInstanceOf(ConnectException.class)
                            .hasMessageContaining("refused");
                    try (GreenSocket other = new GreenSocket()) {
                        assertThat(other.connectEx(nobody)).isEqualTo(111);
                    }
                });
    }

    @Test
    @Spec("SOCK10")
    void connect_twice_isAnError() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen();
                            Pair pair = Pair.to(listener)) {
                        assertThatThrownBy(() -> pair.client().connect(listener.address()))
                                .isInstanceOf(SocketException.class)
                                .hasMessage("Already connected");
                        assertThatThrownBy(() -> pair.server().connect(listener.address()))
                                .isInstanceOf(SocketException.class);
                    }
                });
    }

    @Test
    @Spec("SOCK11")
    void connectEx_works_returnsZero() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen();
                            GreenSocket client = new GreenSocket()) {
                        assertThat(client.connectEx(listener.address())).isZero();
                        try (GreenSocket server = listener.accept()) {
                            client.sendAll(new byte[] {1});
                            assertThat(server.recv(1)).containsExactly(1);
                        }
                    }
                });
    }

    @Test
    @Spec("SOCK11")
    void connectEx_timeOver_returnsTryAgainAndNeverThrows() throws Exception {
        try (FullBacklog full = new FullBacklog()) {
            Evy.run(
                    () -> {
                        try (GreenSocket socket = new GreenSocket();
                                GreenSocket nonBlocking = new GreenSocket();
                                GreenSocket unknown = new GreenSocket()) {
                            socket.setTimeout(Duration.ofMillis(5));
                            nonBlocking.setBlocking(false);

                            assertThat(socket.connectEx(full.address())).isEqualTo(11);
                            assertThat(nonBlocking.connectEx(full.address())).isEqualTo(11);
                            assertThat(
                                            unknown.connectEx(
                                                    InetSocketAddress.createUnresolved(
                                                            "host.invalid", 80)))
                                    .isPositive();
                        }
                    });
        }
    }

    @Test
    @Spec({"SOCK11", "SOCK6"})
    void connect_nonBlockingAndStillUnderWay_goesOnWithTheNextCall() throws Exception {
        try (FullBacklog full = new FullBacklog()) {
            Evy.run(
                    () -> {
                        try (GreenSocket socket = new GreenSocket()) {
                            socket.setBlocking(false);

                            for (int i = 0; i < 3; i++) {
                                assertThatThrownBy(() -> socket.connect(full.address()))
                                        .isInstanceOf(WouldBlockException.class);
                                assertThat(socket.isClosed()).isFalse();
                                assertThat(socket.isConnected()).isFalse();
                            }
                            assertThat(socket.connectEx(full.address())).isEqualTo(11);
                        }
                    });
        }
    }

    @Test
    @Spec({"SOCK11", "SOCK6"})
    void connect_nonBlocking_isFinishedByLaterCalls() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen();
                            GreenSocket client = new GreenSocket()) {
                        client.setBlocking(false);
                        awaitTrue(
                                "the connection", () -> client.connectEx(listener.address()) == 0);

                        try (GreenSocket server = listener.accept()) {
                            server.sendAll(new byte[] {9});
                            client.setBlocking(true);
                            assertThat(client.recv(1)).containsExactly(9);
                        }
                    }
                });
    }

    @Test
    @Spec("SOCK12")
    void accept_returnsGreenSocketWithThePeersAddress() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        GreenThread<GreenSocket> accepting = Evy.spawn(listener::accept);
                        settle();
                        try (GreenSocket client = Evy.connect(listener.address());
                                GreenSocket accepted = accepting.join()) {
                            assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
                            assertThat(accepted.getInetAddress()).isEqualTo(NetFixtures.loopback());
                            assertThat(accepted.isConnected()).isTrue();
                            assertThat(accepted.timeout()).isNull();
                        }
                    }
                });
    }

    @Test
    @Spec({"SOCK12", "SOCK6"})
    void accept_nonBlocking_wouldBlockThenReturnsGreenSocket() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        listener.setTimeout(Duration.ZERO);

                        assertThatThrownBy(listener::accept)
                                .isInstanceOf(WouldBlockException.class)
                                .isNotInstanceOf(SocketTimeoutException.class);

                        try (GreenSocket client = Evy.connect(listener.address());
                                GreenSocket accepted = listener.accept()) {
                            accepted.sendAll(new byte[] {3});
                            assertThat(client.recv(1)).containsExactly(3);
                        }
                    }
                });
    }

    // receiving

    @Test
    @Spec("SOCK14")
    void recv_returnsWhatIsThere_andNothingAtTheEnd() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.client().sendAll("hello".getBytes());

                        assertThat(pair.server().recv(2)).asString().isEqualTo("he");
                        assertThat(pair.server().recv(100)).asString().isEqualTo("llo");
                        pair.client().close();
                        assertThat(pair.server().recv(100)).isEmpty();
                        assertThat(pair.server().recv(100)).isEmpty();
                        assertThat(pair.server().getInputStream().read()).isEqualTo(-1);
                    }
                });
    }

    @Test
    @Spec("SOCK14")
    void recv_peerResets_throws() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.reset();

                        for (int i = 0; i < 2; i++) {
                            assertThatThrownBy(() -> pair.server().recv(10))
                                    .isInstanceOf(SocketException.class)
                                    .hasMessage("Connection reset");
                        }
                    }
                });
    }

    @Test
    @Spec("SOCK14")
    void recv_whileBlocked_peerResets_throws() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        GreenThread<byte[]> reader = Evy.spawn(() -> pair.server().recv(10));
                        settle();

                        pair.reset();

                        assertThatThrownBy(reader::join)
                                .isInstanceOf(SocketException.class)
                                .hasMessage("Connection reset");
                    }
                });
    }

    @Test
    @Spec("SOCK14")
    void recv_badSizes_areRefused() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        GreenSocket socket = pair.server();
                        assertThatThrownBy(() -> socket.recv(-1))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("-1");
                        assertThatThrownBy(() -> socket.peek(-1))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("-1");
                        assertThatThrownBy(() -> socket.recvInto(new byte[4], 2, 3))
                                .isInstanceOf(IndexOutOfBoundsException.class);
                        assertThatThrownBy(() -> socket.recvInto(new byte[4], -1, 2))
                                .isInstanceOf(IndexOutOfBoundsException.class);
                        assertThatThrownBy(() -> socket.recvInto(new byte[4], 0, -1))
                                .isInstanceOf(IndexOutOfBoundsException.class);
                    }
                });
    }

    @Test
    @Spec({"SOCK14", "SOCK20"})
    void recvAndSend_neverConnected_areErrors() throws Exception {
        try (GreenSocket socket = new GreenSocket()) {
            assertThatThrownBy(() -> socket.recv(1))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("not connected");
            assertThatThrownBy(() -> socket.recvInto(ByteBuffer.allocate(1)))
                    .isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> socket.send(new byte[1]))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("not connected");
            assertThatThrownBy(() -> socket.sendAll(new byte[1]))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("not connected");
            assertThatThrownBy(() -> socket.sendAll(ByteBuffer.allocate(1)))
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    @Spec({"SOCK15", "TEST4"})
    void recvInto_array_withOffsetAndLength() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.client().sendAll("abcdefgh".getBytes());
                        byte[] buffer = "........".getBytes();

                        assertThat(pair.server().recvInto(buffer, 2, 3)).isEqualTo(3);
                        assertThat(buffer).asString().isEqualTo("..abc...");
                        assertThat(pair.server().recvInto(buffer, 5, 0)).isEqualTo(3);
                        assertThat(buffer).asString().isEqualTo("..abcdef");
                        assertThat(pair.server().recvInto(buffer, 0, 8)).isEqualTo(2);
                        assertThat(buffer).asString().isEqualTo("ghabcdef");
                        pair.client().close();
                        assertThat(pair.server().recvInto(buffer, 0, 8)).isZero();
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Spec({"SOCK15", "TEST4"})
    void recvInto_buffer_advancesItsPosition(boolean direct) throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.client().sendAll("abcdefgh".getBytes());
                        ByteBuffer buffer =
                                direct ? ByteBuffer.allocateDirect(8) : ByteBuffer.allocate(8);
                        buffer.position(2).limit(5);

                        assertThat(pair.server().recvInto(buffer)).isEqualTo(3);
                        assertThat(buffer.position()).isEqualTo(5);
                        assertThat(buffer.get(2)).isEqualTo((byte) 'a');
                        assertThat(pair.server().recvInto(buffer)).as("no room").isZero();
                        buffer.clear();
                        assertThat(pair.server().recvInto(buffer)).isEqualTo(5);
                        pair.client().close();
                        buffer.clear();
                        assertThat(pair.server().recvInto(buffer)).isEqualTo(-1);
                    }
                });
    }

    @Test
    @Spec("SOCK15")
    void recv_nothingAskedFor_returnsAtOnce() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.server().setTimeout(Duration.ofMillis(5));

                        assertThat(pair.server().recv(0)).isEmpty();
                        assertThat(pair.server().recvInto(new byte[4], 4, 0)).isZero();
                        assertThat(pair.server().recvInto(ByteBuffer.allocate(0))).isZero();
                    }
                });
    }

    @Test
    @Spec("SOCK16")
    void recv_dataIsThere_returnsItWithoutWaiting() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.client().sendAll("buffered".getBytes());
                        awaitTrue("the data", () -> peekSize(pair.server()) == 8);
                        pair.server().setBlocking(false);

                        assertThat(pair.server().recv(3)).asString().isEqualTo("buf");
                        assertThat(pair.server().recv(100)).asString().isEqualTo("fered");
                        assertThatThrownBy(() -> pair.server().recv(1))
                                .isInstanceOf(WouldBlockException.class);
                    }
                });
    }

    private static int peekSize(GreenSocket socket) {
        try {
            return socket.peek(100).length;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Spec("SOCK16")
    void bufferedStream_holdsTheRest_readsItWithoutWaiting() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        InputStream in = new BufferedInputStream(pair.server().getInputStream());
                        pair.client().sendAll("two lines".getBytes());
                        assertThat(in.readNBytes(3)).asString().isEqualTo("two");
                        pair.server().setTimeout(Duration.ZERO);

                        assertThat(in.readNBytes(6)).asString().isEqualTo(" lines");
                    }
                });
    }

    @Test
    @Spec("SOCK17")
    void peek_leavesTheDataThere() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        GreenThread<byte[]> waiting = Evy.spawn(() -> pair.server().peek(2));
                        settle();
                        assertThat(waiting.waitsFor()).isInstanceOf(Descriptor.class);
                        pair.client().sendAll("peeked".getBytes());

                        assertThat(waiting.join()).asString().isEqualTo("pe");
                        assertThat(pair.server().peek(4)).asString().isEqualTo("peek");
                        assertThat(pair.server().recv(1)).asString().isEqualTo("p");
                        assertThat(pair.server().peek(2)).asString().isEqualTo("ee");
                        assertThat(NetFixtures.receive(pair.server(), 5))
                                .asString()
                                .isEqualTo("eeked");
                        pair.client().close();
                        assertThat(pair.server().peek(1)).isEmpty();
                    }
                });
    }

    @Test
    @Spec("SOCK17")
    void peek_thenBufferOrStream_getTheSameBytes() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.client().sendAll("abcdef".getBytes());
                        assertThat(pair.server().peek(6)).isNotEmpty();

                        ByteBuffer buffer = ByteBuffer.allocate(3);
                        while (buffer.hasRemaining()) {
                            pair.server().recvInto(buffer);
                        }
                        assertThat(buffer.array()).asString().isEqualTo("abc");
                        assertThat(pair.server().peek(1)).asString().isEqualTo("d");
                        assertThat(pair.server().getInputStream().readNBytes(3))
                                .asString()
                                .isEqualTo("def");
                    }
                });
    }

    @Test
    @Spec("SOCK17")
    void sendUrgentData_inline_arrivesAmongTheOthers() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.server().setOOBInline(true);
                        pair.client().sendAll("a".getBytes());
                        pair.client().sendUrgentData('!');
                        pair.client().sendAll("b".getBytes());

                        assertThat(NetFixtures.receive(pair.server(), 3))
                                .asString()
                                .isEqualTo("a!b");
                    }
                });
    }

    // sending

    /* eventlet: tests/greenio_test.py test_sendall */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 10_000, 100_000, 1_000_000})
    @Spec("SOCK18")
    void sendAll_tinyBuffersAndSlowReader_sendsEverythingInOrder(int size) throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(Math.max(1, size / 15))) {
                        byte[] data = NetFixtures.pattern(size);
                        GreenThread<Void> sender =
                                Evy.spawn(
                                        () -> {
                                            pair.client().sendAll(data);
                                            pair.client().sendAll("and the rest".getBytes());
                                            pair.client().shutdownOutput();
                                        });

                        byte[] received = new byte[size];
                        int total = 0;
                        while (total < size) {
                            int n = Math.min(size / 10, size - total);
                            total += pair.server().recvInto(received, total, n);
                            Evy.yield();
                        }

                        assertThat(received).isEqualTo(data);
                        assertThat(pair.server().getInputStream().readAllBytes())
                                .asString()
                                .isEqualTo("and the rest");
                        sender.join();
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Spec("SOCK18")
    void sendAll_buffer_sendsAllThatRemains(boolean direct) throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(8_192)) {
                        byte[] data = NetFixtures.pattern(300_000);
                        ByteBuffer buffer =
                                direct
                                        ? ByteBuffer.allocateDirect(data.length)
                                        : ByteBuffer.allocate(data.length);
                        buffer.put(data).flip().position(10);
                        GreenThread<Void> sender = Evy.spawn(() -> pair.client().sendAll(buffer));

                        byte[] received = NetFixtures.receive(pair.server(), data.length - 10);
                        sender.join();

                        assertThat(buffer.hasRemaining()).isFalse();
                        byte[] expected = new byte[data.length - 10];
                        System.arraycopy(data, 10, expected, 0, expected.length);
                        assertThat(received).isEqualTo(expected);
                    }
                });
    }

    @Test
    @Spec("SOCK19")
    void send_moreThanFits_sendsAPartAndTellsHowMuch() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(8_192)) {
                        byte[] data = NetFixtures.pattern(10_000_000);

                        int n = pair.client().send(data);

                        assertThat(n).isPositive().isLessThan(data.length);
                        GreenThread<Void> rest =
                                Evy.spawn(
                                        () -> {
                                            int sent = n;
                                            while (sent < 200_000) {
                                                sent +=
                                                        pair.client()
                                                                .send(data, sent, 200_000 - sent);
                                            }
                                        });
                        byte[] received = NetFixtures.receive(pair.server(), Math.max(n, 200_000));
                        rest.join();
                        assertThat(received).isEqualTo(Arrays.copyOf(data, received.length));
                    }
                });
    }

    @Test
    @Spec("SOCK19")
    void send_slicesAndBuffers_tellHowMuch() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        ByteBuffer buffer = ByteBuffer.wrap("xyz".getBytes());

                        assertThat(pair.client().send("abcdef".getBytes(), 2, 3)).isEqualTo(3);
                        assertThat(pair.client().send(buffer)).isEqualTo(3);
                        assertThat(pair.client().send(new byte[0])).isZero();

                        assertThat(buffer.hasRemaining()).isFalse();
                        assertThat(NetFixtures.receive(pair.server(), 6))
                                .asString()
                                .isEqualTo("cdexyz");
                        assertThatThrownBy(() -> pair.client().send(new byte[3], 2, 2))
                                .isInstanceOf(IndexOutOfBoundsException.class);
                    }
                });
    }

    @Test
    @Spec("SOCK20")
    void send_afterClose_isAnError() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.client().close();

                        assertThatThrownBy(() -> pair.client().send(new byte[1]))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("closed");
                        assertThatThrownBy(() -> pair.client().sendAll(new byte[1]))
                                .isInstanceOf(SocketException.class);
                        assertThatThrownBy(() -> pair.client().recv(1))
                                .isInstanceOf(SocketException.class);
                        assertThatCode(pair.client()::close).doesNotThrowAnyException();
                    }
                });
    }

    @Test
    @Spec("SOCK20")
    void send_toResetPeer_isAnError() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.reset();

                        assertThatThrownBy(
                                        () -> {
                                            for (int i = 0; i < 10_000; i++) {
                                                pair.server().sendAll(new byte[1_000]);
                                            }
                                        })
                                .isInstanceOf(SocketException.class)
                                .message()
                                .containsAnyOf("Broken pipe", "Connection reset");
                    }
                });
    }

    @Test
    @Spec("SOCK20")
    void send_afterShutdownOutput_isAnError() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.client().shutdownOutput();

                        assertThat(pair.server().recv(1)).isEmpty();
                        assertThatThrownBy(() -> pair.client().send(new byte[1]))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("Broken pipe");
                        pair.server().sendAll(new byte[] {1});
                        assertThat(pair.client().recv(1)).containsExactly(1);
                    }
                });
    }

    @Test
    @Spec("SOCK14")
    void shutdownInput_whileBlocked_endsTheRead() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        GreenThread<byte[]> reader = Evy.spawn(() -> pair.server().recv(1));
                        settle();

                        pair.server().shutdownInput();

                        assertThat(reader.join()).isEmpty();
                        assertThat(pair.server().recv(1)).isEmpty();
                    }
                });
    }

    @Test
    @Spec({"SOCK14", "SOCK18"})
    void messages_backAndForthWithEverySize_areConserved() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        GreenThread<Void> echo =
                                Evy.spawn(
                                        () -> {
                                            InputStream in = pair.server().getInputStream();
                                            in.transferTo(pair.server().getOutputStream());
                                        });
                        List<Integer> sizes = new ArrayList<>();
                        for (int size = 1; size < 300_000; size = size * 3 + 1) {
                            sizes.add(size);
                        }
                        for (int size : sizes) {
                            byte[] data = NetFixtures.pattern(size);
                            GreenThread<Void> sender = Evy.spawn(() -> pair.client().sendAll(data));
                            assertThat(NetFixtures.receive(pair.client(), size)).isEqualTo(data);
                            sender.join();
                        }
                        pair.client().shutdownOutput();
                        echo.join();
                    }
                });
    }
}
