package evy.zmq.it;

import static evy.zmq.it.Parts.send;
import static evy.zmq.it.Parts.texts;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.zmq.Context;
import evy.zmq.CurveKeyPair;
import evy.zmq.Socket;
import evy.zmq.SocketType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code ipc} with libzmq, each end as the one that binds. */
@Spec("ZMQ1")
@ExtendWith({LeakCheckExtension.class, GreenTests.class})
class IpcIT {
    private static final int MANY = 1000;

    @TempDir private Path folder;

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

    private String endpoint() {
        return "ipc://" + folder.resolve("socket");
    }

    /** A socket of ours and one of the peer's, named {@code s} there, that are connected. */
    private Socket join(SocketType ours, String theirs, boolean bindHere) throws Exception {
        Socket socket = Parts.open(context, ours);
        peer.ask("s = socket('%s')", theirs);
        join(socket, bindHere);
        return socket;
    }

    private void join(Socket socket, boolean bindHere) throws Exception {
        if (bindHere) {
            socket.bind(endpoint());
            peer.ask("s.connect('%s')", endpoint());
        } else {
            assertThat(peer.ask("bind(s, '%s')", endpoint())).isEqualTo(endpoint());
            socket.connect(endpoint());
        }
    }

    @Spec("ZMQ5")
    @ParameterizedTest
    @CsvSource({
        "PAIR, PAIR, true", "PAIR, PAIR, false",
        "REQ, REP, true", "REQ, REP, false",
        "DEALER, ROUTER, true", "DEALER, ROUTER, false"
    })
    void ask_libzmqAnswers_everyFrameComesBack(SocketType ours, String theirs, boolean bindHere)
            throws Exception {
        Socket socket = join(ours, theirs, bindHere);
        peer.begin("echo(s, 2)");

        send(socket, "", "a", "", "b", "");

        assertThat(texts(socket)).isEqualTo("|a||b|");
        byte[] large = Parts.pattern(1_000_000);
        socket.send(large);
        assertThat(socket.recv()).isEqualTo(large);
        peer.await();
    }

    @Spec("ZMQ5")
    @ParameterizedTest
    @CsvSource({
        "REP, REQ, true", "REP, REQ, false",
        "ROUTER, DEALER, true", "ROUTER, DEALER, false"
    })
    void answer_libzmqAsks_everyFrameComesBack(SocketType ours, String theirs, boolean bindHere)
            throws Exception {
        Socket socket = join(ours, theirs, bindHere);
        peer.begin("(send(s, '', 'a', '', 'b', ''), texts(s))[1]");

        socket.sendMultipart(socket.recvMultipart());

        assertThat(peer.await()).isEqualTo("|a||b|");
    }

    @Spec({"ZMQ4", "ZMQ5"})
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void push_libzmqPullsAllInOrder(boolean bindHere) throws Exception {
        Socket push = join(SocketType.PUSH, "PULL", bindHere);
        peer.begin("[texts(s) for i in range(1000)] == [f'{i}||x' for i in range(1000)]");

        for (int i = 0; i < MANY; i++) {
            send(push, Integer.toString(i), "", "x");
        }

        assertThat(peer.await()).isEqualTo("True");
    }

    @Spec({"ZMQ4", "ZMQ5"})
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pull_libzmqPushes_allInOrder(boolean bindHere) throws Exception {
        Socket pull = join(SocketType.PULL, "PUSH", bindHere);
        peer.begin("for i in range(1000): send(s, str(i), '', 'x')");

        for (int i = 0; i < MANY; i++) {
            assertThat(texts(pull)).isEqualTo(i + "||x");
        }
        peer.await();
    }

    @Spec("ZMQ4")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void subscribe_libzmqPublishes_onlyWhatWasAskedFor(boolean bindHere) throws Exception {
        Socket sub = Parts.open(context, SocketType.SUB);
        sub.subscribe("A");
        peer.ask("s = socket('XPUB')");
        join(sub, bindHere);
        // who does not receive does not subscribe to those who connect
        var receiver = Evy.spawn(() -> List.of(texts(sub), texts(sub)));
        assertThat(peer.ask("s.recv()")).isEqualTo("b'\\x01A'");

        peer.ask("[send(s, text) for text in ('A1', 'B1', 'A2')] and None");

        assertThat(receiver.join()).containsExactly("A1", "A2");
    }

    @Spec("ZMQ4")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void publish_libzmqSubscribes_onlyWhatWasAskedFor(boolean bindHere) throws Exception {
        Socket pub = Parts.open(context, SocketType.XPUB);
        peer.ask("s = socket('SUB', subscribe=b'A')");
        join(pub, bindHere);
        peer.begin("[texts(s), texts(s)]");
        assertThat(pub.recv()).containsExactly(1, 'A');

        send(pub, "A1");
        send(pub, "B1");
        send(pub, "A2");

        assertThat(peer.await()).isEqualTo("['A1', 'A2']");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void curveServer_libzmqIsTheClient(boolean bindHere) throws Exception {
        CurveKeyPair server = CurveKeyPair.generate();
        CurveKeyPair client = CurveKeyPair.generate();
        Socket pair = Parts.open(context, SocketType.PAIR);
        pair.options().curveServer(server);
        peer.ask(
                "s = socket('PAIR', curve_serverkey=b'%s', curve_publickey=b'%s',"
                        + " curve_secretkey=b'%s')",
                server.publicKey(), client.publicKey(), client.secretKey());
        join(pair, bindHere);
        peer.begin("(s.send(pattern(500_000)), s.recv() == pattern(500_000))[1]");

        pair.send(pair.recv());

        assertThat(peer.await()).isEqualTo("True");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void curveClient_libzmqIsTheServer(boolean bindHere) throws Exception {
        CurveKeyPair server = CurveKeyPair.generate();
        Socket pair = Parts.open(context, SocketType.PAIR);
        pair.options().curveClient(CurveKeyPair.generate(), server.publicKey());
        peer.ask(
                "s = socket('PAIR', curve_server=True, curve_publickey=b'%s',"
                        + " curve_secretkey=b'%s')",
                server.publicKey(), server.secretKey());
        join(pair, bindHere);
        peer.begin("(s.send(pattern(500_000)), s.recv() == pattern(500_000))[1]");

        pair.send(pair.recv());

        assertThat(peer.await()).isEqualTo("True");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bindAnywhere_otherEndConnects(boolean bindHere) throws Exception {
        Socket pair = Parts.open(context, SocketType.PAIR);
        peer.ask("s = socket('PAIR')");
        if (bindHere) {
            peer.ask("s.connect('%s')", pair.bind("ipc://*"));
        } else {
            pair.connect(peer.ask("bind(s, 'ipc://*')"));
        }

        send(pair, "found");

        assertThat(peer.ask("texts(s)")).isEqualTo("found");
    }

    @Test
    void connect_libzmqDiesAndComesAgain_subscribesAgain() throws Exception {
        Socket sub = Parts.open(context, SocketType.SUB);
        sub.subscribe("A");
        peer.ask("s = socket('XPUB')");
        join(sub, false);
        assertThat(peer.ask("s.recv()")).isEqualTo("b'\\x01A'");
        peer.kill();
        assertThat(folder.resolve("socket")).exists();

        try (PythonPeer next = PythonPeer.start()) {
            // who does not receive does not subscribe to those who come later
            var receiver = Evy.spawn(() -> texts(sub));
            next.ask("s = socket('XPUB')");
            next.ask("bind(s, '%s')", endpoint());
            assertThat(next.ask("s.recv()")).isEqualTo("b'\\x01A'");
            next.ask("send(s, 'A2')");

            assertThat(receiver.join()).isEqualTo("A2");
        }
    }

    @Test
    void bind_libzmqDiedThere_isReplacedAndItsPeersComeAgain() throws Exception {
        Socket push = Parts.open(context, SocketType.PUSH);
        push.connect(endpoint());
        peer.ask("s = socket('PULL')");
        peer.ask("bind(s, '%s')", endpoint());
        send(push, "before");
        assertThat(peer.ask("texts(s)")).isEqualTo("before");
        peer.kill();
        Socket pull = Parts.open(context, SocketType.PULL);

        pull.bind(endpoint());

        // what was sent before the death was noticed may be lost
        var sender =
                Evy.spawn(
                        () -> {
                            while (true) {
                                send(push, "after");
                                Evy.sleep(Duration.ofMillis(5));
                            }
                        });
        assertThat(texts(pull)).isEqualTo("after");
        sender.kill();
    }

    @Test
    void close_andBindAgain_libzmqConnectsAgain() throws Exception {
        Socket first = join(SocketType.PULL, "PUSH", true);
        peer.ask("send(s, 'one')");
        assertThat(texts(first)).isEqualTo("one");
        peer.ask("mon = s.get_monitor_socket(zmq.EVENT_DISCONNECTED)");

        first.close();
        Socket second = Parts.open(context, SocketType.PULL);
        second.bind(endpoint());

        peer.ask("mon.poll(10_000)"); // else it might send to the first
        peer.ask("send(s, 'two')");
        assertThat(texts(second)).isEqualTo("two");
        peer.ask("s.disable_monitor()");
    }
}
