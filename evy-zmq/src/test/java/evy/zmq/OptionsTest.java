package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import evy.Evy;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;

import zmq.ZMQ;

import java.time.Duration;
import java.util.List;

/** Settings, addresses. */
class OptionsTest extends ZmqTest {
    @Test
    @Spec("ZMQ12")
    void set_typed_isWhatJeromqGets() {
        Socket socket = context.socket(SocketType.DEALER);
        SocketOptions options = socket.options();

        options.linger(Duration.ofNanos(1_500_001))
                .sendHighWaterMark(5)
                .receiveHighWaterMark(6)
                .sendBuffer(7000)
                .receiveBuffer(8000)
                .maxMessageSize(9L)
                .backlog(10)
                .identity(bytes("id"))
                .reconnectInterval(Duration.ofMillis(11))
                .maxReconnectInterval(Duration.ofMillis(12))
                .handshakeTimeout(Duration.ofMillis(13))
                .heartbeatInterval(Duration.ofMillis(14))
                .heartbeatTimeout(Duration.ofMillis(15))
                .heartbeatTtl(Duration.ofMillis(1600))
                .tcpKeepAlive(1)
                .typeOfService(17)
                .ipv6(true)
                .conflate(true)
                .onlyCompletedConnections(true)
                .affinity(1)
                .zapDomain("domain")
                .probeRouter(true)
                .receiveTimeout(Duration.ofMillis(18))
                .sendTimeout(null);

        assertThat(options.linger()).isEqualTo(Duration.ofMillis(2));
        assertThat(options.get(ZMQ.ZMQ_LINGER)).isEqualTo(2);
        assertThat(options.sendHighWaterMark()).isEqualTo(5);
        assertThat(options.receiveHighWaterMark()).isEqualTo(6);
        assertThat(options.sendBuffer()).isEqualTo(7000);
        assertThat(options.receiveBuffer()).isEqualTo(8000);
        assertThat(options.maxMessageSize()).isEqualTo(9);
        assertThat(options.backlog()).isEqualTo(10);
        assertThat(options.identity()).isEqualTo(bytes("id"));
        assertThat(options.reconnectInterval()).isEqualTo(Duration.ofMillis(11));
        assertThat(options.maxReconnectInterval()).isEqualTo(Duration.ofMillis(12));
        assertThat(options.handshakeTimeout()).isEqualTo(Duration.ofMillis(13));
        assertThat(options.heartbeatInterval()).isEqualTo(Duration.ofMillis(14));
        assertThat(options.heartbeatTimeout()).isEqualTo(Duration.ofMillis(15));
        assertThat(options.heartbeatTtl()).isEqualTo(Duration.ofMillis(1600));
        assertThat(options.tcpKeepAlive()).isEqualTo(1);
        assertThat(options.typeOfService()).isEqualTo(17);
        assertThat(options.ipv6()).isTrue();
        assertThat(options.conflate()).isTrue();
        assertThat(options.onlyCompletedConnections()).isTrue();
        assertThat(options.receiveTimeout()).isEqualTo(Duration.ofMillis(18));
        assertThat(options.sendTimeout()).isNull();
        assertThat(options.mechanism()).isEqualTo("NULL");
        assertThat(options.linger(null).linger()).isNull();
    }

    @Test
    @Spec("ZMQ12")
    void set_ofARouterAndOthers_isTaken() {
        context.socket(SocketType.ROUTER)
                .options()
                .routerMandatory(true)
                .routerHandover(true)
                .disconnectMessage(bytes("gone"))
                .helloMessage(bytes("hello"))
                .connectIdentity(bytes("next"));
        context.socket(SocketType.REQ).options().requestCorrelate(true).requestRelaxed(true);
        context.socket(SocketType.XPUB)
                .options()
                .xpubVerbose(true)
                .xpubVerboser(true)
                .xpubNoDrop(true)
                .xpubManual(true);
        SocketOptions options = context.socket(SocketType.DEALER).options();
        options.socksProxy("localhost:1080").set(ZMQ.ZMQ_RATE, 200);

        assertThat(options.get(ZMQ.ZMQ_RATE)).isEqualTo(200);
    }

    @Test
    void set_senseless_isNamed() {
        SocketOptions options = context.socket(SocketType.PULL).options();

        assertFails(ZmqError.EINVAL, () -> options.receiveHighWaterMark(-1))
                .hasMessageContaining("-1");
        assertFails(ZmqError.EINVAL, () -> options.set(4711, 1)).hasMessageContaining("4711");
        assertFails(ZmqError.EINVAL, () -> options.set(ZMQ.ZMQ_LINGER, "soon"));
        assertFails(ZmqError.EINVAL, () -> options.set(ZMQ.ZMQ_RCVTIMEO, 5))
                .hasMessageContaining("receiveTimeout");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.receiveTimeout(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.linger(Duration.ofMillis(-1)));
        assertFails(ZmqError.EINVAL, () -> context.socket(SocketType.PUSH).subscribe("x"));
    }

    @Test
    @Spec("ZMQ12")
    void events_tellWhatCanBeDone() {
        Evy.run(
                () -> {
                    Socket rep = bound(SocketType.REP);
                    Socket req = connected(SocketType.REQ, rep);
                    req.send("q");
                    assertThat(req.options().events()).isEmpty();

                    assertThat(rep.poll(PATIENCE)).containsExactly(PollEvent.IN);
                    rep.recv();

                    assertThat(rep.options().events()).containsExactly(PollEvent.OUT);
                });
    }

    @Test
    @Spec("ZMQ1")
    void bind_wildcard_returnsTheRealAddress() {
        Evy.run(
                () -> {
                    Socket pull = context.socket(SocketType.PULL);
                    String all = pull.bind("tcp://*:*");
                    String inproc = pull.bind("inproc://here");

                    assertThat(all).matches("tcp://.*:[1-9][0-9]*");
                    assertThat(inproc).isEqualTo("inproc://here");
                    Socket push = context.socket(SocketType.PUSH);
                    push.connect("tcp://localhost:" + all.replaceAll(".*:", ""));
                    push.send("x");
                    assertThat(pull.recvString()).isEqualTo("x");
                });
    }

    @Test
    @Spec("ZMQ1")
    void unbind_thenBindAgain_addressIsFree() {
        Evy.run(
                () -> {
                    Socket pull = context.socket(SocketType.PULL);
                    String endpoint = pull.bind("tcp://127.0.0.1:*");
                    assertFails(
                            ZmqError.EADDRINUSE,
                            () -> context.socket(SocketType.PULL).bind(endpoint));
                    Monitor monitor = pull.monitor(MonitorEvent.Kind.CLOSED);

                    pull.unbind(endpoint);
                    assertThat(monitor.next(PATIENCE)).isNotNull();

                    Socket other = context.socket(SocketType.PULL);
                    assertThat(bindWhenFree(other, endpoint)).isEqualTo(endpoint);
                    assertFails(ZmqError.ENOENT, () -> pull.unbind(endpoint));
                });
    }

    /* The I/O thread tells that it has closed a channel a turn before the system hears of it. */
    private static String bindWhenFree(Socket socket, String endpoint) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return socket.bind(endpoint);
            } catch (ZmqException e) {
                assertThat(e.error()).isEqualTo(ZmqError.EADDRINUSE);
                assertThat(System.nanoTime()).isLessThan(end);
                Evy.sleep(Duration.ofMillis(1));
            }
        }
    }

    @Test
    @Spec("ZMQ1")
    void disconnect_messagesGoElsewhere() {
        Evy.run(
                () -> {
                    Socket first = bound(SocketType.PULL);
                    Socket second = bound(SocketType.PULL);
                    Socket push = connected(SocketType.PUSH, first);
                    push.connect(second.options().lastEndpoint());

                    push.disconnect(first.options().lastEndpoint());
                    for (int i = 0; i < 4; i++) {
                        push.send("m" + i);
                    }

                    for (int i = 0; i < 4; i++) {
                        assertThat(second.recvString()).isEqualTo("m" + i);
                    }
                    assertThat(first.tryRecv()).isNull();
                });
    }

    @Test
    void connect_senseless_isNamed() {
        Socket push = context.socket(SocketType.PUSH);

        for (String endpoint : List.of("nonsense", "tcp://", "tcp://127.0.0.1:notaport")) {
            assertFails(ZmqError.EINVAL, () -> push.connect(endpoint))
                    .hasMessageContaining(endpoint);
        }
        assertFails(ZmqError.EPROTONOSUPPORT, () -> push.connect("carrier-pigeon://coop"));
        assertFails(ZmqError.ENOTSUP, () -> push.connectPeer("tcp://127.0.0.1:1"));
    }

    @Test
    @Spec("ZMQ6")
    void routerMandatory_noSuchPeer_isToldAtOnce() {
        Socket router = bound(SocketType.ROUTER);
        router.sendStrings("nobody", "dropped");

        router.options().routerMandatory(true);

        assertFails(ZmqError.EHOSTUNREACH, () -> router.sendStrings("nobody", "x"));
    }
}
