package evy.behaviour;

import static evy.behaviour.NetFixtures.awaitTrue;
import static evy.behaviour.NetFixtures.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenPool;
import evy.GreenThread;
import evy.Timeout;
import evy.behaviour.NetFixtures.FullBacklog;
import evy.behaviour.NetFixtures.Pair;
import evy.behaviour.NetFixtures.Platform;
import evy.hubs.ExceptionHandler;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.HubClosed;
import evy.hubs.HubGroup;
import evy.hubs.HubOptions;
import evy.hubs.Timer;
import evy.hubs.Waiter;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.io.ListenOptions;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.tpool.Tpool;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Used from anywhere, by anybody, wrongly: it goes on, or says clearly what is wrong. */
@ExtendWith(LeakCheckExtension.class)
class RobustnessTest {
    @BeforeAll
    static void startJdkSockets() throws IOException {
        NetFixtures.startJdkSockets();
    }

    // green threads that end badly

    @Test
    void greenThreads_thatThrow_hurtNobodyElse() throws Exception {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        ExceptionHandler handler = (greenlet, e) -> reported.add(e);
        try (Hub hub = Hub.open(HubOptions.DEFAULT.withExceptionHandler(handler))) {
            Evy.spawn(
                            hub,
                            () -> {
                                AtomicInteger counter = new AtomicInteger();
                                GreenThread<Void> other = Evy.spawn(() -> count(counter, 100));
                                IOException mine = new IOException("kept for the one who joins");
                                GreenThread<Object> failing =
                                        Evy.spawn(
                                                () -> {
                                                    throw mine;
                                                });
                                Evy.spawnN(
                                        () -> {
                                            throw new IllegalStateException("kept for nobody");
                                        });
                                Evy.spawnN(
                                        () -> {
                                            throw new LinkageError("an error, too");
                                        });

                                assertThatThrownBy(failing::join).isSameAs(mine);
                                other.join();
                                assertThat(counter).hasValue(100);
                            })
                    .join();

            assertThat(reported)
                    .extracting(Throwable::getMessage)
                    .containsExactlyInAnyOrder("kept for nobody", "an error, too");
        }
    }

    private static void count(AtomicInteger counter, int to) {
        while (counter.incrementAndGet() < to) {
            Evy.yield();
        }
    }

    @Test
    void stackOverflow_inGreenThread_hurtsNobodyElse() throws Exception {
        Evy.run(
                () -> {
                    AtomicInteger counter = new AtomicInteger();
                    GreenThread<Void> other = Evy.spawn(() -> count(counter, 1_000));
                    GreenThread<Integer> overflowing = Evy.spawn(() -> dive(1));

                    assertThatThrownBy(overflowing::join).isInstanceOf(StackOverflowError.class);

                    other.join();
                    assertThat(counter).hasValue(1_000);
                    Evy.sleep(Duration.ofMillis(1));
                });
    }

    private static int dive(int depth) {
        return depth < 0 ? 0 : 1 + dive(depth + 1);
    }

    // from plain threads

    @Test
    void plainThread_usesEverything_asAGreenOneDoes() throws Exception {
        Map<String, Object> results = new LinkedHashMap<>();
        try (Platform<Void> thread =
                Platform.start(
                        () -> {
                            long start = System.nanoTime();
                            Evy.sleep(Duration.ofMillis(5));
                            results.put("slept", System.nanoTime() - start >= 5_000_000);
                            results.put("spawn", Evy.spawn(() -> "spawned").join());
                            results.put("get", Evy.spawn(() -> 1).get(10, TimeUnit.SECONDS));
                            results.put(
                                    "after",
                                    Evy.spawnAfter(Duration.ofMillis(1), () -> "later").join());
                            Evy.yield();
                            GreenPool pool = new GreenPool(3);
                            results.put("pool", pool.spawn(() -> "pooled").join());
                            List<Integer> squares = new ArrayList<>();
                            pool.imap(n -> n * n, List.of(1, 2, 3)).forEach(squares::add);
                            results.put("imap", squares);
                            pool.waitAll();
                            results.put("tpool", Tpool.execute(() -> "native"));
                            results.put(
                                    "timeout",
                                    Timeout.call(
                                            Duration.ofMillis(5),
                                            () -> {
                                                Evy.sleep(Duration.ofHours(1));
                                                return "never";
                                            },
                                            "in time"));
                            results.put("hub", Hub.currentOrNull() == null);
                            Greenlet me = Evy.current();
                            Evy.yield();
                            results.put("identity", Evy.current() == me);
                            return null;
                        })) {
            thread.get();
        }

        assertThat(results)
                .containsEntry("slept", true)
                .containsEntry("spawn", "spawned")
                .containsEntry("get", 1)
                .containsEntry("after", "later")
                .containsEntry("pool", "pooled")
                .containsEntry("imap", List.of(1, 4, 9))
                .containsEntry("tpool", "native")
                .containsEntry("timeout", "in time")
                .containsEntry("hub", true)
                .containsEntry("identity", true);
    }

    @Test
    void plainThreads_echoThroughGreenServer_loseNothing() throws Exception {
        GreenServerSocket listener = Evy.run(NetFixtures::listen);
        GreenThread<Void> serving = Evy.spawn(() -> Evy.serve(listener, RobustnessTest::echo));
        List<Platform<Boolean>> clients = new ArrayList<>();
        try (listener) {
            for (int i = 0; i < 4; i++) {
                clients.add(Platform.start(() -> echoed(listener, 200_000)));
            }
            for (Platform<Boolean> client : clients) {
                assertThat(client.get()).isTrue();
            }
        } finally {
            for (Platform<Boolean> client : clients) {
                client.close();
            }
            serving.kill();
        }
    }

    @Test
    void greenThread_talksToGreenSocketsOfPlainThread_loseNothing() throws Exception {
        GreenServerSocket listener = NetFixtures.listen();
        try (listener;
                Platform<Void> server =
                        Platform.start(
                                () -> {
                                    try (GreenSocket client = listener.accept()) {
                                        echo(client);
                                    }
                                    return null;
                                })) {
            boolean same = Evy.run(() -> echoed(listener, 500_000));

            assertThat(same).isTrue();
            server.get();
        }
    }

    private static void echo(Socket client) throws IOException {
        client.getInputStream().transferTo(client.getOutputStream());
        client.shutdownOutput();
    }

    /** Sends while it receives; true if all came back. */
    private static boolean echoed(GreenServerSocket listener, int size) throws IOException {
        byte[] data = NetFixtures.pattern(size);
        try (GreenSocket socket = Evy.connect(listener.address())) {
            GreenThread<Void> sender =
                    Evy.spawn(
                            () -> {
                                socket.sendAll(data);
                                socket.shutdownOutput();
                            });
            byte[] received = socket.getInputStream().readAllBytes();
            sender.join();
            return Arrays.equals(received, data);
        }
    }

    // from callbacks

    @Test
    @Spec("HUB2")
    void callback_blockingCalls_areRefusedWithAClearError() throws Exception {
        try (Hub other = Hub.open();
                FullBacklog full = new FullBacklog();
                GreenServerSocket listener = NetFixtures.listen();
                Pair pair = Evy.run(Pair::open)) {
            GreenThread<Void> endless = Evy.spawn(() -> Evy.sleep(Duration.ofHours(1)));
            GreenPool pool = new GreenPool(1);
            GreenThread<String> member = pool.spawn(RobustnessTest::sleepLong);
            Map<String, ThrowingRunnable> calls = new LinkedHashMap<>();
            calls.put("sleep", () -> Evy.sleep(Duration.ofMillis(1)));
            calls.put("run", () -> Evy.run(() -> 1));
            calls.put("join", endless::join);
            calls.put("get", endless::get);
            calls.put("waitAll", pool::waitAll);
            calls.put("spawn in a full pool", () -> pool.spawn(() -> 1));
            calls.put("accept", listener::accept);
            calls.put("recv", () -> pair.server().recv(1));
            calls.put("connect", () -> Evy.connect(full.address()).close());
            calls.put("tpool", () -> Tpool.execute(() -> 1));
            calls.put("wait", () -> Waiter.current("something").await());
            calls.put("letAllRun", () -> Hub.current().letAllRun());
            calls.put("call on another hub", () -> other.call(() -> 1));

            for (Map.Entry<String, ThrowingRunnable> call : calls.entrySet()) {
                assertThatThrownBy(() -> inCallback(call.getValue()), call.getKey())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("callback must not block")
                        .hasMessageContaining("spawn a green thread");
            }

            endless.kill();
            member.kill();
            assertThat(Evy.run(() -> "alive")).isEqualTo("alive");
        }
    }

    @FunctionalInterface
    private interface ThrowingRunnable {
        void run() throws Exception;
    }

    private static void inCallback(ThrowingRunnable body) throws Exception {
        Hub.getDefault()
                .call(
                        () -> {
                            body.run();
                            return null;
                        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Spec("HUB2")
    void callback_callsThatDoNotBlock_work(boolean timer) throws Exception {
        Hub hub = Hub.getDefault();
        List<String> done = new CopyOnWriteArrayList<>();
        Waiter waiter = Waiter.current("the callback");
        GreenThread<Void> victim = Evy.spawn(() -> Evy.sleep(Duration.ofHours(1)));
        GreenThread<Void> unborn = Evy.spawnAfter(Duration.ofHours(1), () -> {});
        hub.letAllRun();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        Runnable callback =
                () -> {
                    try {
                        Evy.spawn(() -> done.add("spawned"));
                        Evy.spawnN(() -> done.add("spawnedN"));
                        Evy.kill(victim);
                        unborn.cancel();
                        Timer later = hub.schedule(Duration.ofHours(1), () -> {});
                        later.cancel();
                        hub.schedule(Duration.ZERO, () -> done.add("scheduled"));
                        hub.execute(() -> done.add("executed"));
                        Evy.yield();
                        Evy.sleep(Duration.ZERO);
                    } catch (Throwable t) {
                        failures.add(t);
                    }
                    waiter.wake();
                };

        if (timer) {
            hub.schedule(Duration.ofMillis(1), callback);
        } else {
            hub.execute(callback);
        }
        waiter.await();
        awaitTrue("all done", () -> done.size() == 4);

        assertThat(failures).isEmpty();
        assertThat(done).containsExactlyInAnyOrder("spawned", "spawnedN", "scheduled", "executed");
        awaitTrue("the kills", () -> victim.isCancelled() && unborn.isCancelled());
    }

    // several hubs

    @Test
    void hubGroup_greenThreads_stayOnTheirHub() throws Exception {
        try (HubGroup group = HubGroup.open(3, HubOptions.DEFAULT.named("group"))) {
            Map<Hub, AtomicInteger> strays = new ConcurrentHashMap<>();
            List<GreenThread<Void>> threads = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                Hub hub = group.next();
                threads.add(Evy.spawn(hub, () -> wander(hub, strays)));
            }
            for (GreenThread<Void> thread : threads) {
                thread.join();
            }

            assertThat(strays).isEmpty();
            assertThat(group.hubs()).hasSize(3).containsExactlyElementsOf(group);
            assertThat(group.hubs())
                    .extracting(Hub::name)
                    .containsExactly("group-1", "group-2", "group-3");
            assertThat(threads)
                    .extracting(GreenThread::hub)
                    .startsWith(group.hubs().toArray(new Hub[0]))
                    .hasSameElementsAs(group.hubs());
        }
    }

    private static void wander(Hub hub, Map<Hub, AtomicInteger> strays) {
        for (int i = 0; i < 20; i++) {
            if (!hub.isCurrent() || Hub.current() != hub) {
                strays.computeIfAbsent(hub, h -> new AtomicInteger()).incrementAndGet();
            }
            Evy.yield();
            if (i % 10 == 0) {
                Evy.sleep(Duration.ofMillis(1));
                Evy.spawn(() -> Evy.yield()).join();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -3})
    void hubGroup_ofLessThanOne_isRefusedByItsValue(int size) {
        assertThatThrownBy(() -> HubGroup.open(size).close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(size));
    }

    @Test
    void hubGroup_listenersThatShareAPort_allGetConnections() throws Exception {
        try (HubGroup group = HubGroup.open(2)) {
            InetSocketAddress address = NetFixtures.refusing();
            ListenOptions shared = ListenOptions.DEFAULT.withReusePort();
            Map<Hub, AtomicInteger> handled = new ConcurrentHashMap<>();
            List<GreenServerSocket> listeners = new ArrayList<>();
            List<GreenThread<Void>> serving = new ArrayList<>();
            for (Hub hub : group) {
                handled.put(hub, new AtomicInteger());
                GreenServerSocket listener =
                        Evy.spawn(hub, () -> Evy.listen(address, shared)).join();
                listeners.add(listener);
                serving.add(
                        Evy.spawn(
                                hub,
                                () ->
                                        Evy.serve(
                                                listener,
                                                client -> {
                                                    handled.get(Hub.current()).incrementAndGet();
                                                    client.getOutputStream().write(1);
                                                })));
            }

            int connections = 0;
            while (connections < 1_000 && handled.values().stream().anyMatch(n -> n.get() == 0)) {
                try (GreenSocket client = Evy.connect(address)) {
                    assertThat(client.recv(1)).containsExactly(1);
                }
                connections++;
            }

            assertThat(handled.values()).allMatch(n -> n.get() > 0);
            assertThat(handled.values().stream().mapToInt(AtomicInteger::get).sum())
                    .isEqualTo(connections);
            serving.forEach(GreenThread::kill);
            for (GreenServerSocket listener : listeners) {
                listener.close();
            }
        }
    }

    @Test
    void crossHub_joinAndKill_work() throws Exception {
        try (Hub other = Hub.open()) {
            Evy.run(
                    () -> {
                        IOException failure = new IOException("from over there");
                        GreenThread<String> result =
                                Evy.spawn(
                                        other,
                                        () -> {
                                            Evy.sleep(Duration.ofMillis(1));
                                            return "over there";
                                        });
                        GreenThread<Object> failing =
                                Evy.spawn(
                                        other,
                                        () -> {
                                            throw failure;
                                        });
                        AtomicBoolean cleaned = new AtomicBoolean();
                        GreenThread<Void> victim =
                                Evy.spawn(
                                        other,
                                        () -> {
                                            try {
                                                Evy.sleep(Duration.ofHours(1));
                                            } finally {
                                                cleaned.set(true);
                                            }
                                        });
                        awaitTrue("its sleep", () -> victim.waitsFor() != null);

                        victim.kill();

                        assertThat(cleaned).isTrue();
                        assertThat(victim.isDead()).isTrue();
                        assertThat(result.join()).isEqualTo("over there");
                        assertThatThrownBy(failing::join).isSameAs(failure);
                    });
        }
    }

    @Test
    void crossHub_sockets_echoBothWays() throws Exception {
        try (Hub one = Hub.open();
                Hub two = Hub.open()) {
            Pair pair = Evy.spawn(one, () -> Pair.withBuffers(8_192)).join();
            byte[] data = NetFixtures.pattern(300_000);
            try (pair) {
                GreenThread<Void> echo = Evy.spawn(two, () -> echo(pair.server()));
                GreenThread<Void> sender =
                        Evy.spawn(
                                two,
                                () -> {
                                    pair.client().sendAll(data);
                                    pair.client().shutdownOutput();
                                });

                byte[] received = Evy.run(() -> pair.client().getInputStream().readAllBytes());

                sender.join();
                echo.join();
                assertThat(received).isEqualTo(data);
            }
        }
    }

    @Test
    void crossHub_readTimeoutAndKill_leaveTheSocketUsable() throws Exception {
        try (Hub other = Hub.open()) {
            Pair pair = Evy.spawn(other, Pair::open).join();
            try (pair) {
                Evy.run(
                        () -> {
                            pair.server().setTimeout(Duration.ofMillis(5));
                            assertThatThrownBy(() -> pair.server().recv(1))
                                    .matches(Timeout::isTimeout);
                            pair.server().setTimeout(null);
                            GreenThread<byte[]> reader = Evy.spawn(() -> pair.server().recv(1));
                            settle();
                            reader.kill();
                            GreenThread<byte[]> next = Evy.spawn(() -> pair.server().recv(1));
                            settle();

                            pair.client().sendAll(new byte[] {8});

                            assertThat(next.join()).containsExactly(8);
                        });
                assertThat(other.statistics().readers()).isZero();
            }
        }
    }

    // many connections

    @Test
    void twoHundredConnections_atOnce_conserveAllBytes() throws Exception {
        Evy.run(
                () -> {
                    AtomicLong total = new AtomicLong();
                    try (GreenServerSocket listener =
                            Evy.listen(
                                    new InetSocketAddress("127.0.0.1", 0),
                                    ListenOptions.DEFAULT.withBacklog(200))) {
                        GreenThread<Void> serving =
                                Evy.spawn(
                                        () ->
                                                Evy.serve(
                                                        listener,
                                                        client -> {
                                                            long n =
                                                                    client.getInputStream()
                                                                            .transferTo(
                                                                                    client
                                                                                            .getOutputStream());
                                                            total.addAndGet(n);
                                                        }));
                        List<GreenThread<Boolean>> clients = new ArrayList<>();
                        long expected = 0;
                        for (int i = 0; i < 200; i++) {
                            int size = 1 + i * 37;
                            expected += size;
                            clients.add(Evy.spawn(() -> echoed(listener, size)));
                        }

                        for (GreenThread<Boolean> client : clients) {
                            assertThat(client.join()).isTrue();
                        }

                        assertThat(total).hasValue(expected);
                        serving.kill();
                    }
                });
    }

    // the end of a hub

    @Test
    void hubClose_killsItsGreenThreadsAndRefusesSpawns() throws Exception {
        Hub hub = Hub.open();
        List<String> ended = new CopyOnWriteArrayList<>();
        GreenThread<Void> sleeper = Evy.spawn(hub, () -> Evy.sleep(Duration.ofHours(1)));
        GreenThread<Void> cleaner =
                Evy.spawn(
                        hub,
                        () -> {
                            try {
                                Waiter.current("nothing").await();
                            } catch (HubClosed closed) {
                                Evy.sleep(Duration.ofMillis(1));
                                ended.add("cleaned up in its own time");
                            }
                        });
        GreenThread<Boolean> inJdkWait =
                Evy.spawn(hub, () -> new CountDownLatch(1).await(1, TimeUnit.HOURS));
        GreenThread<Void> later =
                Evy.spawn(hub, () -> Evy.spawnAfter(Duration.ofHours(1), () -> {})).join();
        hub.letAllRun();

        hub.close();

        assertThatThrownBy(sleeper::join)
                .isInstanceOf(HubClosed.class)
                .hasMessageContaining(hub.toString());
        assertThatThrownBy(inJdkWait::join).isInstanceOf(HubClosed.class);
        assertThatThrownBy(later::join).isInstanceOf(HubClosed.class);
        cleaner.join();
        assertThat(ended).hasSize(1);
        assertThatThrownBy(() -> Evy.spawn(hub, () -> 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(hub + ": spawn after close");
        assertThat(hub.isClosing()).isTrue();
    }

    @Test
    void hubClose_virtualThreadOfGreenThread_stillFinishes() throws Exception {
        Hub hub = Hub.open();
        CountDownLatch parked = new CountDownLatch(1);
        List<Boolean> onHub = new CopyOnWriteArrayList<>();
        Thread child =
                Evy.spawn(
                                hub,
                                () ->
                                        Thread.ofVirtual()
                                                .start(
                                                        () -> {
                                                            onHub.add(hub.isCurrent());
                                                            parked.countDown();
                                                            LockSupport.park();
                                                            Thread.yield();
                                                            onHub.add(hub.isCurrent());
                                                        }))
                        .join();
        assertThat(parked.await(20, TimeUnit.SECONDS)).isTrue();
        awaitTrue("its park", () -> child.getState() == Thread.State.WAITING);

        hub.close();
        LockSupport.unpark(child);

        assertThat(child.join(NetFixtures.LONG)).isTrue();
        assertThat(onHub).containsExactly(true, false);
    }

    @Test
    void hubClose_plainThreadThatWaitsForItsSocket_isWoken() throws Exception {
        Hub hub = Hub.open();
        Pair pair = Evy.spawn(hub, Pair::open).join();
        try (pair;
                Platform<byte[]> reader = Platform.start(() -> pair.server().recv(1))) {
            awaitTrue("its wait", () -> hub.statistics().readers() == 1);

            hub.close();

            awaitTrue("its end", reader::isDone);
            assertThatThrownBy(reader::get).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void hubClose_socketThatLivedThere_saysSoAndCanBeClosed() throws Exception {
        Hub hub = Hub.open();
        Pair pair = Evy.spawn(hub, Pair::open).join();
        hub.close();
        try (pair) {
            Evy.run(
                    () -> {
                        Timeout limit = new Timeout(NetFixtures.LONG);
                        try (limit) {
                            assertThatThrownBy(() -> pair.server().recv(1))
                                    .isInstanceOf(IOException.class);
                        }
                    });
        }
    }

    @Test
    void hubClose_waitersOnOtherHubs_areNotStranded() throws Exception {
        Hub hub = Hub.open();
        GreenThread<Void> dying = Evy.spawn(hub, () -> Evy.sleep(Duration.ofHours(1)));
        GreenThread<Void> joining = Evy.spawn(() -> dying.join());
        awaitTrue("its join", () -> joining.waitsFor() != null);

        hub.close();

        assertThatThrownBy(joining::join).isInstanceOf(HubClosed.class);
        assertThatCode(() -> Evy.kill(dying)).doesNotThrowAnyException();
        assertThatCode(dying::cancel).doesNotThrowAnyException();
        assertThat(hub.greenlets()).isEmpty();
    }

    @Test
    void hubClose_timersOfPlainThreads_goElsewhere() throws Exception {
        Hub hub = Hub.open();
        hub.schedule(Duration.ofHours(1), () -> {});

        hub.close();

        Greenlet me = Evy.current();
        assertThat(me.isForeign()).isTrue();
        Evy.sleep(Duration.ofMillis(1));
        assertThat(Timeout.call(Duration.ofMillis(1), () -> sleepLong(), "over")).isEqualTo("over");
    }

    private static String sleepLong() {
        Evy.sleep(Duration.ofHours(1));
        return "never";
    }
}
