package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Body;
import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.hubs.Descriptor;
import evy.hubs.Greenlet;
import evy.hubs.Hub;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The programs of {@link PollerIT}: JDK sockets on green threads of a patched JVM. */
final class PollerPrograms {
    /* So long that who is not connected by then does not just lack the processor. */
    private static final Duration FULL = Duration.ofMillis(700);

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final byte[] ONE = {1};

    /** More than a connection holds. */
    private static final int LARGE = 8 << 20;

    /** Sockets that the JDK itself may have opened meanwhile. */
    private static final int SPARE = 5;

    private PollerPrograms() {}

    public static void main(String... args) throws Exception {
        switch (args[0]) {
            case "waits are Evy's" -> Evy.run(PollerPrograms::waitsAreEvys);
            case "timeouts" -> Evy.run(PollerPrograms::timeouts);
            case "kills" -> Evy.run(PollerPrograms::kills);
            case "kills between calls" -> Evy.run(PollerPrograms::killsBetweenCalls);
            case "connect" -> Evy.run(PollerPrograms::connect);
            case "closers" -> Evy.run(PollerPrograms::closers);
            case "close at once" -> closeAtOnce();
            case "reconnect" -> Evy.run(PollerPrograms::reconnect);
            case "hubs" -> hubs();
            case "hub closes" -> hubCloses();
            case "storm" -> storm();
            case "inherited" -> Evy.run(PollerPrograms::inherited);
            case "original" -> Evy.run(PollerPrograms::original);
            case "closed by collector" -> Evy.run(PollerPrograms::closedByCollector);
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.out.println("DONE");
    }

    /** Every kind of socket that can wait, and how to end its wait. */
    private static final class Everything implements AutoCloseable {
        final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        final Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
        final Socket server = listener.accept();
        final ServerSocketChannel listening =
                ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        final SocketChannel channel = SocketChannel.open(listening.getLocalAddress());
        final SocketChannel peer = listening.accept();
        final DatagramSocket datagrams =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        final DatagramChannel packets =
                DatagramChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        final Pipe pipe = Pipe.open();
        final Pipe full = Pipe.open();

        Everything() throws IOException {
            full.sink().configureBlocking(false);
            while (full.sink().write(ByteBuffer.allocate(1 << 16)) > 0) {}
            full.sink().configureBlocking(true);
        }

        /** Reads all that comes, as a writer is told of room only when there is plenty. */
        private void drain() {
            try {
                server.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                return; // closed in the end
            }
        }

        /** The waits that do not end by themselves. */
        List<Wait> waits() {
            DatagramPacket packet = new DatagramPacket(new byte[10], 10);
            return List.of(
                    new Wait(
                            "Socket.read",
                            () -> client.getInputStream().read(),
                            () -> server.getOutputStream().write(1)),
                    new Wait(
                            "Socket.write",
                            () -> {
                                client.getOutputStream().write(new byte[LARGE]);
                                return 1;
                            },
                            () -> Evy.spawnN(this::drain)),
                    new Wait(
                            "ServerSocket.accept",
                            () -> {
                                listener.accept().close();
                                return 1;
                            },
                            () ->
                                    new Socket(listener.getInetAddress(), listener.getLocalPort())
                                            .close()),
                    new Wait(
                            "SocketChannel.read",
                            () -> channel.read(ByteBuffer.allocate(1)),
                            () -> peer.write(ByteBuffer.wrap(ONE))),
                    new Wait(
                            "ServerSocketChannel.accept",
                            () -> {
                                listening.accept().close();
                                return 1;
                            },
                            () -> SocketChannel.open(listening.getLocalAddress()).close()),
                    new Wait(
                            "SocketChannel.socket().read",
                            () -> {
                                peer.socket().setSoTimeout(60_000);
                                return peer.socket().getInputStream().read();
                            },
                            () -> channel.write(ByteBuffer.wrap(ONE))),
                    new Wait(
                            "DatagramSocket.receive",
                            () -> {
                                datagrams.receive(packet);
                                return packet.getLength();
                            },
                            () ->
                                    packets.send(
                                            ByteBuffer.wrap(ONE),
                                            datagrams.getLocalSocketAddress())),
                    new Wait(
                            "DatagramChannel.receive",
                            () -> {
                                ByteBuffer buffer = ByteBuffer.allocate(10);
                                packets.receive(buffer);
                                return buffer.position();
                            },
                            () ->
                                    datagrams.send(
                                            new DatagramPacket(ONE, 1, packets.getLocalAddress()))),
                    new Wait(
                            "Pipe.source.read",
                            () -> pipe.source().read(ByteBuffer.allocate(1)),
                            () -> pipe.sink().write(ByteBuffer.wrap(ONE))),
                    new Wait(
                            "Pipe.sink.write",
                            () -> full.sink().write(ByteBuffer.wrap(ONE)),
                            () -> full.source().read(ByteBuffer.allocate(1 << 16))));
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
            listener.close();
            channel.close();
            peer.close();
            listening.close();
            datagrams.close();
            packets.close();
            pipe.source().close();
            pipe.sink().close();
            full.source().close();
            full.sink().close();
        }
    }

    /** A call that waits, returns 1 in the end, and what has it return. */
    private record Wait(String name, Callable<Integer> call, Body<?> end) {}

    private static boolean onEpoll() {
        return Hub.current().kind().equals("epoll");
    }

    private static void yieldUntil(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            Evy.sleep(Duration.ofMillis(1));
        }
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TIMED_WAITING;
    }

    private static long openSockets() throws IOException {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(PollerPrograms::isSocket).count();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    private static void awaitNoListeners() throws Exception {
        yieldUntil(
                () -> {
                    var now = Hub.current().statistics();
                    return now.readers() + now.writers() == 0;
                });
    }

    private static void waitsAreEvys() throws Exception {
        try (Everything all = new Everything()) {
            for (Wait wait : all.waits()) {
                GreenThread<Integer> thread = Evy.spawn(wait.call());
                yieldUntil(() -> isWaiting(thread.thread()));
                if (onEpoll()) {
                    assertThat(thread.waitsFor()).as(wait.name()).isInstanceOf(Descriptor.class);
                } else {
                    assertThat(thread.waitsFor()).as(wait.name()).isNull();
                }
                wait.end().run();
                assertThat(thread.join()).as(wait.name()).isEqualTo(1);
            }
        }
        awaitNoListeners();
    }

    private static void timeouts() throws Exception {
        try (Everything all = new Everything()) {
            for (Wait wait : all.waits()) {
                for (int i = 0; i < 3; i++) {
                    boolean inTime = Timeout.run(SHORT, () -> wait.call().call());
                    assertThat(inTime).as(wait.name()).isFalse();
                }
                GreenThread<Integer> again = Evy.spawn(wait.call());
                Evy.yield();
                wait.end().run();
                assertThat(again.join()).as(wait.name()).isEqualTo(1);
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
            }
            assertThat(all.client.isClosed()).isFalse();
        }
        awaitNoListeners();
    }

    private static void kills() throws Exception {
        try (Everything all = new Everything()) {
            for (Wait wait : all.waits()) {
                GreenThread<Integer> victim = Evy.spawn(wait.call());
                yieldUntil(() -> victim.waitsFor() instanceof Descriptor);
                victim.kill();
                assertThatThrownBy(victim::get)
                        .as(wait.name())
                        .hasCauseInstanceOf(GreenThreadExit.class);
                GreenThread<Integer> next = Evy.spawn(wait.call());
                Evy.yield();
                wait.end().run();
                assertThat(next.join()).as(wait.name()).isEqualTo(1);
            }
        }
        awaitNoListeners();
    }

    /**
     * What is thrown into a thread while it runs is thrown by the next wait, and closes nothing.
     */
    private static void killsBetweenCalls() throws Exception {
        try (Everything all = new Everything()) {
            for (Wait wait : all.waits()) {
                boolean[] go = new boolean[1];
                GreenThread<Integer> victim =
                        Evy.spawn(
                                () -> {
                                    while (!go[0]) {
                                        Thread.yield();
                                    }
                                    return wait.call().call();
                                });
                Evy.yield();
                go[0] = true;
                victim.kill();
                assertThatThrownBy(victim::get)
                        .as(wait.name())
                        .hasCauseInstanceOf(GreenThreadExit.class);
                GreenThread<Integer> next = Evy.spawn(wait.call());
                Evy.yield();
                wait.end().run();
                assertThat(next.join()).as(wait.name()).isEqualTo(1);
            }
        }
    }

    /** A connect that nobody answers ends by a timeout, leaves nothing, and others go on. */
    private static void connect() throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (ServerSocket busy = new ServerSocket(0, 1, here)) {
            List<Socket> waiting = new ArrayList<>();
            int unanswered = 0;
            while (unanswered < 2) { // until its queue is full, and not we were slow
                Socket socket = new Socket();
                waiting.add(socket);
                boolean connected =
                        Timeout.run(FULL, () -> socket.connect(busy.getLocalSocketAddress()));
                unanswered = connected ? 0 : unanswered + 1;
            }
            long before = openSockets();
            for (int i = 0; i < 2 * SPARE; i++) {
                assertThat(Timeout.run(SHORT, () -> new Socket(here, busy.getLocalPort()).close()))
                        .isFalse();
                assertThat(
                                Timeout.run(
                                        SHORT,
                                        () ->
                                                SocketChannel.open(busy.getLocalSocketAddress())
                                                        .close()))
                        .isFalse();
            }
            assertThat(openSockets())
                    .as("closed by those who made them")
                    .isLessThan(before + SPARE);
            Socket half = waiting.getLast();
            assertThat(half.isConnected()).isFalse();
            for (Socket socket : waiting) {
                socket.close();
            }
            assertThat(half.isClosed()).isTrue();
        }
        awaitNoListeners();
    }

    /** Whoever closes it, and from wherever: the waiting thread hears of it. */
    private static void closers() throws Exception {
        try (Hub other = Hub.open()) {
            for (int closer = 0; closer < 3; closer++) {
                try (ServerSocket listener = new ServerSocket(0)) {
                    GreenThread<Socket> accept = Evy.spawn(listener::accept);
                    yieldUntil(() -> accept.thread().getState() == Thread.State.WAITING);
                    Body<IOException> close = listener::close;
                    switch (closer) {
                        case 0 -> close.run();
                        case 1 -> Evy.spawn(other, close).join();
                        default -> Thread.ofPlatform().start(quiet(close)).join();
                    }
                    assertThatThrownBy(accept::join)
                            .isInstanceOf(SocketException.class)
                            .hasMessage("Socket closed");
                }
            }
        }
        awaitNoListeners();
    }

    private static Runnable quiet(Body<?> body) {
        return () -> {
            try {
                body.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
    }

    /** Closed by another thread just when the wait begins. */
    private static void closeAtOnce() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 500)) {
            for (int i = 0; i < 1_500; i++) {
                Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                try (Socket server = listener.accept()) {
                    GreenThread<?> read = Evy.spawn(() -> client.getInputStream().read());
                    long patience = i % 50 * 400L;
                    long start = System.nanoTime();
                    while (System.nanoTime() - start < patience) {
                        Thread.onSpinWait();
                    }
                    client.close();
                    assertThatThrownBy(read::join).isInstanceOf(SocketException.class);
                    assertThat(server.isConnected()).isTrue();
                }
            }
        }
    }

    /** Disconnecting a datagram channel may put another socket under its number. */
    private static void reconnect() throws Exception {
        try (DatagramChannel one = DatagramChannel.open();
                DatagramChannel two = DatagramChannel.open()) {
            one.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            two.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            for (int i = 0; i < 5; i++) {
                one.connect(two.getLocalAddress());
                GreenThread<Integer> read = Evy.spawn(() -> one.read(ByteBuffer.allocate(10)));
                Evy.yield();
                two.send(ByteBuffer.wrap(ONE), one.getLocalAddress());
                assertThat(read.join()).isEqualTo(1);
                one.disconnect();
            }
        }
        awaitNoListeners();
    }

    /** A socket first waited for on one hub serves green threads of another as well. */
    private static void hubs() throws Exception {
        try (Hub a = Hub.open();
                Hub b = Hub.open();
                ServerSocket listener = new ServerSocket(0);
                Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket server = listener.accept()) {
            for (int i = 0; i < 50; i++) {
                Hub reading = i % 2 == 0 ? a : b;
                Hub writing = i % 3 == 0 ? a : b;
                GreenThread<Integer> read =
                        Evy.spawn(reading, () -> client.getInputStream().read());
                Evy.spawn(writing, () -> server.getOutputStream().write(5)).join();
                assertThat(read.join()).isEqualTo(5);
            }
            CountDownLatch begun = new CountDownLatch(1);
            var read =
                    ThreadKind.VIRTUAL.start(
                            () -> {
                                begun.countDown();
                                return client.getInputStream().read();
                            });
            begun.await();
            Evy.spawn(a, () -> server.getOutputStream().write(6)).join();
            assertThat(read.outcome()).as("off the hub").isEqualTo(6);
        }
    }

    /** The hub that polls a socket closes while another's green thread waits for it. */
    private static void hubCloses() throws Exception {
        try (ServerSocket listener = new ServerSocket(0);
                Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket server = listener.accept()) {
            Hub home = Hub.open();
            GreenThread<Integer> first = Evy.spawn(home, () -> client.getInputStream().read());
            GreenThread<Object> killed =
                    Evy.spawn(home, (Callable<Object>) () -> server.getInputStream().read());
            server.getOutputStream().write(1);
            assertThat(first.join()).isEqualTo(1);
            GreenThread<Integer> guest = Evy.spawn(() -> client.getInputStream().read());
            while (guest.thread().getState() != Thread.State.WAITING) {
                Thread.sleep(1);
            }
            home.close();
            assertThat(killed.isDead()).isTrue();
            server.getOutputStream().write(2);
            assertThat(guest.join()).isEqualTo(2);
            GreenThread<Integer> orphan = Evy.spawn(() -> server.getInputStream().read());
            client.getOutputStream().write(3);
            assertThat(orphan.join()).as("whose first reader was killed").isEqualTo(3);
        }
    }

    /** Numbers used again at once, by all kinds of threads on two hubs, with kills in between. */
    private static void storm() throws Exception {
        long before = openSockets();
        AtomicInteger echoes = new AtomicInteger();
        try (Hub a = Hub.open();
                Hub b = Hub.open();
                ServerSocket listener = new ServerSocket(0, 500)) {
            GreenThread<?> serving = Evy.spawn(a, () -> serve(listener, List.of(a, b)));
            List<GreenThread<?>> green = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Random random = new Random(i);
                green.add(
                        Evy.spawn(
                                i % 2 == 0 ? a : b,
                                () -> {
                                    talk(listener.getLocalPort(), random, true, echoes);
                                }));
            }
            List<ThreadKind.Running<?>> others = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Random random = new Random(-i);
                ThreadKind kind = i % 2 == 0 ? ThreadKind.PLATFORM : ThreadKind.VIRTUAL;
                others.add(
                        kind.start(
                                () -> {
                                    talk(listener.getLocalPort(), random, false, echoes);
                                    return "well";
                                }));
            }
            for (GreenThread<?> each : green) {
                each.join();
            }
            for (ThreadKind.Running<?> each : others) {
                assertThat(each.outcome()).isEqualTo("well");
            }
            serving.kill();
            assertThat(echoes.get()).isGreaterThan(500);
        }
        while (openSockets() > before + SPARE) {
            System.gc(); // handlers killed before they held their socket
            Thread.sleep(10);
        }
    }

    private static void serve(ServerSocket listener, List<Hub> hubs) throws IOException {
        int turn = 0;
        while (true) {
            Socket socket = listener.accept();
            Evy.spawn(hubs.get(turn++ % hubs.size()), () -> echo(socket));
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            byte[] buffer = new byte[4096];
            for (int n; (n = socket.getInputStream().read(buffer)) > 0; ) {
                socket.getOutputStream().write(buffer, 0, n);
            }
        } catch (IOException e) {
            return; // the client left in the middle
        }
    }

    private static void talk(int port, Random random, boolean cut, AtomicInteger echoes)
            throws IOException {
        for (int round = 0; round < 40; round++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (cut && random.nextInt(4) == 0) {
                    // nothing comes: nothing was sent
                    assertThat(
                                    Timeout.run(
                                            Duration.ofMillis(random.nextInt(3)),
                                            () -> socket.getInputStream().read()))
                            .isFalse();
                }
                for (int i = 0; i < 3; i++) {
                    byte[] sent = new byte[1 + random.nextInt(2_000)];
                    random.nextBytes(sent);
                    socket.getOutputStream().write(sent);
                    assertThat(socket.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
                    echoes.incrementAndGet();
                }
            }
        }
    }

    /** A virtual thread started by a green one runs on its hub, too. */
    private static void inherited() throws Exception {
        try (Everything all = new Everything()) {
            for (Wait wait : all.waits()) {
                if (wait.name().equals("Socket.write")) {
                    continue; // what drains it is a listener, too
                }
                int[] result = new int[1];
                Thread thread =
                        Thread.startVirtualThread(quiet(() -> result[0] = wait.call().call()));
                yieldUntil(() -> isWaiting(thread));
                if (onEpoll()) {
                    assertThat(
                                    Hub.current().statistics().readers()
                                            + Hub.current().statistics().writers())
                            .as(wait.name())
                            .isEqualTo(1);
                }
                wait.end().run();
                thread.join();
                assertThat(result[0]).as(wait.name()).isEqualTo(1);
            }
        }
    }

    /** For an original call nothing is patched. */
    private static void original() throws Exception {
        try (Everything all = new Everything()) {
            Wait wait = all.waits().getFirst();
            GreenThread<Integer> thread = Evy.spawn(() -> Patcher.original(wait.call()));
            yieldUntil(() -> isWaiting(thread.thread()));
            assertThat(thread.waitsFor()).isNull();
            wait.end().run();
            assertThat(thread.join()).isEqualTo(1);
            Greenlet me = Greenlet.current();
            assertThat(Patcher.<Greenlet>original(Greenlet::current)).isSameAs(me);
        }
    }

    /** A socket that nobody closes is closed by the garbage collector; its number may come back. */
    private static void closedByCollector() throws Exception {
        try (ServerSocket listener = new ServerSocket(0)) {
            long before = openSockets();
            for (int i = 0; i < 20; i++) {
                forget(listener);
            }
            while (openSockets() > before + SPARE) {
                System.gc();
                Evy.sleep(Duration.ofMillis(10));
            }
            for (int i = 0; i < 20; i++) {
                try (Socket client =
                                new Socket(listener.getInetAddress(), listener.getLocalPort());
                        Socket server = listener.accept()) {
                    GreenThread<Integer> read = Evy.spawn(() -> client.getInputStream().read());
                    Evy.yield();
                    server.getOutputStream().write(9);
                    assertThat(read.join()).isEqualTo(9);
                }
            }
        }
        awaitNoListeners();
    }

    private static void forget(ServerSocket listener) throws IOException {
        Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
        Socket server = listener.accept();
        assertThat(Timeout.run(Duration.ofMillis(1), () -> client.getInputStream().read()))
                .isFalse();
        assertThat(server.isConnected()).isTrue();
    }
}
