package evy.behaviour;

import static evy.behaviour.NetFixtures.settle;
import static evy.behaviour.TlsFixtures.CLIENT;
import static evy.behaviour.TlsFixtures.SERVER;
import static evy.behaviour.TlsFixtures.carry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.behaviour.NetFixtures.Pair;
import evy.behaviour.NetFixtures.Platform;
import evy.behaviour.TlsFixtures.TlsPair;
import evy.hubs.Hub;
import evy.io.GreenSocket;
import evy.io.tls.GreenTlsSocket;
import evy.io.tls.Tls;
import evy.io.tls.TlsOptions;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.SSLException;

/** TLS connections that are cut off, torn, timed out and closed in the middle. */
@ExtendWith(LeakCheckExtension.class)
class TlsCancelTest {
    private static final byte[] HELLO = "hello".getBytes();

    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    // time limits

    @Test
    @Spec("SSL8")
    void timeout_ofHandshakeReadAndWrite_isTheOrdinaryOne() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.over(Pair.withBuffers(10_000), CLIENT, SERVER)) {
                        GreenTlsSocket client = pair.client();
                        client.setSoTimeout(20);

                        assertThatThrownBy(client::startHandshake)
                                .isInstanceOf(SocketTimeoutException.class)
                                .hasMessageContaining("TLS handshake");
                        client.setTimeout(NetFixtures.LONG);
                        pair.shake(); // goes on where it stopped
                        client.setSoTimeout(20);
                        assertThatThrownBy(() -> client.recv(1))
                                .isInstanceOf(SocketTimeoutException.class)
                                .hasMessageContaining("Read");
                        byte[] data = NetFixtures.pattern(5_000_000);
                        SocketTimeoutException full =
                                catchThrowableOfType(
                                        SocketTimeoutException.class, () -> client.sendAll(data));
                        assertThat(full).hasMessageContaining("Write");
                        assertThat(client.isClosed()).isFalse();
                        assertThat(full.bytesTransferred).isBetween(1, data.length - 1);

                        // what was taken arrives whole, and then what is written next
                        GreenThread<byte[]> arrived =
                                Evy.spawn(
                                        () ->
                                                pair.server()
                                                        .getInputStream()
                                                        .readNBytes(full.bytesTransferred + 5));
                        client.setTimeout(null);
                        client.sendAll(HELLO);
                        assertThat(arrived.join())
                                .startsWith(Arrays.copyOf(data, full.bytesTransferred))
                                .endsWith(HELLO);
                    }
                });
    }

    @Test
    @Spec("SSL8")
    void handshakeTimeout_withASilentPeer_endsAReadWithoutALimit() throws Exception {
        Evy.run(
                () -> {
                    TlsOptions hasty = SERVER.withHandshakeTimeout(Duration.ofMillis(20));
                    try (TlsPair pair = TlsPair.open(CLIENT, hasty)) {
                        assertThatThrownBy(() -> pair.server().recv(1))
                                .isInstanceOf(SocketTimeoutException.class)
                                .hasMessageContaining("TLS handshake timed out after 20 ms");
                        assertThatThrownBy(() -> pair.server().setTimeout(Duration.ZERO))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("PT0S");
                    }
                });
    }

    // torn

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 6, 20, 27})
    @Spec({"SSL8", "SSL13"})
    void read_tornInTheMiddleOfARecord_goesOn(int cut) throws Exception {
        Evy.run(
                () -> {
                    try (Relay relay = Relay.shaken()) {
                        byte[] record = relay.record(HELLO);
                        relay.toServer(record, 0, cut);
                        GreenThread<byte[]> killed = Evy.spawn(() -> relay.server.recv(10));
                        settle();
                        killed.kill();
                        assertThatThrownBy(
                                        () ->
                                                Timeout.call(
                                                        Duration.ofMillis(5),
                                                        () -> relay.server.recv(10)))
                                .isInstanceOf(Timeout.class);
                        relay.toServer(record, cut, record.length - cut);

                        assertThat(relay.server.recv(10)).isEqualTo(HELLO);
                    }
                });
    }

    @Test
    @Spec({"SSL8", "SSL13"})
    void awaitReadable_timedOutOrTorn_hasTouchedNothing() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.shaken()) {
                        GreenTlsSocket server = pair.server();
                        assertThat(server.awaitReadable(Duration.ofMillis(5))).isFalse();
                        GreenThread<Boolean> killed = Evy.spawn(() -> server.awaitReadable(null));
                        settle();
                        killed.kill();
                        assertThatThrownBy(
                                        () ->
                                                Timeout.call(
                                                        Duration.ofMillis(5),
                                                        () -> server.awaitReadable(null)))
                                .isInstanceOf(Timeout.class);
                        GreenThread<Boolean> waiting = Evy.spawn(() -> server.awaitReadable(null));
                        settle();
                        pair.client().sendAll(HELLO);

                        assertThat(waiting.join()).isTrue();
                        assertThat(server.awaitReadable(null)).isTrue();
                        assertThat(server.recv(10)).isEqualTo(HELLO);
                        assertThat(server.awaitReadable(Duration.ofMillis(5))).isFalse();
                        assertThatThrownBy(() -> server.awaitReadable(Duration.ZERO))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("PT0S");
                    }
                });
    }

    @Test
    @Spec("SSL8")
    void awaitReadable_withASilentPeer_isOverInTimeAndTheHandshakeCanGoOn() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.open()) {
                        assertThat(pair.server().awaitReadable(Duration.ofMillis(5))).isFalse();
                        assertThat(pair.server().isHandshakeDone()).isFalse();
                        GreenThread<Boolean> waiting =
                                Evy.spawn(() -> pair.server().awaitReadable(null));

                        pair.client().sendAll(HELLO);

                        assertThat(waiting.join()).isTrue();
                        assertThat(pair.server().recv(10)).isEqualTo(HELLO);
                    }
                });
    }

    @Test
    @Spec("SSL6")
    void awaitReadable_closedMeanwhile_isToldAtOnce() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.shaken()) {
                        GreenThread<Boolean> waiting =
                                Evy.spawn(() -> pair.server().awaitReadable(null));
                        settle();

                        pair.server().close();

                        assertThatThrownBy(waiting::join).isInstanceOf(SocketException.class);
                        assertThatThrownBy(() -> pair.server().awaitReadable(null))
                                .isInstanceOf(SocketException.class);
                    }
                });
    }

    @Test
    @Spec({"SSL8", "SSL10"})
    void write_killedWhileThePeerDoesNotRead_leavesTheStreamWhole() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair =
                            TlsPair.over(Pair.withBuffers(10_000), CLIENT, SERVER).shake()) {
                        byte[] data = new byte[3_000_000];
                        GreenThread<Void> writer =
                                Evy.spawn(
                                        () -> {
                                            pair.client().sendAll(data);
                                            return null;
                                        });
                        settle();
                        assertThat(writer.isDone()).isFalse();
                        writer.kill();
                        GreenThread<byte[]> all =
                                Evy.spawn(() -> pair.server().getInputStream().readAllBytes());

                        pair.client().sendAll(HELLO);
                        pair.client().close();

                        byte[] arrived = all.join();
                        assertThat(arrived).endsWith(HELLO);
                        assertThat(arrived.length).isBetween(6, data.length);
                        for (int i = 0; i < arrived.length - HELLO.length; i++) {
                            assertThat(arrived[i]).isZero();
                        }
                    }
                });
    }

    @Test
    @Spec("SSL8")
    void handshake_killed_goesOnInAnotherThread() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair = TlsPair.open()) {
                        GreenThread<byte[]> reader = Evy.spawn(() -> pair.client().recv(5));
                        GreenThread<byte[]> second = Evy.spawn(() -> pair.client().recv(5));
                        settle();
                        reader.kill();
                        pair.server().sendAll(HELLO);

                        assertThat(second.join()).isEqualTo(HELLO);
                    }
                });
    }

    @Test
    @Spec({"SSL1", "SSL8"})
    void handshake_withTasksOffHub_works() throws Exception {
        Evy.run(
                () -> {
                    TlsOptions client = CLIENT.withTasksOffHub(true);
                    try (TlsPair pair = TlsPair.open(client, SERVER.withTasksOffHub(true))) {
                        assertThat(carry(pair.client(), pair.server(), HELLO)).isEqualTo(HELLO);
                    }
                });
    }

    // cut off

    @Test
    @Spec("SSL13")
    void disconnect_withoutGoodbye_isTheEndOrAnError() throws Exception {
        Evy.run(
                () -> {
                    TlsOptions strict = CLIENT.withSuppressRaggedEofs(false);
                    try (TlsPair lenient = TlsPair.shaken();
                            TlsPair pair = TlsPair.shaken(strict, SERVER)) {
                        GreenThread<byte[]> reader = Evy.spawn(() -> lenient.client().recv(5));
                        settle();
                        lenient.cutByServer();
                        pair.cutByServer();

                        assertThat(reader.join()).isEmpty();
                        assertThatThrownBy(() -> pair.client().recv(5))
                                .isInstanceOf(SSLException.class)
                                .hasMessageContaining("close_notify");
                        assertThatThrownBy(() -> pair.client().recv(5))
                                .isInstanceOf(SSLException.class);
                    }
                });
    }

    @Test
    @Spec("SSL13")
    void disconnect_inTheMiddleOfARecord_isAnError() throws Exception {
        Evy.run(
                () -> {
                    try (Relay relay = Relay.shaken()) {
                        byte[] record = relay.record(HELLO);
                        relay.toServer(record, 0, 9);
                        relay.front.client().shutdownOutput();

                        assertThatThrownBy(() -> relay.server.recv(5))
                                .isInstanceOf(SSLException.class)
                                .hasMessageContaining("middle of a record");
                    }
                });
    }

    @Test
    @Spec("SSL13")
    void record_thatWasChanged_failsTheConnectionForGood() throws Exception {
        Evy.run(
                () -> {
                    try (Relay relay = Relay.shaken()) {
                        byte[] record = relay.record(HELLO);
                        record[record.length - 1] ^= 1;
                        relay.toServer(record, 0, record.length);

                        assertThatThrownBy(() -> relay.server.recv(5))
                                .isInstanceOf(SSLException.class);
                        assertThat(relay.server.isClosed()).isTrue();
                        assertThatThrownBy(() -> relay.server.send(HELLO))
                                .isInstanceOf(SSLException.class)
                                .hasMessageContaining("has failed");
                    }
                });
    }

    @Test
    @Spec("SSL13")
    void plainText_insteadOfAHandshake_isAnError() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open();
                            GreenTlsSocket server = Tls.wrap(pair.server(), SERVER)) {
                        pair.client().sendAll("GET / HTTP/1.1\r\n\r\n".getBytes());

                        assertThatThrownBy(() -> server.recv(5)).isInstanceOf(SSLException.class);
                    }
                });
    }

    // closed

    private enum Closer {
        GREEN_THREAD,
        OTHER_HUB,
        CALLBACK,
        PLATFORM_THREAD;

        void close(GreenTlsSocket socket) throws Exception {
            switch (this) {
                case GREEN_THREAD -> socket.close();
                case OTHER_HUB -> {
                    try (Hub other = Hub.open()) {
                        Evy.spawn(
                                        other,
                                        () -> {
                                            socket.close();
                                            return null;
                                        })
                                .join();
                    }
                }
                case CALLBACK -> Hub.current().execute(() -> quietly(socket));
                case PLATFORM_THREAD -> {
                    try (Platform<Void> thread =
                            Platform.start(
                                    () -> {
                                        socket.close();
                                        return null;
                                    })) {
                        NetFixtures.awaitTrue("closed", thread::isDone);
                    }
                }
            }
        }

        private static void quietly(GreenTlsSocket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Spec({"SSL6", "SSL13"})
    void close_byAnybody_wakesWhoShakesHandsReadsAndWrites(Closer closer) throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair fresh = TlsPair.open();
                            TlsPair idle = TlsPair.shaken();
                            TlsPair full =
                                    TlsPair.over(Pair.withBuffers(10_000), CLIENT, SERVER)
                                            .shake()) {
                        GreenThread<byte[]> shaking = Evy.spawn(() -> fresh.client().recv(1));
                        GreenThread<byte[]> reading = Evy.spawn(() -> idle.client().recv(1));
                        GreenThread<byte[]> behind = Evy.spawn(() -> idle.client().recv(1));
                        GreenThread<byte[]> writing =
                                Evy.spawn(
                                        () -> {
                                            full.client().sendAll(new byte[3_000_000]);
                                            return HELLO;
                                        });
                        settle();

                        closer.close(fresh.client());
                        closer.close(idle.client());
                        closer.close(full.client());

                        for (GreenThread<byte[]> waiter :
                                List.of(shaking, reading, behind, writing)) {
                            assertThatThrownBy(waiter::join)
                                    .isInstanceOf(SocketException.class)
                                    .hasMessageContaining("closed");
                        }
                    }
                });
    }

    @Test
    @Spec("SSL6")
    void close_whenThePeerDoesNotRead_waitsNoLongerThanItMay() throws Exception {
        Evy.run(
                () -> {
                    TlsOptions hasty = CLIENT.withCloseTimeout(Duration.ofMillis(30));
                    try (TlsPair pair =
                            TlsPair.over(Pair.withBuffers(10_000), hasty, SERVER).shake()) {
                        GreenTlsSocket client = pair.client();
                        client.setSoTimeout(20);
                        assertThatThrownBy(() -> client.sendAll(new byte[3_000_000]))
                                .isInstanceOf(SocketTimeoutException.class);
                        GreenThread<byte[]> reading = Evy.spawn(() -> client.recv(1));
                        client.setTimeout(null);
                        settle();

                        client.close();

                        assertThat(pair.below().client().isClosed()).isTrue();
                        assertThatThrownBy(reading::join).isInstanceOf(IOException.class);
                    }
                });
    }

    @Test
    @Spec("SSL6")
    void close_whileItWaitsToSayGoodbye_hasWokenTheReader() throws Exception {
        Evy.run(
                () -> {
                    try (TlsPair pair =
                            TlsPair.over(Pair.withBuffers(10_000), CLIENT, SERVER).shake()) {
                        GreenTlsSocket client = pair.client();
                        client.setSoTimeout(20);
                        assertThatThrownBy(() -> client.sendAll(new byte[3_000_000]))
                                .isInstanceOf(SocketTimeoutException.class);
                        client.setTimeout(null);
                        GreenThread<byte[]> reading = Evy.spawn(() -> client.recv(1));
                        settle();
                        GreenThread<Void> closing =
                                Evy.spawn(
                                        () -> {
                                            client.close();
                                            return null;
                                        });

                        assertThatThrownBy(reading::join)
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("closed");
                        assertThat(closing.isDone()).isFalse();
                        closing.kill();
                        assertThat(pair.below().client().isClosed()).isTrue();
                    }
                });
    }

    @Test
    @Spec("SSL10")
    void write_fromAnotherHubAndAPlatformThread_arrives() throws Exception {
        try (Hub other = Hub.open()) {
            Evy.run(
                    () -> {
                        try (TlsPair pair = TlsPair.shaken()) {
                            byte[] data = NetFixtures.pattern(300_000);
                            GreenThread<byte[]> reader =
                                    Evy.spawn(
                                            () ->
                                                    pair.server()
                                                            .getInputStream()
                                                            .readNBytes(2 * data.length));
                            GreenThread<Void> guest =
                                    Evy.spawn(
                                            other,
                                            () -> {
                                                pair.client().sendAll(data);
                                                return null;
                                            });
                            guest.join();
                            try (Platform<Void> platform =
                                    Platform.start(
                                            () -> {
                                                pair.client().sendAll(data);
                                                return null;
                                            })) {
                                byte[] arrived = reader.join();
                                NetFixtures.awaitTrue("sent", platform::isDone);

                                assertThat(arrived).startsWith(data).endsWith(data);
                            }
                        }
                    });
        }
    }

    /** A connection whose records pass through the test's hands on their way to the server. */
    private static final class Relay implements AutoCloseable {
        private final Pair back;
        private final Pair front;
        private final GreenTlsSocket client;
        private final GreenTlsSocket server;

        private Relay() throws IOException {
            back = Pair.open();
            front = Pair.open();
            client = Tls.wrap(back.client(), CLIENT);
            server = Tls.wrap(front.server(), SERVER);
        }

        static Relay shaken() throws Exception {
            Relay relay = new Relay();
            GreenThread<Void> there =
                    Evy.spawn(() -> pump(relay.back.server(), relay.front.client()));
            GreenThread<Void> here =
                    Evy.spawn(() -> pump(relay.front.client(), relay.back.server()));
            GreenThread<byte[]> served = Evy.spawn(() -> relay.server.recv(5));
            relay.client.sendAll(HELLO);
            served.join();
            there.kill();
            here.kill();
            return relay;
        }

        private static Void pump(GreenSocket from, GreenSocket to) throws IOException {
            from.getInputStream().transferTo(to.getOutputStream());
            return null;
        }

        /** What the client sends for these data. */
        byte[] record(byte[] data) throws IOException {
            client.sendAll(data);
            return back.server().recv(1_000);
        }

        void toServer(byte[] record, int offset, int length) throws IOException {
            front.client().getOutputStream().write(record, offset, length);
            settle();
        }

        @Override
        public void close() throws IOException {
            try (Pair one = back;
                    Pair other = front) {
                assert one != other;
                client.close();
                server.close();
            }
        }
    }
}
