package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** {@link Poller}. */
class PollerTest extends ZmqTest {
    @Test
    @Spec({"ZMQ2", "ZMQ12"})
    void poll_oneOfSeveralHasSomething_isNamed() {
        Evy.run(
                () -> {
                    Socket a = bound(SocketType.PULL);
                    Socket b = bound(SocketType.PULL);
                    Socket toB = connected(SocketType.PUSH, b);
                    try (Poller poller = new Poller()) {
                        poller.register(a);
                        poller.register(b);
                        GreenThread<Map<Socket, Set<PollEvent>>> waiting =
                                Evy.spawn(() -> poller.poll());
                        Evy.yield();

                        toB.send("x");

                        assertThat(waiting.join()).isEqualTo(Map.of(b, Set.of(PollEvent.IN)));
                        assertThat(b.recvString()).isEqualTo("x");
                        assertThat(poller.poll(Duration.ZERO)).isEmpty();
                    }
                });
    }

    /** Whether a REQ can send changes by its own receiving, without anything coming in. */
    @Test
    @Spec("ZMQ12")
    void poll_readinessChangesByAnothersCall_isSeen() {
        Evy.run(
                () -> {
                    Socket rep = bound(SocketType.REP);
                    Socket req = connected(SocketType.REQ, rep);
                    req.send("q");
                    rep.send(rep.recv());
                    GreenThread<Set<PollEvent>> waiting =
                            Evy.spawn(() -> req.poll(PATIENCE, PollEvent.OUT));
                    Evy.yield();
                    assertThat(waiting.isDone()).isFalse();

                    req.recv();

                    assertThat(waiting.join()).containsExactly(PollEvent.OUT);
                });
    }

    @Test
    @Spec("ZMQ9")
    void poll_nothingInTime_isEmpty() {
        Evy.run(
                () -> {
                    Socket pull = bound(SocketType.PULL);
                    long start = System.nanoTime();

                    assertThat(pull.poll(Duration.ofMillis(10), PollEvent.IN)).isEmpty();

                    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(10_000_000);
                    assertThat(pull.poll(Duration.ZERO)).isEmpty();
                    Socket push = context.socket(SocketType.PUSH);
                    assertThat(push.poll(Duration.ZERO, PollEvent.OUT, PollEvent.IN)).isEmpty();
                    push.connect(pull.options().lastEndpoint());
                    assertThat(push.poll(PATIENCE, PollEvent.OUT, PollEvent.IN))
                            .containsExactly(PollEvent.OUT);
                });
    }

    @Test
    void poll_killed_endsAtOnce() {
        Evy.run(
                () -> {
                    Socket pull = bound(SocketType.PULL);
                    GreenThread<?> waiting = Evy.spawn(() -> pull.poll(PATIENCE));
                    Evy.yield();

                    waiting.kill();

                    assertThatThrownBy(waiting::join).isInstanceOf(GreenThreadExit.class);
                });
    }

    @Test
    void register_nothing_takesTheSocketOut() {
        try (Poller poller = new Poller()) {
            Socket push = context.socket(SocketType.PUSH);
            push.connect("inproc://nobody");
            poller.register(push, PollEvent.OUT);
            assertThat(poller.poll(Duration.ZERO)).hasSize(1);

            poller.register(push, Set.of());

            assertThat(poller.poll(Duration.ZERO)).isEmpty();
            assertThat(poller.unregister(push)).isFalse();
        }
    }

    @Test
    @Spec("ZMQ8")
    void poll_socketClosedMeanwhile_fails() {
        Evy.run(
                () -> {
                    Socket pull = bound(SocketType.PULL);
                    GreenThread<?> waiting = Evy.spawn(() -> pull.poll(PATIENCE));
                    Evy.yield();

                    pull.close();

                    assertFails(ZmqError.ENOTSOCK, waiting::join);
                });
    }

    @Test
    void poll_interrupted_isToldAndStaysInterrupted() {
        Socket pull = bound(SocketType.PULL);
        try (Poller poller = new Poller()) {
            poller.register(pull);
            assertThat(poller.toString()).startsWith("poll of [").contains("PULL");
            Thread.currentThread().interrupt();

            assertFails(ZmqError.EINTR, () -> poller.poll(PATIENCE));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(poller.poll(Duration.ZERO)).isEmpty();
        }
    }
}
