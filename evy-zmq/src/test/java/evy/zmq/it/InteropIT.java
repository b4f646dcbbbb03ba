package evy.zmq.it;

import static evy.zmq.it.Parts.send;
import static evy.zmq.it.Parts.texts;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.zmq.Context;
import evy.zmq.Socket;
import evy.zmq.SocketType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;

/**
 * Every pair of socket types, one end ours and the other libzmq's, each end as the one that binds.
 */
@ExtendWith({LeakCheckExtension.class, GreenTests.class})
class InteropIT {
    private static final String ANY_PORT = "tcp://127.0.0.1:*";

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

    /** A socket of ours and one of the peer's, named {@code s} there, that are connected. */
    private Socket join(SocketType ours, String theirs, boolean bindHere) throws Exception {
        Socket socket = Parts.open(context, ours);
        peer.ask("s = socket('%s')", theirs);
        if (bindHere) {
            peer.ask("s.connect('%s')", socket.bind(ANY_PORT));
        } else {
            socket.connect(peer.ask("bind(s)"));
        }
        return socket;
    }

    @Spec({"ZMQ1", "ZMQ5"})
    @ParameterizedTest
    @CsvSource({
        "PAIR, PAIR, true", "PAIR, PAIR, false",
        "REQ, REP, true", "REQ, REP, false",
        "REQ, ROUTER, true", "REQ, ROUTER, false",
        "DEALER, REP, true", "DEALER, REP, false",
        "DEALER, ROUTER, true", "DEALER, ROUTER, false",
        "DEALER, DEALER, true", "DEALER, DEALER, false"
    })
    void ask_libzmqAnswers_everyFrameComesBack(SocketType ours, String theirs, boolean bindHere)
            throws Exception {
        Socket socket = join(ours, theirs, bindHere);
        peer.begin("echo(s, 2)");

        send(socket, "", "a", "", "b", "");

        assertThat(texts(socket)).isEqualTo("|a||b|");
        send(socket, "", "again");
        assertThat(texts(socket)).isEqualTo("|again");
        peer.await();
    }

    @Spec({"ZMQ1", "ZMQ5"})
    @ParameterizedTest
    @CsvSource({
        "PAIR, PAIR, true", "PAIR, PAIR, false",
        "REP, REQ, true", "REP, REQ, false",
        "ROUTER, REQ, true", "ROUTER, REQ, false",
        "REP, DEALER, true", "REP, DEALER, false",
        "ROUTER, DEALER, true", "ROUTER, DEALER, false",
        "DEALER, DEALER, true", "DEALER, DEALER, false"
    })
    void answer_libzmqAsks_everyFrameComesBack(SocketType ours, String theirs, boolean bindHere)
            throws Exception {
        Socket socket = join(ours, theirs, bindHere);
        peer.begin("(send(s, '', 'a', '', 'b', ''), texts(s))[1]");

        socket.sendMultipart(socket.recvMultipart());

        assertThat(peer.await()).isEqualTo("|a||b|");
    }

    @Test
    @Spec("ZMQ1")
    void router_toRouter_talkByIdentity() throws Exception {
        Socket socket = Parts.open(context, SocketType.ROUTER);
        socket.options().identity("here".getBytes());
        String address = socket.bind(ANY_PORT);
        peer.ask("s = socket('ROUTER', identity=b'there', router_mandatory=1)");
        peer.ask("s.connect_rid = b'here'");
        peer.ask("s.connect('%s')", address);

        peer.ask("send(s, 'here', 'to you')");

        assertThat(texts(socket)).isEqualTo("there|to you");
        send(socket, "there", "and back");
        assertThat(peer.ask("texts(s)")).isEqualTo("here|and back");
    }

    @Spec({"ZMQ4", "ZMQ5"})
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void push_thousandMessages_libzmqPullsAllInOrder(boolean bindHere) throws Exception {
        Socket push = join(SocketType.PUSH, "PULL", bindHere);
        peer.begin("[texts(s) for i in range(1000)] == [f'{i}||x' for i in range(1000)]");

        for (int i = 0; i < 1000; i++) {
            send(push, Integer.toString(i), "", "x");
        }

        assertThat(peer.await()).isEqualTo("True");
    }

    @Spec({"ZMQ4", "ZMQ5"})
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void pull_libzmqPushesThousand_allInOrder(boolean bindHere) throws Exception {
        Socket pull = join(SocketType.PULL, "PUSH", bindHere);
        peer.begin("for i in range(1000): send(s, str(i), '', 'x')");

        for (int i = 0; i < 1000; i++) {
            assertThat(texts(pull)).isEqualTo(i + "||x");
        }
        peer.await();
    }

    @Spec("ZMQ4")
    @ParameterizedTest
    @CsvSource({"PUB, true", "PUB, false", "XPUB, true", "XPUB, false"})
    void subscribe_libzmqPublishes_onlyWhatWasAskedFor(String theirs, boolean bindHere)
            throws Exception {
        Socket sub = join(SocketType.SUB, theirs, bindHere);
        sub.subscribe("A");
        sub.subscribe("end");
        publishUntilHeard(sub, "A");

        peer.ask("[send(s, text) for text in ('A1', 'B1', 'A2', 'end')] and None");

        assertThat(List.of(texts(sub), texts(sub), texts(sub))).containsExactly("A1", "A2", "end");
        sub.subscribe("B");
        sub.unsubscribe("A");
        publishUntilHeard(sub, "B");
        peer.ask("[send(s, text) for text in ('A3', 'B2', 'end')] and None");
        assertThat(List.of(texts(sub), texts(sub))).containsExactly("B2", "end");
    }

    /* Whether a publisher has a subscription yet, the subscriber learns only from what comes. */
    private void publishUntilHeard(Socket sub, String what) throws Exception {
        sub.options().receiveTimeout(Duration.ofMillis(20));
        do {
            peer.ask("send(s, '%s')", what);
        } while (!Parts.arrives(sub));
        while (Parts.arrives(sub)) {
            // what came twice
        }
        sub.options().receiveTimeout(Parts.PATIENCE);
    }

    @Spec("ZMQ4")
    @ParameterizedTest
    @CsvSource({"SUB, true", "SUB, false", "XSUB, true", "XSUB, false"})
    void xpub_libzmqSubscribes_hearsOfEachAndSendsOnlyThose(String theirs, boolean bindHere)
            throws Exception {
        Socket xpub = join(SocketType.XPUB, theirs, bindHere);
        String subscribe = theirs.equals("SUB") ? "s.subscribe('%s')" : "s.send(b'\\x01%s')";
        String unsubscribe = theirs.equals("SUB") ? "s.unsubscribe('%s')" : "s.send(b'\\x00%s')";

        peer.ask(subscribe, "A");
        peer.begin("texts(s)"); // who does not receive does not subscribe to those who come later

        assertThat(xpub.recv()).isEqualTo(new byte[] {1, 'A'});
        send(xpub, "A1", "", "x");
        send(xpub, "B1");
        send(xpub, "A2");
        assertThat(peer.await()).isEqualTo("A1||x");
        assertThat(peer.ask("texts(s)")).isEqualTo("A2");
        peer.ask(subscribe, "B");
        peer.ask(unsubscribe, "A");
        assertThat(xpub.recv()).isEqualTo(new byte[] {1, 'B'});
        assertThat(xpub.recv()).isEqualTo(new byte[] {0, 'A'});
        send(xpub, "A3");
        send(xpub, "B2");
        assertThat(peer.ask("texts(s)")).isEqualTo("B2");
    }

    @Spec("ZMQ4")
    @ParameterizedTest
    @CsvSource({"PUB, true", "PUB, false", "XPUB, true", "XPUB, false"})
    void xsub_subscribesByMessage_libzmqSendsOnlyThose(String theirs, boolean bindHere)
            throws Exception {
        Socket xsub = join(SocketType.XSUB, theirs, bindHere);
        xsub.send(new byte[] {1, 'A'});
        publishUntilHeard(xsub, "A");

        peer.ask("send(s, 'B1'), send(s, 'A1')");

        assertThat(texts(xsub)).isEqualTo("A1");
    }

    @Spec("ZMQ1")
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void stream_libzmqStream_bytesBothWays(boolean bindHere) throws Exception {
        Socket stream = join(SocketType.STREAM, "STREAM", bindHere);
        List<byte[]> connected = stream.recvMultipart();
        byte[] identity = connected.getFirst();
        peer.ask("them = s.recv_multipart()[0]");

        peer.ask("send(s, them, 'hello')");

        assertThat(connected.get(1)).isEmpty();
        assertThat(texts(stream)).endsWith("|hello");
        stream.sendMultipart(List.of(identity, "back".getBytes()));
        assertThat(peer.ask("s.recv_multipart()[1]")).isEqualTo("b'back'");
    }

    @Spec("ZMQ1")
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void send_tenMegabytes_arriveWhole(boolean bindHere) throws Exception {
        Socket pair = join(SocketType.PAIR, "PAIR", bindHere);
        byte[] large = Parts.pattern(10_000_000);
        peer.begin("(m := s.recv(), send(s, m, m), m == pattern(10_000_000))[2]");

        pair.send(large);

        assertThat(pair.recvMultipart()).hasSize(2).allSatisfy(m -> assertThat(m).isEqualTo(large));
        assertThat(peer.await()).isEqualTo("True");
    }

    @Test
    @Spec("ZMQ1")
    void heartbeats_bothEnds_keepAQuietConnection() throws Exception {
        Socket dealer = Parts.open(context, SocketType.DEALER);
        dealer.options().heartbeatInterval(Duration.ofMillis(20));
        dealer.options().heartbeatTimeout(Duration.ofSeconds(30));
        String address = dealer.bind(ANY_PORT);
        peer.ask("s = socket('DEALER', heartbeat_ivl=20, heartbeat_timeout=30000)");
        peer.ask("mon = s.get_monitor_socket(zmq.EVENT_DISCONNECTED)");
        peer.ask("s.connect('%s')", address);

        peer.ask("time.sleep(0.3)"); // a dozen beats

        send(dealer, "still there");
        assertThat(peer.ask("texts(s)")).isEqualTo("still there");
        assertThat(peer.ask("mon.poll(0)")).isEqualTo("0");
        peer.ask("s.disable_monitor()");
    }

    @Test
    @Spec({"ZMQ2", "ZMQ3"})
    void recv_libzmqSilent_othersRunMeanwhile() throws Exception {
        Socket pull = join(SocketType.PULL, "PUSH", true);
        var receiver = Evy.spawn(() -> texts(pull));

        try (var ticker = new Ticker()) {
            ticker.await(20);
        }
        assertThat(receiver.isDone()).isFalse();
        peer.ask("send(s, 'at last')");

        assertThat(receiver.join()).isEqualTo("at last");
    }
}
