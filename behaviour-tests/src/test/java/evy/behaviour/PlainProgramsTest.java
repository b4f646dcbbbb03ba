package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import evy.Evy;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;

/**
 * Programs that know nothing but the JDK, one for each group of its network and thread library:
 * what they see on a green thread is what they see on a platform thread.
 */
@ExtendWith(LeakCheckExtension.class)
class PlainProgramsTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    private enum Program {
        URL_CONNECTION(PlainProgramsTest::urlConnection),
        HTTP_CLIENT(PlainProgramsTest::httpClient),
        HTTP_SERVER_THREADS(PlainProgramsTest::httpServerWithThreads),
        LINE_PROTOCOL(PlainProgramsTest::lineProtocol),
        TWO_CONNECTIONS(PlainProgramsTest::controlAndDataConnection),
        SSL(PlainProgramsTest::ssl),
        SELECT(PlainProgramsTest::select),
        CHANNELS(PlainProgramsTest::channels),
        THREADS(PlainProgramsTest::threads),
        THREAD_LOCALS(PlainProgramsTest::threadLocals),
        LOCKS(PlainProgramsTest::locks),
        QUEUES(PlainProgramsTest::queues),
        TIMEOUTS(PlainProgramsTest::timeouts),
        FILES(PlainProgramsTest::files),
        PROCESSES(PlainProgramsTest::processes);

        private final Callable<List<?>> body;

        Program(Callable<List<?>> body) {
            this.body = body;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Spec("TEST2")
    void program_onAGreenThread_seesWhatItSeesOnAPlatformThread(Program program) throws Exception {
        var plain = new FutureTask<>(program.body);
        Thread.ofPlatform().start(plain);

        assertThat(Evy.run(program.body::call)).isEqualTo(plain.get()).isNotEmpty();
    }

    /** Runs a peer beside the program, of the program's own kind of thread. */
    private static Thread beside(Callable<?> body) {
        return Thread.currentThread().isVirtual()
                ? Thread.ofVirtual().start(unchecked(body))
                : Thread.ofPlatform().start(unchecked(body));
    }

    private static Runnable unchecked(Callable<?> body) {
        return () -> {
            try {
                body.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static String failure(Callable<?> body) {
        try {
            return "no failure: " + body.call();
        } catch (Exception e) {
            return e.getClass().getName();
        }
    }

    /** A slow machine is late while it still connects, which the JDK tells by a subclass. */
    private static boolean isLate(Callable<?> body) throws Exception {
        try {
            body.call();
            return false;
        } catch (HttpTimeoutException e) {
            return true;
        }
    }

    private static HttpServer site() throws IOException {
        var site = HttpServer.create(new InetSocketAddress(NetFixtures.loopback(), 0), 0);
        site.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        // or the JDK's client keeps connections, which this test would call a leak
                        exchange.getResponseHeaders().set("Connection", "close");
                        var path = exchange.getRequestURI().getPath();
                        var body = exchange.getRequestBody().readAllBytes();
                        if (path.equals("/moved")) {
                            exchange.getResponseHeaders().set("Location", "/here");
                            exchange.sendResponseHeaders(302, -1);
                        } else if (path.equals("/gone")) {
                            exchange.sendResponseHeaders(404, -1);
                        } else {
                            exchange.sendResponseHeaders(200, 0);
                            exchange.getResponseBody()
                                    .write((exchange.getRequestMethod() + path).getBytes(UTF_8));
                            exchange.getResponseBody().write(body);
                        }
                    }
                });
        site.start();
        return site;
    }

    private static URI address(HttpServer site, String path) {
        return URI.create("http://127.0.0.1:" + site.getAddress().getPort() + path);
    }

    private static List<?> urlConnection() throws Exception {
        var site = site();
        try {
            var seen = new ArrayList<>();
            for (var path : List.of("/a", "/moved", "/gone")) {
                var connection = (HttpURLConnection) address(site, path).toURL().openConnection();
                seen.add(connection.getResponseCode());
                if (connection.getResponseCode() < 400) {
                    seen.add(new String(connection.getInputStream().readAllBytes(), UTF_8));
                }
                connection.disconnect();
            }
            seen.add(failure(() -> address(site, "/gone").toURL().openStream()));
            seen.add(failure(() -> refusing().toURL().openStream()));
            return seen;
        } finally {
            site.stop(0);
        }
    }

    private static URI refusing() throws IOException {
        return URI.create("http://127.0.0.1:" + NetFixtures.refusing().getPort() + "/");
    }

    private static List<?> httpClient() throws Exception {
        var site = site();
        try (var silent = new ServerSocket(0, 5, NetFixtures.loopback());
                var client =
                        HttpClient.newBuilder()
                                .followRedirects(HttpClient.Redirect.NORMAL)
                                .build()) {
            var post =
                    HttpRequest.newBuilder(address(site, "/p")).POST(BodyPublishers.ofString("x"));
            var moved = HttpRequest.newBuilder(address(site, "/moved")).build();
            var mute = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
            var late = HttpRequest.newBuilder(mute).timeout(SHORT).build();
            var text = BodyHandlers.ofString();
            return List.of(
                    client.send(post.build(), text).body(),
                    client.send(moved, text).body(),
                    client.sendAsync(moved, text).thenApply(answer -> answer.statusCode()).join(),
                    isLate(() -> client.send(late, text)),
                    failure(() -> client.send(HttpRequest.newBuilder(refusing()).build(), text)),
                    ConnectException.class.getName());
        } finally {
            site.stop(0);
        }
    }

    private static List<?> httpServerWithThreads() throws Exception {
        var site = site();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var fetched =
                    executor.invokeAll(
                            List.of(
                                    () -> fetch(address(site, "/1")),
                                    () -> fetch(address(site, "/2")),
                                    () -> fetch(address(site, "/3"))));
            return fetched.stream().map(future -> future.resultNow()).toList();
        } finally {
            site.stop(0);
        }
    }

    private static String fetch(URI address) throws IOException {
        try (var in = address.toURL().openStream()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(UTF_8));
    }

    /** A greeting, commands with answers, and what comes after the end. */
    private static List<?> lineProtocol() throws Exception {
        try (var server = new ServerSocket(0, 5, NetFixtures.loopback())) {
            var peer =
                    beside(
                            () -> {
                                try (var socket = server.accept()) {
                                    say(socket, "220 ready");
                                    var in = reader(socket);
                                    for (var line = in.readLine();
                                            !"QUIT".equals(line);
                                            line = in.readLine()) {
                                        say(socket, "250 " + line.length());
                                    }
                                    say(socket, "221 bye");
                                }
                                return null;
                            });
            try (var client = new Socket(NetFixtures.loopback(), server.getLocalPort())) {
                var in = reader(client);
                var seen = new ArrayList<>(List.of(in.readLine()));
                for (var command : List.of("HELO", "", "\u00e4\u00f6", "QUIT")) {
                    say(client, command);
                    seen.add(in.readLine());
                }
                seen.add(String.valueOf(in.readLine()));
                peer.join();
                return seen;
            }
        }
    }

    /** As FTP: commands on one connection, data on another that the server makes. */
    private static List<?> controlAndDataConnection() throws Exception {
        try (var control = new ServerSocket(0, 5, NetFixtures.loopback());
                var data = new ServerSocket(0, 5, NetFixtures.loopback())) {
            var peer =
                    beside(
                            () -> {
                                try (var socket = control.accept()) {
                                    var port = Integer.parseInt(reader(socket).readLine());
                                    try (var sender = new Socket(NetFixtures.loopback(), port)) {
                                        sender.getOutputStream()
                                                .write(NetFixtures.pattern(100_000));
                                    }
                                    say(socket, "226 sent");
                                }
                                return null;
                            });
            try (var client = new Socket(NetFixtures.loopback(), control.getLocalPort())) {
                say(client, "" + data.getLocalPort());
                try (var receiver = data.accept()) {
                    var got = receiver.getInputStream().readAllBytes();
                    var answer = reader(client).readLine();
                    peer.join();
                    return List.of(java.util.Arrays.hashCode(got), got.length, answer);
                }
            }
        }
    }

    private static List<?> ssl() throws Exception {
        var context = TlsFixtures.jdkContext(TlsIdentities.LOCALHOST);
        var sockets = context.getServerSocketFactory();
        try (var server = sockets.createServerSocket(0, 5, NetFixtures.loopback())) {
            var peer =
                    beside(
                            () -> {
                                try (var socket = server.accept()) {
                                    say(socket, reader(socket).readLine() + " too");
                                }
                                try (var socket = server.accept()) {
                                    return failure(() -> socket.getInputStream().read());
                                }
                            });
            var seen = new ArrayList<>();
            var port = server.getLocalPort();
            try (var client =
                    (SSLSocket)
                            context.getSocketFactory().createSocket(NetFixtures.loopback(), port)) {
                say(client, "hello");
                seen.add(reader(client).readLine());
                seen.add(client.getSession().getProtocol());
            }
            var stranger = javax.net.ssl.SSLContext.getDefault().getSocketFactory();
            try (var client = (SSLSocket) stranger.createSocket(NetFixtures.loopback(), port)) {
                seen.add(
                        failure(
                                () -> {
                                    client.startHandshake();
                                    return "trusted";
                                }));
                seen.add(SSLHandshakeException.class.getName());
            }
            peer.join();
            return seen;
        }
    }

    private static List<?> select() throws Exception {
        var seen = new ArrayList<>();
        try (var selector = Selector.open();
                var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(NetFixtures.loopback(), 0)).configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            seen.add(selector.selectNow());
            seen.add(selector.select(SHORT.toMillis()));
            try (var client = SocketChannel.open(server.getLocalAddress())) {
                seen.add(selector.select());
                selector.selectedKeys().clear();
                try (var accepted = server.accept()) {
                    accepted.configureBlocking(false).register(selector, SelectionKey.OP_READ);
                    var waker = beside(() -> client.write(ByteBuffer.wrap(new byte[3])));
                    seen.add(selector.select());
                    seen.add(accepted.read(ByteBuffer.allocate(9)));
                    waker.join();
                }
            }
            var waker = beside(selector::wakeup);
            seen.add(selector.select());
            waker.join();
        }
        return seen;
    }

    private static List<?> channels() throws Exception {
        try (var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(NetFixtures.loopback(), 0));
            try (var client = SocketChannel.open(server.getLocalAddress());
                    var accepted = server.accept()) {
                var writer =
                        beside(
                                () -> {
                                    var all = ByteBuffer.wrap(NetFixtures.pattern(2_000_000));
                                    while (all.hasRemaining()) {
                                        client.write(all);
                                    }
                                    return client.shutdownOutput();
                                });
                long sum = 0;
                var buffer = ByteBuffer.allocate(64_000);
                for (int n = accepted.read(buffer); n >= 0; n = accepted.read(buffer.clear())) {
                    sum += n;
                }
                writer.join();
                return List.of(sum);
            }
        }
    }

    private static List<?> threads() throws Exception {
        var seen = new ArrayList<>();
        var interrupted = new CountDownLatch(1);
        var sleeper =
                beside(
                        () -> {
                            try {
                                Thread.sleep(Duration.ofHours(1));
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                            return null;
                        });
        seen.add(sleeper.join(SHORT));
        sleeper.interrupt();
        interrupted.await();
        sleeper.join();
        seen.add(sleeper.getState());
        Thread.currentThread().interrupt();
        seen.add(failure(() -> new CountDownLatch(1).await(1, TimeUnit.HOURS)));
        seen.add(Thread.interrupted());
        return seen;
    }

    private static List<?> threadLocals() throws Exception {
        var local = ThreadLocal.withInitial(() -> "initial");
        var inherited = new InheritableThreadLocal<String>();
        var seen = new ArrayList<>();
        local.set("mine");
        inherited.set("handed down");
        beside(
                        () -> {
                            seen.add(local.get());
                            seen.add(String.valueOf(inherited.get()));
                            local.set("its own");
                            return null;
                        })
                .join();
        seen.add(local.get());
        local.remove();
        inherited.remove();
        seen.add(local.get());
        local.remove();
        return seen;
    }

    private static List<?> locks() throws Exception {
        var lock = new ReentrantLock();
        var turn = lock.newCondition();
        var monitor = new Object();
        var count = new AtomicInteger();
        lock.lock();
        var others = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            others.add(
                    beside(
                            () -> {
                                lock.lock();
                                try {
                                    synchronized (monitor) {
                                        count.incrementAndGet();
                                    }
                                    turn.signalAll();
                                } finally {
                                    lock.unlock();
                                }
                                return null;
                            }));
        }
        while (count.get() < 4) {
            turn.await();
        }
        lock.unlock();
        for (var other : others) {
            other.join();
        }
        lock.lock();
        var late = turn.await(1, TimeUnit.MILLISECONDS);
        lock.unlock();
        return List.of(count.get(), late, lock.isLocked());
    }

    private static List<?> queues() throws Exception {
        var there = new SynchronousQueue<Integer>();
        var back = new ArrayBlockingQueue<Integer>(2);
        var peer =
                beside(
                        () -> {
                            for (int i = there.take(); i > 0; i = there.take()) {
                                back.put(i * i);
                            }
                            return null;
                        });
        var seen = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            there.put(i);
            seen.add(back.take());
        }
        there.put(0);
        peer.join();
        seen.add(String.valueOf(back.poll(1, TimeUnit.MILLISECONDS)));
        seen.add(there.offer(1, 1, TimeUnit.MILLISECONDS));
        return seen;
    }

    private static List<?> timeouts() throws Exception {
        try (var server = new ServerSocket(0, 5, NetFixtures.loopback())) {
            server.setSoTimeout((int) SHORT.toMillis());
            var noClient = failure(server::accept);
            try (var client = new Socket(NetFixtures.loopback(), server.getLocalPort());
                    var accepted = server.accept()) {
                client.setSoTimeout((int) SHORT.toMillis());
                var noData = failure(() -> client.getInputStream().read());
                accepted.getOutputStream().write(7); // a timeout closes nothing
                return List.of(
                        noClient,
                        noData,
                        SocketTimeoutException.class.getName(),
                        client.getInputStream().read(),
                        failure(() -> new FutureTask<>(() -> 1).get(1, TimeUnit.MILLISECONDS)),
                        TimeoutException.class.getName());
            }
        }
    }

    private static List<?> files() throws Exception {
        var file = Files.createTempFile("evy-plain", ".txt");
        try {
            Files.writeString(file, "one\ntwo\n");
            try (var lines = Files.newBufferedReader(file)) {
                return List.of(
                        lines.readLine(),
                        lines.readLine(),
                        String.valueOf(lines.readLine()),
                        Files.size(file),
                        failure(() -> Files.readString(file.resolveSibling("evy-no-such-file"))));
            }
        } finally {
            Files.delete(file);
        }
    }

    private static List<?> processes() throws Exception {
        var process = new ProcessBuilder("sh", "-c", "read x; echo got $x; exit 3").start();
        try (var in = process.outputWriter()) {
            in.write("this\n");
        }
        try (var out = process.inputReader()) {
            return List.of(String.valueOf(out.readLine()), process.waitFor());
        }
    }
}
