package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.behaviour.NetFixtures.Platform;
import evy.hubs.HubGroup;
import evy.io.Datagram;
import evy.io.GreenDatagramSocket;
import evy.io.GreenSocket;
import evy.io.WouldBlockException;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Datagram sockets: the manual's words, and what ends a wait. */
@ExtendWith(LeakCheckExtension.class)
class DatagramTest {
    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
        new DatagramSocket().close();
    }

    private static GreenDatagramSocket open() throws IOException {
        GreenDatagramSocket socket = new GreenDatagramSocket(0, NetFixtures.loopback());
        socket.setTimeout(NetFixtures.LONG);
        return socket;
    }

    private static SocketAddress addressOf(DatagramSocket socket) {
        return socket.getLocalSocketAddress();
    }

    @FunctionalInterface
    private interface Talk {
        void between(GreenDatagramSocket first, GreenDatagramSocket second) throws Exception;
    }

    private static void talk(Talk talk) throws Exception {
        Evy.run(
                () -> {
                    try (GreenDatagramSocket first = open();
                            GreenDatagramSocket second = open()) {
                        talk.between(first, second);
                    }
                });
    }

    // the manual's words

    @Test
    @Spec("SOCK31")
    void sendToAndRecvFrom_carryBytesAndSender() throws Exception {
        talk(
                (first, second) -> {
                    int sent = first.sendTo("hello".getBytes(), addressOf(second));
                    Datagram got = second.recvFrom(100);
                    second.sendTo("xbackx".getBytes(), 1, 4, got.sender());

                    assertThat(sent).isEqualTo(5);
                    assertThat(got.data()).asString().isEqualTo("hello");
                    assertThat(got.sender()).isEqualTo(addressOf(first));
                    assertThat(got.toString()).contains("5 bytes");
                    assertThat(first.recv(100)).asString().isEqualTo("back");
                });
    }

    @Test
    @Spec("SOCK31")
    void connected_sendAndRecvWaitForEachOther() throws Exception {
        talk(
                (first, second) -> {
                    first.connect(addressOf(second));
                    second.connect(addressOf(first));
                    GreenThread<Object> echo =
                            Evy.spawn(
                                    () -> {
                                        for (int i = 0; i < 50; i++) {
                                            second.send(second.recv(100));
                                        }
                                        return null;
                                    });
                    byte[] buffer = new byte[10];
                    for (int i = 0; i < 50; i++) {
                        first.send(new byte[] {(byte) i});
                        assertThat(first.recvInto(buffer, 3, 5)).isEqualTo(1);
                        assertThat(buffer[3]).isEqualTo((byte) i);
                    }
                    echo.join();
                });
    }

    @Test
    @Spec("SOCK31")
    void badArguments_areRefusedByTheirValue() throws Exception {
        talk(
                (first, second) -> {
                    byte[] data = {1};
                    assertThatThrownBy(() -> first.sendTo(data, null))
                            .isInstanceOf(NullPointerException.class)
                            .hasMessageContaining("address");
                    assertThatThrownBy(() -> first.sendTo((byte[]) null, addressOf(second)))
                            .isInstanceOf(NullPointerException.class)
                            .hasMessageContaining("data");
                    assertThatThrownBy(() -> first.send((byte[]) null))
                            .isInstanceOf(NullPointerException.class)
                            .hasMessageContaining("data");
                    assertThatThrownBy(() -> first.sendTo(data, UnixDomainSocketAddress.of("/x")))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("/x");
                    assertThatThrownBy(
                                    () ->
                                            first.sendTo(
                                                    data,
                                                    InetSocketAddress.createUnresolved("u", 7)))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("u");
                    assertThatThrownBy(() -> first.sendTo(data, 1, 1, addressOf(second)))
                            .isInstanceOf(IndexOutOfBoundsException.class);
                    assertThatThrownBy(() -> first.recvInto(data, 1, 1))
                            .isInstanceOf(IndexOutOfBoundsException.class);
                    assertThatThrownBy(() -> first.recvFrom(-1))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("-1");
                    assertThatThrownBy(() -> first.send(data))
                            .isInstanceOf(SocketException.class)
                            .hasMessageContaining("not connected");
                    assertThatThrownBy(() -> first.setTimeout(Duration.ofMillis(-1)))
                            .isInstanceOf(IllegalArgumentException.class);
                    first.connect(addressOf(second));
                    assertThatThrownBy(() -> first.sendTo(data, addressOf(first)))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("differ");
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536})
    @Spec("SOCK31")
    void port_outOfRange_isRefusedByItsValue(int port) {
        assertThatThrownBy(() -> new GreenDatagramSocket(port))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(port));
        assertThatThrownBy(() -> new GreenDatagramSocket(port, NetFixtures.loopback()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(port));
    }

    @Test
    @Spec("SOCK31")
    void recv_cutsWhatDoesNotFit_andTakesEmptyOnes() throws Exception {
        talk(
                (first, second) -> {
                    first.sendTo("0123456789".getBytes(), addressOf(second));
                    first.sendTo(new byte[0], addressOf(second));
                    first.sendTo("z".getBytes(), addressOf(second));

                    assertThat(second.recv(4)).asString().isEqualTo("0123");
                    assertThat(second.recv(4)).isEmpty();
                    assertThat(second.recv(4)).asString().isEqualTo("z");
                });
    }

    @Test
    @Spec("SOCK31")
    void datagram_largest_arrivesAndLarger_isRefused() throws Exception {
        talk(
                (first, second) -> {
                    second.setReceiveBufferSize(200_000);
                    byte[] data = NetFixtures.pattern(65_507);
                    first.sendTo(data, addressOf(second));

                    assertThat(second.recv(65_507)).isEqualTo(data);
                    assertThatThrownBy(() -> first.sendTo(new byte[65_508], addressOf(second)))
                            .isInstanceOf(SocketException.class)
                            .hasMessageContaining("too long");
                });
    }

    @Test
    @Spec("SOCK31")
    void sendersOfAllKinds_oneReceiver_getsFromEach() throws Exception {
        talk(
                (first, second) -> {
                    int senders = 20;
                    int each = 20;
                    List<GreenDatagramSocket> sockets = new ArrayList<>();
                    Set<SocketAddress> known = new HashSet<>();
                    Set<String> got = new HashSet<>();
                    for (int i = 0; i < senders; i++) {
                        GreenDatagramSocket socket = open();
                        sockets.add(socket);
                        known.add(addressOf(socket));
                        Evy.spawnN(() -> sendSome(socket, each, addressOf(second)));
                    }
                    for (int i = 0; i < senders * each; i++) {
                        Datagram datagram = second.recvFrom(10);
                        assertThat(known).contains(datagram.sender());
                        got.add(datagram.sender() + new String(datagram.data()));
                    }
                    sockets.forEach(GreenDatagramSocket::close);

                    assertThat(got).hasSize(senders * each);
                });
    }

    private static void sendSome(GreenDatagramSocket socket, int number, SocketAddress to) {
        try {
            for (int i = 0; i < number; i++) {
                socket.sendTo(String.valueOf(i).getBytes(), to);
                Evy.yield();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Spec({"SOCK31", "CONV4"})
    void socket_isTheJdks_forWhoeverTakesOne() throws Exception {
        Evy.run(
                () -> {
                    try (DatagramSocket green = open();
                            DatagramSocket plain = new DatagramSocket(0, NetFixtures.loopback())) {
                        plain.setSoTimeout(10_000);
                        green.send(new DatagramPacket("to jdk".getBytes(), 6, addressOf(plain)));
                        DatagramPacket packet = new DatagramPacket(new byte[20], 20);
                        plain.receive(packet);
                        assertThat(packet.getSocketAddress()).isEqualTo(addressOf(green));
                        packet.setData("to green".getBytes());
                        plain.send(packet);
                        green.receive(packet);
                        assertThat(packet.getLength()).isEqualTo(8);
                    }
                });
    }

    @Test
    void socket_opensOneDescriptor() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors));
        open().close();
        Set<String> before = sockets(descriptors);
        try (GreenDatagramSocket socket = open()) {
            Set<String> during = sockets(descriptors);
            during.removeAll(before);

            assertThat(during).hasSize(1);
            assertThat(socket.getChannel()).isNull();
        }
    }

    private static Set<String> sockets(Path descriptors) throws IOException {
        Set<String> found = new HashSet<>();
        try (Stream<Path> all = Files.list(descriptors)) {
            for (Path each : all.toList()) {
                try {
                    String target = Files.readSymbolicLink(each).toString();
                    if (target.startsWith("socket:")) {
                        found.add(target);
                    }
                } catch (IOException e) {
                    continue; // closed since it was listed
                }
            }
        }
        return found;
    }

    // limits

    @Test
    @Spec({"SOCK7", "SOCK8", "SOCK31"})
    void recv_timesOut_andTheNextOneGets() throws Exception {
        talk(
                (first, second) -> {
                    second.setTimeout(Duration.ofMillis(10));
                    long start = System.nanoTime();
                    assertThatThrownBy(() -> second.recvFrom(1))
                            .isInstanceOf(SocketTimeoutException.class)
                            .hasMessageContaining("timed out");
                    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(10_000_000);
                    for (int i = 0; i < 3; i++) {
                        assertThatThrownBy(() -> second.recv(1))
                                .isInstanceOf(SocketTimeoutException.class);
                        assertThatThrownBy(() -> second.recvInto(new byte[1], 0, 1))
                                .isInstanceOf(SocketTimeoutException.class);
                        assertThatThrownBy(() -> second.receive(new DatagramPacket(new byte[1], 1)))
                                .isInstanceOf(SocketTimeoutException.class);
                    }
                    second.setTimeout(NetFixtures.LONG);
                    first.sendTo(new byte[] {7}, addressOf(second));
                    assertThat(second.recv(1)).containsExactly(7);
                    assertThat(second.timeout()).isEqualTo(NetFixtures.LONG);
                });
    }

    @Test
    @Spec({"SOCK7", "SOCK31"})
    void nonBlockingMode_neverWaits() throws Exception {
        talk(
                (first, second) -> {
                    second.setBlocking(false);
                    assertThatThrownBy(() -> second.recvFrom(1))
                            .isInstanceOf(WouldBlockException.class);
                    assertThat(second.timeout()).isEqualTo(Duration.ZERO);
                    second.sendTo(new byte[] {1}, addressOf(first));
                    assertThat(first.recv(1)).containsExactly(1);
                });
    }

    @Test
    @Spec("SOCK7")
    void defaultTimeout_holdsForNewSockets() throws Exception {
        GreenSocket.setDefaultTimeout(Duration.ofMillis(5));
        try (GreenDatagramSocket socket = new GreenDatagramSocket(0, NetFixtures.loopback())) {
            assertThatThrownBy(() -> socket.recv(1)).isInstanceOf(SocketTimeoutException.class);
        } finally {
            GreenSocket.setDefaultTimeout(null);
        }
    }

    @Test
    @Spec({"SOCK8", "SOCK31"})
    void killAndTimeout_leaveTheSocketUsable_andLoseNothing() throws Exception {
        talk(
                (first, second) -> {
                    assertThat(
                                    Timeout.<Object, IOException>call(
                                            Duration.ofMillis(5), () -> second.recv(1), "late"))
                            .isEqualTo("late");
                    GreenThread<Object> killed = Evy.spawn(() -> second.recv(1));
                    NetFixtures.settle();
                    Evy.kill(killed);
                    assertThatThrownBy(killed::join).isInstanceOf(GreenThreadExit.class);

                    assertThat(second.descriptor().isClosed()).isFalse();
                    GreenThread<byte[]> after = Evy.spawn(() -> second.recv(1));
                    NetFixtures.settle();
                    first.sendTo(new byte[] {9}, addressOf(second));
                    assertThat(after.join()).containsExactly(9);
                });
    }

    // closing and sharing

    @Test
    @Spec({"SOCK23", "SOCK24", "HUB17", "HUB18"})
    void close_byAnother_wakesTheReceiverAtOnce() throws Exception {
        talk(
                (first, second) -> {
                    GreenThread<Object> byGreen = Evy.spawn(() -> first.recv(1));
                    GreenThread<Object> byPlatform = Evy.spawn(() -> second.recv(1));
                    NetFixtures.settle();
                    first.close();
                    try (Platform<Object> closer =
                            Platform.start(
                                    () -> {
                                        second.close();
                                        return null;
                                    })) {
                        for (GreenThread<Object> receiver : List.of(byGreen, byPlatform)) {
                            assertThatThrownBy(receiver::join)
                                    .isInstanceOf(SocketException.class)
                                    .hasMessageContaining("closed");
                        }
                        NetFixtures.awaitTrue("closer is done", closer::isDone);
                    }
                });
    }

    @Test
    @Spec({"SOCK23", "HUB18"})
    void closed_everyOperationIsAnError_andTheNumberOfAnotherIsSafe() throws Exception {
        Evy.run(
                () -> {
                    GreenDatagramSocket closed = open();
                    closed.close();
                    try (GreenDatagramSocket next = open();
                            GreenDatagramSocket peer = open()) {
                        closed.close();
                        SocketAddress to = addressOf(peer);
                        assertThatThrownBy(() -> closed.recv(1))
                                .isInstanceOf(SocketException.class);
                        assertThatThrownBy(() -> closed.sendTo(new byte[1], to))
                                .isInstanceOf(SocketException.class);
                        assertThatThrownBy(() -> closed.send(new byte[1]))
                                .isInstanceOf(SocketException.class);
                        assertThatThrownBy(() -> closed.connect(to))
                                .isInstanceOf(SocketException.class);
                        assertThatThrownBy(() -> closed.setBroadcast(true))
                                .isInstanceOf(SocketException.class);
                        next.sendTo(new byte[] {3}, to);
                        assertThat(peer.recv(1)).containsExactly(3);
                    }
                });
    }

    @Test
    @Spec({"HUB13", "HUB14"})
    void secondReceiver_isAnErrorThatNamesBoth_unlessShared() throws Exception {
        talk(
                (first, second) -> {
                    GreenThread<byte[]> receiver = Evy.spawn(() -> second.recv(1));
                    NetFixtures.settle();
                    assertThatThrownBy(() -> second.recv(1))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining(receiver.toString())
                            .hasMessageContaining(Evy.current().toString())
                            .hasMessageContaining("allowSharing");

                    second.descriptor().allowSharing(true);
                    GreenThread<byte[]> other = Evy.spawn(() -> second.recv(1));
                    NetFixtures.settle();
                    first.sendTo(new byte[] {1}, addressOf(second));
                    first.sendTo(new byte[] {2}, addressOf(second));
                    assertThat(List.of(receiver.join()[0], other.join()[0]))
                            .containsExactlyInAnyOrder((byte) 1, (byte) 2);
                });
    }

    @Test
    @Spec("HUB16")
    void connected_peerIsNotThere_isToldToSenderOrReceiver() throws Exception {
        talk(
                (first, second) -> {
                    first.connect(addressOf(second));
                    second.close();
                    GreenThread<Object> receiver = Evy.spawn(() -> first.recv(1));
                    NetFixtures.settle();
                    first.send(new byte[1]);

                    assertThatThrownBy(receiver::join)
                            .isInstanceOf(PortUnreachableException.class)
                            .hasMessageContaining("Unreachable");
                });
    }

    // other threads

    @Test
    @Spec("SOCK31")
    void platformThreads_blockAndTalkToGreenOnes() throws Exception {
        try (GreenDatagramSocket platform = open();
                GreenDatagramSocket green = Evy.run(DatagramTest::open);
                Platform<Object> echo =
                        Platform.start(
                                () -> {
                                    for (int i = 0; i < 100; i++) {
                                        Datagram datagram = platform.recvFrom(10);
                                        platform.sendTo(datagram.data(), datagram.sender());
                                    }
                                    return null;
                                })) {
            Evy.run(
                    () -> {
                        for (int i = 0; i < 100; i++) {
                            green.sendTo(new byte[] {(byte) i}, addressOf(platform));
                            assertThat(green.recv(10)).containsExactly(i);
                        }
                    });
            echo.get();
        }
    }

    @Test
    @Spec("SOCK31")
    void otherHub_receivesOnASocketOfThis() throws Exception {
        try (HubGroup group = HubGroup.open(1);
                GreenDatagramSocket socket = Evy.run(DatagramTest::open);
                GreenDatagramSocket sender = open()) {
            GreenThread<Integer> guest =
                    Evy.spawn(
                            group.hubs().get(0),
                            () -> {
                                int sum = 0;
                                for (int i = 0; i < 50; i++) {
                                    sum += socket.recv(1)[0];
                                    sender.sendTo(new byte[] {1}, addressOf(sender));
                                }
                                return sum;
                            });
            sender.sendTo(new byte[] {1}, addressOf(socket));
            for (int i = 1; i < 50; i++) {
                sender.recv(1);
                sender.sendTo(new byte[] {1}, addressOf(socket));
            }
            assertThat(guest.join()).isEqualTo(50);
        }
    }
}
