package evy.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class BackdoorClientTest {
    @Test
    void address_hostAndPort_isThat() throws Exception {
        assertThat(BackdoorClient.address("127.0.0.1:3000"))
                .isEqualTo(new InetSocketAddress("127.0.0.1", 3000));
        assertThat(BackdoorClient.address("[::1]:3000"))
                .isEqualTo(new InetSocketAddress("::1", 3000));
    }

    @Test
    void address_portAlone_isOnThisMachine() throws Exception {
        var expected = new InetSocketAddress("localhost", 3000);

        assertThat(BackdoorClient.address("3000")).isEqualTo(expected);
        assertThat(BackdoorClient.address(":3000")).isEqualTo(expected);
    }

    @Test
    void address_file_isAUnixSocket() throws Exception {
        var expected = UnixDomainSocketAddress.of("/run/app.sock");

        assertThat(BackdoorClient.address("/run/app.sock")).isEqualTo(expected);
        assertThat(BackdoorClient.address("unix:/run/app.sock")).isEqualTo(expected);
    }

    @Test
    void address_nonsense_isRefused() {
        assertThatThrownBy(() -> BackdoorClient.address("host:x"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("'host:x' is no place to connect to; use evy backdoor");
        assertThatThrownBy(() -> BackdoorClient.address("host:0"))
                .hasMessage("'host:0': port must be in 1 to 65535");
        assertThatThrownBy(() -> BackdoorClient.run())
                .hasMessage("use evy backdoor [--token] HOST:PORT|PORT|FILE");
    }

    @Test
    void run_session_joinsInputAndOutput() throws Exception {
        var in = System.in;
        var out = System.out;
        var shown = new ByteArrayOutputStream();
        var heard = new CompletableFuture<String>();
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var thread = Thread.ofPlatform().daemon().start(() -> echo(server, heard));
            System.setIn(new ByteArrayInputStream("1 + 1\n".getBytes(StandardCharsets.UTF_8)));
            System.setOut(new PrintStream(shown, true, StandardCharsets.UTF_8));

            var status = BackdoorClient.run("127.0.0.1:" + server.getLocalPort());

            assertThat(status).isZero();
            assertThat(heard.get(30, TimeUnit.SECONDS)).isEqualTo("1 + 1\n");
            assertThat(shown.toString(StandardCharsets.UTF_8)).isEqualTo(">>> got it");
            thread.join();
        } finally {
            System.setIn(in);
            System.setOut(out);
        }
    }

    @Test
    void run_inputThatFails_stillShowsWhatComes() throws Exception {
        var in = System.in;
        var out = System.out;
        var shown = new ByteArrayOutputStream();
        var failed = new CountDownLatch(1);
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var thread = Thread.ofPlatform().daemon().start(() -> greet(server, failed));
            System.setIn(
                    new InputStream() {
                        @Override
                        public int read() throws IOException {
                            failed.countDown();
                            throw new IOException("no input");
                        }
                    });
            System.setOut(new PrintStream(shown, true, StandardCharsets.UTF_8));

            var status = BackdoorClient.run("127.0.0.1:" + server.getLocalPort());

            assertThat(status).isZero();
            assertThat(shown.toString(StandardCharsets.UTF_8)).isEqualTo(">>> ");
            thread.join();
        } finally {
            System.setIn(in);
            System.setOut(out);
        }
    }

    /* Greets when the client's input has failed, and leaves. */
    private static void greet(ServerSocket server, CountDownLatch failed) {
        try (var session = server.accept()) {
            assertThat(failed.await(30, TimeUnit.SECONDS)).isTrue();
            session.getOutputStream().write(">>> ".getBytes(StandardCharsets.UTF_8));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /* Greets, hears all up to the end, and says so. */
    private static void echo(ServerSocket server, CompletableFuture<String> heard) {
        try (var session = server.accept()) {
            session.getOutputStream().write(">>> ".getBytes(StandardCharsets.UTF_8));
            var all = session.getInputStream().readAllBytes();
            heard.complete(new String(all, StandardCharsets.UTF_8));
            session.getOutputStream().write("got it".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            heard.completeExceptionally(e);
        }
    }

    @Test
    void run_nobodyThere_saysWhere() throws Exception {
        try (var reserved = new Socket()) { // which does not listen, and keeps others away
            reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = reserved.getLocalPort();

            assertThatThrownBy(() -> BackdoorClient.run("127.0.0.1:" + port))
                    .isInstanceOf(UsageException.class)
                    .hasMessageStartingWith("backdoor 127.0.0.1:" + port + ": ");
        }
    }

    @Test
    void run_askForTokenWithoutTerminal_isRefused() {
        assumeThat(System.console() != null && System.console().isTerminal()).isFalse();

        assertThatThrownBy(() -> BackdoorClient.run("--token", "127.0.0.1:1"))
                .isInstanceOf(UsageException.class)
                .hasMessage("no terminal to ask on; set EVY_BACKDOOR_TOKEN");
    }
}
