package evy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.io.tls.TlsOptions;
import evy.sync.Event;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Listeners and connections that fail in ways of their own: the server goes on, and stops. */
@ExtendWith(LeakCheckExtension.class)
class TroubleTest {
    private static final byte[] GET = Servers.bytes(Servers.get("/x", "Connection: close"));
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final WebOptions options = WebOptions.DEFAULT.withLog(log::add).withDebug(true);

    private interface Body {
        void run(WebServer server, MemoryListener listener) throws Exception;
    }

    /* Ends by showing that the next client is served. */
    private void with(Body body) throws Exception {
        MemoryListener listener = new MemoryListener();
        try (var server = WebServer.start(listener, Servers::echo, options)) {
            body.run(server, listener);
            assertThat(listener.connect(GET, GET.length).response()).contains("X-Target: /x");
        }
    }

    private void assertLogged(String text) {
        assertThat(log).anyMatch(line -> line.contains(text));
    }

    @Test
    void connection_closingFails_isOverAllTheSame() throws Exception {
        with(
                (server, listener) -> {
                    MemorySocket client =
                            listener.connect(
                                    new MemorySocket(GET, GET.length) {
                                        @Override
                                        public void close() throws IOException {
                                            super.close();
                                            throw new IOException("closing fails");
                                        }
                                    });

                    assertThat(client.response()).startsWith("HTTP/1.1 200 ");
                    awaitNoConnections(server);
                });

        assertLogged("closing fails");
    }

    private static void awaitNoConnections(WebServer server) {
        while (server.connections() > 0) {
            Evy.run(Evy::yield);
        }
    }

    @Test
    void connection_hasNoStreams_isAnErrorOfItsOwn() throws Exception {
        with(
                (server, listener) -> {
                    MemorySocket client =
                            listener.connect(
                                    new MemorySocket(GET, GET.length) {
                                        @Override
                                        public InputStream getInputStream() {
                                            throw new IllegalStateException("no streams today");
                                        }
                                    });

                    assertThat(client.response()).isEmpty();
                    awaitNoConnections(server);
                });

        assertLogged("connection failed");
        assertLogged("no streams today");
    }

    @Test
    void connection_takesNothing_isGivenUpAsTimedOut() throws Exception {
        with(
                (server, listener) -> {
                    MemorySocket client =
                            listener.connect(
                                    new MemorySocket(GET, GET.length) {
                                        @Override
                                        public OutputStream getOutputStream() {
                                            return new OutputStream() {
                                                @Override
                                                public void write(int b) throws IOException {
                                                    throw new SocketTimeoutException("too slow");
                                                }
                                            };
                                        }
                                    });

                    assertThat(client.response()).isEmpty();
                    awaitNoConnections(server);
                });

        assertLogged("timed out: too slow");
    }

    @Test
    void connection_failsWhileItIsRefused_isOver() throws Exception {
        byte[] wrong = Servers.bytes("wrong\r\n\r\n");
        with(
                (server, listener) -> {
                    MemorySocket client =
                            listener.connect(
                                    new MemorySocket(wrong, wrong.length) {
                                        @Override
                                        public InputStream getInputStream() {
                                            InputStream in = super.getInputStream();
                                            return new InputStream() {
                                                @Override
                                                public int read() throws IOException {
                                                    return in.read();
                                                }

                                                @Override
                                                public int read(byte[] b, int offset, int length)
                                                        throws IOException {
                                                    int n = in.read(b, offset, length);
                                                    if (n < 0) {
                                                        throw new SocketException("reset");
                                                    }
                                                    return n;
                                                }
                                            };
                                        }
                                    });

                    assertThat(client.response()).startsWith("HTTP/1.1 400 ");
                    awaitNoConnections(server);
                });
    }

    /** A client that says nothing more until it is closed, which then fails. */
    private static final class SilentSocket extends MemorySocket {
        final CountDownLatch read = new CountDownLatch(1);
        private final Event<Boolean> over = new Event<>();

        SilentSocket(byte... request) {
            super(request, request.length);
        }

        @Override
        public InputStream getInputStream() {
            InputStream request = super.getInputStream();
            return new InputStream() {
                @Override
                public int read(byte[] b, int offset, int length) throws IOException {
                    int n = request.read(b, offset, length);
                    return n > 0 ? n : read();
                }

                @Override
                public int read() throws IOException {
                    read.countDown();
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        throw new InterruptedIOException();
                    }
                    return -1;
                }
            };
        }

        @Override
        public void close() throws IOException {
            super.close();
            if (!over.isReady()) {
                over.send(true);
            }
            throw new IOException("closing fails");
        }
    }

    @Test
    void stop_idleConnectionFailsToClose_isOverAllTheSame() throws Exception {
        MemoryListener listener = new MemoryListener();
        try (var server = WebServer.start(listener, Servers::echo, options)) {
            SilentSocket client = listener.connect(new SilentSocket());
            assertThat(client.read.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(server.stop(LONG)).isTrue();
        }

        assertLogged("closing fails");
    }

    @Test
    void stop_listenerFailsToClose_connectionsAreStillEndedInOrder() throws Exception {
        MemoryListener listener =
                new MemoryListener() {
                    @Override
                    public void close() throws IOException {
                        super.close();
                        throw new IOException("the listener fails to close");
                    }
                };
        try (var server = WebServer.start(listener, Servers::echo, options)) {
            SilentSocket client = listener.connect(new SilentSocket());
            assertThat(client.read.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(server.stop(LONG)).isTrue();

            assertThat(client.response()).isEmpty();
            assertThat(server.connections()).isZero();
        }
        assertLogged("its listener failed to close");
        assertLogged("exiting");
    }

    @Test
    void close_interrupted_waitsAndStaysInterrupted() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        App app =
                _ -> {
                    begun.countDown();
                    go.await();
                    return Response.text("through");
                };
        var server = Servers.start(app);
        try (var client = RawClient.to(server)) {
            client.send(Servers.get("/"));
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            Evy.spawnAfter(Duration.ofMillis(20), go::countDown);
            Thread.currentThread().interrupt();
            server.close();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(client.reply().text()).isEqualTo("through");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    /** Says how many clients were accepted. */
    private static final class CountingListener extends MemoryListener {
        final Semaphore accepted = new Semaphore(0);

        CountingListener() throws IOException {}

        @Override
        public java.net.Socket accept() throws IOException {
            java.net.Socket client = super.accept();
            accepted.release();
            return client;
        }
    }

    /* One place, which is taken, and a newcomer that waits for it. */
    private void whileCrowded(byte[] firstRequest, Crowded body) throws Exception {
        var go = new Event<Boolean>();
        App app =
                request -> {
                    go.await();
                    return Response.text("through");
                };
        CountingListener listener = new CountingListener();
        try (var server = WebServer.start(listener, app, options.withMaxConnections(1))) {
            MemorySocket busy = listener.connect(new SilentSocket(firstRequest));
            assertThat(listener.accepted.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            MemorySocket newcomer = listener.connect(GET, GET.length);
            assertThat(listener.accepted.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            Evy.run(Evy::yield); // and waits for its place

            body.run(server, go, busy, newcomer);
        }
    }

    private interface Crowded {
        void run(WebServer server, Event<Boolean> go, MemorySocket busy, MemorySocket newcomer)
                throws Exception;
    }

    @Test
    void stop_newcomerWaitsForAPlace_isClosed() throws Exception {
        whileCrowded(
                GET,
                (server, go, busy, newcomer) -> {
                    server.shutdown();
                    assertThat(newcomer.response()).isEmpty();
                    go.send(true);

                    assertThat(busy.response()).endsWith("through");
                });
    }

    @Test
    void crowded_whoIsThrough_givesWayInsteadOfWaitingForAnotherRequest() throws Exception {
        whileCrowded(
                Servers.bytes(Servers.get("/keeps-alive")),
                (server, go, busy, newcomer) -> {
                    go.send(true);

                    assertThat(busy.response()).endsWith("through");
                    assertThat(newcomer.response()).endsWith("through");
                });
    }

    @Test
    void start_tlsThatCannotBe_leavesNothingOpen() {
        assertThatThrownBy(
                        () ->
                                WebServer.start(
                                        0,
                                        Servers::echo,
                                        Servers.QUIET.withTls(TlsOptions.client())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void start_portOfAnother_leavesNothingOpen() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = (InetSocketAddress) taken.getLocalSocketAddress();

            assertThatThrownBy(
                            () ->
                                    WebServer.start(
                                            address, Servers::echo, Servers.QUIET.withHubs(2)))
                    .isInstanceOf(BindException.class);
        }
    }

    @Test
    void start_addressOfAnotherMachine_leavesNothingOpen() {
        assertThatThrownBy(
                        () ->
                                WebServer.start(
                                        new InetSocketAddress("192.0.2.1", 0),
                                        Servers::echo,
                                        Servers.QUIET.withHubs(2)))
                .isInstanceOf(BindException.class);
    }

    private static Response yielding(Request request) throws IOException {
        Evy.yield(); // answers before are sent meanwhile, if the socket can
        return Servers.echo(request);
    }

    /* By sockets of the JDK, which know their time limits only. */
    @Test
    void platformSocket_timesOutAndPipelines_asAnyOther() throws Exception {
        var here = InetAddress.getLoopbackAddress();
        var brief = options.withKeepAlive(Duration.ofMillis(50));
        try (var listener = new ServerSocket(0, 1, here);
                var server = WebServer.start(listener, TroubleTest::yielding, brief)) {
            try (var client = new RawClient(new java.net.Socket(here, listener.getLocalPort()))) {
                client.send(Servers.get("/1") + Servers.get("/2"));
                assertThat(client.reply().header("X-Target")).isEqualTo("/1");
                assertThat(client.reply().header("X-Target")).isEqualTo("/2");
                assertThat(client.isAtEnd()).as("the keep-alive is over").isTrue();
            }
        }
    }

    @Test
    void platformSocket_bodyFailsInHttp10_isReset() throws Exception {
        App app =
                _ ->
                        Response.streaming(
                                out -> {
                                    out.write(new byte[100_000]);
                                    throw new IOException("no more");
                                });
        var here = InetAddress.getLoopbackAddress();
        try (var listener = new ServerSocket(0, 1, here);
                var server = WebServer.start(listener, app, options)) {
            try (var client = new RawClient(new java.net.Socket(here, listener.getLocalPort()))) {
                client.send("GET / HTTP/1.0\r\n\r\n");

                assertThat(client.rest()).endsWith("<reset>");
            }
        }
        assertLogged("failed in the middle of the response");
    }
}
