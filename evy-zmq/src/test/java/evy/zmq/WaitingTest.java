package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.hubs.Hub;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** Calls that wait, or must not: turns, limits, kills. */
class WaitingTest extends ZmqTest {
    @Test
    @Spec("ZMQ6")
    void noblock_nothingThere_failsAtOnce() {
        Evy.run(
                () -> {
                    Socket pull = bound(SocketType.PULL);
                    Socket push = context.socket(SocketType.PUSH); // nobody to send to

                    assertFails(ZmqError.EAGAIN, () -> pull.recv(Socket.NOBLOCK));
                    assertFails(ZmqError.EAGAIN, () -> pull.recvMultipart(Socket.NOBLOCK));
                    assertFails(ZmqError.EAGAIN, () -> push.send("x", Socket.NOBLOCK));
                    assertFails(
                            ZmqError.EAGAIN,
                            () -> push.sendMultipart(List.of(bytes("x")), Socket.NOBLOCK));
                    assertThat(pull.tryRecv()).isNull();
                    assertThat(push.trySend(bytes("x"))).isFalse();
                });
    }

    @Test
    @Spec("ZMQ6")
    void send_queuesFull_waitsAndResumesWhenDrained() {
        Evy.run(
                () -> {
                    Socket pull = context.socket(SocketType.PULL);
                    pull.options().receiveHighWaterMark(3);
                    pull.bind("inproc://full");
                    Socket push = context.socket(SocketType.PUSH);
                    push.options().sendHighWaterMark(3);
                    push.connect("inproc://full");
                    List<Integer> sent = new ArrayList<>();
                    GreenThread<?> sender =
                            Evy.spawn(
                                    () -> {
                                        for (int i = 0; i < 100; i++) {
                                            push.send("" + i);
                                            sent.add(i);
                                        }
                                    });

                    Evy.yield();
                    assertThat(sent).hasSizeLessThanOrEqualTo(6).isNotEmpty();
                    for (int i = 0; i < 100; i++) {
                        assertThat(pull.recvString()).isEqualTo("" + i);
                    }

                    sender.join();
                    assertThat(sent).hasSize(100);
                });
    }

    @Test
    @Spec("ZMQ7")
    void recv_thirtyWaitWhileAnotherSends_allGetTheirRepliesInOrder() {
        waitInOrder(1);
    }

    @Test
    @Spec("ZMQ7")
    void recvMultipart_thirtyWaitWhileAnotherSends_allGetTheirRepliesInOrder() {
        waitInOrder(4);
    }

    private void waitInOrder(int parts) {
        Evy.run(
                () -> {
                    Socket one = bound(SocketType.PAIR);
                    Socket two = connected(SocketType.PAIR, one);
                    List<String> finished = new ArrayList<>();
                    List<GreenThread<?>> waiting = new ArrayList<>();
                    for (int i = 0; i < 30; i++) {
                        int me = i;
                        waiting.add(
                                Evy.spawn(
                                        () -> {
                                            List<String> got = one.recvStrings();
                                            assertThat(got).hasSize(parts);
                                            finished.add(me + ":" + got.getFirst());
                                        }));
                    }
                    Evy.yield();
                    String[] message = new String[parts];
                    GreenThread<?> sender =
                            Evy.spawn(
                                    () -> {
                                        for (int i = 0; i <= 1000; i++) {
                                            java.util.Arrays.fill(message, "m" + i);
                                            one.sendStrings(message);
                                        }
                                    });

                    for (int i = 0; i <= 1000; i++) {
                        assertThat(two.recvStrings()).hasSize(parts).contains("m" + i);
                    }
                    sender.join();
                    assertThat(finished).isEmpty();
                    for (int i = 0; i < 30; i++) {
                        java.util.Arrays.fill(message, "done" + i);
                        two.sendStrings(message);
                    }
                    waiting.forEach(GreenThread::join);

                    assertThat(finished)
                            .isEqualTo(
                                    IntStream.range(0, 30).mapToObj(i -> i + ":done" + i).toList());
                });
    }

    @Test
    @Spec("ZMQ7")
    void send_smallQueuesAndNobodyReadsHere_finishes() {
        Evy.run(
                () -> {
                    Socket sub = context.socket(SocketType.SUB);
                    sub.options().receiveHighWaterMark(10).receiveBuffer(1000);
                    sub.subscribe("");
                    sub.bind("tcp://127.0.0.1:*");
                    Socket pub = context.socket(SocketType.PUB);
                    pub.options().sendHighWaterMark(10).sendBuffer(1000);
                    pub.connect(sub.options().lastEndpoint());

                    for (int i = 0; i <= 1000; i++) {
                        pub.send(new byte[1000]); // a PUB drops, it does not wait
                    }
                });
    }

    @Test
    @Spec("ZMQ7")
    void send_othersWait_isServedAfterThem() {
        Evy.run(
                () -> {
                    Socket push = context.socket(SocketType.PUSH);
                    List<GreenThread<?>> senders = new ArrayList<>();
                    for (int i = 0; i < 5; i++) {
                        String message = "m" + i;
                        senders.add(Evy.spawn(() -> push.send(message)));
                    }
                    Evy.yield();

                    Socket pull = bound(SocketType.PULL);
                    push.connect(pull.options().lastEndpoint());
                    // there is room now, but it is the others' turn, who have not run yet
                    assertThat(push.trySend(bytes("pushy"))).isFalse();

                    for (int i = 0; i < 5; i++) {
                        assertThat(pull.recvString()).isEqualTo("m" + i);
                    }
                    senders.forEach(GreenThread::join);
                });
    }

    /** Such a connection is made without anything coming in. */
    @Test
    @Spec({"ZMQ6", "ZMQ12"})
    void connect_withinTheProcess_waitingSenderGoesOn() {
        Evy.run(
                () -> {
                    Socket pull = context.socket(SocketType.PULL);
                    pull.bind("inproc://bound");
                    Socket push = context.socket(SocketType.PUSH);
                    push.options().sendTimeout(PATIENCE);
                    GreenThread<?> sender = Evy.spawn(() -> push.send("x"));
                    Evy.yield();

                    push.connect("inproc://bound");

                    sender.join();
                    assertThat(pull.recvString()).isEqualTo("x");
                });
    }

    @Test
    @Spec("ZMQ2")
    void kill_whileReceiving_losesNothingAndLetsTheNextOneIn() {
        Evy.run(
                () -> {
                    Socket pull = bound(SocketType.PULL);
                    Socket push = connected(SocketType.PUSH, pull);
                    GreenThread<String> first = Evy.spawn(() -> pull.recvString());
                    GreenThread<String> second = Evy.spawn(() -> pull.recvString());
                    GreenThread<String> third = Evy.spawn(() -> pull.recvString());
                    Evy.yield();

                    second.kill(); // waits for its turn
                    first.kill(); // waits for a message
                    push.send("for the third");

                    assertThat(third.join()).isEqualTo("for the third");
                    assertThatThrownBy(first::join).isInstanceOf(GreenThreadExit.class);
                    assertThatThrownBy(second::join).isInstanceOf(GreenThreadExit.class);
                });
    }

    @Test
    @Spec("ZMQ2")
    void kill_whileSending_sendsNothingAndLetsTheNextOneIn() {
        Evy.run(
                () -> {
                    Socket push = context.socket(SocketType.PUSH);
                    GreenThread<?> first = Evy.spawn(() -> push.send("first"));
                    GreenThread<?> second = Evy.spawn(() -> push.sendStrings("second", ""));
                    GreenThread<?> third = Evy.spawn(() -> push.send("third"));
                    Evy.yield();

                    first.kill();
                    second.kill();
                    Socket pull = bound(SocketType.PULL);
                    push.connect(pull.options().lastEndpoint());

                    assertThat(pull.recvString()).isEqualTo("third");
                    third.join();
                });
    }

    @Test
    @Spec("ZMQ2")
    void timeout_whileReceiving_arrivesAsItself() {
        Evy.run(
                () -> {
                    Socket pull = bound(SocketType.PULL);
                    Socket push = connected(SocketType.PUSH, pull);

                    String silent =
                            Timeout.call(Duration.ofMillis(10), () -> pull.recvString(), "nothing");
                    boolean done =
                            Timeout.run(
                                    Duration.ofMillis(10), () -> pull.poll(PATIENCE, PollEvent.IN));

                    assertThat(silent).isEqualTo("nothing");
                    assertThat(done).isFalse();
                    push.send("later");
                    assertThat(pull.recvString()).isEqualTo("later");
                });
    }

    @Test
    @Spec("ZMQ9")
    void receiveTimeout_passes_isATimeout() {
        Evy.run(
                () -> {
                    Socket pull = bound(SocketType.PULL);
                    pull.options().receiveTimeout(Duration.ofMillis(20));
                    long start = System.nanoTime();

                    assertFails(ZmqError.EAGAIN, pull::recv)
                            .isInstanceOf(ZmqTimeoutException.class)
                            .matches(Timeout::isTimeout)
                            .hasMessageContaining("PULL socket")
                            .hasMessageContaining("20 ms");

                    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
                    assertFails(ZmqError.EAGAIN, pull::recvMultipart).matches(Timeout::isTimeout);
                    pull.options().receiveTimeout(Duration.ZERO);
                    assertFails(ZmqError.EAGAIN, pull::recv).matches(Timeout::isTimeout);
                });
    }

    @Test
    @Spec("ZMQ9")
    void receiveTimeout_whileAnotherHasTheTurn_isKept() {
        Evy.run(
                () -> {
                    Socket pull = bound(SocketType.PULL);
                    GreenThread<?> first = Evy.spawn(() -> pull.recv());
                    Evy.yield();
                    pull.options().receiveTimeout(Duration.ofMillis(10));

                    assertFails(ZmqError.EAGAIN, pull::recv).matches(Timeout::isTimeout);

                    first.kill();
                });
    }

    @Test
    @Spec("ZMQ9")
    void sendTimeout_passes_isATimeout() {
        Evy.run(
                () -> {
                    Socket push = context.socket(SocketType.PUSH);
                    push.options().sendTimeout(Duration.ofMillis(10));

                    assertFails(ZmqError.EAGAIN, () -> push.send("x")).matches(Timeout::isTimeout);
                    assertFails(ZmqError.EAGAIN, () -> push.sendStrings("x", "y"))
                            .matches(Timeout::isTimeout);
                });
    }

    @Test
    @Spec("ZMQ2")
    void platformThread_waitsAndIsServed() throws Exception {
        Socket pull = bound(SocketType.PULL);
        Socket push = connected(SocketType.PUSH, pull);
        AtomicReference<String> got = new AtomicReference<>();
        Thread receiver = Thread.ofPlatform().start(() -> got.set(pull.recvString()));

        Evy.run(() -> push.send("from a hub"));
        receiver.join(PATIENCE);

        assertThat(got).hasValue("from a hub");
        push.send("from a platform thread");
        assertThat(Evy.run(() -> pull.recvString())).isEqualTo("from a platform thread");
    }

    @Test
    @Spec("ZMQ2")
    void platformThread_interrupted_isToldAndSocketLives() throws Exception {
        Socket pull = bound(SocketType.PULL);
        Socket push = connected(SocketType.PUSH, pull);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch flagged = new CountDownLatch(1);
        Thread receiver =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        pull.recv();
                                    } catch (ZmqException e) {
                                        thrown.set(e);
                                        if (Thread.currentThread().isInterrupted()) {
                                            flagged.countDown();
                                        }
                                    }
                                });
        receiver.interrupt();
        receiver.join(PATIENCE);

        assertThat(thrown.get()).isInstanceOf(ZmqException.class);
        assertThat(((ZmqException) thrown.get()).error()).isEqualTo(ZmqError.EINTR);
        assertThat(flagged.await(0, TimeUnit.SECONDS)).isTrue();
        Thread.currentThread().interrupt();
        push.send("still alive");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(pull.recvString()).isEqualTo("still alive");
    }

    @Test
    @Spec("ZMQ2")
    void otherHubs_shareASocket() {
        try (Hub other = Hub.open();
                Hub third = Hub.open()) {
            Socket pull = bound(SocketType.PULL);
            Socket push = connected(SocketType.PUSH, pull);
            List<GreenThread<Integer>> receivers = new ArrayList<>();
            for (Hub hub : List.of(other, third, Hub.getDefault())) {
                receivers.add(
                        Evy.spawn(
                                hub,
                                () -> {
                                    int count = 0;
                                    while (!pull.recvString().equals("end")) {
                                        count++;
                                    }
                                    return count;
                                }));
            }
            List<GreenThread<?>> senders = new ArrayList<>();
            for (Hub hub : List.of(other, third)) {
                senders.add(
                        Evy.spawn(
                                hub,
                                () -> {
                                    for (int i = 0; i < 500; i++) {
                                        push.send("m");
                                    }
                                }));
            }

            senders.forEach(GreenThread::join);
            for (int i = 0; i < 3; i++) {
                push.send("end");
            }

            assertThat(receivers.stream().mapToInt(GreenThread::join).sum()).isEqualTo(1000);
        }
    }

    @Test
    void recv_readyMessagesInALoop_othersGetTheirTurns() {
        Evy.run(
                () -> {
                    Socket pull = context.socket(SocketType.PULL);
                    pull.bind("inproc://loop");
                    pull.options().receiveHighWaterMark(0);
                    Socket push = context.socket(SocketType.PUSH);
                    push.options().sendHighWaterMark(0);
                    push.connect("inproc://loop");
                    for (int i = 0; i < 20_000; i++) {
                        push.send("x");
                    }
                    boolean[] ran = {false};
                    Evy.spawn(() -> ran[0] = true);

                    int before = 0;
                    for (int i = 0; i < 20_000; i++) {
                        pull.recv();
                        before += ran[0] ? 0 : 1;
                    }

                    assertThat(before).isLessThan(20_000);
                });
    }
}
