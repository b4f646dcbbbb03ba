package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** {@link Proxy}. */
class ProxyTest extends ZmqTest {
    @Test
    @Spec("EX2")
    void queue_clientsAndWorkers_findEachOther() {
        Evy.run(
                () -> {
                    Socket front = bound(SocketType.ROUTER);
                    Socket back = bound(SocketType.DEALER);
                    Socket seen = context.socket(SocketType.PAIR);
                    seen.bind("inproc://capture");
                    Socket capture = context.socket(SocketType.PAIR);
                    capture.connect("inproc://capture");
                    try (Proxy proxy = Proxy.start(front, back, capture)) {
                        for (int i = 0; i < 3; i++) {
                            Socket worker = connected(SocketType.REP, back);
                            Evy.spawnN(
                                    () -> {
                                        try {
                                            while (true) {
                                                worker.send("re " + worker.recvString());
                                            }
                                        } catch (ZmqException e) {
                                            assertThat(worker.isClosed()).isTrue();
                                        }
                                    });
                        }
                        List<GreenThread<?>> clients = new ArrayList<>();
                        for (int c = 0; c < 5; c++) {
                            Socket client = connected(SocketType.REQ, front);
                            String name = "c" + c;
                            clients.add(
                                    Evy.spawn(
                                            () -> {
                                                for (int i = 0; i < 20; i++) {
                                                    client.send(name + i);
                                                    assertThat(client.recvString())
                                                            .isEqualTo("re " + name + i);
                                                }
                                            }));
                        }
                        clients.forEach(GreenThread::join);

                        assertThat(proxy.messages()).isEqualTo(200);
                        for (int i = 0; i < 200; i++) {
                            assertThat(seen.recvStrings().getLast()).contains("c");
                        }
                    }
                    assertThat(front.isClosed()).isFalse();
                });
    }

    @Test
    @Spec("EX2")
    void forwarder_subscriptionsGoOneWayAndMessagesTheOther() {
        Evy.run(
                () -> {
                    Socket xsub = bound(SocketType.XSUB);
                    Socket xpub = bound(SocketType.XPUB);
                    try (Proxy _ = Proxy.start(xsub, xpub)) {
                        Socket pub = connected(SocketType.XPUB, xsub);
                        Socket sub = connected(SocketType.SUB, xpub);
                        sub.subscribe("news");
                        assertThat(pub.recv()).isEqualTo(bytes("\u0001news"));

                        pub.send("olds 1");
                        pub.send("news 1");

                        assertThat(sub.recvString()).isEqualTo("news 1");
                    }
                });
    }

    @Test
    void pause_messagesWaitUntilResume() {
        Evy.run(
                () -> {
                    Socket pull = bound(SocketType.PULL);
                    Socket push = bound(SocketType.PUSH);
                    Socket to = connected(SocketType.PUSH, pull);
                    Socket from = connected(SocketType.PULL, push);
                    try (Proxy proxy = Proxy.start(pull, push)) {
                        to.send("1");
                        assertThat(from.recvString()).isEqualTo("1");
                        proxy.pause();
                        proxy.pause();
                        to.send("2");
                        pull.poll(PATIENCE);
                        Evy.yield();
                        assertThat(proxy.messages()).isEqualTo(1);

                        proxy.resume();
                        proxy.resume();

                        assertThat(from.recvString()).isEqualTo("2");
                    }
                });
    }

    @Test
    @Spec("ZMQ6")
    void close_backendFull_losesNothing() {
        Evy.run(
                () -> {
                    Socket pull = bound(SocketType.PULL);
                    Socket to = connected(SocketType.PUSH, pull);
                    Socket push = context.socket(SocketType.PUSH); // nobody behind it yet
                    Proxy proxy = Proxy.start(pull, push);
                    to.send("kept");
                    pull.poll(PATIENCE);
                    Evy.yield();

                    proxy.close();

                    assertThat(pull.recvString()).isEqualTo("kept");
                });
    }

    @Test
    @Spec("EX2")
    void await_socketClosed_bothWaysEnd() {
        Evy.run(
                () -> {
                    Socket front = bound(SocketType.ROUTER);
                    Socket back = bound(SocketType.DEALER);
                    Proxy proxy = Proxy.start(front, back);
                    GreenThread<?> waiting = Evy.spawn(() -> proxy.await());
                    GreenThread<?> impatient = Evy.spawn(() -> proxy.await());
                    Evy.yield();

                    impatient.kill();
                    assertThatThrownBy(impatient::join).isInstanceOf(GreenThreadExit.class);
                    back.close();

                    waiting.join();
                    proxy.close();
                });
    }

    @Test
    void start_noWay_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Proxy.start(
                                        context.socket(SocketType.PUSH),
                                        context.socket(SocketType.PUSH)));
    }
}
