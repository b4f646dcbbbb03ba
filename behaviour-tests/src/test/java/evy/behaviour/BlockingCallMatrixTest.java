package evy.behaviour;

import static evy.behaviour.NetFixtures.loopback;
import static evy.behaviour.NetFixtures.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.behaviour.NetFixtures.Pair;
import evy.behaviour.NetFixtures.Platform;
import evy.behaviour.TlsFixtures.TlsPair;
import evy.hubs.Hub;
import evy.io.GreenDatagramSocket;
import evy.io.GreenPipe;
import evy.io.GreenProcess;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.io.SocketPair;
import evy.io.tls.Tls;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Every kind of call that waits for somebody outside, ended in every way: at once, by the peer, by
 * its own time limit, a {@link Timeout}, a kill, and a close from anywhere. After all but the last
 * the same call works again.
 */
@ExtendWith(LeakCheckExtension.class)
class BlockingCallMatrixTest {
    private static final int SHORT_MILLIS = 20;
    private static final int MORE_THAN_FITS = 8 << 20;

    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
        assertThat(TlsFixtures.SERVER.isServer()).isTrue(); // makes its keys, which takes long
    }

    // what ends a wait

    @ParameterizedTest
    @EnumSource(Kind.class)
    void call_whatItWaitsForIsThere_returns(Kind kind) throws Exception {
        Evy.run(
                () -> {
                    try (Call call = kind.open()) {
                        call.end();
                        call.make();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void call_whatItWaitsForComes_returns(Kind kind) throws Exception {
        Evy.run(
                () -> {
                    try (Call call = kind.open()) {
                        GreenThread<Void> waiting = start(call);
                        call.end();
                        waiting.join();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @Spec("SSL8")
    void call_itsTimeLimitPasses_throwsAndWorksAgain(Kind kind) throws Exception {
        Evy.run(
                () -> {
                    try (Call call = kind.open()) {
                        assumeTrue(call.setLimit(SHORT_MILLIS), "has a time limit of its own");

                        assertThatThrownBy(call::make).isInstanceOf(SocketTimeoutException.class);

                        call.setLimit(0);
                        call.end();
                        call.make();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void call_timeout_throwsItAndWorksAgain(Kind kind) throws Exception {
        Evy.run(
                () -> {
                    try (Call call = kind.open()) {
                        Duration limit = Duration.ofMillis(SHORT_MILLIS);

                        assertThatThrownBy(() -> Timeout.call(limit, () -> made(call)))
                                .isInstanceOf(Timeout.class);

                        call.end();
                        call.make();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void call_killed_endsAndAnotherThreadGoesOn(Kind kind) throws Exception {
        Evy.run(
                () -> {
                    try (Call call = kind.open()) {
                        GreenThread<Void> waiting = start(call);

                        waiting.kill();

                        assertThatThrownBy(waiting::join).isInstanceOf(GreenThreadExit.class);
                        call.end();
                        call.make();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @Spec("HUB17")
    void call_closedByAGreenThread_throwsAtOnce(Kind kind) throws Exception {
        Evy.run(
                () -> {
                    try (Call call = kind.open()) {
                        GreenThread<Void> waiting = start(call);

                        call.waitsOn().close();

                        assertClosed(waiting);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @Spec("HUB17")
    void call_closedByAPlatformThread_throwsAtOnce(Kind kind) throws Exception {
        Evy.run(
                () -> {
                    try (Call call = kind.open()) {
                        GreenThread<Void> waiting = start(call);

                        try (Platform<Void> closer = Platform.start(() -> close(call))) {
                            assertClosed(waiting);
                            assertThat(closer.thread().isVirtual()).isFalse();
                        }
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @Spec("HUB17")
    void call_closedByAnotherHub_throwsAtOnce(Kind kind) throws Exception {
        try (Hub other = Hub.open()) {
            Evy.run(
                    () -> {
                        try (Call call = kind.open()) {
                            GreenThread<Void> waiting = start(call);

                            GreenThread<Void> closer = Evy.spawn(other, () -> close(call));

                            assertClosed(waiting);
                            closer.join();
                        }
                    });
        }
    }

    private static boolean made(Call call) throws Exception {
        call.make();
        return true;
    }

    private static Void close(Call call) throws IOException {
        call.waitsOn().close();
        return null;
    }

    private static GreenThread<Void> start(Call call) {
        GreenThread<Void> waiting = Evy.spawn(() -> call.make());
        settle();
        assertThat(waiting.isDone()).as("it waits").isFalse();
        return waiting;
    }

    private static void assertClosed(GreenThread<Void> waiting) {
        assertThatThrownBy(waiting::join)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
    }

    // what is waited in

    /** A call that waits. */
    private interface Call extends AutoCloseable {
        /** Makes it; it waits until {@link #end} was called. */
        void make() throws Exception;

        /** Brings what one call waits for. */
        void end() throws Exception;

        /** Sets its own time limit, 0 for none; false if it has no such thing. */
        boolean setLimit(int millis) throws IOException;

        /** What is closed under it. */
        Closeable waitsOn();

        @Override
        void close() throws Exception;
    }

    /** The kinds of calls there are. */
    private enum Kind {
        SOCKET_READ {
            @Override
            Call open() throws IOException {
                Pair pair = Pair.open();
                return new Read(pair.server(), pair.client(), pair);
            }
        },
        UNIX_READ {
            @Override
            Call open() throws IOException {
                SocketPair pair = SocketPair.open();
                return new Read(pair.first(), pair.second(), pair.second());
            }
        },
        TLS_READ {
            @Override
            Call open() throws IOException {
                TlsPair pair = TlsPair.shaken();
                return new Read(pair.server(), pair.client(), pair);
            }
        },
        TLS_HANDSHAKE {
            @Override
            Call open() throws IOException {
                return new Handshake(TlsPair.open());
            }
        },
        SOCKET_WRITE {
            @Override
            Call open() throws IOException {
                Pair pair = Pair.withBuffers(10_000);
                return new Write(pair.client(), pair.server(), pair);
            }
        },
        UNIX_WRITE {
            @Override
            Call open() throws IOException {
                SocketPair pair = SocketPair.open();
                return new Write(pair.first(), pair.second(), pair.second());
            }
        },
        TLS_WRITE {
            @Override
            Call open() throws IOException {
                TlsPair pair =
                        TlsPair.over(
                                        Pair.withBuffers(10_000),
                                        TlsFixtures.CLIENT,
                                        TlsFixtures.SERVER)
                                .shake();
                return new Write(pair.client(), pair.server(), pair);
            }
        },
        ACCEPT {
            @Override
            Call open() throws IOException {
                GreenServerSocket listener = NetFixtures.listen();
                return new Accept(listener, listener.address());
            }
        },
        TLS_ACCEPT {
            @Override
            Call open() throws IOException {
                GreenServerSocket listener = NetFixtures.listen();
                return new Accept(Tls.wrap(listener, TlsFixtures.SERVER), listener.address());
            }
        },
        DATAGRAM_RECEIVE {
            @Override
            Call open() throws IOException {
                return new Receive();
            }
        },
        PIPE_READ {
            @Override
            Call open() throws IOException {
                return new PipeRead(GreenPipe.open());
            }
        },
        PROCESS_OUTPUT {
            @Override
            Call open() throws IOException {
                return new ProcessOutput(GreenProcess.start("cat"));
            }
        };

        abstract Call open() throws IOException;
    }

    private record Read(Socket reader, Socket writer, AutoCloseable more) implements Call {
        @Override
        public void make() throws IOException {
            assertThat(reader.getInputStream().read()).isEqualTo(7);
        }

        @Override
        public void end() throws IOException {
            writer.getOutputStream().write(7);
        }

        @Override
        public boolean setLimit(int millis) throws IOException {
            reader.setSoTimeout(millis);
            return true;
        }

        @Override
        public Closeable waitsOn() {
            return reader;
        }

        @Override
        public void close() throws Exception {
            try (more) {
                reader.close();
            }
        }
    }

    private record Handshake(TlsPair pair) implements Call {
        @Override
        public void make() throws IOException {
            pair.server().startHandshake();
        }

        @Override
        public void end() {
            Evy.spawnN(() -> pair.client().startHandshake());
        }

        @Override
        public boolean setLimit(int millis) throws IOException {
            pair.server().setSoTimeout(millis);
            return true;
        }

        @Override
        public Closeable waitsOn() {
            return pair.server();
        }

        @Override
        public void close() throws IOException {
            pair.close();
        }
    }

    /** The time limit of a socket holds for writes only in Evy's own words. */
    private record Write(Socket writer, Socket reader, AutoCloseable more) implements Call {
        @Override
        public void make() throws IOException {
            writer.getOutputStream().write(new byte[MORE_THAN_FITS]);
        }

        @Override
        public void end() {
            Evy.spawnN(
                    () -> {
                        try {
                            reader.getInputStream().skip(Long.MAX_VALUE);
                        } catch (IOException closed) {
                            assertThat(closed).hasMessageContaining("closed");
                        }
                    });
        }

        @Override
        public boolean setLimit(int millis) {
            return false;
        }

        @Override
        public Closeable waitsOn() {
            return writer;
        }

        @Override
        public void close() throws Exception {
            try (more) {
                reader.close();
            } finally {
                writer.close();
            }
        }
    }

    private record Accept(ServerSocket listener, SocketAddress address) implements Call {
        @Override
        public void make() throws IOException {
            listener.accept().close();
        }

        @Override
        public void end() throws IOException {
            try (GreenSocket client = Evy.connect(address)) {
                assertThat(client.isConnected()).isTrue();
            }
        }

        @Override
        public boolean setLimit(int millis) throws IOException {
            listener.setSoTimeout(millis);
            return true;
        }

        @Override
        public Closeable waitsOn() {
            return listener;
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private static final class Receive implements Call {
        private final GreenDatagramSocket receiver =
                new GreenDatagramSocket(new InetSocketAddress(loopback(), 0));

        Receive() throws IOException {}

        @Override
        public void make() throws IOException {
            receiver.receive(new DatagramPacket(new byte[1], 1));
        }

        @Override
        public void end() throws IOException {
            try (GreenDatagramSocket sender =
                    new GreenDatagramSocket(new InetSocketAddress(loopback(), 0))) {
                sender.send(new DatagramPacket(new byte[1], 1, receiver.getLocalSocketAddress()));
            }
        }

        @Override
        public boolean setLimit(int millis) throws IOException {
            receiver.setSoTimeout(millis);
            return true;
        }

        @Override
        public Closeable waitsOn() {
            return receiver;
        }

        @Override
        public void close() {
            receiver.close();
        }
    }

    private record PipeRead(GreenPipe.Ends ends) implements Call {
        @Override
        public void make() throws IOException {
            assertThat(ends.source().inputStream().read()).isEqualTo(7);
        }

        @Override
        public void end() throws IOException {
            ends.sink().outputStream().write(7);
            ends.sink().outputStream().flush();
        }

        @Override
        public boolean setLimit(int millis) {
            return false;
        }

        @Override
        public Closeable waitsOn() {
            return ends.source();
        }

        @Override
        public void close() throws IOException {
            ends.close();
        }
    }

    private record ProcessOutput(GreenProcess cat) implements Call {
        @Override
        public void make() throws IOException {
            InputStream out = cat.getInputStream();
            assertThat(out.read()).isEqualTo(7);
        }

        @Override
        public void end() throws IOException {
            cat.getOutputStream().write(7);
            cat.getOutputStream().flush();
        }

        @Override
        public boolean setLimit(int millis) {
            return false;
        }

        @Override
        public Closeable waitsOn() {
            return cat.getInputStream();
        }

        @Override
        public void close() throws Exception {
            cat.destroyForcibly();
            cat.waitFor();
            cat.close();
        }
    }
}
