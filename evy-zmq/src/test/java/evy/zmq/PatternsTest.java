package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.GreenThread;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What each pattern promises. */
class PatternsTest extends ZmqTest {
    @Test
    @Spec("ZMQ1")
    void send_peerAbsent_messagesQueueUntilItComes() {
        Evy.run(
                () -> {
                    Socket push = context.socket(SocketType.PUSH);
                    push.connect("inproc://later");

                    push.send("one");
                    push.send("two");
                    Socket pull = context.socket(SocketType.PULL);
                    pull.bind("inproc://later");

                    assertThat(pull.recvString()).isEqualTo("one");
                    assertThat(pull.recvString()).isEqualTo("two");
                });
    }

    @Test
    @Spec("ZMQ1")
    void socket_boundAndConnectedToSeveral_hearsAll() {
        Evy.run(
                () -> {
                    Socket first = bound(SocketType.PULL);
                    String second = first.bind("tcp://127.0.0.1:*");
                    Socket a = connected(SocketType.PUSH, first);
                    Socket b = context.socket(SocketType.PUSH);
                    b.connect(second);
                    b.bind("tcp://127.0.0.1:*");
                    first.connect(b.options().lastEndpoint());

                    a.send("a");
                    b.send("b1");
                    b.send("b2");

                    List<String> heard =
                            List.of(first.recvString(), first.recvString(), first.recvString());
                    assertThat(heard).containsExactlyInAnyOrder("a", "b1", "b2");
                });
    }

    @Test
    @Spec("ZMQ1")
    void pair_secondPeer_isTurnedAway() {
        Evy.run(
                () -> {
                    Socket one = bound(SocketType.PAIR);
                    Socket two = connected(SocketType.PAIR, one);
                    two.send("first");
                    assertThat(one.recvString()).isEqualTo("first");
                    Socket third = connected(SocketType.PAIR, one);

                    third.options().linger(java.time.Duration.ZERO);
                    third.send("intruder");
                    two.send("second");

                    assertThat(one.recvString()).isEqualTo("second");
                    assertThat(one.tryRecv()).isNull();
                });
    }

    @Test
    @Spec({"ZMQ2", "ZMQ3"})
    void pair_receiverFirst_getsTheMessageAndOthersRunMeanwhile() {
        Evy.run(
                () -> {
                    Socket one = bound(SocketType.PAIR);
                    Socket two = connected(SocketType.PAIR, one);
                    List<String> order = new ArrayList<>();

                    GreenThread<String> receiver = Evy.spawn(() -> one.recvString());
                    GreenThread<?> other =
                            Evy.spawn(
                                    () -> {
                                        order.add("other ran");
                                        Evy.yield();
                                        order.add("other ran again");
                                        two.send("hello");
                                    });
                    String received = receiver.join();
                    order.add("received");

                    assertThat(received).isEqualTo("hello");
                    assertThat(order).containsExactly("other ran", "other ran again", "received");
                    other.join();
                });
    }

    @Test
    @Spec("ZMQ2")
    void shared_askedTwice_isOneContext() {
        Context shared = Context.shared();
        try {
            assertThat(Context.shared()).isSameAs(shared);
        } finally {
            shared.close();
        }

        Context next = Context.shared();
        assertThat(next).isNotSameAs(shared);
        next.close();
    }

    @Test
    @Spec("ZMQ4")
    void reqRep_thousandRoundTrips() {
        Evy.run(
                () -> {
                    Socket rep = bound(SocketType.REP);
                    Socket req = connected(SocketType.REQ, rep);
                    GreenThread<?> server =
                            Evy.spawn(
                                    () -> {
                                        for (int i = 0; i < 1000; i++) {
                                            rep.send("re " + rep.recvString());
                                        }
                                    });

                    for (int i = 0; i < 1000; i++) {
                        req.send("q" + i);
                        assertThat(req.recvString()).isEqualTo("re q" + i);
                    }

                    server.join();
                });
    }

    @Test
    @Spec("ZMQ4")
    void pushPull_thousand_inOrder() {
        Evy.run(
                () -> {
                    Socket pull = bound(SocketType.PULL);
                    Socket push = connected(SocketType.PUSH, pull);
                    GreenThread<?> sender =
                            Evy.spawn(
                                    () -> {
                                        for (int i = 0; i < 1000; i++) {
                                            push.send("" + i);
                                        }
                                    });

                    List<String> received = new ArrayList<>();
                    for (int i = 0; i < 1000; i++) {
                        received.add(pull.recvString());
                    }

                    assertThat(received)
                            .isEqualTo(IntStream.range(0, 1000).mapToObj(i -> "" + i).toList());
                    sender.join();
                });
    }

    @Test
    @Spec("ZMQ4")
    void pubSub_twoFilteredOneNot_getTheirShares() {
        Evy.run(
                () -> {
                    Socket pub = bound(SocketType.XPUB);
                    pub.options().sendHighWaterMark(0);
                    GreenThread<Integer> even = subscriber(pub, "even");
                    GreenThread<Integer> odd = subscriber(pub, "odd");
                    GreenThread<Integer> all = subscriber(pub, "");
                    for (int i = 0; i < 3; i++) {
                        pub.recv(); // each one's subscription
                    }

                    for (int i = 0; i < 1000; i++) {
                        pub.send((i % 2 == 0 ? "even " : "odd ") + i);
                    }
                    for (String end : List.of("even", "odd")) {
                        pub.send(end + " LAST");
                    }

                    assertThat(even.join()).isEqualTo(500);
                    assertThat(odd.join()).isEqualTo(500);
                    assertThat(all.join()).isEqualTo(1000);
                });
    }

    private GreenThread<Integer> subscriber(Socket pub, String prefix) {
        Socket sub = context.socket(SocketType.SUB);
        sub.options().receiveHighWaterMark(0).receiveTimeout(PATIENCE);
        sub.subscribe(prefix);
        sub.connect(pub.options().lastEndpoint());
        int ends = prefix.isEmpty() ? 2 : 1;
        return Evy.spawn(
                () -> {
                    int count = 0;
                    for (int seen = 0; seen < ends; ) {
                        String message = sub.recvString();
                        if (message.endsWith("LAST")) {
                            seen++;
                        } else {
                            assertThat(message).startsWith(prefix);
                            count++;
                        }
                    }
                    return count;
                });
    }

    @Test
    @Spec("ZMQ4")
    void subscribe_changedOnTheFly_isFollowed() {
        Evy.run(
                () -> {
                    Socket pub = bound(SocketType.XPUB);
                    Socket sub = connected(SocketType.SUB, pub);
                    sub.subscribe("a");
                    assertThat(pub.recv()).isEqualTo(new byte[] {1, 'a'});
                    pub.send("a1");
                    pub.send("b1");
                    assertThat(sub.recvString()).isEqualTo("a1");

                    sub.subscribe("b");
                    assertThat(pub.recv()).isEqualTo(new byte[] {1, 'b'});
                    sub.unsubscribe("a");
                    assertThat(pub.recv()).isEqualTo(new byte[] {0, 'a'});
                    pub.send("a2");
                    pub.send("b2");

                    assertThat(sub.recvString()).isEqualTo("b2");
                });
    }

    @Test
    @Spec("ZMQ4")
    void req_sendsTwice_isToldItIsNotItsTurn() {
        Evy.run(
                () -> {
                    Socket rep = bound(SocketType.REP);
                    Socket req = connected(SocketType.REQ, rep);
                    assertFails(ZmqError.EFSM, () -> req.recv());

                    req.send("q");

                    assertFails(ZmqError.EFSM, () -> req.send("again"));
                    assertThat(rep.recvString()).isEqualTo("q");
                    assertFails(ZmqError.EFSM, () -> rep.recv());
                });
    }

    @Test
    @Spec("ZMQ1")
    void dealerRouter_namesItsPeers() {
        Evy.run(
                () -> {
                    Socket router = bound(SocketType.ROUTER);
                    Socket dealer = context.socket(SocketType.DEALER);
                    dealer.options().identity(bytes("me")).receiveTimeout(PATIENCE);
                    dealer.connect(router.options().lastEndpoint());
                    dealer.send("question");

                    assertThat(router.recvStrings()).containsExactly("me", "question");
                    router.sendStrings("me", "answer");

                    assertThat(dealer.recvString()).isEqualTo("answer");
                });
    }

    @Test
    @Spec("ZMQ1")
    void stream_talksToAPlainTcpPeer() throws Exception {
        Socket stream = bound(SocketType.STREAM);
        int port = Integer.parseInt(stream.options().lastEndpoint().replaceAll(".*:", ""));

        Evy.run(
                () -> {
                    try (var peer = Evy.connect("127.0.0.1", port)) {
                        List<byte[]> arrival = stream.recvMultipart();
                        peer.getOutputStream().write(bytes("plain"));

                        List<byte[]> said = stream.recvMultipart();
                        stream.sendMultipart(List.of(said.get(0), bytes("reply")));

                        assertThat(arrival.get(1)).isEmpty();
                        assertThat(new String(said.get(1))).isEqualTo("plain");
                        assertThat(new String(peer.getInputStream().readNBytes(5)))
                                .isEqualTo("reply");
                    }
                });
    }

    @Test
    @Spec("ZMQ1")
    void clientServer_answersByRoutingId() {
        Evy.run(
                () -> {
                    Socket server = bound(SocketType.SERVER);
                    Socket client = connected(SocketType.CLIENT, server);
                    client.send("question");

                    Message question = server.recvMessage(0);
                    server.send(Message.of("re " + question.text()).to(question.routingId()), 0);

                    assertThat(client.recvString()).isEqualTo("re question");
                    assertFails(
                            ZmqError.EHOSTUNREACH,
                            () -> server.send(Message.of("x").to(987654), Socket.NOBLOCK));
                });
    }

    @Test
    @Spec("ZMQ1")
    void radioDish_groups() {
        Evy.run(
                () -> {
                    Socket dish = bound(SocketType.DISH);
                    dish.join("news");
                    Socket radio = connected(SocketType.RADIO, dish);
                    Message received = null;

                    dish.options().receiveTimeout(java.time.Duration.ofMillis(20));
                    while (received == null) { // until the joining has arrived there
                        radio.send(Message.of("spam").toGroup("ads"), 0);
                        radio.send(Message.of("extra").toGroup("news"), 0);
                        try {
                            received = dish.recvMessage(0);
                        } catch (ZmqTimeoutException e) {
                            // once more
                        }
                    }

                    assertThat(received.text()).isEqualTo("extra");
                    assertThat(received.group()).isEqualTo("news");
                });
    }

    @Test
    @Spec("ZMQ1")
    void otherPairs_exchange() {
        Evy.run(
                () -> {
                    exchange(SocketType.CHANNEL, SocketType.CHANNEL);
                    exchange(SocketType.GATHER, SocketType.SCATTER);
                    exchange(SocketType.DEALER, SocketType.DEALER);
                    exchange(SocketType.PULL, SocketType.PUSH);
                    Socket peer = bound(SocketType.PEER);
                    Socket other = context.socket(SocketType.PEER);
                    int id = other.connectPeer(peer.options().lastEndpoint());
                    other.send(Message.of("hi").to(id), 0);
                    assertThat(peer.recvString()).isEqualTo("hi");
                });
    }

    private void exchange(SocketType receiving, SocketType sending) {
        Socket to = bound(receiving);
        Socket from = connected(sending, to);
        from.send("from " + sending);
        assertThat(to.recvString()).isEqualTo("from " + sending);
    }

    @Test
    @Spec("ZMQ1")
    void send_wrongWay_isNotSupported() {
        Evy.run(
                () -> {
                    assertFails(ZmqError.ENOTSUP, () -> context.socket(SocketType.PULL).send("x"));
                    assertFails(ZmqError.ENOTSUP, () -> context.socket(SocketType.PUSH).recv());
                    assertFails(ZmqError.ENOTSUP, () -> context.socket(SocketType.SUB).send("x"));
                    assertFails(ZmqError.ENOTSUP, () -> context.socket(SocketType.PUB).recv());
                });
    }
}
