package evy.behaviour;

import static evy.behaviour.NetFixtures.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.GreenPile;
import evy.GreenThread;
import evy.Timeout;
import evy.behaviour.DnsFixtures.BlockingResolver;
import evy.behaviour.NetFixtures.FullBacklog;
import evy.behaviour.NetFixtures.Pair;
import evy.behaviour.TlsFixtures.TlsPair;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.io.dns.Dns;
import evy.io.dns.SystemResolver;
import evy.io.tls.Tls;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Networks and peers at their worst, while a ticker goes on ticking: how long it was kept from it
 * goes to the log.
 */
@ExtendWith(LeakCheckExtension.class)
class FaultTest {
    private static final int MANY = 1000;
    private static final Duration SHORT = Duration.ofMillis(50);

    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
        assertThat(TlsFixtures.SERVER.isServer()).isTrue(); // makes its keys, which takes long
    }

    /** Runs a test on the hub, beside a ticker. */
    private static void ticking(String what, Body test) throws Exception {
        Evy.run(
                () -> {
                    try (Ticker ticker = Ticker.start()) {
                        test.run();
                        Duration gap = ticker.longestGap();
                        System.out.printf(
                                Locale.ROOT,
                                "%s: longest gap %.1f ms%n",
                                what,
                                gap.toNanos() / 1e6);
                        assertThat(gap).isLessThan(Duration.ofSeconds(10));
                    }
                });
    }

    private interface Body {
        void run() throws Exception;
    }

    // resets

    @Test
    void reset_beforeAccept_isNoErrorOfTheListener() throws Exception {
        ticking(
                "resets before accept",
                () -> {
                    try (GreenServerSocket listener = NetFixtures.listen()) {
                        for (int i = 0; i < 20; i++) {
                            try (Socket gone = Evy.connect(listener.address())) {
                                gone.setSoLinger(true, 0);
                            }
                        }
                        try (GreenSocket client = Evy.connect(listener.address())) {
                            client.sendAll(new byte[] {7});
                            int answered = 0;
                            while (answered == 0) {
                                try (GreenSocket accepted = listener.accept()) {
                                    answered = received(accepted);
                                }
                            }
                            assertThat(answered).isEqualTo(7);
                        }
                    }
                });
    }

    /* What came, or 0 if it was reset. */
    private static int received(GreenSocket socket) {
        try {
            byte[] bytes = socket.recv(1);
            return bytes.length == 0 ? 0 : bytes[0];
        } catch (IOException reset) {
            return 0;
        }
    }

    @Test
    void reset_whileReadingAndWriting_endsBothAtOnce() throws Exception {
        ticking(
                "reset while reading and writing",
                () -> {
                    try (Pair pair = Pair.withBuffers(4096)) {
                        GreenThread<byte[]> reader = Evy.spawn(() -> pair.server().recv(1));
                        GreenThread<Void> writer =
                                Evy.spawn(() -> pair.server().sendAll(new byte[10_000_000]));
                        NetFixtures.settle();

                        pair.reset();

                        assertEnded(reader, writer);
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 100, 300})
    @Spec("SSL13")
    void reset_afterSoManyBytesOfAHandshake_isAnError(int bytes) throws Exception {
        ticking(
                "reset after " + bytes + " bytes of a handshake",
                () -> {
                    try (Pair below = Pair.open();
                            Pair wire = Pair.open();
                            var client = Tls.wrap(wire.client(), TlsFixtures.CLIENT);
                            var server = Tls.wrap(below.server(), TlsFixtures.SERVER)) {
                        GreenThread<Void> shaking = Evy.spawn(() -> client.startHandshake());
                        byte[] first = NetFixtures.receive(wire.server(), bytes);
                        GreenThread<Void> answering = Evy.spawn(() -> server.startHandshake());
                        below.client().sendAll(first);
                        NetFixtures.settle();

                        below.reset();
                        wire.server().setSoLinger(true, 0);
                        wire.server().close();

                        assertThatThrownBy(answering::join).isInstanceOf(IOException.class);
                        assertThatThrownBy(shaking::join).isInstanceOf(IOException.class);
                    }
                });
    }

    @Test
    @Spec("SSL13")
    void reset_ofAnEstablishedTlsConnection_endsReaderAndWriterAtOnce() throws Exception {
        ticking(
                "reset of a TLS connection",
                () -> {
                    try (TlsPair pair =
                            TlsPair.over(
                                            Pair.withBuffers(10_000),
                                            TlsFixtures.CLIENT,
                                            TlsFixtures.SERVER)
                                    .shake()) {
                        GreenThread<byte[]> reader = Evy.spawn(() -> pair.server().recv(1));
                        GreenThread<Void> writer =
                                Evy.spawn(() -> pair.server().sendAll(new byte[10_000_000]));
                        NetFixtures.settle();

                        pair.below().reset();

                        assertEnded(reader, writer);
                    }
                });
    }

    /* The system tells one of them of the reset; if that is the writer, the reader meets the end. */
    private static void assertEnded(GreenThread<byte[]> reader, GreenThread<Void> writer) {
        assertThatThrownBy(writer::join).isInstanceOf(SocketException.class);
        Throwable thrown = catchThrowable(reader::join);
        if (thrown == null) {
            assertThat(reader.join()).isEmpty();
        } else {
            assertThat(thrown).isInstanceOf(SocketException.class);
        }
    }

    // peers that have vanished

    @Test
    @Spec({"SSL8", "SSL13"})
    void vanishedPeer_everyReaderWithALimit_comesBack() throws Exception {
        ticking(
                "vanished peers",
                () -> {
                    try (Pair plain = Pair.open();
                            TlsPair shaken = TlsPair.shaken();
                            TlsPair silent = TlsPair.open()) {
                        plain.server().setSoTimeout(20);
                        shaken.server().setSoTimeout(20);
                        silent.server().setSoTimeout(20);

                        for (Socket socket :
                                List.of(plain.server(), shaken.server(), silent.server())) {
                            InputStream in = socket.getInputStream();
                            assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
                            socket.setSoTimeout(0);
                            assertThatThrownBy(() -> Timeout.call(SHORT, in::read))
                                    .isInstanceOf(Timeout.class);
                            assertThat(socket.isClosed()).isFalse();
                        }
                    }
                });
    }

    // slow peers

    @Test
    void tinyBuffers_readByteByByte_deliverEveryByteInOrder() throws Exception {
        ticking(
                "tiny buffers",
                () -> {
                    try (Pair pair = Pair.withBuffers(1)) {
                        byte[] data = pattern(20_000);
                        GreenThread<Void> writer =
                                Evy.spawn(
                                        () -> {
                                            pair.client().sendAll(data);
                                            pair.client().shutdownOutput();
                                        });
                        InputStream in = pair.server().getInputStream();
                        byte[] got = new byte[data.length];
                        for (int i = 0; i < got.length; i++) {
                            got[i] = (byte) in.read();
                        }

                        assertThat(in.read()).isEqualTo(-1);
                        assertThat(got).isEqualTo(data);
                        writer.join();
                    }
                });
    }

    @Test
    void write_of64MegabytesToASlowReader_isWholeAndLetsOthersRun() throws Exception {
        int size = 64 << 20;
        byte[] data = pattern(size);
        ticking(
                "64 MB to a slow reader",
                () -> {
                    try (Pair pair = Pair.withBuffers(100_000)) {
                        GreenThread<Void> writer =
                                Evy.spawn(
                                        () -> {
                                            pair.client().sendAll(data);
                                            pair.client().shutdownOutput();
                                        });
                        InputStream in = pair.server().getInputStream();
                        byte[] piece = new byte[50_001];
                        int at = 0;
                        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                            for (int i = 0; i < n; i += 997) {
                                assertThat(piece[i] == data[at + i]).isTrue();
                            }
                            at += n;
                            Evy.yield();
                        }

                        assertThat(at).isEqualTo(size);
                        writer.join();
                    }
                });
    }

    // black holes

    @Test
    void connect_1000IntoABlackHole_allComeBackAndNothingIsLeft() throws Exception {
        try (FullBacklog hole = new FullBacklog()) {
            ticking(
                    MANY + " connects into a black hole",
                    () -> {
                        GreenPile<Boolean> pile = new GreenPile<>(MANY);
                        for (int i = 0; i < MANY; i++) {
                            boolean own = i % 2 == 0;
                            pile.spawn(() -> own ? ownLimitEnds(hole) : timeoutEnds(hole));
                        }
                        int ended = 0;
                        for (boolean end : pile) {
                            ended += end ? 1 : 0;
                        }

                        assertThat(ended).isEqualTo(MANY);
                    });
        }
    }

    private static boolean ownLimitEnds(FullBacklog hole) throws IOException {
        try (GreenSocket socket = new GreenSocket()) {
            socket.connect(hole.address(), 300);
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    private static boolean timeoutEnds(FullBacklog hole) throws Exception {
        return Timeout.call(
                Duration.ofMillis(300),
                () -> {
                    Evy.connect(hole.address()).close();
                    return false;
                },
                true);
    }

    // names

    @Test
    void lookups_200OfASystemResolverThatHangs_allComeBackAndHoldUpNobody() throws Exception {
        BlockingResolver hanging = new BlockingResolver();
        SystemResolver resolver = new SystemResolver(hanging, 4);
        try {
            ticking(
                    "a system resolver that hangs",
                    () -> {
                        Dns dns = new Dns(resolver, DnsFixtures.OPTIONS);
                        GreenPile<Boolean> pile = new GreenPile<>(200);
                        for (int i = 0; i < 200; i++) {
                            String name = "host" + i + ".test";
                            pile.spawn(
                                    () ->
                                            Timeout.call(
                                                    SHORT,
                                                    () -> {
                                                        dns.getByName(name);
                                                        return false;
                                                    },
                                                    true));
                        }
                        for (boolean ended : pile) {
                            assertThat(ended).isTrue();
                        }
                    });
        } finally {
            hanging.open();
        }
    }

    // fairness

    @Test
    @Spec("SOCK34")
    void readers_ofFiveFloodingClients_areServedAtTheSameTime() throws Exception {
        ticking(
                "five flooding clients",
                () -> {
                    List<Pair> pairs = new ArrayList<>();
                    try {
                        for (int i = 0; i < 5; i++) {
                            pairs.add(Pair.open());
                            pairs.getLast().fill(); // there is always more than a reader takes
                        }
                        List<GreenThread<long[]>> readers = new ArrayList<>();
                        for (Pair pair : pairs) {
                            readers.add(Evy.spawn(() -> receiveInterval(pair.server())));
                        }
                        long lastStart = Long.MIN_VALUE;
                        long firstEnd = Long.MAX_VALUE;
                        for (GreenThread<long[]> reader : readers) {
                            long[] interval = reader.join();
                            lastStart = Math.max(lastStart, interval[0]);
                            firstEnd = Math.min(firstEnd, interval[1]);
                        }

                        assertThat(lastStart).as("the last to begin").isLessThan(firstEnd);
                    } finally {
                        for (Pair pair : pairs) {
                            pair.close();
                        }
                    }
                });
    }

    /* When it got the first bytes and when the last, of so many that were there all the time. */
    private static long[] receiveInterval(GreenSocket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] few = new byte[10];
        in.read(few);
        long first = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            assertThat(in.read(few)).isEqualTo(few.length);
        }
        return new long[] {first, System.nanoTime()};
    }
}
