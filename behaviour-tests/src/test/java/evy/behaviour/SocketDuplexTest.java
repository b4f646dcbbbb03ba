package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.behaviour.NetFixtures.Pair;
import evy.io.GreenSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Both directions of a connection at once, shutting one of them, and one limit for a long send. */
@ExtendWith(LeakCheckExtension.class)
class SocketDuplexTest {
    /** How to send all of something. */
    @FunctionalInterface
    private interface Send {
        void all(GreenSocket socket, byte[] data) throws IOException;
    }

    @Test
    @Spec("SOCK21")
    void sendAll_peerTakesSomeAllTheTime_oneLimitHoldsForTheCall() throws Exception {
        assertOneLimit(GreenSocket::sendAll);
    }

    @Test
    @Spec("SOCK21")
    void sendAll_buffers_oneLimitHoldsForTheCall() throws Exception {
        assertOneLimit((socket, data) -> socket.sendAll(ByteBuffer.wrap(data)));
        assertOneLimit(
                (socket, data) -> {
                    int half = data.length / 2;
                    socket.sendAll(
                            ByteBuffer.wrap(data, 0, half),
                            ByteBuffer.wrap(data, half, data.length - half));
                });
    }

    /* If each part had the limit anew, the call would go on to its end, for the peer never stops. */
    private static void assertOneLimit(Send send) throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(8_192)) {
                        Duration limit = Duration.ofMillis(60);
                        pair.client().setTimeout(limit);
                        GreenThread<Void> peer = Evy.spawn(() -> sip(pair.server()));
                        long start = System.nanoTime();

                        assertThatThrownBy(() -> send.all(pair.client(), new byte[100_000_000]))
                                .isInstanceOf(SocketTimeoutException.class)
                                .hasMessageContaining("timed out");

                        assertThat(Duration.ofNanos(System.nanoTime() - start))
                                .isBetween(limit, Duration.ofSeconds(10));
                        assertThat(peer.isDone()).isFalse();
                        peer.kill();
                    }
                });
    }

    private static void sip(GreenSocket socket) throws IOException {
        byte[] some = new byte[4_096];
        while (socket.recvInto(some, 0, some.length) > 0) {
            Evy.yield();
        }
    }

    /* eventlet: tests/greenio_test.py test_full_duplex */
    @Test
    @Spec("SOCK22")
    void oneReadsWhileAnotherWrites_onTheSameSocket_bothFinish() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(2_048)) {
                        byte[] large = NetFixtures.pattern(10 * 64 * 1024);
                        GreenThread<Void> sender = Evy.spawn(() -> pair.server().sendAll(large));
                        NetFixtures.settle();
                        GreenThread<byte[]> listener =
                                Evy.spawn(() -> NetFixtures.receive(pair.server(), 11));
                        NetFixtures.settle();

                        pair.client().sendAll("hello world".getBytes());

                        assertThat(listener.join()).asString().isEqualTo("hello world");
                        assertThat(sender.isDone()).isFalse();
                        assertThat(NetFixtures.receive(pair.client(), large.length))
                                .isEqualTo(large);
                        sender.join();
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {2_048, 64 * 1024})
    @Spec("SOCK22")
    void floodsBothWays_byFourGreenThreads_areConserved(int buffers) throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(buffers)) {
                        byte[] there = NetFixtures.pattern(500_000);
                        byte[] back = NetFixtures.pattern(700_000);
                        GreenThread<Void> clientSends =
                                Evy.spawn(() -> pair.client().sendAll(there));
                        GreenThread<Void> serverSends =
                                Evy.spawn(() -> pair.server().sendAll(back));
                        GreenThread<byte[]> clientReads =
                                Evy.spawn(() -> NetFixtures.receive(pair.client(), back.length));
                        GreenThread<byte[]> serverReads =
                                Evy.spawn(() -> NetFixtures.receive(pair.server(), there.length));

                        assertThat(clientReads.join()).isEqualTo(back);
                        assertThat(serverReads.join()).isEqualTo(there);
                        clientSends.join();
                        serverSends.join();
                    }
                });
    }

    @Test
    @Spec("SOCK25")
    void shutdownOutput_endsOneDirectionOnly() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.client().sendAll("bye".getBytes());
                        pair.client().shutdownOutput();

                        assertThat(pair.server().getInputStream().readAllBytes())
                                .asString()
                                .isEqualTo("bye");
                        pair.server().sendAll("still here".getBytes());
                        assertThat(pair.client().recv(99)).asString().isEqualTo("still here");
                        assertThat(pair.client().isClosed()).isFalse();
                    }
                });
    }

    @Test
    @Spec("SOCK25")
    void shutdownInput_endsReadingOnly_alsoThatOfAnother() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        GreenThread<byte[]> reader = Evy.spawn(() -> pair.client().recv(9));
                        NetFixtures.settle();

                        pair.client().shutdownInput();

                        assertThat(reader.join()).isEmpty();
                        assertThat(pair.client().recv(9)).isEmpty();
                        assertThat(pair.client().tryRecvInto(new byte[3], 0, 3)).isEqualTo(-1);
                        assertThat(pair.client().recvInto(ByteBuffer.allocate(3))).isEqualTo(-1);
                        assertThat(
                                        pair.client()
                                                .recvInto(
                                                        ByteBuffer.allocate(3),
                                                        ByteBuffer.allocate(3)))
                                .isEqualTo(-1);
                        pair.client().sendAll("out".getBytes());
                        assertThat(pair.server().recv(9)).asString().isEqualTo("out");
                    }
                });
    }

    @Test
    @Spec("SOCK25")
    void shutdownBoth_leavesTheSocketOpen_andTwiceIsToldSo() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.client().shutdownInput();
                        pair.client().shutdownOutput();

                        assertThat(pair.server().recv(9)).isEmpty();
                        assertThat(pair.client().isClosed()).isFalse();
                        assertThatThrownBy(() -> pair.client().shutdownOutput())
                                .hasMessageContaining("already shutdown");
                        assertThatThrownBy(() -> pair.client().shutdownInput())
                                .hasMessageContaining("already shutdown");
                    }
                });
    }

    /* eventlet: greenio.shutdown_safe */
    @Test
    @Spec("SOCK25")
    void shutdown_connectionIsGone_isIgnored() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.reset();
                        assertThatThrownBy(() -> pair.server().recv(1))
                                .hasMessage("Connection reset");

                        pair.server().shutdownOutput();
                        pair.server().shutdownInput();
                    }
                });
    }

    @Test
    @Spec({"SOCK22", "SOCK25"})
    void shutdownOutput_whileAnotherSends_endsTheSend() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(4_096)) {
                        AtomicBoolean failed = new AtomicBoolean();
                        GreenThread<Void> sender =
                                Evy.spawn(
                                        () -> {
                                            try {
                                                pair.client().sendAll(new byte[1_000_000]);
                                            } catch (IOException e) {
                                                failed.set(true);
                                            }
                                        });
                        NetFixtures.settle();

                        pair.client().shutdownOutput();
                        pair.server().getInputStream().readAllBytes();

                        sender.join();
                        assertThat(failed).isTrue();
                    }
                });
    }
}
