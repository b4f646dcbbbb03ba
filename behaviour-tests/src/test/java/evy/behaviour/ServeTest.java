package evy.behaviour;

import static evy.behaviour.NetFixtures.awaitTrue;
import static evy.behaviour.NetFixtures.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.StopServe;
import evy.Timeout;
import evy.behaviour.NetFixtures.Platform;
import evy.hubs.Descriptor;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.HubClosed;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The accept loop {@code Evy.serve}. */
@ExtendWith(LeakCheckExtension.class)
class ServeTest {
    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    private static GreenThread<Void> serve(ServerSocket listener, Evy.Handler handler) {
        GreenThread<Void> serving = Evy.spawn(() -> Evy.serve(listener, handler));
        settle();
        return serving;
    }

    /** Connects and waits until the server has closed. */
    private static byte[] visit(GreenServerSocket listener) throws IOException {
        try (GreenSocket client = Evy.connect(listener.address())) {
            return client.getInputStream().readAllBytes();
        }
    }

    @Test
    @Spec("CONV6")
    void serve_hundredClientsOneByOne_handlesEachInItsOwnGreenThread() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        List<Object> threads = new ArrayList<>();
                        List<Integer> ports = new ArrayList<>();
                        GreenThread<Void> serving =
                                serve(
                                        listener,
                                        client -> {
                                            threads.add(Evy.current());
                                            ports.add(client.getPort());
                                            client.getOutputStream().write(1);
                                        });

                        List<Integer> expected = new ArrayList<>();
                        for (int i = 0; i < 100; i++) {
                            try (GreenSocket client = Evy.connect(listener.address())) {
                                expected.add(client.getLocalPort());
                                assertThat(client.recv(1)).containsExactly(1);
                            }
                        }

                        assertThat(serving.isDone()).as("serve blocks").isFalse();
                        assertThat(ports).isEqualTo(expected);
                        assertThat(threads).hasSize(100).doesNotHaveDuplicates();
                        assertThat(threads).doesNotContain(serving);
                        serving.kill();
                    }
                });
    }

    @Test
    @Spec("CONV6")
    void serve_fromPlatformThread_blocksItAndServes() throws Exception {
        GreenServerSocket listener = Evy.run(NetFixtures::listen);
        try (listener;
                Platform<Void> serving =
                        Platform.start(
                                () -> {
                                    Evy.serve(
                                            listener,
                                            client -> {
                                                client.getOutputStream().write(5);
                                                throw new StopServe();
                                            });
                                    return null;
                                })) {
            assertThat(visit(listener)).containsExactly(5);

            assertThatCode(serving::get).doesNotThrowAnyException();
        }
    }

    private static List<Evy.Handler> endings() {
        return List.of(
                client -> client.getOutputStream().write(1),
                client -> {
                    client.getOutputStream().write(1);
                    client.close();
                },
                client -> {
                    client.getOutputStream().write(1);
                    throw new GreenThreadExit();
                },
                client -> {
                    client.getOutputStream().write(1);
                    client.shutdownOutput();
                    client.shutdownInput();
                });
    }

    @ParameterizedTest
    @MethodSource("endings")
    @Spec("CONV7")
    void handler_howeverItEnds_connectionIsClosed(Evy.Handler handler) throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        List<Socket> clients = new ArrayList<>();
                        GreenThread<Void> serving =
                                serve(
                                        listener,
                                        client -> {
                                            clients.add(client);
                                            handler.handle(client);
                                        });

                        assertThat(visit(listener)).containsExactly(1);
                        assertThat(visit(listener)).containsExactly(1);
                        settle();

                        assertThat(clients).hasSize(2).allMatch(Socket::isClosed);
                        assertThat(serving.isDone()).isFalse();
                        serving.kill();
                    }
                });
    }

    @Test
    @Spec("CONV7")
    void handler_thatThrows_connectionIsClosed() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        List<Socket> clients = new ArrayList<>();
                        GreenThread<Void> serving =
                                serve(
                                        listener,
                                        client -> {
                                            clients.add(client);
                                            throw new IOException("no service today");
                                        });

                        assertThat(visit(listener)).isEmpty();

                        assertThatThrownBy(serving::join).hasMessage("no service today");
                        assertThat(clients).hasSize(1).allMatch(Socket::isClosed);
                        assertThat(listener.isClosed()).as("the caller's to close").isFalse();
                    }
                });
    }

    private static List<Throwable> failures() {
        return List.of(
                new IOException("checked"),
                new IllegalStateException("unchecked"),
                new AssertionError("error"),
                new Timeout(null),
                new StackOverflowError("as if"),
                new Exception("plain"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    @Spec("CONV8")
    void handler_throwsWhatever_serveEndsWithThatVeryObject(Throwable failure) throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        GreenThread<Void> serving =
                                serve(
                                        listener,
                                        client -> {
                                            throw Greenlet.<RuntimeException>thrown(failure);
                                        });

                        visit(listener);

                        assertThatThrownBy(serving::join).isSameAs(failure);
                        Evy.sleep(Duration.ofMillis(1)); // nothing is left to be thrown
                    }
                });
    }

    @Test
    @Spec("CONV8")
    void handler_itsOwnTimeoutEscapes_serveEndsWithIt() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        Timeout[] timeout = new Timeout[1];
                        GreenThread<Void> serving =
                                serve(
                                        listener,
                                        client -> {
                                            timeout[0] = new Timeout(Duration.ofMillis(5));
                                            client.getInputStream().read();
                                        });
                        try (GreenSocket client = Evy.connect(listener.address())) {
                            assertThatThrownBy(serving::join).isSameAs(timeout[0]);
                            assertThat(client.recv(1)).isEmpty();
                        }
                    }
                });
    }

    @Test
    @Spec("CONV8")
    void stopServe_makesServeReturnAndLeavesOthersRunning() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        AtomicInteger handled = new AtomicInteger();
                        GreenThread<Void> serving =
                                serve(
                                        listener,
                                        client -> {
                                            handled.incrementAndGet();
                                            if (client.getInputStream().read() == 'q') {
                                                throw new StopServe();
                                            }
                                            client.getOutputStream().write('!');
                                        });
                        try (GreenSocket talker = Evy.connect(listener.address());
                                GreenSocket stopper = Evy.connect(listener.address())) {
                            awaitTrue("both handled", () -> handled.get() == 2);

                            stopper.sendAll(new byte[] {'q'});
                            serving.join();

                            talker.sendAll(new byte[] {'x'});
                            assertThat(talker.recv(1)).containsExactly('!');
                        }
                    }
                });
    }

    @Test
    @Spec("CONV8")
    void greenThreadExit_inHandler_isIgnored() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        List<Greenlet> handlers = new ArrayList<>();
                        GreenThread<Void> serving =
                                serve(
                                        listener,
                                        client -> {
                                            handlers.add(Evy.current());
                                            client.getInputStream().read();
                                        });
                        try (GreenSocket client = Evy.connect(listener.address())) {
                            awaitTrue("the handler", () -> handlers.size() == 1);

                            Evy.kill(handlers.getFirst());

                            assertThat(client.recv(1)).isEmpty();
                            assertThat(serving.isDone()).isFalse();
                        }
                        serving.kill();
                    }
                });
    }

    @Test
    @Spec("CONV8")
    void handler_failsAsServeIsEndedByAnother_leavesNothingToBeThrown() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        IOException first = new IOException("ends serve first");
                        GreenThread<Void> serving =
                                Evy.spawn(
                                        () -> {
                                            Greenlet me = Evy.current();
                                            assertThatThrownBy(
                                                            () ->
                                                                    Evy.serve(
                                                                            listener,
                                                                            client ->
                                                                                    endTwice(
                                                                                            me,
                                                                                            first)))
                                                    .isSameAs(first);
                                            Evy.yield();
                                            Evy.sleep(Duration.ofMillis(1));
                                        });
                        settle();

                        visit(listener);

                        assertThatCode(serving::join).doesNotThrowAnyException();
                    }
                });
    }

    private static void endTwice(Greenlet acceptor, IOException first) {
        acceptor.raise(first);
        throw new IllegalStateException("comes too late");
    }

    /* eventlet: tests/convenience_test.py test_concurrency */
    @Test
    @Spec("CONV9")
    void serve_concurrencyFive_sixthIsConnectedButHandledWhenOneLeaves() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        AtomicInteger running = new AtomicInteger();
                        AtomicInteger most = new AtomicInteger();
                        GreenThread<Void> serving =
                                Evy.spawn(
                                        () ->
                                                Evy.serve(
                                                        listener,
                                                        client -> greet(client, running, most),
                                                        5));
                        List<GreenSocket> clients = new ArrayList<>();
                        for (int i = 0; i < 5; i++) {
                            clients.add(Evy.connect(listener.address()));
                            assertThat(clients.get(i).recv(1)).containsExactly('h');
                        }

                        GreenSocket sixth = Evy.connect(listener.address());
                        clients.add(sixth);
                        sixth.setTimeout(Duration.ofMillis(20));
                        assertThatThrownBy(() -> sixth.recv(1)).matches(Timeout::isTimeout);
                        assertThat(running).hasValue(5);

                        clients.getFirst().close();
                        sixth.setTimeout(NetFixtures.LONG);
                        assertThat(sixth.recv(1)).containsExactly('h');
                        assertThat(most).hasValue(5);

                        for (GreenSocket client : clients) {
                            client.close();
                        }
                        awaitTrue("the handlers' ends", () -> running.get() == 0);
                        serving.kill();
                    }
                });
    }

    private static void greet(Socket client, AtomicInteger running, AtomicInteger most)
            throws IOException {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
            client.getOutputStream().write('h');
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        } finally {
            running.decrementAndGet();
        }
    }

    @Test
    @Spec("CONV9")
    void serve_negativeConcurrency_isRefusedByItsValue() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        assertThatThrownBy(() -> Evy.serve(listener, client -> {}, -1))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("-1");
                    }
                });
    }

    @Test
    @Spec("CONV10")
    void timeout_aroundServe_interruptsItAndListenerStaysUsable() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        boolean finished =
                                Timeout.run(
                                        Duration.ofMillis(10),
                                        () -> Evy.serve(listener, client -> {}));

                        assertThat(finished).isFalse();
                        assertThat(listener.isClosed()).isFalse();
                        GreenThread<Void> again =
                                serve(listener, client -> client.getOutputStream().write(1));
                        assertThat(visit(listener)).containsExactly(1);
                        again.kill();
                    }
                });
    }

    @Test
    @Spec("CONV10")
    void kill_ofServe_leavesRunningHandlersAlone() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        GreenThread<Void> serving =
                                serve(
                                        listener,
                                        client -> {
                                            client.getOutputStream().write('h');
                                            client.getOutputStream()
                                                    .write(client.getInputStream().read());
                                        });
                        try (GreenSocket client = Evy.connect(listener.address())) {
                            assertThat(client.recv(1)).containsExactly('h');

                            serving.kill();

                            assertThat(serving.isDead()).isTrue();
                            client.sendAll(new byte[] {'e'});
                            assertThat(client.recv(1)).containsExactly('e');
                            assertThat(client.recv(1)).isEmpty();
                        }
                    }
                });
    }

    @Test
    @Spec("CONV10")
    void close_ofTheListener_endsServe() throws Exception {
        Evy.run(
                () -> {
                    GreenServerSocket listener = NetFixtures.listen();
                    GreenThread<Void> serving = serve(listener, client -> {});
                    assertThat(serving.waitsFor()).isInstanceOf(Descriptor.class);

                    listener.close();

                    assertThatThrownBy(serving::join).isInstanceOf(SocketException.class);
                });
    }

    // errors of accept

    /** Fails a few times before it accepts. */
    private static final class IllListener extends ServerSocket {
        private final ServerSocket real;
        private final IOException failure;
        private int failuresLeft;
        private final IOException last;

        IllListener(ServerSocket real, int failures, IOException failure, IOException last)
                throws IOException {
            this.real = real;
            this.failuresLeft = failures;
            this.failure = failure;
            this.last = last;
        }

        @Override
        public Socket accept() throws IOException {
            if (failuresLeft-- > 0) {
                throw failure;
            }
            if (last != null) {
                throw last;
            }
            return real.accept();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Too many open files",
                "Too many open files in system",
                "No buffer space available",
                "Cannot allocate memory"
            })
    @Spec("CONV12")
    void accept_transientError_isSurvived(String text) throws Exception {
        try (QuietLog log = new QuietLog()) {
            Evy.run(
                    () -> {
                        try (GreenServerSocket listener = NetFixtures.listen();
                                IllListener ill =
                                        new IllListener(
                                                listener, 3, new SocketException(text), null)) {
                            GreenThread<Void> serving =
                                    serve(ill, client -> client.getOutputStream().write(1));

                            assertThat(visit(listener)).containsExactly(1);

                            assertThat(log.messages())
                                    .hasSize(3)
                                    .allMatch(message -> message.contains(text));
                            serving.kill();
                        }
                    });
        }
    }

    @Test
    @Spec("CONV12")
    void accept_transientErrors_areWaitedOutLongerAndLonger() throws Exception {
        IOException end = new IOException("for good");
        try (QuietLog log = new QuietLog();
                ManualHub manual = ManualHub.open();
                IllListener ill =
                        new IllListener(
                                null, 12, new SocketException("Too many open files"), end)) {
            assertThatThrownBy(() -> manual.run(() -> Evy.serve(ill, client -> {}))).isSameAs(end);

            // 5 + 10 + ... + 640 ms, then a second each
            assertThat(manual.clock().elapsed())
                    .isEqualTo(Duration.ofMillis(5 * 255).plusSeconds(4));
            assertThat(log.messages()).hasSize(12);
        }
    }

    @Test
    @Spec("CONV12")
    void accept_errorForGood_endsServe() throws Exception {
        Evy.run(
                () -> {
                    SocketException fatal = new SocketException("Invalid argument");
                    try (IllListener ill = new IllListener(null, 0, null, fatal)) {
                        assertThatThrownBy(() -> Evy.serve(ill, client -> {})).isSameAs(fatal);
                    }
                });
    }

    @Test
    @Spec("CONV12")
    void accept_timeoutOfTheListener_endsServe() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        listener.setTimeout(Duration.ofMillis(5));

                        assertThatThrownBy(() -> Evy.serve(listener, client -> {}))
                                .matches(Timeout::isTimeout);
                        assertThat(listener.isClosed()).isFalse();
                    }
                });
    }

    @Test
    @Spec("CONV12")
    void accept_peerResetBeforeItWasAccepted_isSurvived() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        for (int i = 0; i < 5; i++) {
                            GreenSocket aborted = Evy.connect(listener.address());
                            aborted.setSoLinger(true, 0);
                            aborted.close();
                        }
                        GreenThread<Void> serving =
                                serve(
                                        listener,
                                        client -> {
                                            try {
                                                client.getOutputStream().write(1);
                                            } catch (SocketException gone) {
                                                client.close();
                                            }
                                        });

                        assertThat(visit(listener)).containsExactly(1);
                        serving.kill();
                    }
                });
    }

    @Test
    void serve_hubIsClosed_isNoFailureOfTheHandlers() throws Exception {
        Hub hub = Hub.open();
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        hub.setExceptionHandler((_, failure) -> uncaught.add(failure));
        CountDownLatch handling = new CountDownLatch(2);
        GreenServerSocket listener = Evy.spawn(hub, () -> NetFixtures.listen()).join();
        try (listener) {
            GreenThread<Void> serving =
                    Evy.spawn(
                            hub,
                            () ->
                                    Evy.serve(
                                            listener,
                                            client -> {
                                                handling.countDown();
                                                client.getInputStream().read();
                                            }));
            try (Socket client = new Socket();
                    Socket other = new Socket()) {
                client.connect(listener.address());
                other.connect(listener.address());
                handling.await();

                hub.close();
            }

            assertThatThrownBy(serving::join).isInstanceOf(HubClosed.class);
            assertThat(uncaught).isEmpty();
        }
    }

    /** Takes what is logged, instead of the console. */
    private static final class QuietLog extends Handler implements AutoCloseable {
        private final Logger logger = Logger.getLogger("evy");
        private final List<String> messages = new ArrayList<>();

        QuietLog() {
            logger.addHandler(this);
            logger.setUseParentHandlers(false);
        }

        synchronized List<String> messages() {
            return List.copyOf(messages);
        }

        @Override
        public synchronized void publish(LogRecord record) {
            messages.add(MessageFormat.format(record.getMessage(), record.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.setUseParentHandlers(true);
            logger.removeHandler(this);
        }
    }
}
