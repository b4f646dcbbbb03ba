package evy.behaviour;

import static evy.behaviour.NetFixtures.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.behaviour.NetFixtures.FullBacklog;
import evy.behaviour.NetFixtures.Pair;
import evy.behaviour.NetFixtures.Platform;
import evy.hubs.Hub;
import evy.hubs.Waiter;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.io.WouldBlockException;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Timeouts of sockets, non-blocking mode, and what a call that gave up leaves behind. */
@ExtendWith(LeakCheckExtension.class)
class SocketTimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    @Test
    @Spec("SOCK3")
    void defaultTimeout_holdsForNewSocketsOnly() throws Exception {
        assertThat(GreenSocket.defaultTimeout()).isNull();
        try (GreenSocket old = new GreenSocket()) {
            GreenSocket.setDefaultTimeout(Duration.ofSeconds(10));
            try (GreenSocket young = new GreenSocket();
                    GreenServerSocket server = new GreenServerSocket()) {
                assertThat(GreenSocket.defaultTimeout()).isEqualTo(Duration.ofSeconds(10));
                assertThat(young.timeout()).isEqualTo(Duration.ofSeconds(10));
                assertThat(young.getSoTimeout()).isEqualTo(10_000);
                assertThat(server.timeout()).isEqualTo(Duration.ofSeconds(10));
                assertThat(old.timeout()).isNull();
            } finally {
                GreenSocket.setDefaultTimeout(null);
            }
        }
        assertThat(GreenSocket.defaultTimeout()).isNull();
        assertThatThrownBy(() -> GreenSocket.setDefaultTimeout(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-1S");
        assertThat(GreenSocket.defaultTimeout()).isNull();
    }

    @Test
    @Spec("SOCK5")
    void setTimeout_isGivenBackAsItWas() throws Exception {
        try (GreenSocket socket = new GreenSocket()) {
            assertThat(socket.timeout()).isNull();

            socket.setTimeout(Duration.ofMillis(7_345));
            assertThat(socket.timeout()).isEqualTo(Duration.ofMillis(7_345));
            assertThat(socket.getSoTimeout()).isEqualTo(7_345);

            socket.setSoTimeout(13_000);
            assertThat(socket.timeout()).isEqualTo(Duration.ofSeconds(13));

            socket.setTimeout(Duration.ofNanos(1));
            assertThat(socket.timeout()).isEqualTo(Duration.ofNanos(1));
            assertThat(socket.getSoTimeout()).as("not 0, which is for ever").isEqualTo(1);

            socket.setTimeout(Duration.ofSeconds(Long.MAX_VALUE));
            assertThat(socket.getSoTimeout()).isEqualTo(Integer.MAX_VALUE);

            socket.setTimeout(Duration.ZERO);
            assertThat(socket.timeout()).isEqualTo(Duration.ZERO);

            socket.setTimeout(null);
            assertThat(socket.timeout()).isNull();
            socket.setSoTimeout(0);
            assertThat(socket.timeout()).isNull();
        }
    }

    @Test
    @Spec("SOCK5")
    void setTimeout_negative_isRefusedByItsValue() throws Exception {
        try (GreenSocket socket = new GreenSocket();
                GreenServerSocket server = new GreenServerSocket()) {
            socket.setTimeout(SHORT);

            assertThatThrownBy(() -> socket.setTimeout(Duration.ofMillis(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("PT-0.001S");
            assertThatThrownBy(() -> server.setTimeout(Duration.ofSeconds(Long.MIN_VALUE)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> socket.setSoTimeout(-1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(
                            () -> Evy.connect(NetFixtures.refusing(), Duration.ofSeconds(-1), null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("PT-1S");

            assertThat(socket.timeout()).isEqualTo(SHORT);
        }
    }

    @Test
    @Spec("SOCK6")
    void setBlocking_switchesBackAndForth() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        GreenSocket socket = pair.server();
                        for (int i = 0; i < 2; i++) {
                            socket.setBlocking(false);
                            assertThat(socket.timeout()).isEqualTo(Duration.ZERO);
                            assertThatThrownBy(() -> socket.recv(1))
                                    .isInstanceOf(WouldBlockException.class)
                                    .isNotInstanceOf(SocketTimeoutException.class);
                            assertThatThrownBy(() -> socket.getInputStream().read())
                                    .isInstanceOf(WouldBlockException.class);

                            socket.setBlocking(true);
                            assertThat(socket.timeout()).isNull();
                            GreenThread<byte[]> reader = Evy.spawn(() -> socket.recv(1));
                            settle();
                            pair.client().sendAll(new byte[] {1});
                            assertThat(reader.join()).containsExactly(1);
                        }
                    }
                });
    }

    @Test
    @Spec("SOCK6")
    void setDefaultTimeout_zero_makesNonBlockingSocketsThatCanBeSwitched() throws Exception {
        Evy.run(
                () -> {
                    GreenServerSocket listener;
                    GreenSocket.setDefaultTimeout(Duration.ZERO);
                    try {
                        listener = NetFixtures.listen();
                    } finally {
                        GreenSocket.setDefaultTimeout(null);
                    }
                    try (listener) {
                        assertThatThrownBy(listener::accept)
                                .isInstanceOf(WouldBlockException.class);
                        listener.setTimeout(null);
                        GreenThread<GreenSocket> acceptor = Evy.spawn(listener::accept);
                        settle();
                        try (GreenSocket client = Evy.connect(listener.address());
                                GreenSocket server = acceptor.join()) {
                            assertThat(server.getPort()).isEqualTo(client.getLocalPort());
                        }
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Spec("SOCK6")
    void recv_nonBlockingAndAskedAgainAndAgain_findsWhatComesLater(boolean yielding)
            throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.server().setBlocking(false);
                        for (byte i = 0; i < 3; i++) {
                            assertThatThrownBy(() -> pair.server().recv(10))
                                    .isInstanceOf(WouldBlockException.class);
                            pair.client().sendAll(new byte[] {i});

                            assertThat(recvPolling(pair.server(), yielding)).containsExactly(i);
                        }
                        pair.client().close();
                        assertThat(recvPolling(pair.server(), yielding)).isEmpty();
                    }
                });
    }

    private static byte[] recvPolling(GreenSocket socket, boolean yielding) throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (true) {
            try {
                return socket.recv(10);
            } catch (WouldBlockException notYet) {
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError("never came, though it is there", notYet);
                }
            }
            if (yielding) {
                Evy.yield();
            } else {
                Evy.sleep(Duration.ofMillis(1));
            }
        }
    }

    @Test
    @Spec("SOCK6")
    void send_nonBlockingAndFull_wouldBlock() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.withBuffers(4_096)) {
                        pair.fill();
                        pair.client().setBlocking(false);

                        assertThatThrownBy(() -> pair.client().send(new byte[100_000]))
                                .isInstanceOf(WouldBlockException.class)
                                .hasMessageContaining("non-blocking");
                        assertThatThrownBy(
                                        () ->
                                                pair.client()
                                                        .getOutputStream()
                                                        .write(new byte[1_000_000]))
                                .isInstanceOf(WouldBlockException.class);
                    }
                });
    }

    // each operation honours it

    private static void assertTimesOut(String operation, ThrowingCallable call) {
        long start = System.nanoTime();

        assertThatThrownBy(call)
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining(operation)
                .hasMessageContaining("timed out")
                .matches(Timeout::isTimeout);

        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(took).isBetween(SHORT, SHORT.plus(Duration.ofSeconds(10)));
        if (Hub.currentOrNull() != null) {
            assertThat(Hub.current().statistics().readers()).isZero();
            assertThat(Hub.current().statistics().writers()).isZero();
            assertThat(Hub.current().statistics().timers()).isZero();
        }
    }

    /** Does the same on a green thread, then here. */
    private static void onBoth(ThrowingCallable test) throws Exception {
        Evy.run(() -> run(test));
        run(test);
    }

    private static void run(ThrowingCallable test) throws Exception {
        try {
            test.call();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    @Test
    @Spec({"SOCK7", "SOCK8", "SOCK9", "TEST4"})
    void recvs_timeOver_throwAndNothingIsLost() throws Exception {
        onBoth(
                () -> {
                    try (Pair pair = Pair.open()) {
                        GreenSocket socket = pair.server();
                        socket.setTimeout(SHORT);

                        assertTimesOut("Read", () -> socket.recv(1));
                        assertTimesOut("Read", () -> socket.recvInto(new byte[3], 0, 3));
                        assertTimesOut("Read", () -> socket.recvInto(ByteBuffer.allocate(3)));
                        assertTimesOut("Read", () -> socket.peek(1));
                        assertTimesOut("Read", () -> socket.getInputStream().read());

                        pair.client().sendAll(new byte[] {1, 2});
                        assertThat(NetFixtures.receive(socket, 2)).containsExactly(1, 2);
                    }
                });
    }

    @Test
    @Spec({"SOCK7", "SOCK9", "SOCK12"})
    void accept_timeOver_throwsAndListenerStaysUsable() throws Exception {
        onBoth(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        listener.setTimeout(SHORT);

                        assertTimesOut("Accept", listener::accept);
                        assertTimesOut("Accept", listener::accept);

                        listener.setTimeout(NetFixtures.LONG);
                        try (GreenSocket client = Evy.connect(listener.address());
                                GreenSocket server = listener.accept()) {
                            assertThat(server.timeout()).as("not inherited").isNull();
                            assertThat(client.isConnected()).isTrue();
                        }
                    }
                });
    }

    @Test
    @Spec({"SOCK7", "SOCK9", "SOCK10"})
    void connect_timeOver_throwsAndCloses() throws Exception {
        try (FullBacklog full = new FullBacklog()) {
            onBoth(
                    () -> {
                        GreenSocket bySocket = new GreenSocket();
                        bySocket.setTimeout(SHORT);
                        assertTimesOut("Connect", () -> bySocket.connect(full.address()));

                        GreenSocket byCall = new GreenSocket();
                        assertTimesOut(
                                "Connect",
                                () -> byCall.connect(full.address(), (int) SHORT.toMillis()));
                        assertTimesOut("Connect", () -> Evy.connect(full.address(), SHORT, null));
                    });
        }
    }

    @Test
    @Spec("SOCK9")
    void connect_withinOneMillisecond_endsInTime() throws Exception {
        try (FullBacklog full = new FullBacklog()) {
            onBoth(
                    () -> {
                        long start = System.nanoTime();

                        assertThatThrownBy(
                                        () ->
                                                Evy.connect(
                                                        full.address(), Duration.ofMillis(1), null))
                                .isInstanceOf(SocketTimeoutException.class);

                        assertThat(Duration.ofNanos(System.nanoTime() - start))
                                .isBetween(Duration.ofMillis(1), Duration.ofSeconds(10));
                    });
        }
    }

    @Test
    @Spec({"SOCK7", "SOCK8"})
    void sends_timeOver_throw() throws Exception {
        onBoth(
                () -> {
                    try (Pair pair = Pair.withBuffers(4_096)) {
                        pair.fill();
                        GreenSocket socket = pair.client();
                        socket.setTimeout(SHORT);
                        byte[] data = new byte[100_000];

                        assertTimesOut("Write", () -> socket.send(data));
                        assertTimesOut("Write", () -> socket.sendAll(data));
                        assertTimesOut("Write", () -> socket.sendAll(ByteBuffer.wrap(data)));
                        assertTimesOut(
                                "Write", () -> socket.send(ByteBuffer.allocateDirect(100_000)));
                    }
                });
    }

    @Test
    @Spec("SOCK7")
    void timeoutOfTheLibrary_isAnotherThingThanTheSockets() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.server().setTimeout(NetFixtures.LONG);
                        Timeout timeout = new Timeout(SHORT);

                        assertThatThrownBy(() -> pair.server().recv(1)).isSameAs(timeout);

                        pair.client().sendAll(new byte[] {1});
                        assertThat(pair.server().recv(1)).containsExactly(1);
                    }
                });
    }

    /* eventlet: tests/greenio_test.py test_timeout_and_final_write */
    @Test
    @Spec("SOCK8")
    void recv_cutShort_lateDataDoesNotEndTheNextWait() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        GreenThread<Void> server =
                                Evy.spawn(
                                        () -> {
                                            Evy.sleep(Duration.ofMillis(20));
                                            pair.server().sendAll("hi".getBytes());
                                        });
                        GreenThread<String> sender =
                                Evy.spawn(
                                        () -> {
                                            server.join();
                                            Evy.sleep(Duration.ofMillis(20));
                                            return "the value";
                                        });

                        byte[] nothing =
                                Timeout.call(
                                        Duration.ofMillis(10), () -> pair.client().recv(2), null);
                        String value = sender.join();

                        assertThat(nothing).isNull();
                        assertThat(value).isEqualTo("the value");
                        assertThat(pair.client().recv(2)).asString().isEqualTo("hi");
                    }
                });
    }

    @Test
    @Spec("SOCK8")
    void recv_timedOut_leavesNoListenerThatWakesAnother() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        pair.server().setTimeout(Duration.ofMillis(5));
                        assertThatThrownBy(() -> pair.server().recv(1))
                                .isInstanceOf(SocketTimeoutException.class);
                        Waiter other = Waiter.current("something else");

                        pair.client().sendAll(new byte[] {1});

                        assertThat(other.await(SHORT.toNanos())).isFalse();
                        assertThat(pair.server().recv(1)).containsExactly(1);
                    }
                });
    }

    // the same bounds for a plain socket

    @Test
    @Spec("SOCK9")
    void recv_onPlatformThread_endsInTime() throws Exception {
        Pair pair = Evy.run(Pair::open);
        pair.server().setTimeout(SHORT);
        try (pair;
                Platform<Boolean> thread =
                        Platform.start(
                                () -> {
                                    assertTimesOut("Read", () -> pair.server().recv(1));
                                    return true;
                                })) {
            assertThat(thread.get()).isTrue();
        }
    }

    @Test
    @Spec("SOCK8")
    void connect_cutShort_goesOnWithTheNextCall() throws Exception {
        try (FullBacklog full = new FullBacklog()) {
            Evy.run(
                    () -> {
                        try (GreenSocket socket = new GreenSocket()) {
                            boolean done = Timeout.run(SHORT, () -> socket.connect(full.address()));

                            assertThat(done).isFalse();
                            assertThat(socket.isClosed()).isFalse();
                            assertThat(Hub.current().statistics().writers()).isZero();
                            assertTimesOut("Connect", () -> socket.connect(full.address(), 20));
                        }
                    });
        }
    }

    @Test
    @Spec("SOCK8")
    void recv_killed_leavesTheSocketUsable() throws Exception {
        Evy.run(
                () -> {
                    try (Pair pair = Pair.open()) {
                        GreenThread<byte[]> reader = Evy.spawn(() -> pair.server().recv(1));
                        settle();

                        reader.kill();
                        pair.client().sendAll(new byte[] {4});

                        assertThat(pair.server().isClosed()).isFalse();
                        assertThat(pair.server().recv(1)).containsExactly(4);
                    }
                });
    }
}
