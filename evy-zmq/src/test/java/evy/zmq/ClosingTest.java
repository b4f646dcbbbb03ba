package evy.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import evy.Evy;
import evy.GreenThread;
import evy.hubs.Hub;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;

/** Closing sockets and contexts. */
class ClosingTest extends ZmqTest {
    @ParameterizedTest
    @EnumSource(names = {"PAIR", "DEALER", "ROUTER", "PULL"})
    @Spec("ZMQ8")
    void close_twoWaitToReceive_bothAreTold(SocketType type) {
        Evy.run(
                () -> {
                    Socket socket = bound(type);
                    GreenThread<?> first = Evy.spawn(() -> socket.recv());
                    GreenThread<?> second = Evy.spawn(() -> socket.recvMultipart());
                    Evy.yield();

                    socket.close();

                    assertFails(ZmqError.ENOTSOCK, first::join).hasMessageContaining("" + type);
                    assertFails(ZmqError.ENOTSOCK, second::join);
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"PUSH", "DEALER", "PAIR"})
    @Spec("ZMQ8")
    void close_twoWaitToSend_bothAreTold(SocketType type) {
        Evy.run(
                () -> {
                    Socket socket = context.socket(type);
                    GreenThread<?> first = Evy.spawn(() -> socket.send("x"));
                    GreenThread<?> second = Evy.spawn(() -> socket.sendStrings("x", "y"));
                    Evy.yield();

                    socket.close();

                    assertFails(ZmqError.ENOTSOCK, first::join);
                    assertFails(ZmqError.ENOTSOCK, second::join);
                });
    }

    @ParameterizedTest
    @EnumSource
    @Spec("ZMQ8")
    void use_afterClose_fails(SocketType type) {
        Socket socket = context.socket(type);
        socket.close();
        socket.close();

        assertFails(ZmqError.ENOTSOCK, socket::recv);
        assertFails(ZmqError.ENOTSOCK, () -> socket.send("x"));
        assertFails(ZmqError.ENOTSOCK, () -> socket.recv(Socket.NOBLOCK));
        assertFails(ZmqError.ENOTSOCK, () -> socket.sendStrings("x"));
        assertFails(ZmqError.ENOTSOCK, socket::tryRecv);
        assertFails(ZmqError.ENOTSOCK, () -> socket.bind("tcp://127.0.0.1:*"));
        assertFails(ZmqError.ENOTSOCK, () -> socket.poll(Duration.ZERO, PollEvent.IN));
        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    @Spec("ZMQ8")
    void close_fromAPlatformThreadAndAnotherHub_wakesThoseWhoWait() throws Exception {
        Socket socket = bound(SocketType.PULL);
        try (Hub hub = Hub.open()) {
            GreenThread<?> here = Evy.spawn(() -> socket.recv());
            GreenThread<?> there = Evy.spawn(hub, () -> socket.recv());
            GreenThread<?> polls = Evy.spawn(hub, () -> socket.poll(PATIENCE, PollEvent.IN));
            Hub.getDefault().letAllRun();

            Thread.ofPlatform().start(socket::close).join();

            for (GreenThread<?> thread : List.of(here, there, polls)) {
                assertFails(ZmqError.ENOTSOCK, thread::join);
            }
        }
    }

    @Test
    @Spec("ZMQ9")
    void close_lingerZero_dropsAndContextEndsAtOnce() {
        Context own = Context.open();
        Socket push = own.socket(SocketType.PUSH);
        push.connect("tcp://127.0.0.1:1"); // nobody there
        push.send("never arrives");

        push.close(Duration.ZERO);

        assertThat(own.close(PATIENCE)).isTrue();
    }

    @Test
    @Spec("ZMQ9")
    void close_lingers_messagesStillArrive() {
        Evy.run(
                () -> {
                    Socket pull = context.socket(SocketType.PULL);
                    pull.options().receiveTimeout(PATIENCE);
                    pull.bind("tcp://127.0.0.1:*");
                    Context own = Context.open();
                    Socket push = own.socket(SocketType.PUSH);
                    push.connect(pull.options().lastEndpoint());
                    push.send("connected");
                    assertThat(pull.recvString()).isEqualTo("connected");
                    for (int i = 0; i < 100; i++) {
                        push.send("m" + i);
                    }

                    push.close();
                    GreenThread<Boolean> closing = Evy.spawn(() -> own.close(PATIENCE));

                    for (int i = 0; i < 100; i++) {
                        assertThat(pull.recvString()).isEqualTo("m" + i);
                    }
                    assertThat(closing.join()).isTrue();
                });
    }

    @Test
    @Spec("ZMQ9")
    void closeContext_messagesCannotLeave_isBounded() {
        Context own = Context.open();
        Socket push = own.socket(SocketType.PUSH);
        push.connect("tcp://127.0.0.1:1");
        push.send("never arrives"); // and it would linger for ever

        assertThat(own.close(Duration.ofMillis(30))).isTrue();
    }

    @Test
    @Spec("ZMQ8")
    void closeContext_someWait_allAreTold() {
        Evy.run(
                () -> {
                    Context own = Context.open();
                    Socket pull = own.socket(SocketType.PULL);
                    Socket push = own.socket(SocketType.PUSH);
                    GreenThread<?> receiver = Evy.spawn(() -> pull.recv());
                    GreenThread<?> sender = Evy.spawn(() -> push.send("x"));
                    int[] turns = {0};
                    GreenThread<?> other =
                            Evy.spawn(
                                    () -> {
                                        while (true) {
                                            turns[0]++;
                                            Evy.yield();
                                        }
                                    });
                    Evy.yield();

                    int before = turns[0];
                    assertThat(own.close(PATIENCE)).isTrue();

                    assertFails(ZmqError.ETERM, receiver::join);
                    assertFails(ZmqError.ETERM, sender::join);
                    assertFails(ZmqError.ETERM, () -> own.socket(SocketType.PULL));
                    assertFails(ZmqError.ETERM, pull::recv);
                    assertThat(own.close(Duration.ZERO)).isTrue();
                    assertThat(turns[0]).isGreaterThan(before);
                    other.kill();
                });
    }

    @Test
    void closeContext_killed_goesOnInTheBackground() {
        Evy.run(
                () -> {
                    Context own = Context.open();
                    own.socket(SocketType.PULL).bind("tcp://127.0.0.1:*");
                    GreenThread<?> closing = Evy.spawn(() -> own.close());
                    Evy.yield();
                    closing.kill();

                    assertThat(own.close(PATIENCE)).isTrue();
                });
    }

    @Test
    void socket_killedAtTheFirst_contextWorksAndCloses() {
        Evy.run(
                () -> {
                    for (int i = 0; i < 5; i++) {
                        Context own = Context.open();
                        GreenThread<?> opening = Evy.spawn(() -> own.socket(SocketType.PULL));
                        Evy.yield();
                        opening.kill();
                        if (i % 2 == 0) {
                            own.socket(SocketType.PULL).bind("tcp://127.0.0.1:*");
                        }

                        assertThat(own.close(PATIENCE)).isTrue();
                    }
                });
    }

    @Test
    @Spec("ZMQ2")
    void socket_firstOneOnAGreenThread_contextsThreadsAreNative() {
        Evy.run(
                () -> {
                    bound(SocketType.PULL);

                    assertThat(Thread.getAllStackTraces().keySet())
                            .extracting(Thread::getName)
                            .contains("evy-zmq-reaper-1", "evy-zmq-iothread-2");
                    assertThat(Hub.current().greenlets()).hasSize(1);
                });
    }

    @Test
    void close_neverUsed_hasNothingToDo() {
        Context own = Context.open();

        assertThat(own.close(Duration.ZERO)).isTrue();

        assertThat(own.isClosed()).isTrue();
    }

    @Test
    void socket_tooMany_isRefused() {
        try (Context own = Context.open(ContextOptions.DEFAULT.withMaxSockets(2))) {
            own.socket(SocketType.PAIR);
            own.socket(SocketType.PAIR);

            assertFails(ZmqError.EMFILE, () -> own.socket(SocketType.PAIR))
                    .hasMessageContaining("open=2");
        }
    }

    @Test
    void options_outOfRange_areNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContextOptions.DEFAULT.withIoThreads(-1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContextOptions.DEFAULT.withMaxSockets(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContextOptions.DEFAULT.withCloseLimit(Duration.ofNanos(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> context.close(Duration.ofSeconds(-1)));
    }

    @Test
    void socket_interrupted_isOpenedAndTheInterruptStays() {
        Thread.currentThread().interrupt();
        Socket pull = context.socket(SocketType.PULL);

        assertThat(Thread.interrupted()).isTrue();
        pull.bind("tcp://127.0.0.1:*");
    }

    @Test
    void closeContext_interrupted_goesOnInTheBackground() {
        Context own = Context.open();
        Socket push = own.socket(SocketType.PUSH);
        push.connect("tcp://127.0.0.1:1");
        push.send("never arrives");
        push.close(Duration.ofSeconds(2)); // for so long it lingers
        Thread.currentThread().interrupt();
        boolean ended = own.close(PATIENCE);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(ended).isFalse();
        assertThat(own.isClosed()).isTrue();
        assertThat(own.close(PATIENCE)).isTrue();
    }
}
