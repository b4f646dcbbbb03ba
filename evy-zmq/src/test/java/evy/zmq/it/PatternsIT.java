package evy.zmq.it;

import static evy.zmq.it.Parts.send;
import static evy.zmq.it.Parts.texts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import evy.Evy;
import evy.GreenThread;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.zmq.Context;
import evy.zmq.Socket;
import evy.zmq.SocketType;
import evy.zmq.ZmqError;
import evy.zmq.ZmqException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Peers of libzmq that come late, die, come again, stall: what each pattern promises then. */
@ExtendWith({LeakCheckExtension.class, GreenTests.class})
class PatternsIT {
    private static final String ANY_PORT = "tcp://127.0.0.1:*";
    private static final Duration MOMENT = Duration.ofMillis(20);

    /** More of these than all buffers between two processes hold. */
    private static final int MANY = 2000;

    private static final int SIZE = 10_000;

    private PythonPeer peer;
    private Context context;

    @BeforeEach
    void open() throws Exception {
        peer = PythonPeer.start();
        context = Context.open();
    }

    @AfterEach
    void close() throws Exception {
        try (PythonPeer _ = peer) {
            if (context != null) {
                context.close();
            }
        }
    }

    @Spec({"ZMQ1", "ZMQ6"})
    @ParameterizedTest
    @CsvSource({"PUSH, PULL", "DEALER, DEALER", "PAIR, PAIR"})
    void send_peerStalls_waitsThenAllArrives(SocketType ours, String theirs) throws Exception {
        Socket socket = Parts.open(context, ours);
        socket.options().sendHighWaterMark(10);
        peer.ask("s = socket('%s', rcvhwm=10)", theirs);
        peer.ask("s.connect('%s')", socket.bind(ANY_PORT));
        peer.stall(true);
        peer.begin("[int(s.recv()[:8]) for i in range(%d)] == list(range(%d))", MANY, MANY);

        var sender = Evy.spawn(() -> sendNumbered(socket, MANY));

        try (var ticker = new Ticker()) {
            ticker.await(50);
            assertThat(sender.isDone()).isFalse();
        }
        peer.stall(false);
        sender.join();
        assertThat(peer.await()).isEqualTo("True");
    }

    private static void sendNumbered(Socket socket, int count) {
        for (int i = 0; i < count; i++) {
            socket.send(Parts.text("%08d".formatted(i) + "x".repeat(SIZE)));
        }
    }

    @Test
    @Spec({"ZMQ1", "ZMQ6"})
    void publish_oneSubscriberStalls_itMissesSomeAndOthersNone() throws Exception {
        Socket pub = Parts.open(context, SocketType.XPUB);
        pub.options().sendHighWaterMark(10);
        String address = pub.bind(ANY_PORT);
        peer.ask("s = socket('SUB', rcvhwm=10)");
        peer.ask("s.subscribe('')");
        peer.ask("s.connect('%s')", address);
        pub.recv();
        Socket lively = Parts.open(context, SocketType.SUB);
        lively.subscribe("");
        lively.connect(address);
        // the second subscription to the same is not passed on, so ask by what comes
        lively.options().receiveTimeout(MOMENT);
        do {
            send(pub, "00000000");
        } while (!Parts.arrives(lively));
        while (Parts.arrives(lively)) {
            // what came twice
        }
        lively.options().receiveTimeout(Parts.PATIENCE);
        peer.stall(true);

        for (int i = 0; i < MANY; i++) {
            String number = "%08d".formatted(i);
            pub.send(Parts.text(number + "x".repeat(SIZE)));
            assertThat(texts(lively)).startsWith(number);
        }

        peer.stall(false);
        peer.begin("got = receive_until(s, 'end')");
        lively.close();
        var ends =
                Evy.spawn(
                        () -> {
                            while (true) {
                                send(pub, "end"); // the queue may be full at first
                                Evy.sleep(MOMENT);
                            }
                        });
        peer.await();
        Evy.kill(ends);
        assertThat(Integer.parseInt(peer.ask("len(got)"))).isLessThan(MANY);
        assertThat(peer.ask("[m[:8] for m in got] == sorted(m[:8] for m in got)"))
                .isEqualTo("True");
    }

    @Test
    @Spec("ZMQ1")
    void push_peerComesLate_allThatWaitedArrives() throws Exception {
        String address = freeAddress();
        Socket push = Parts.open(context, SocketType.PUSH);
        push.connect(address);
        for (int i = 0; i < 100; i++) {
            send(push, Integer.toString(i));
        }

        peer.ask("s = socket('PULL')");
        peer.ask("bind(s, '%s')", address);

        assertThat(peer.ask("[int(texts(s)) for i in range(100)] == list(range(100))"))
                .isEqualTo("True");
    }

    /* One that a peer was bound to a moment ago. */
    private String freeAddress() throws Exception {
        String address = peer.ask("(f := socket('PULL'), bind(f), f.close())[1]");
        return address;
    }

    @Test
    @Spec("ZMQ1")
    void router_noSuchPeer_dropsUnlessMandatory() throws Exception {
        Socket router = Parts.open(context, SocketType.ROUTER);
        String address = router.bind(ANY_PORT);
        peer.ask("s = socket('DEALER', identity=b'there')");
        peer.ask("s.connect('%s')", address);
        peer.ask("send(s, 'hello')");
        assertThat(texts(router)).isEqualTo("there|hello");

        send(router, "nobody", "lost");

        send(router, "there", "found");
        assertThat(peer.ask("texts(s)")).isEqualTo("found");
        router.options().routerMandatory(true);
        assertThatExceptionOfType(ZmqException.class)
                .isThrownBy(() -> send(router, "nobody", "refused"))
                .satisfies(e -> assertThat(e.error()).isEqualTo(ZmqError.EHOSTUNREACH));
        send(router, "there", "still good");
        assertThat(peer.ask("texts(s)")).isEqualTo("still good");
    }

    @Test
    @Spec("ZMQ6")
    void routerMandatory_peerStalls_waitsThenAllArrives() throws Exception {
        Socket router = Parts.open(context, SocketType.ROUTER);
        router.options().sendHighWaterMark(10);
        router.options().routerMandatory(true);
        peer.ask("s = socket('DEALER', identity=b'there', rcvhwm=10)");
        peer.ask("s.connect('%s')", router.bind(ANY_PORT));
        peer.ask("send(s, 'hello')");
        assertThat(texts(router)).isEqualTo("there|hello");
        peer.stall(true);
        peer.begin("[int(s.recv()[:8]) for i in range(%d)] == list(range(%d))", MANY, MANY);

        var sender =
                Evy.spawn(
                        () -> {
                            for (int i = 0; i < MANY; i++) {
                                send(router, "there", "%08d".formatted(i) + "x".repeat(SIZE));
                            }
                        });

        try (var ticker = new Ticker()) {
            ticker.await(50);
            assertThat(sender.isDone()).isFalse();
        }
        peer.stall(false);
        sender.join();
        assertThat(peer.await()).isEqualTo("True");
    }

    @Test
    @Spec({"ZMQ1", "ZMQ4"})
    void req_outOfTurn_isRefused() throws Exception {
        Socket req = Parts.open(context, SocketType.REQ);
        peer.ask("s = socket('REP')");
        req.connect(peer.ask("bind(s)"));

        assertFsm(req::recv);
        send(req, "one");
        assertFsm(() -> send(req, "two"));

        peer.ask("echo(s, 1)");
        assertThat(texts(req)).isEqualTo("one");
    }

    @Test
    @Spec({"ZMQ1", "ZMQ4"})
    void rep_outOfTurn_isRefused() throws Exception {
        Socket rep = Parts.open(context, SocketType.REP);
        peer.ask("s = socket('REQ')");
        peer.ask("s.connect('%s')", rep.bind(ANY_PORT));

        assertFsm(() -> send(rep, "unasked"));
        peer.ask("send(s, 'one')");
        assertThat(texts(rep)).isEqualTo("one");
        assertFsm(rep::recv);

        send(rep, "answer");
        assertThat(peer.ask("texts(s)")).isEqualTo("answer");
    }

    private static void assertFsm(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatExceptionOfType(ZmqException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.error()).isEqualTo(ZmqError.EFSM));
    }

    @Test
    @Spec("ZMQ1")
    void reqRelaxed_serverDies_nextServerAnswersTheNextRequest() throws Exception {
        Socket req = Parts.open(context, SocketType.REQ);
        req.options().requestRelaxed(true);
        req.options().requestCorrelate(true);
        peer.ask("s = socket('REP')");
        String address = peer.ask("bind(s)");
        req.connect(address);
        send(req, "unanswered");
        assertThat(peer.ask("texts(s)")).isEqualTo("unanswered");
        peer.kill();

        try (PythonPeer next = PythonPeer.start()) {
            next.ask("s = socket('REP')");
            next.ask("bind(s, '%s')", address);
            next.begin("echo(s, 1)");
            send(req, "again");

            assertThat(texts(req)).isEqualTo("again");
            next.await();
        }
    }

    @Test
    @Spec("ZMQ1")
    void reqCorrelate_lateReply_isNotTakenForTheNext() throws Exception {
        Socket req = Parts.open(context, SocketType.REQ);
        req.options().requestRelaxed(true);
        req.options().requestCorrelate(true);
        peer.ask("s = socket('ROUTER')");
        req.connect(peer.ask("bind(s)"));
        send(req, "first");
        peer.ask("a = s.recv_multipart()");
        send(req, "second");
        peer.ask("b = s.recv_multipart()");

        peer.ask("s.send_multipart(a)");
        peer.ask("s.send_multipart(b)");

        assertThat(texts(req)).isEqualTo("second");
    }

    @Test
    @Spec({"ZMQ1", "ZMQ4"})
    void sub_publisherDiesAndComesAgain_subscriptionsAreSentAgain() throws Exception {
        Socket sub = Parts.open(context, SocketType.SUB);
        sub.subscribe("A");
        peer.ask("s = socket('XPUB')");
        String address = peer.ask("bind(s)");
        sub.connect(address);
        assertThat(peer.ask("s.recv()")).isEqualTo("b'\\x01A'");
        peer.ask("send(s, 'A1')");
        assertThat(texts(sub)).isEqualTo("A1");
        peer.kill();

        try (PythonPeer next = PythonPeer.start()) {
            // who does not receive does not subscribe to those who come later
            var receiver = Evy.spawn(() -> texts(sub));
            next.ask("s = socket('XPUB')");
            next.ask("bind(s, '%s')", address);
            assertThat(next.ask("s.recv()")).isEqualTo("b'\\x01A'");
            next.ask("send(s, 'A2')");

            assertThat(receiver.join()).isEqualTo("A2");
        }
    }

    @Test
    @Spec({"ZMQ1", "ZMQ6"})
    void push_onlyPeerDies_waitsForTheNext() throws Exception {
        Socket push = Parts.open(context, SocketType.PUSH);
        push.options().sendHighWaterMark(10);
        String address = push.bind(ANY_PORT);
        peer.ask("s = socket('PULL', rcvhwm=10)");
        peer.ask("s.connect('%s')", address);
        peer.stall(true);
        GreenThread<Void> sender = Evy.spawn(() -> sendNumbered(push, MANY));
        try (var ticker = new Ticker()) {
            ticker.await(50);
        }
        peer.kill();

        try (PythonPeer next = PythonPeer.start()) {
            next.ask("s = socket('PULL')");
            next.ask("s.connect('%s')", address);
            next.begin("[n for n in iter(lambda: int(s.recv()[:8]), %d)]", MANY - 1);

            sender.join();

            assertThat(next.await()).startsWith("[");
        }
    }

    @Test
    @Spec("ZMQ1")
    void pull_severalPeers_nobodyStarves() throws Exception {
        Socket pull = Parts.open(context, SocketType.PULL);
        String address = pull.bind(ANY_PORT);
        peer.ask("s = [socket('PUSH') for i in range(3)]");
        peer.ask("for i in range(3): s[i].connect('%s')", address);
        peer.begin("for n in range(1000): [send(s[i], str(i)) for i in range(3)]");
        Map<String, Integer> got = new HashMap<>();
        while (got.size() < 3) {
            got.merge(texts(pull), 1, Integer::sum);
        }
        peer.await(); // now all is under way

        got.clear();
        for (int i = 0; i < 300; i++) {
            got.merge(texts(pull), 1, Integer::sum);
        }

        assertThat(got).hasSize(3);
        assertThat(got.values()).allSatisfy(n -> assertThat(n).isGreaterThan(50));
    }

    @Test
    @Spec("ZMQ9")
    void close_lingers_whatWaitsIsSentAfterAll() throws Exception {
        String address = freeAddress();
        try (Context own = Context.open()) {
            Socket push = Parts.open(own, SocketType.PUSH);
            push.options().reconnectInterval(Duration.ofMillis(10));
            push.options().linger(Parts.PATIENCE);
            push.connect(address);
            for (int i = 0; i < 100; i++) {
                send(push, Integer.toString(i));
            }
            push.close();
            peer.ask("s = socket('PULL')");
            peer.ask("bind(s, '%s')", address);

            assertThat(peer.ask("[int(texts(s)) for i in range(100)] == list(range(100))"))
                    .isEqualTo("True");
        }
    }

    @Test
    @Spec("ZMQ9")
    void close_doesNotLinger_whatWaitsIsDropped() throws Exception {
        String address = freeAddress();
        Socket push = Parts.open(context, SocketType.PUSH);
        push.options().linger(Duration.ZERO);
        push.connect(address);
        send(push, "dropped");
        push.close();
        peer.ask("s = socket('PULL')");
        peer.ask("bind(s, '%s')", address);
        Socket other = Parts.open(context, SocketType.PUSH);
        other.connect(address);

        send(other, "kept");

        assertThat(peer.ask("texts(s)")).isEqualTo("kept");
    }

    @Test
    @Spec("ZMQ1")
    void heartbeat_peerStalls_connectionIsGivenUpAndMadeAgain() throws Exception {
        Socket dealer = Parts.open(context, SocketType.DEALER);
        dealer.options().heartbeatInterval(MOMENT);
        dealer.options().heartbeatTimeout(Duration.ofMillis(200));
        peer.ask("s = socket('ROUTER')");
        peer.ask("mon = s.get_monitor_socket(zmq.EVENT_ACCEPTED)");
        dealer.connect(peer.ask("bind(s)"));
        send(dealer, "first");
        assertThat(peer.ask("s.recv_multipart()[1]")).isEqualTo("b'first'");
        peer.ask("mon.recv_multipart()");

        peer.stall(true);
        try (var ticker = new Ticker()) {
            ticker.await(1000);
        }
        peer.stall(false);

        peer.ask("mon.recv_multipart() and None"); // accepted once more
        send(dealer, "second");
        assertThat(peer.ask("s.recv_multipart()[1]")).isEqualTo("b'second'");
        peer.ask("s.disable_monitor()");
    }
}
