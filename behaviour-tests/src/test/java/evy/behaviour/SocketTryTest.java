package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.behaviour.NetFixtures.Pair;
import evy.io.GreenDatagramSocket;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/** What never waits, and the buffer forms of datagrams. */
@ExtendWith(LeakCheckExtension.class)
class SocketTryTest {
    private static ByteBuffer buffer(boolean direct, int size) {
        return direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
    }

    private static ByteBuffer filled(boolean direct, String text) {
        byte[] bytes = text.getBytes();
        return buffer(direct, bytes.length).put(bytes).flip();
    }

    private static InetSocketAddress addressOf(GreenDatagramSocket socket) {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private static GreenDatagramSocket onLoopback() throws IOException {
        return new GreenDatagramSocket(new InetSocketAddress(NetFixtures.loopback(), 0));
    }

    /** Asks without ever waiting, until there is something. */
    private static <T> T askUntil(T nothing, Callable<T> asked) {
        long end = System.nanoTime() + NetFixtures.LONG.toNanos();
        try {
            T answer = asked.call();
            while (answer == null || answer.equals(nothing)) {
                assertThat(System.nanoTime() - end).isNegative();
                answer = asked.call();
            }
            return answer;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Spec("SOCK6")
    void tryRecvInto_tellsNothingBytesAndEndApart(boolean direct) throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        GreenSocket server = pair.server();
                        server.setTimeout(NetFixtures.LONG); // is of no concern
                        ByteBuffer space = buffer(direct, 10).position(1);
                        byte[] array = new byte[4];

                        assertThat(server.tryRecvInto(space)).isZero();
                        assertThat(server.tryRecvInto(array, 0, 4)).isZero();
                        pair.client().sendAll("abc".getBytes());
                        assertThat(askUntil(0, () -> server.tryRecvInto(space))).isEqualTo(3);
                        assertThat(space.position()).isEqualTo(4);
                        assertThat(server.tryRecvInto(space)).isZero();
                        pair.client().sendAll("de".getBytes());
                        assertThat(askUntil(0, () -> server.tryRecvInto(array, 1, 3))).isEqualTo(2);
                        assertThat(array).asString().isEqualTo("\0de\0");
                        assertThat(server.tryRecvInto(space.limit(4))).isZero();
                        pair.client().close();
                        assertThat(askUntil(0, () -> server.tryRecvInto(array, 0, 4)))
                                .isEqualTo(-1);
                        assertThat(server.tryRecvInto(space.limit(5))).isEqualTo(-1);
                        assertThat(server.tryRecvInto(array, 0, 0)).isZero();
                    }
                });
    }

    @Test
    @Spec("SOCK6")
    void trySend_takesWhatFitsThenNothing_andMixesWithSendsThatWait() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(4_096)) {
                        pair.fill();
                        GreenSocket client = pair.client();
                        ByteBuffer heap = ByteBuffer.allocate(100);
                        ByteBuffer direct = ByteBuffer.allocateDirect(100).asReadOnlyBuffer();

                        assertThat(client.trySend(heap)).isZero();
                        assertThat(client.trySend(direct)).isZero();
                        assertThat(client.trySend(new byte[10], 2, 5)).isZero();
                        assertThat(heap.position() + direct.position()).isZero();

                        try (var drain = new Drain(pair.server())) {
                            client.sendAll(heap);
                            askUntil(0, () -> yielding(() -> client.trySend(direct)));
                        }
                        assertThat(direct.position()).isPositive();
                    }
                });
    }

    private static <T> T yielding(Callable<T> asked) throws Exception {
        Evy.yield();
        return asked.call();
    }

    /** Receives for ever, until closed. */
    private static final class Drain implements AutoCloseable {
        private final GreenThread<Void> reader;

        Drain(GreenSocket from) {
            reader =
                    Evy.spawn(
                            () -> {
                                while (from.recv(10_000).length > 0) {
                                    Evy.yield();
                                }
                            });
        }

        @Override
        public void close() {
            reader.kill();
        }
    }

    @Test
    @Spec({"SOCK20", "SOCK23"})
    void tries_badArgumentsOrClosed_areErrors() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open();
                            GreenSocket fresh = new GreenSocket()) {
                        GreenSocket socket = pair.client();
                        assertThatThrownBy(() -> socket.tryRecvInto(new byte[3], 2, 2))
                                .isInstanceOf(IndexOutOfBoundsException.class);
                        assertThatThrownBy(() -> socket.trySend(new byte[3], -1, 2))
                                .isInstanceOf(IndexOutOfBoundsException.class);
                        assertThatThrownBy(() -> fresh.trySend(ByteBuffer.allocate(1)))
                                .hasMessage("Socket is not connected");
                        socket.close();
                        assertThatThrownBy(() -> socket.trySend(ByteBuffer.allocate(1)))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("closed");
                        assertThatThrownBy(() -> socket.tryRecvInto(ByteBuffer.allocate(1)))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("closed");
                    }
                });
    }

    @Test
    @Spec("SOCK12")
    void tryAccept_takesWhatIsThere_andNullIfNobodyIs() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        listener.setTimeout(NetFixtures.LONG); // is of no concern
                        assertThat(listener.tryAccept()).isNull();
                        try (GreenSocket client = Evy.connect(listener.address());
                                GreenSocket accepted = askUntil(null, listener::tryAccept)) {
                            assertThat(accepted.isConnected()).isTrue();
                            assertThat(accepted.isBound()).isTrue();
                            assertThat(accepted.getRemoteSocketAddress())
                                    .isEqualTo(client.getLocalSocketAddress());
                            accepted.sendAll("hi".getBytes());
                            assertThat(client.recv(9)).asString().isEqualTo("hi");
                        }
                        assertThat(listener.tryAccept()).isNull();
                        listener.close();
                        assertThatThrownBy(listener::tryAccept)
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("closed");
                        try (GreenServerSocket unbound = new GreenServerSocket()) {
                            assertThatThrownBy(unbound::tryAccept)
                                    .isInstanceOf(SocketException.class)
                                    .hasMessageContaining("not bound");
                        }
                    }
                });
    }

    @Test
    @Spec("SOCK12")
    void tryAccept_onUnixListener_givesUnixSockets(@TempDir Path directory) throws Exception {
        Evy.run(
                () -> {
                    SocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
                    try (GreenServerSocket listener = Evy.listen(address)) {
                        assertThat(listener.tryAccept()).isNull();
                        try (GreenSocket client = Evy.connect(address);
                                GreenSocket accepted = askUntil(null, listener::tryAccept)) {
                            assertThat(accepted.getLocalSocketAddress()).isEqualTo(address);
                            client.sendAll("unix".getBytes());
                            assertThat(accepted.recv(9)).asString().isEqualTo("unix");
                        }
                    }
                });
    }

    // datagrams

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Spec("SOCK31")
    void datagram_buffers_carryWhatRemainsAndMoveTheirPositions(boolean direct) throws Exception {
        Evy.run(
                () -> {
                    try (GreenDatagramSocket first = onLoopback();
                            GreenDatagramSocket second = onLoopback()) {
                        ByteBuffer data = filled(direct, "xhello").position(1);
                        ByteBuffer space = buffer(direct, 10).position(2);

                        assertThat(first.sendTo(data, addressOf(second))).isEqualTo(5);
                        assertThat(data.hasRemaining()).isFalse();
                        assertThat(second.receive(space)).isEqualTo(addressOf(first));
                        assertThat(space.position()).isEqualTo(7);
                        assertThat(space.flip().position(2)).isEqualTo(filled(false, "hello"));

                        ByteBuffer readOnly = filled(direct, "again").asReadOnlyBuffer();
                        assertThat(first.trySendTo(readOnly, addressOf(second))).isTrue();
                        assertThat(readOnly.hasRemaining()).isFalse();
                        ByteBuffer short3 = buffer(direct, 3);
                        assertThat(second.receive(short3)).isEqualTo(addressOf(first));
                        assertThat(short3.flip()).isEqualTo(filled(false, "aga"));

                        assertThat(first.sendTo(buffer(direct, 0), addressOf(second))).isZero();
                        assertThat(second.receive(space.clear())).isEqualTo(addressOf(first));
                        assertThat(space.position()).isZero();
                    }
                });
    }

    @Test
    @Spec("SOCK31")
    void datagram_tryReceive_tellsNothingFromSomething() throws Exception {
        Evy.run(
                () -> {
                    try (GreenDatagramSocket first = onLoopback();
                            GreenDatagramSocket second = onLoopback()) {
                        ByteBuffer space = ByteBuffer.allocate(10);
                        second.setTimeout(NetFixtures.LONG); // is of no concern

                        assertThat(second.tryReceive(space)).isNull();
                        assertThat(space.position()).isZero();
                        first.connect(addressOf(second));
                        assertThat(first.send(filled(true, "abc"))).isEqualTo(3);
                        assertThat(askUntil(null, () -> second.tryReceive(space)))
                                .isEqualTo(addressOf(first));
                        assertThat(space.position()).isEqualTo(3);
                    }
                });
    }

    @Test
    @Spec("SOCK31")
    void datagram_badBuffers_areRefusedAndKeepTheirPositions() throws Exception {
        Evy.run(
                () -> {
                    try (GreenDatagramSocket first = onLoopback();
                            GreenDatagramSocket second = onLoopback()) {
                        ByteBuffer data = filled(false, "abc");
                        ByteBuffer readOnly = ByteBuffer.allocate(3).asReadOnlyBuffer();
                        ByteBuffer huge = ByteBuffer.allocateDirect(70_000);
                        SocketAddress to = addressOf(second);

                        assertThatThrownBy(() -> first.sendTo(data, null))
                                .isInstanceOf(NullPointerException.class);
                        assertThatThrownBy(
                                        () ->
                                                first.sendTo(
                                                        data,
                                                        InetSocketAddress.createUnresolved("x", 1)))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("x");
                        assertThatThrownBy(() -> first.send(data))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("not connected");
                        assertThatThrownBy(() -> first.sendTo(huge, to))
                                .isInstanceOf(SocketException.class);
                        assertThatThrownBy(() -> second.receive(readOnly))
                                .isInstanceOf(ReadOnlyBufferException.class);
                        assertThatThrownBy(() -> second.tryReceive(readOnly))
                                .isInstanceOf(ReadOnlyBufferException.class);
                        second.setTimeout(Duration.ofMillis(10));
                        assertThatThrownBy(() -> second.receive(ByteBuffer.allocate(3)))
                                .isInstanceOf(SocketTimeoutException.class);
                        first.close();
                        assertThatThrownBy(() -> first.sendTo(data, to))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("closed");

                        assertThat(data.position()).isZero();
                        assertThat(huge.position()).isZero();
                    }
                });
    }
}
