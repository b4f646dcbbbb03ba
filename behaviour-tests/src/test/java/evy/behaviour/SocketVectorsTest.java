package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.behaviour.NetFixtures.Pair;
import evy.behaviour.NetFixtures.Platform;
import evy.io.GreenSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

/** Sending from several buffers and receiving into several by one call. */
@ExtendWith(LeakCheckExtension.class)
class SocketVectorsTest {
    /** How buffers lie in memory. */
    private enum Kind {
        HEAP {
            @Override
            ByteBuffer of(byte[] bytes) {
                return ByteBuffer.wrap(bytes);
            }
        },
        SLICE {
            @Override
            ByteBuffer of(byte[] bytes) {
                byte[] wider = new byte[bytes.length + 7];
                System.arraycopy(bytes, 0, wider, 3, bytes.length);
                return ByteBuffer.wrap(wider, 3, bytes.length).slice();
            }
        },
        DIRECT {
            @Override
            ByteBuffer of(byte[] bytes) {
                return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
            }
        },
        READ_ONLY {
            @Override
            ByteBuffer of(byte[] bytes) {
                return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
            }
        },
        READ_ONLY_DIRECT {
            @Override
            ByteBuffer of(byte[] bytes) {
                return DIRECT.of(bytes).asReadOnlyBuffer();
            }
        };

        abstract ByteBuffer of(byte[] bytes);
    }

    /** Cuts bytes into buffers of all kinds and lengths, empty ones among them. */
    private static ByteBuffer[] cut(byte[] data, int pieces, Random random) {
        ByteBuffer[] buffers = new ByteBuffer[pieces];
        int start = 0;
        for (int i = 0; i < pieces; i++) {
            boolean last = i == pieces - 1;
            int length =
                    last
                            ? data.length - start
                            : Math.min(
                                    random.nextInt(3 * data.length / pieces), data.length - start);
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            buffers[i] = kind.of(Arrays.copyOfRange(data, start, start + length));
            start += length;
        }
        return buffers;
    }

    @ParameterizedTest
    @EnumSource
    @Spec("SOCK18")
    void sendAll_headAndBody_arriveInOrderAndAreUsedUp(Kind kind) throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        ByteBuffer head = kind.of("head ".getBytes());
                        ByteBuffer none = ByteBuffer.allocate(0);
                        ByteBuffer body = kind.of("a body with a start".getBytes()).position(2);
                        body.limit(body.limit() - 6);

                        pair.client().sendAll(head, none, body);

                        assertThat(NetFixtures.receive(pair.server(), 16))
                                .asString()
                                .isEqualTo("head body with a");
                        assertThat(head.hasRemaining()).isFalse();
                        assertThat(body.hasRemaining()).isFalse();
                        assertThat(body.limit()).isEqualTo(13);
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @Spec({"SOCK18", "SOCK22"})
    void sendAll_manyBuffersThroughASmallConnection_areConserved(long seed) throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(8_192)) {
                        byte[] data = NetFixtures.pattern(600_000);
                        ByteBuffer[] buffers = cut(data, 200, new Random(seed));
                        GreenThread<Void> sender =
                                Evy.spawn(
                                        () -> {
                                            pair.client().sendAll(buffers);
                                            pair.client().shutdownOutput();
                                        });

                        byte[] received = pair.server().getInputStream().readAllBytes();

                        assertThat(received).isEqualTo(data);
                        assertThat(buffers).noneMatch(ByteBuffer::hasRemaining);
                        sender.join();
                    }
                });
    }

    /* Around where it is better not to copy, what is copied at once, and what is sent at once. */
    @ParameterizedTest
    @ValueSource(ints = {16_254, 16_255, 65_406, 65_407, 65_536, 131_072, 131_073, 300_000})
    @Spec({"SOCK18", "SOCK22"})
    void sendAll_headAndLargeBody_arriveInOrder(int size) throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        byte[] data = NetFixtures.pattern(130 + size + 4);
                        for (Kind kind : Kind.values()) {
                            ByteBuffer head = Kind.HEAP.of(Arrays.copyOf(data, 130));
                            ByteBuffer body = kind.of(Arrays.copyOfRange(data, 130, 130 + size));
                            ByteBuffer tail =
                                    kind.of(Arrays.copyOfRange(data, 130 + size, data.length));
                            ByteBuffer none = kind.of(new byte[0]);
                            GreenThread<Void> sender =
                                    Evy.spawn(() -> pair.client().sendAll(head, body, tail, none));

                            assertThat(NetFixtures.receive(pair.server(), data.length))
                                    .isEqualTo(data);
                            sender.join();
                            assertThat(tail.hasRemaining()).isFalse();
                        }
                    }
                });
    }

    @Test
    @Spec("SOCK19")
    void send_moreThanFits_saysHowMuchAndPositionsAgree() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(4_096)) {
                        byte[] data = NetFixtures.pattern(3_000_000);
                        ByteBuffer[] buffers = cut(data, 5, new Random(7));

                        long sent = pair.client().send(buffers);

                        long left = Arrays.stream(buffers).mapToLong(ByteBuffer::remaining).sum();
                        assertThat(sent).isPositive().isLessThan(data.length);
                        assertThat(left).isEqualTo(data.length - sent);
                        assertThat(NetFixtures.receive(pair.server(), (int) sent))
                                .isEqualTo(Arrays.copyOf(data, (int) sent));
                    }
                });
    }

    @Test
    @Spec("SOCK19")
    void send_severalBuffersThatFit_takesAllByOneCall() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        ByteBuffer head = ByteBuffer.wrap("head ".getBytes());
                        ByteBuffer body = Kind.DIRECT.of("body ".getBytes());
                        ByteBuffer tail = ByteBuffer.wrap("tail".getBytes());

                        assertThat(pair.client().send(head, body, tail)).isEqualTo(14);
                        assertThat(pair.server().recv(99)).asString().isEqualTo("head body tail");
                    }
                });
    }

    @Test
    void send_nothingInThem_isNothing() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        assertThat(pair.client().send(new ByteBuffer[0])).isZero();
                        assertThat(
                                        pair.client()
                                                .send(
                                                        ByteBuffer.allocate(0),
                                                        ByteBuffer.allocate(0)))
                                .isZero();
                        pair.client().sendAll(new ByteBuffer[0]);
                        assertThat(pair.server().recvInto(new ByteBuffer[0])).isZero();
                    }
                });
    }

    @Test
    @Spec({"SOCK7", "SOCK21"})
    void sendAll_timeOver_positionsTellHowMuchWasSentAndTheRestCanFollow() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(4_096)) {
                        byte[] data = NetFixtures.pattern(2_000_000);
                        ByteBuffer[] buffers = cut(data, 50, new Random(9));
                        pair.client().setTimeout(Duration.ofMillis(20));

                        assertThatThrownBy(() -> pair.client().sendAll(buffers))
                                .isInstanceOf(SocketTimeoutException.class);

                        pair.client().setTimeout(null);
                        GreenThread<Void> sender =
                                Evy.spawn(
                                        () -> {
                                            pair.client().sendAll(buffers);
                                            pair.client().shutdownOutput();
                                        });
                        assertThat(pair.server().getInputStream().readAllBytes()).isEqualTo(data);
                        sender.join();
                    }
                });
    }

    @Test
    @Spec("SOCK8")
    void sendAll_tornAway_positionsTellHowMuchWasSent() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(4_096)) {
                        byte[] data = NetFixtures.pattern(2_000_000);
                        ByteBuffer[] buffers = cut(data, 50, new Random(11));
                        GreenThread<Void> sender = Evy.spawn(() -> pair.client().sendAll(buffers));
                        NetFixtures.settle();

                        sender.kill();

                        long left = Arrays.stream(buffers).mapToLong(ByteBuffer::remaining).sum();
                        int sent = data.length - (int) left;
                        assertThat(left).isPositive();
                        pair.client().shutdownOutput();
                        assertThat(pair.server().getInputStream().readAllBytes())
                                .isEqualTo(Arrays.copyOf(data, sent));
                    }
                });
    }

    @Test
    @Spec("SOCK20")
    void sendAll_afterCloseOrToNobody_isAnErrorAndUsesNothingUp() throws Exception {
        Evy.run(
                () -> {
                    ByteBuffer one = ByteBuffer.wrap(new byte[5]);
                    ByteBuffer two = ByteBuffer.allocateDirect(5);
                    try (GreenSocket fresh = new GreenSocket()) {
                        assertThatThrownBy(() -> fresh.sendAll(one, two))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("not connected");
                    }
                    try (Pair pair = Pair.open()) {
                        pair.client().close();
                        assertThatThrownBy(() -> pair.client().sendAll(one, two))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("closed");
                        assertThatThrownBy(() -> pair.client().recvInto(one, two))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("closed");
                    }
                    try (Pair pair = Pair.open()) {
                        pair.client().shutdownOutput();
                        assertThatThrownBy(() -> pair.client().sendAll(one, two))
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("Broken pipe");
                    }
                    assertThat(one.remaining()).isEqualTo(5);
                    assertThat(two.remaining()).isEqualTo(5);
                });
    }

    @Test
    @Spec("SOCK15")
    void recvInto_severalBuffers_fillsOneAfterTheOther() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        ByteBuffer first = ByteBuffer.allocate(6).position(2).limit(5);
                        ByteBuffer none = ByteBuffer.allocateDirect(0);
                        ByteBuffer second = ByteBuffer.allocateDirect(3);
                        ByteBuffer third = ByteBuffer.allocate(10);
                        pair.client().sendAll("abcdefgh".getBytes());

                        long n = pair.server().recvInto(first, none, second, third);

                        assertThat(n).isEqualTo(8);
                        assertThat(first.array()).asString().isEqualTo("\0\0abc\0");
                        assertThat(first.position()).isEqualTo(5);
                        assertThat(second.flip()).isEqualTo(ByteBuffer.wrap("def".getBytes()));
                        assertThat(third.flip()).isEqualTo(ByteBuffer.wrap("gh".getBytes()));
                        pair.client().close();
                        assertThat(pair.server().recvInto(first.clear(), third.clear()))
                                .isEqualTo(-1);
                        assertThat(first.position()).isZero();
                    }
                });
    }

    @Test
    @Spec({"SOCK15", "SOCK16"})
    void recvInto_afterAPeek_getsWhatWasLookedAt() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.client().sendAll("abcd".getBytes());
                        NetFixtures.awaitTrue("all four", () -> peeked(pair).equals("abcd"));
                        ByteBuffer first = ByteBuffer.allocate(1);
                        ByteBuffer second = ByteBuffer.allocateDirect(8);

                        assertThat(pair.server().recvInto(first, second)).isEqualTo(4);
                        assertThat(second.flip()).isEqualTo(ByteBuffer.wrap("bcd".getBytes()));
                    }
                });
    }

    private static String peeked(Pair pair) {
        try {
            return new String(pair.server().peek(4));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Spec("SOCK15")
    void recvInto_aReadOnlyBufferAmongThem_isRefusedAndNothingIsLost() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        ByteBuffer first = ByteBuffer.allocate(2);
                        ByteBuffer readOnly = ByteBuffer.allocate(2).asReadOnlyBuffer();
                        pair.client().sendAll("ab".getBytes());

                        assertThatThrownBy(() -> pair.server().recvInto(first, readOnly))
                                .isInstanceOf(ReadOnlyBufferException.class);
                        assertThatThrownBy(() -> pair.server().recvInto(readOnly))
                                .isInstanceOf(ReadOnlyBufferException.class);
                        assertThatThrownBy(() -> pair.server().tryRecvInto(readOnly))
                                .isInstanceOf(ReadOnlyBufferException.class);

                        assertThat(first.position()).isZero();
                        assertThat(pair.server().recv(9)).asString().isEqualTo("ab");
                    }
                });
    }

    @Test
    @Spec({"SOCK7", "SOCK8"})
    void recvInto_severalBuffers_waitsAndCanBeCutShort() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        ByteBuffer first = ByteBuffer.allocate(1);
                        ByteBuffer second = ByteBuffer.allocate(1);
                        pair.server().setTimeout(Duration.ofMillis(10));
                        assertThatThrownBy(() -> pair.server().recvInto(first, second))
                                .isInstanceOf(SocketTimeoutException.class);
                        pair.server().setTimeout(null);
                        Timeout timeout = new Timeout(Duration.ofMillis(10));
                        assertThatThrownBy(() -> pair.server().recvInto(first, second))
                                .isSameAs(timeout);

                        GreenThread<Long> reader =
                                Evy.spawn(() -> pair.server().recvInto(first, second));
                        NetFixtures.settle();
                        pair.client().sendAll("xy".getBytes());

                        assertThat(reader.join()).isEqualTo(2);
                    }
                });
    }

    @Test
    @Spec("SOCK22")
    void platformThreads_gatherAndScatter() throws Exception {
        byte[] data = NetFixtures.pattern(300_000);
        try (Pair pair = Pair.withBuffers(16_384);
                Platform<Void> sender =
                        Platform.start(
                                () -> {
                                    pair.client().sendAll(cut(data, 40, new Random(3)));
                                    pair.client().shutdownOutput();
                                    return null;
                                })) {
            ByteBuffer all = ByteBuffer.allocate(data.length + 1);
            ByteBuffer first = all.duplicate().limit(1_000);
            ByteBuffer rest = all.slice(1_000, data.length + 1 - 1_000);
            while (pair.server().recvInto(first, rest) >= 0) {
                assertThat(first.position() == 1_000 || rest.position() == 0).isTrue();
            }

            sender.get();
            assertThat(first.position() + rest.position()).isEqualTo(data.length);
            assertThat(Arrays.copyOf(all.array(), data.length)).isEqualTo(data);
        }
    }
}
