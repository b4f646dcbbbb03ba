package evy.behaviour;

import static evy.behaviour.NetFixtures.settle;
import static evy.behaviour.TlsFixtures.CLIENT;
import static evy.behaviour.TlsFixtures.SERVER;
import static evy.behaviour.TlsFixtures.carry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.behaviour.NetFixtures.Pair;
import evy.behaviour.NetFixtures.Platform;
import evy.behaviour.TlsFixtures.TlsPair;
import evy.io.GreenServerSocket;
import evy.io.tls.GreenTlsSocket;
import evy.io.tls.Tls;
import evy.io.tls.TlsOptions;
import evy.io.tls.TlsServerSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Where a handshake computes, and what becomes of a computation whose green thread is gone. */
@ExtendWith(LeakCheckExtension.class)
class TlsHandshakeTest {
    private static final byte[] HELLO = "hello".getBytes();
    private static final TlsOptions CLIENT_OF_ONE = CLIENT.withAlpn("one");

    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Spec("SSL1")
    void handshake_computes_whereTheOptionsSay(boolean offHub) throws Exception {
        Evy.run(
                () -> {
                    List<String> names = new ArrayList<>();
                    TlsOptions server = SERVER.withTasksOffHub(offHub);
                    try (TlsPair pair =
                            TlsPair.open(CLIENT_OF_ONE.withTasksOffHub(offHub), server)) {
                        Thread me = Thread.currentThread();
                        pair.server()
                                .setHandshakeApplicationProtocolSelector(
                                        (socket, protocols) -> {
                                            Thread here = Thread.currentThread();
                                            names.add(here.isVirtual() ? "hub" : here.getName());
                                            return "one";
                                        });

                        assertThat(carry(pair.client(), pair.server(), HELLO)).isEqualTo(HELLO);

                        assertThat(me.isVirtual()).isTrue();
                        assertThat(names).hasSize(1);
                        assertThat(names.getFirst()).startsWith(offHub ? "evy-tpool-" : "hub");
                    }
                });
    }

    @Test
    @Spec({"SSL1", "SSL8"})
    void handshake_killedWhileItComputes_isAtOnceAndTheNextGoesOn() throws Exception {
        Evy.run(
                () -> {
                    try (Held held = new Held()) {
                        GreenThread<byte[]> killed =
                                Evy.spawn(() -> held.pair.server().recv(HELLO.length));
                        GreenThread<Void> client =
                                Evy.spawn(() -> held.pair.client().sendAll(HELLO));
                        held.awaitComputing();

                        killed.kill();
                        assertThatThrownBy(killed::join).isInstanceOf(GreenThreadExit.class);
                        GreenThread<byte[]> next =
                                Evy.spawn(() -> held.pair.server().recv(HELLO.length));
                        settle();
                        assertThat(next.isDone()).as("waits for the computation").isFalse();
                        held.letGo();

                        assertThat(next.join()).isEqualTo(HELLO);
                        client.join();
                        assertThat(held.computed).as("not again").hasValue(1);
                    }
                });
    }

    @Test
    @Spec({"SSL6", "HUB17"})
    void close_whileTheHandshakeComputes_wakesAllAndHarmsNobody() throws Exception {
        Evy.run(
                () -> {
                    try (Held held = new Held();
                            TlsPair other = TlsPair.shaken()) {
                        GreenThread<byte[]> first = Evy.spawn(() -> held.pair.server().recv(1));
                        GreenThread<Void> client =
                                Evy.spawn(
                                        () -> {
                                            assertThatThrownBy(
                                                            () -> held.pair.client().sendAll(HELLO))
                                                    .isInstanceOf(IOException.class);
                                        });
                        held.awaitComputing();

                        held.pair.server().close();
                        // takes whatever buffers there are
                        assertThat(carry(other.client(), other.server(), HELLO)).isEqualTo(HELLO);
                        held.letGo();

                        assertThatThrownBy(first::join)
                                .isInstanceOf(SocketException.class)
                                .hasMessageContaining("closed");
                        client.join();
                        assertThat(carry(other.client(), other.server(), HELLO)).isEqualTo(HELLO);
                    }
                });
    }

    @Test
    @Spec("SSL9")
    void handshake_thatComputesForLong_doesNotHoldUpOthersForGood() throws Exception {
        Evy.run(
                () -> {
                    List<Held> all = new ArrayList<>();
                    List<GreenThread<Void>> threads = new ArrayList<>();
                    try {
                        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                            Held held = new Held();
                            all.add(held);
                            threads.add(Evy.spawn(() -> held.pair.server().startHandshake()));
                            threads.add(Evy.spawn(() -> held.pair.client().startHandshake()));
                        }
                        all.getFirst().awaitComputing();

                        try (TlsPair other = TlsPair.shaken()) {
                            assertThat(carry(other.client(), other.server(), HELLO))
                                    .isEqualTo(HELLO);
                        }
                        all.forEach(Held::letGo);
                        for (GreenThread<Void> thread : threads) {
                            thread.join();
                        }
                    } finally {
                        for (Held held : all) {
                            held.close();
                        }
                    }
                });
    }

    @Test
    @Spec("SSL1")
    void handshake_onAPlatformThread_computesThere() throws Exception {
        try (TlsPair pair = Evy.run(() -> TlsPair.open(CLIENT_OF_ONE, SERVER))) {
            List<Thread> where = new ArrayList<>();
            pair.server()
                    .setHandshakeApplicationProtocolSelector(
                            (socket, protocols) -> {
                                where.add(Thread.currentThread());
                                return "one";
                            });
            GreenThread<Void> client = Evy.spawn(() -> pair.client().startHandshake());
            try (Platform<Void> platform =
                    Platform.start(
                            () -> {
                                pair.server().startHandshake();
                                return null;
                            })) {
                platform.get();
                client.join();

                assertThat(where).containsExactly(platform.thread());
            }
        }
    }

    @Test
    @Spec("SSL9")
    void accept_ofManyThatCameAtOnce_letsOthersRunBetween() throws Exception {
        Evy.run(
                () -> {
                    List<AutoCloseable> open = new ArrayList<>();
                    try (GreenServerSocket below = NetFixtures.listen();
                            TlsServerSocket listener = Tls.wrap(below, SERVER)) {
                        for (int i = 0; i < 5; i++) {
                            open.add(Evy.connect(below.address()));
                        }
                        List<String> order = new ArrayList<>();
                        GreenThread<Void> other =
                                Evy.spawn(
                                        () -> {
                                            for (int i = 0; i < 5; i++) {
                                                order.add("other");
                                                Evy.yield();
                                            }
                                        });
                        for (int i = 0; i < 5; i++) {
                            GreenTlsSocket accepted = listener.accept();
                            order.add("accept");
                            open.add(accepted);
                        }
                        other.join();

                        assertThat(order.indexOf("other")).isLessThan(order.lastIndexOf("accept"));
                    } finally {
                        for (AutoCloseable one : open) {
                            one.close();
                        }
                    }
                });
    }

    /** A pair of which the server's handshake computes until it is let go. */
    private static final class Held implements AutoCloseable {
        final AtomicInteger computed = new AtomicInteger();
        final TlsPair pair;
        private final CountDownLatch computing = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);

        Held() throws IOException {
            pair = TlsPair.over(Pair.open(), CLIENT_OF_ONE, SERVER);
            pair.server().setHandshakeApplicationProtocolSelector((socket, protocols) -> compute());
        }

        private String compute() {
            computed.incrementAndGet();
            computing.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return "one";
        }

        void awaitComputing() {
            NetFixtures.awaitTrue("its computation", () -> computing.getCount() == 0);
        }

        void letGo() {
            go.countDown();
        }

        @Override
        public void close() throws IOException {
            letGo();
            pair.close();
        }
    }
}
