package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.behaviour.NetFixtures.Pair;
import evy.behaviour.NetFixtures.Platform;
import evy.behaviour.TlsFixtures.TlsPair;
import evy.io.GreenDatagramSocket;
import evy.io.GreenPipe;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;

/** An interrupt of a platform thread ends its wait for a socket, a pipe or a handshake. */
@ExtendWith(LeakCheckExtension.class)
class InterruptTest {
    private static final Set<Thread.State> WAITS =
            Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

    @TempDir private Path folder;

    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    private interface Wait {
        void run() throws Exception;
    }

    private static void assertInterrupted(String what, Wait wait) throws Exception {
        try (Platform<Exception> waits = Platform.start(() -> thrownBy(wait))) {
            NetFixtures.awaitTrue(
                    what + " to wait", () -> WAITS.contains(waits.thread().getState()));
            waits.thread().interrupt();

            assertThat(waits.get())
                    .as(what)
                    .isInstanceOf(InterruptedIOException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
        }
    }

    private static Exception thrownBy(Wait wait) {
        try {
            wait.run();
        } catch (Exception e) {
            return e;
        }
        throw new AssertionError("it did not wait");
    }

    @Test
    void socket_interrupted_saysSoAndGoesOn() throws Exception {
        try (Pair pair = Pair.withBuffers(5_000);
                var listener = NetFixtures.listen()) {
            assertInterrupted("accept", listener::accept);
            assertInterrupted("recv", () -> pair.client().recv(1));
            assertInterrupted("a byte", () -> pair.client().getInputStream().read());
            pair.server().getOutputStream().write('x');

            assertThat(pair.client().getInputStream().read()).isEqualTo('x');
            assertInterrupted("sendAll", () -> pair.client().sendAll(new byte[50_000_000]));
        }
    }

    @Test
    void datagrams_interrupted_saysSoAndGoesOn() throws Exception {
        try (var socket =
                new GreenDatagramSocket(new InetSocketAddress(NetFixtures.loopback(), 0))) {
            assertInterrupted("recvFrom", () -> socket.recvFrom(10));
            socket.connect(NetFixtures.loopback(), socket.getLocalPort());

            assertThat(socket.isConnected()).isTrue();
            assertThat(socket.getPort()).isEqualTo(socket.getLocalPort());
        }
    }

    @Test
    void pipe_interrupted_saysSoAndGoesOn() throws Exception {
        GreenPipe.Ends ends = GreenPipe.open();
        try (GreenPipe source = ends.source();
                GreenPipe sink = ends.sink()) {
            assertInterrupted("read", () -> source.read(1));
            sink.write(new byte[] {5});

            assertThat(source.read(1)).containsExactly(5);
        }
    }

    @Test
    void tls_interrupted_saysSoAndGoesOn() throws Exception {
        try (TlsPair pair = TlsPair.open()) {
            assertInterrupted("handshake", pair.client()::startHandshake);
        }
    }

    @Test
    void fifo_interruptedWhileNobodyOpensTheOtherEnd_isLetGo() throws Exception {
        Path fifo = folder.resolve("fifo");
        assumeTrue(ProcessTest.isThere("mkfifo"), "needs the program mkfifo");
        Process made = new ProcessBuilder("mkfifo", fifo.toString()).start();
        assertThat(made.waitFor()).isZero();
        RobustnessChild.closePipes(made);

        assertInterrupted("open", () -> GreenPipe.open(fifo, "r").close());
    }
}
