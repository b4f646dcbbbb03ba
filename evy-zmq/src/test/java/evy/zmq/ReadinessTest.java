package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Both ways to learn that something has come for a socket. */
class ReadinessTest extends ZmqTest {
    private static final String PROPERTY = "evy.zmq.readiness";

    @BeforeAll
    static void startWatch() {
        startWatchThread();
    }

    @Test
    void internals_onTheClassPath_areOpen() {
        assertThat(Internals.orNull()).isNotNull();
    }

    @Test
    void property_unknownWay_isAnErrorThatNamesIt() {
        System.setProperty(PROPERTY, "poll");
        try {
            assertThatThrownBy(
                            () -> {
                                try (var context = Context.open()) {
                                    context.socket(SocketType.REQ);
                                }
                            })
                    .hasMessageContaining("'poll'")
                    .hasMessageContaining("-Devy.zmq.readiness takes: hook, watch");
        } finally {
            System.clearProperty(PROPERTY);
        }
    }

    /**
     * A sender's calls take the receiver's commands out of the mailbox, and the other way round.
     */
    @ParameterizedTest
    @ValueSource(strings = {"hook", "watch"})
    @Spec("ZMQ12")
    void sendersAndReceivers_ofOneSocket_neverMissEachOther(String way) {
        by(
                way,
                () -> {
                    Socket one = bound(SocketType.DEALER);
                    Socket two = connected(SocketType.DEALER, one);
                    one.options().sendHighWaterMark(5).receiveHighWaterMark(5);
                    List<GreenThread<Integer>> threads = new ArrayList<>();
                    for (Socket socket : List.of(one, two)) {
                        for (int i = 0; i < 3; i++) {
                            threads.add(Evy.spawn(() -> sendSome(socket)));
                            threads.add(Evy.spawn(() -> receiveSome(socket)));
                        }
                    }

                    assertThat(threads.stream().mapToInt(GreenThread::join).sum())
                            .isEqualTo(12 * 200);
                });
    }

    private static int sendSome(Socket socket) {
        for (int i = 0; i < 200; i++) {
            socket.send("m" + i);
        }
        return 200;
    }

    private static int receiveSome(Socket socket) {
        for (int i = 0; i < 200; i++) {
            socket.recv();
        }
        return 200;
    }

    @ParameterizedTest
    @ValueSource(strings = {"hook", "watch"})
    @Spec({"ZMQ6", "ZMQ12"})
    void fullQueues_senderAndReceiverOnOneThread_goOn(String way) {
        by(
                way,
                () -> {
                    Socket pull = bound(SocketType.PULL);
                    pull.options().receiveHighWaterMark(2);
                    Socket push = connected(SocketType.PUSH, pull);
                    GreenThread<Integer> sender = Evy.spawn(() -> sendSome(push));

                    assertThat(receiveSome(pull)).isEqualTo(200);

                    assertThat(sender.join()).isEqualTo(200);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"hook", "watch"})
    @Spec("ZMQ8")
    void close_whileWaiting_wakesAndLeavesNothing(String way) {
        by(
                way,
                () -> {
                    Socket pull = bound(SocketType.PULL);
                    Socket push = connected(SocketType.PUSH, pull);
                    push.send("once");
                    pull.recv();
                    GreenThread<?> receiver = Evy.spawn(() -> pull.recv());
                    GreenThread<?> poller = Evy.spawn(() -> pull.poll(PATIENCE, PollEvent.IN));
                    Evy.yield();

                    pull.close();

                    assertFails(ZmqError.ENOTSOCK, receiver::join);
                    assertFails(ZmqError.ENOTSOCK, poller::join);
                });
    }

    /** Commands come in while sockets are being closed: the reaper must hear of them. */
    @ParameterizedTest
    @ValueSource(strings = {"hook", "watch"})
    @Spec("ZMQ8")
    void close_amidTraffic_contextEnds(String way) {
        by(
                way,
                () -> {
                    for (int round = 0; round < 15; round++) {
                        Context own = Context.open();
                        Socket pull = own.socket(SocketType.PULL);
                        pull.bind("inproc://traffic");
                        String endpoint = pull.bind("tcp://127.0.0.1:*");
                        Socket near = own.socket(SocketType.PUSH);
                        near.connect("inproc://traffic");
                        Socket far = own.socket(SocketType.PUSH);
                        far.connect(endpoint);
                        for (int i = 0; i < 20 * round; i++) {
                            near.send("x");
                            far.send("x");
                        }
                        pull.tryRecv();
                        if (round % 2 == 0) {
                            pull.close();
                        }

                        assertThat(own.close(Duration.ZERO)).isTrue();
                    }
                });
    }

    @Test
    void watch_typeWithoutDescriptor_saysWhatToDo() {
        by(
                "watch",
                () ->
                        assertFails(ZmqError.ENOTSUP, () -> context.socket(SocketType.CLIENT))
                                .hasMessageContaining("--add-opens"));
    }

    private static void by(String way, Runnable body) {
        System.setProperty(PROPERTY, way);
        try {
            Evy.run(body::run);
        } finally {
            System.clearProperty(PROPERTY);
        }
    }
}
