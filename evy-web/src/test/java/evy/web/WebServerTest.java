package evy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import evy.Evy;
import evy.GreenPool;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.hubs.Hub;
import evy.hubs.HubOptions;
import evy.io.AbstractUnixAddress;
import evy.io.GreenServerSocket;
import evy.sync.Event;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Servers: listeners, starting, stopping, limits to connections. */
@ExtendWith(LeakCheckExtension.class)
class WebServerTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    @Spec({"WSGI1", "WSGI7"})
    void serve_blocksUntilKilled() throws Exception {
        GreenServerSocket listener = Evy.listen("127.0.0.1", 0);
        InetSocketAddress address = (InetSocketAddress) listener.address();
        GreenThread<Void> serving =
                Evy.spawn(() -> WebServer.serve(listener, Servers::echo, Servers.QUIET));
        try (var client = new RawClient(new Socket(address.getAddress(), address.getPort()))) {
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(serving.isDone()).isFalse();

            serving.kill();

            assertThat(client.isAtEnd()).isTrue();
            assertThatThrownBy(serving::join).isInstanceOf(GreenThreadExit.class);
            assertThat(listener.isClosed()).isTrue();
        }
    }

    @Test
    @Spec({"WSGI4", "WSGI7"})
    void serve_listenerClosed_returns() throws Exception {
        GreenServerSocket listener = Evy.listen("127.0.0.1", 0);
        GreenThread<Void> serving =
                Evy.spawn(() -> WebServer.serve(listener, Servers::echo, Servers.QUIET));
        Evy.run(Evy::yield);

        listener.close();

        assertThat(serving.get(20, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void serve_hubCloses_ends() throws Exception {
        GreenServerSocket listener = Evy.listen("127.0.0.1", 0);
        InetSocketAddress address = (InetSocketAddress) listener.address();
        Hub hub = Hub.open(HubOptions.DEFAULT);
        GreenThread<Void> serving =
                Evy.spawn(hub, () -> WebServer.serve(listener, Servers::echo, Servers.QUIET));
        try (var client = new RawClient(new Socket(address.getAddress(), address.getPort()))) {
            assertThat(client.get("/").status()).isEqualTo(200);

            hub.close(); // waits for its green threads

            assertThat(serving.isDone()).isTrue();
            assertThat(client.isAtEnd()).isTrue();
            assertThat(listener.isClosed()).isTrue();
        }
    }

    @Test
    @Spec("WSGI2")
    void stopped_portIsFreeForAnother() throws Exception {
        int port;
        try (var server = Servers.start(Servers::echo)) {
            port = server.port();
        }
        try (var again = WebServer.start(port, r -> Response.text("again"), Servers.QUIET);
                var client = RawClient.to(again)) {
            assertThat(client.get("/").text()).isEqualTo("again");
        }
    }

    @Test
    @Spec("WSGI3")
    void maxConnections_reached_othersWait() throws Exception {
        WebOptions options = Servers.QUIET.withMaxConnections(1);
        Event<String> go = new Event<>();
        App busy =
                request -> {
                    boolean free = go.isReady();
                    return Response.text(request.path().equals("/slow") ? go.await() : free + "");
                };
        try (var server = Servers.start(busy, options);
                var first = RawClient.to(server);
                var second = RawClient.to(server)) {
            first.send(Servers.get("/slow"));
            while (server.connections() == 0) {
                Thread.yield();
            }
            second.send(Servers.get("/"));
            Evy.run(
                    () ->
                            Evy.sleep(
                                    Duration.ofMillis(
                                            20))); // time to let it in, if that were wrong
            assertThat(server.connections()).isEqualTo(1);

            go.send("slow");

            assertThat(first.reply().text()).isEqualTo("slow");
            assertThat(second.reply().text()).isEqualTo("true");
        }
    }

    @Test
    @Spec("WSGI3")
    void pool_given_isUsed() throws Exception {
        GreenPool pool = new GreenPool(5);
        try (var server = Servers.start(Servers::echo, Servers.QUIET.withPool(pool));
                var client = RawClient.to(server)) {
            client.get("/");

            assertThat(pool.running()).isEqualTo(1);
        }
        pool.waitAll();
        assertThatThrownBy(() -> Servers.QUIET.withPool(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("newPool");
    }

    @Test
    @Spec("WSGI4")
    void start_notListening_saysInvalidArgument() throws Exception {
        try (var unbound = new GreenServerSocket()) {
            assertThatThrownBy(() -> WebServer.start(unbound, Servers::echo, Servers.QUIET))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("Invalid argument");
        }
        GreenServerSocket closed = Evy.listen(0);
        closed.close();
        assertThatThrownBy(() -> WebServer.start(closed, Servers::echo, Servers.QUIET))
                .isInstanceOf(SocketException.class);
    }

    /** A listener that fails now and then. */
    private static final class Faulty extends ServerSocket {
        private int calls;

        Faulty() throws IOException {
            super(0, 50, InetAddress.getLoopbackAddress());
        }

        @Override
        public Socket accept() throws IOException {
            calls++;
            if (calls <= 2) {
                throw new SocketException(calls == 1 ? "Connection reset" : "Broken pipe");
            }
            return super.accept();
        }
    }

    @Test
    @Spec("WSGI4")
    void accept_clientsFault_doesNotStopTheServer() throws Exception {
        try (var server = WebServer.start(new Faulty(), Servers::echo, Servers.QUIET);
                var client = RawClient.to(server)) {
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    @Spec("WSGI6")
    void listener_ipv6_works() throws Exception {
        GreenServerSocket listener = Evy.listen(new InetSocketAddress("::1", 0));
        try (var server = WebServer.start(listener, Servers::echo, Servers.QUIET);
                var client = new RawClient(new Socket("::1", server.port()))) {
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(server.toString()).contains("http://[0:0:0:0:0:0:0:1]:");
        }
    }

    @Test
    @Spec({"WSGI6", "WSGI8", "WSGI46"})
    void listener_unix_works(@TempDir Path directory) throws Exception {
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        Map<String, Object> seen = new HashMap<>();
        App app =
                r -> {
                    seen.putAll(r.environment());
                    return Servers.echo(r);
                };
        var address = UnixDomainSocketAddress.of(directory.resolve("web"));
        WebOptions options = WebOptions.DEFAULT.withLog(log::add);
        try (var server = WebServer.start(address, app, options);
                var one = new RawClient(Evy.connect(address));
                var two = new RawClient(Evy.connect(address))) {
            assertThat(one.get("/").status()).isEqualTo(200);
            assertThat(two.get("/").status()).isEqualTo(200);
            assertThat(server.connections()).isEqualTo(2);

            assertThat(server.stop(LONG)).isTrue();

            assertThat(one.isAtEnd()).isTrue();
            assertThat(two.isAtEnd()).isTrue();
        }
        assertThat(seen)
                .containsEntry("REMOTE_ADDR", "unix")
                .containsEntry("REMOTE_PORT", "")
                .containsEntry("SERVER_NAME", "unix")
                .containsEntry("SERVER_PORT", "");
        assertThat(log).anyMatch(line -> line.startsWith("unix - - ["));
    }

    @Test
    @Spec("WSGI6")
    void listener_abstractUnix_works() throws Exception {
        assumeThat(Hub.getDefault().kind()).isEqualTo("epoll"); // the other knows only paths
        var address = AbstractUnixAddress.of("evy-web-" + System.nanoTime());
        try (var unix = WebServer.start(address, Servers::echo, Servers.QUIET)) {
            assertThatThrownBy(unix::port)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has no port");
        }
        try (var server = WebServer.start(address, Servers::echo, Servers.QUIET);
                var client = new RawClient(Evy.connect(address))) {
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    @Spec("WSGI52")
    void connection_tcp_hasNoDelay() throws Exception {
        BlockingQueue<Boolean> seen = new LinkedBlockingQueue<>();
        App app =
                r -> {
                    Takeover taken = r.takeOver();
                    seen.add(taken.socket().getTcpNoDelay());
                    return Response.handled();
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(Servers.get("/"));

            assertThat(client.isAtEnd()).isTrue();
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    // stopping

    @Test
    @Spec("WSGI7")
    void stop_idleAndBusy_closesTheOneAndWaitsForTheOther() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        App app =
                r -> {
                    if (r.path().equals("/busy")) {
                        begun.countDown();
                        go.await();
                    }
                    return Response.text("done");
                };
        try (var server = Servers.start(app);
                var idle = RawClient.to(server);
                var fresh = RawClient.to(server);
                var busy = RawClient.to(server)) {
            idle.get("/");
            busy.send(Servers.get("/busy"));
            begun.await();
            Thread stopping = Thread.ofVirtual().start(server::close);

            assertThat(idle.isAtEnd()).isTrue();
            assertThat(fresh.isAtEnd()).isTrue();
            assertThat(server.isAccepting()).isFalse();
            assertThatThrownBy(() -> RawClient.to(server)).isInstanceOf(ConnectException.class);
            assertThat(stopping.isAlive()).isTrue();
            go.countDown();

            Reply reply = busy.reply();
            assertThat(reply.text()).isEqualTo("done");
            assertThat(reply.header("Connection")).isEqualTo("close");
            assertThat(busy.isAtEnd()).isTrue();
            stopping.join();
        }
    }

    @Test
    @Spec("WSGI8")
    void stop_deadlinePasses_cutsOff() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch unwound = new CountDownLatch(1);
        App app =
                r -> {
                    try {
                        begun.countDown();
                        Evy.sleep(Duration.ofDays(1));
                        return Response.of(204);
                    } finally {
                        unwound.countDown();
                    }
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(Servers.get("/"));
            begun.await();

            assertThat(server.stop(Duration.ofMillis(20))).isFalse();

            assertThat(unwound.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(client.rest()).isIn("", "<reset>");
        }
    }

    @Test
    @Spec("WSGI8")
    void stop_anotherHasLessPatience_cutsOffForBoth() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        App app =
                r -> {
                    begun.countDown();
                    Evy.sleep(Duration.ofDays(1));
                    return Response.of(204);
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server);
                var idle = RawClient.to(server)) {
            client.send(Servers.get("/"));
            begun.await();
            var patient = CompletableFuture.supplyAsync(() -> stop(server, Duration.ofDays(1)));
            assertThat(idle.isAtEnd()).isTrue(); // it has begun to stop

            assertThat(server.stop(Duration.ofMillis(1))).isFalse();

            assertThat(patient.get(20, TimeUnit.SECONDS)).isFalse();
            assertThat(server.stop(Duration.ZERO)).isFalse();
        }
    }

    private static boolean stop(WebServer server, Duration patience) {
        try {
            return server.stop(patience);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Spec("WSGI7")
    void stop_connectionSaysItIsIdle_isClosedAtOnce() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        App app =
                r -> {
                    Takeover connection = r.takeOver();
                    connection.setIdle(true);
                    taken.countDown();
                    connection.input().read();
                    return Response.handled();
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(Servers.get("/"));
            taken.await();

            assertThat(server.stop(LONG)).isTrue();

            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    @Spec("WSGI9")
    void stopAccepting_refusesOthersAndGoesOn() throws Exception {
        try (var server = Servers.start(Servers::echo);
                var client = RawClient.to(server)) {
            client.get("/");
            assertThat(server.isAccepting()).isTrue();

            server.stopAccepting();

            assertThat(server.isAccepting()).isFalse();
            assertThatThrownBy(() -> RawClient.to(server)).isInstanceOf(ConnectException.class);
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void stop_beforeAnythingRan_isNoError() throws Exception {
        try (var server = Servers.start(Servers::echo)) {
            Thread.ofVirtual().start(server::shutdown).join();

            server.await();

            assertThat(server.isAccepting()).isFalse();
        }
    }

    @Test
    void shutdown_fromAHandler_stopsWhenItIsThrough() throws Exception {
        List<WebServer> self = Collections.synchronizedList(new ArrayList<>());
        App app =
                r -> {
                    self.get(0).shutdown();
                    return Response.text("bye");
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            self.add(server);

            assertThat(client.get("/").text()).isEqualTo("bye");
            server.await();
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void hubs_several_shareThePort() throws Exception {
        Set<String> hubs = ConcurrentHashMap.newKeySet();
        App app =
                r -> {
                    hubs.add(Evy.current().hub().name());
                    return Response.text("x");
                };
        try (var server = Servers.start(app, Servers.QUIET.withHubs(2))) {
            for (int i = 0; i < 100 && hubs.size() < 2; i++) {
                try (var client = RawClient.to(server)) {
                    assertThat(client.get("/").status()).isEqualTo(200);
                }
            }
            assertThat(hubs).hasSize(2);
        }
    }

    @Test
    void hubs_severalOnAnyPort_warnOfNothing() throws Exception {
        List<String> warnings = Collections.synchronizedList(new ArrayList<>());
        Logger logger = Logger.getLogger("evy");
        Handler handler =
                new Handler() {
                    @Override
                    public void publish(LogRecord line) {
                        warnings.add(line.getMessage());
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                };
        logger.addHandler(handler);
        try (var server = Servers.start(Servers::echo, Servers.QUIET.withHubs(2))) {
            assertThat(server.port()).isPositive();
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(warnings).isEmpty();
    }

    // hooks, disconnects, taking over

    @Test
    @Spec("WSGI45")
    void hooks_runInOrderAfterTheResponse() throws Exception {
        BlockingQueue<String> ran = new LinkedBlockingQueue<>();
        CountDownLatch received = new CountDownLatch(1);
        App app =
                r -> {
                    r.onFinished(
                            request -> {
                                received.await();
                                ran.add("one " + request.path());
                            });
                    r.onFinished(
                            request -> {
                                throw new IllegalStateException("fails");
                            });
                    r.onFinished(request -> ran.add("three"));
                    return Response.text("x");
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.get("/a");
            assertThat(ran).isEmpty();
            received.countDown();
            client.get("/b");
        }
        assertThat(ran).containsExactly("one /a", "three", "one /b", "three");
    }

    @Test
    @Spec({"WSGI45", "WSGI49"})
    void client_leavesInTheMiddle_isSilentAndRunsTheHooks() throws Exception {
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        BlockingQueue<String> ran = new LinkedBlockingQueue<>();
        App app =
                r -> {
                    r.onFinished(request -> ran.add(request.path()));
                    return Response.streaming(
                            out -> {
                                while (true) {
                                    out.write(new byte[10_000]);
                                }
                            });
                };
        try (var server = Servers.start(app, WebOptions.DEFAULT.withLog(log::add))) {
            try (var client = RawClient.to(server)) {
                client.send(Servers.get("/a"));
                client.exactly(1000);
                client.socket().setSoLinger(true, 0);
            }
            assertThat(ran.poll(20, TimeUnit.SECONDS)).isEqualTo("/a");
        }
        assertThat(log).noneMatch(line -> line.contains("\tat "));
    }

    @Test
    void reader_neverReads_isGivenUp() throws Exception {
        BlockingQueue<String> ran = new LinkedBlockingQueue<>();
        App app =
                r -> {
                    r.onFinished(request -> ran.add("finished"));
                    return Response.bytes(new byte[50_000_000]);
                };
        WebOptions options = Servers.QUIET.withSocketTimeout(Duration.ofMillis(100));
        try (var server = Servers.start(app, options);
                var client = RawClient.to(server)) {
            client.send(Servers.get("/"));

            assertThat(ran.poll(20, TimeUnit.SECONDS)).isEqualTo("finished");
        }
    }

    @Test
    @Spec("WSGI50")
    void takeOver_serverSendsNothingMore() throws Exception {
        App app =
                r -> {
                    Takeover taken = r.takeOver();
                    taken.output().write(Servers.bytes("own words"));
                    return Response.handled();
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            assertThat(client.send(Servers.get("/")).rest()).isEqualTo("own words");
        }
    }

    @Test
    @Spec("WSGI50")
    void upgrade_speaksAnotherProtocolFromTheVeryNextByte() throws Exception {
        App app =
                r -> {
                    Takeover taken = r.upgrade("shout", Headers.of("X-How", r.header("Upgrade")));
                    for (int c = taken.input().read(); c != '.'; c = taken.input().read()) {
                        taken.output().write(Character.toUpperCase(c));
                    }
                    return Response.handled();
                };
        try (var server = Servers.start(app);
                var client = RawClient.to(server)) {
            client.send(Servers.get("/", "Connection: upgrade", "Upgrade: shout") + "early ");
            Reply reply = client.reply();
            client.send("late.");

            assertThat(reply.statusLine()).isEqualTo("HTTP/1.1 101 Switching Protocols");
            assertThat(reply.header("Upgrade")).isEqualTo("shout");
            assertThat(reply.header("Connection")).isEqualTo("Upgrade");
            assertThat(reply.header("X-How")).isEqualTo("shout");
            assertThat(client.rest()).isEqualTo("EARLY LATE");
        }
    }

    @Test
    void options_outOfRange_areRefusedByName() {
        WebOptions options = WebOptions.DEFAULT;
        assertThatThrownBy(() -> options.withMaxConnections(0)).hasMessageContaining("0");
        assertThatThrownBy(() -> options.withMaxBody(-1)).hasMessageContaining("body");
        assertThatThrownBy(() -> options.withSocketTimeout(Duration.ZERO))
                .hasMessageContaining("socket timeout");
        assertThatThrownBy(() -> options.withKeepAlive(Duration.ofSeconds(-1)))
                .hasMessageContaining("keep-alive");
        assertThatThrownBy(() -> options.withHubs(0)).hasMessageContaining("hubs");
        assertThatThrownBy(() -> WebServer.start(70_000, Servers::echo))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
