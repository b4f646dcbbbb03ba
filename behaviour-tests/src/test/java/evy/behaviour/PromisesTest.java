package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.GreenPile;
import evy.GreenPool;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.HubGroup;
import evy.hubs.HubStatistics;
import evy.hubs.Waiter;
import evy.io.GreenServerSocket;
import evy.io.GreenSocket;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;
import evy.tpool.Tpool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/** What users believe about the library as a whole. */
@ExtendWith(LeakCheckExtension.class)
class PromisesTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);
    private static final Duration LONG = Duration.ofDays(1);

    @Spec("X1")
    @Test
    void greenThreads_tenThousandAtOnceInAPool_areUnremarkable() {
        Evy.run(
                () -> {
                    int many = 10_000;
                    var pool = new GreenPool(many);
                    var waiters = new ArrayList<Waiter>();
                    var seen = new ArrayList<Integer>();
                    for (int i = 0; i < many; i++) {
                        int number = i;
                        pool.spawnN(
                                () -> {
                                    var waiter = Waiter.current("all the others");
                                    waiters.add(waiter);
                                    waiter.await();
                                    seen.add(number);
                                });
                    }
                    Evy.yield();

                    assertThat(pool.running()).isEqualTo(many);
                    assertThat(Hub.current().statistics().live()).isGreaterThan(many);
                    waiters.forEach(Waiter::wake);
                    pool.waitAll();

                    assertThat(seen).hasSize(many).doesNotHaveDuplicates();
                });
    }

    @Spec("X2")
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 20261122})
    void plainField_manyGreenThreadsInAnyOrder_losesNoIncrement(long seed) throws Exception {
        var order = new ArrayList<Integer>();
        var counter = new Counter();
        try (var manual = ManualHub.open(seed)) {
            manual.run(
                    () -> {
                        var threads = new ArrayList<GreenThread<?>>();
                        for (int i = 0; i < 100; i++) {
                            int number = i;
                            threads.add(
                                    Evy.spawn(
                                            () -> {
                                                order.add(number);
                                                counter.add(20);
                                            }));
                        }
                        threads.forEach(GreenThread::join);
                    });
        }

        assertThat(counter.value).as("seed " + seed).isEqualTo(2_000);
        assertThat(counter.overlaps).as("seed " + seed).isZero();
        assertThat(order)
                .as("the order that seed " + seed + " mixes")
                .hasSize(100)
                .isNotEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Spec("X2")
    @Test
    void plainField_everyKindOfWaitBetween_losesNoIncrement() throws Exception {
        Evy.run(
                () -> {
                    var counter = new Counter();
                    var threads = new ArrayList<GreenThread<?>>();
                    for (int i = 0; i < 50; i++) {
                        threads.add(Evy.spawn(() -> counter.addBetweenWaits(10)));
                    }
                    threads.forEach(GreenThread::join);

                    assertThat(counter.value).isEqualTo(500);
                    assertThat(counter.overlaps).isZero();
                });
    }

    /** Shared data without a lock. */
    private static final class Counter {
        private final ReentrantLock lock = new ReentrantLock();
        int value;
        int overlaps;
        private boolean inside;

        void add(int times) {
            for (int i = 0; i < times; i++) {
                addOne();
                if (i % 3 == 0) {
                    Evy.sleep(Duration.ofMillis(i));
                } else {
                    Evy.yield();
                }
            }
        }

        void addBetweenWaits(int times) throws Exception {
            for (int i = 0; i < times; i++) {
                addOne();
                switch (i % 5) {
                    case 0 -> Evy.yield();
                    case 1 -> Evy.sleep(Duration.ofNanos(1));
                    case 2 -> Thread.sleep(0, 1);
                    case 3 -> Tpool.execute(() -> null);
                    default -> yieldWithLock();
                }
            }
        }

        private void yieldWithLock() {
            lock.lock();
            try {
                Thread.yield();
            } finally {
                lock.unlock();
            }
        }

        private void addOne() {
            if (inside) {
                overlaps++;
            }
            inside = true;
            int read = value;
            for (int i = 0; i < 100; i++) {
                Thread.onSpinWait(); // long enough for others, if there were any
            }
            value = read + 1;
            inside = false;
        }
    }

    @Spec("X3")
    @Test
    void poolCounters_atTheMomentOfTheCall_sayWhetherItBlocks() {
        Evy.run(
                () -> {
                    var pool = new GreenPool(2);
                    var gate = new Semaphore(0);
                    var others = new ArrayList<String>();
                    Evy.spawn(() -> others.add("ran"));

                    while (pool.free() > 0) {
                        pool.spawnN(gate::acquire);
                    }
                    assertThat(others).as("who had a turn while free() was > 0").isEmpty();
                    assertThat(pool.running()).isEqualTo(2);
                    assertThat(pool.waiting()).isZero();

                    var waiting = Evy.spawn(() -> pool.spawnN(gate::acquire));
                    Evy.yield();
                    assertThat(pool.waiting()).isEqualTo(1);
                    assertThat(waiting.isDone()).isFalse();

                    gate.release(3);
                    waiting.join();
                    pool.waitAll();
                    assertThat(pool.free()).isEqualTo(2);
                    assertThat(pool.waiting()).isZero();
                });
    }

    @Spec("X4")
    @Test
    void defaultHub_nobodyStartedIt_comesWithTheFirstUse() throws Exception {
        List<Integer> hubs = inAFreshLibrary(FirstUse.class);

        assertThat(hubs.get(1)).isEqualTo(hubs.get(0));
        assertThat(hubs.get(2)).isEqualTo(hubs.get(0) + 1);
    }

    /** Runs where the library has just been loaded. */
    public static final class FirstUse implements Callable<List<Integer>> {
        @Override
        public List<Integer> call() {
            int before = hubThreads();
            var pool = new GreenPool(10);
            var timeout = new Timeout(null);
            int loaded = timeout.isPending() ? -1 : hubThreads() + pool.running();
            Evy.spawn(() -> 1).join();
            int used = hubThreads();
            Hub.getDefault().close();
            return List.of(before, loaded, used);
        }
    }

    @Spec("X4")
    @Test
    void defaultHub_otherHubClosedWhileBusy_doesNotCome() throws Exception {
        List<Integer> hubs = inAFreshLibrary(BusyClose.class);

        assertThat(hubs.getLast()).as("hub threads after").isEqualTo(hubs.getFirst());
    }

    /** Closes hubs that are awake, again and again. */
    public static final class BusyClose implements Callable<List<Integer>> {
        @Override
        public List<Integer> call() {
            int before = hubThreads();
            for (int i = 0; i < 100; i++) {
                var hub = Hub.open();
                var awake = new Semaphore(0);
                keepAwake(hub, awake);
                awake.acquireUninterruptibly(2);
                hub.close();
            }
            int after = hubThreads();
            Hub.getDefault().close();
            return List.of(before, after);
        }

        private static void keepAwake(Hub hub, Semaphore awake) {
            awake.release();
            hub.schedule(Duration.ofNanos(1), () -> keepAwake(hub, awake));
        }
    }

    private static int hubThreads() {
        return (int)
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("evy-hub-"))
                        .count();
    }

    /* A second copy of the library's classes, which nothing has used yet. */
    private static <T> T inAFreshLibrary(Class<? extends Callable<T>> probe) throws Exception {
        URL[] places = {placeOf(Evy.class), placeOf(probe)};
        try (var loader = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
            Object fresh = loader.loadClass(probe.getName()).getConstructor().newInstance();
            assertThat(fresh.getClass()).isNotSameAs(probe);
            @SuppressWarnings("unchecked")
            var callable = (Callable<T>) fresh;
            return callable.call();
        }
    }

    private static URL placeOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Spec("X4")
    @Test
    void blockingCall_fromAPlatformThread_dispatchesTheOthersMeanwhile() {
        var ran = Collections.synchronizedList(new ArrayList<String>());

        Evy.spawn(() -> ran.add("spawned"));
        Evy.yield();

        assertThat(ran).containsExactly("spawned");
    }

    @Spec("X5")
    @Test
    void greenThread_wokenFromEverywhere_neverMigrates() throws Exception {
        try (var group = HubGroup.open(2)) {
            var here = group.hubs().getFirst();
            var there = group.hubs().getLast();
            var waiters = new LinkedBlockingQueue<Waiter>();
            var thread =
                    Evy.spawn(
                            here,
                            () -> {
                                var hubs = new ArrayList<Hub>();
                                hubs.add(Hub.current());
                                awaitOne(waiters);
                                hubs.add(Hub.current());
                                awaitOne(waiters);
                                hubs.add(Hub.current());
                                Evy.spawn(there, Evy::yield).join();
                                hubs.add(Hub.current());
                                Thread.sleep(1);
                                hubs.add(Hub.current());
                                Tpool.execute(() -> null);
                                hubs.add(Hub.current());
                                return hubs;
                            });

            Evy.spawn(there, () -> waiters.take().wake()).join();
            waiters.take().wake();

            assertThat(thread.join()).hasSize(6).containsOnly(here);
        }
    }

    private static void awaitOne(LinkedBlockingQueue<Waiter> waiters) throws InterruptedException {
        var waiter = Waiter.current("somebody elsewhere");
        waiters.add(waiter);
        waiter.await();
    }

    @Spec("X5")
    @Test
    void hubs_eachHasItsOwnGreenThreads_andTheyTalkAcross() throws Exception {
        try (var group = HubGroup.open(2)) {
            var values = new LinkedBlockingQueue<Integer>();
            var pool = new GreenPool(1);
            var first = group.hubs().getFirst();
            var second = group.hubs().getLast();

            var consumer = Evy.spawn(first, () -> values.take() + values.take());
            var gate = new Semaphore(0);
            var member = Evy.spawn(first, () -> pool.spawn(() -> acquireAndReturn(gate)));
            member.join();
            var waitingForASlot = Evy.spawn(second, () -> pool.spawn(() -> Hub.current()).join());
            var onPlatform = new FutureTask<>(consumer::join);
            Thread.ofPlatform().start(onPlatform);
            Evy.spawn(second, () -> values.add(20)).join();
            values.add(2);
            gate.release();

            assertThat(onPlatform.get()).isEqualTo(22);
            assertThat(member.join().join()).isEqualTo(22);
            assertThat(waitingForASlot.join()).isSameAs(second);
            assertThat(first.greenlets()).doesNotContain(consumer);
        }
    }

    private static int acquireAndReturn(Semaphore gate) throws InterruptedException {
        gate.acquire();
        return 22;
    }

    @Spec("X6")
    @Test
    void library_used_changesNothingGlobally() throws Exception {
        var before = globalState();

        Evy.run(() -> assertThat(echoOnce()).isEqualTo("hello"));
        inAFreshLibrary(FirstUse.class);

        assertThat(globalState()).isEqualTo(before);
        assertThat(onAStockVirtualThread(Hub::currentOrNull)).isNull();
        assertThat(onAStockVirtualThread(Greenlet::currentOrNull)).isNull();
        assertThat(stackOfAStockThreadInAccept())
                .anyMatch(frame -> frame.getClassName().startsWith("java.net."))
                .filteredOn(frame -> !frame.getClassName().startsWith("evy.behaviour."))
                .noneMatch(frame -> frame.getClassName().startsWith("evy."));
    }

    private static List<StackTraceElement> stackOfAStockThreadInAccept() throws Exception {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var accepting = new FutureTask<>(() -> catchThrowable(listener::accept));
            var thread = Thread.ofVirtual().start(accepting);
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            return List.of(thread.getStackTrace());
        }
    }

    private static List<Object> globalState() {
        var state = new ArrayList<Object>();
        state.add(String.valueOf(Thread.getDefaultUncaughtExceptionHandler()));
        state.add(System.in);
        state.add(System.out);
        state.add(System.err);
        state.add(Locale.getDefault());
        state.add(TimeZone.getDefault());
        state.add(List.of(Security.getProviders()));
        state.add(String.valueOf(ProxySelector.getDefault()));
        state.add(String.valueOf(Authenticator.getDefault()));
        state.add(String.valueOf(ResponseCache.getDefault()));
        state.add(String.valueOf(CookieHandler.getDefault()));
        state.add(Thread.currentThread().getContextClassLoader());
        state.add(Map.copyOf(System.getProperties())); // last: some of the above set one
        return state;
    }

    private static <T> T onAStockVirtualThread(Callable<T> call) throws Exception {
        var task = new FutureTask<>(call);
        Thread.ofVirtual().start(task);
        return task.get();
    }

    private static String echoOnce() throws IOException {
        try (var listener = Evy.listen(ANY_PORT)) {
            var server = Evy.spawn(() -> echo(listener.accept()));
            String reply = ask(listener.address(), "hello");
            server.join();
            return reply;
        }
    }

    private static void echo(Socket client) throws IOException {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        }
    }

    private static String ask(SocketAddress address, String question) throws IOException {
        try (GreenSocket socket = Evy.connect(address)) {
            socket.sendAll(question.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Spec("X7")
    @Test
    void evy_commonNames_areAllOnTheTopLevel() {
        List<String> names =
                Arrays.stream(Evy.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .map(Method::getName)
                        .distinct()
                        .toList();

        assertThat(names)
                .contains(
                        "spawn",
                        "spawnN",
                        "spawnAfter",
                        "spawnAfterLocal",
                        "sleep",
                        "yield",
                        "current",
                        "kill",
                        "cancel",
                        "waitAll",
                        "withTimeout",
                        "listen",
                        "connect",
                        "serve",
                        "run");
        assertThat(List.of(GreenThread.class, GreenPool.class, GreenPile.class, Timeout.class))
                .as("same package: one import")
                .allMatch(type -> type.getPackage().equals(Evy.class.getPackage()));
    }

    @Spec("X8")
    @Test
    void client_poolImapOverAddresses_readsAsInTheManual() throws Exception {
        Evy.run(
                () -> {
                    try (var listener = Evy.listen(ANY_PORT)) {
                        var server = Evy.spawn(() -> Evy.serve(listener, PromisesTest::echo));
                        var questions = List.of("one", "two", "three");

                        var pool = new GreenPool(200);
                        var replies = new ArrayList<String>();
                        for (var reply : pool.imap(q -> ask(listener.address(), q), questions)) {
                            replies.add(reply);
                        }

                        server.kill();
                        assertThat(replies).isEqualTo(questions);
                    }
                });
    }

    @Spec("X8")
    @Test
    void server_acceptLoopIntoAPool_readsAsInTheManual() throws Exception {
        Evy.run(
                () -> {
                    try (var listener = Evy.listen(ANY_PORT)) {
                        var pool = new GreenPool(10_000);
                        var server = Evy.spawn(() -> acceptLoop(listener, pool));

                        assertThat(ask(listener.address(), "hello")).isEqualTo("hello");
                        assertThat(ask(listener.address(), "again")).isEqualTo("again");

                        server.kill();
                        pool.waitAll();
                    }
                });
    }

    private static Void acceptLoop(GreenServerSocket listener, GreenPool pool) throws IOException {
        while (true) {
            var client = listener.accept();
            pool.spawnN(() -> echo(client));
        }
    }

    @Spec("X8")
    @Test
    void dispatch_pilePerRequestOnOnePool_sharesItsLimit() throws Exception {
        Evy.run(
                () -> {
                    var pool = new GreenPool(3);
                    var load = new Load();

                    var requests = new ArrayList<GreenThread<String>>();
                    for (int i = 0; i < 4; i++) {
                        int number = i;
                        requests.add(Evy.spawn(() -> dispatch(pool, load, number)));
                    }

                    for (int i = 0; i < 4; i++) {
                        assertThat(requests.get(i).join()).isEqualTo(i + "a " + i + "b " + i + "c");
                    }
                    assertThat(load.most).isEqualTo(3);
                });
    }

    private static String dispatch(GreenPool pool, Load load, int number) {
        var pile = new GreenPile<String>(pool);
        for (var part : List.of("a", "b", "c")) {
            pile.spawn(() -> load.answer(number + part));
        }
        return String.join(" ", pile);
    }

    /** Counts how many work at once. */
    private static final class Load {
        int most;
        private int now;

        String answer(String question) {
            now++;
            most = Math.max(most, now);
            Evy.yield();
            now--;
            return question;
        }
    }

    @Spec("X9")
    @Test
    void exceptions_throughJoinImapPileAndTpool_keepTheirIdentity() {
        Evy.run(
                () -> {
                    var failure = new IOException("one and only");
                    Callable<Object> failing =
                            () -> {
                                throw failure;
                            };
                    var pool = new GreenPool(2);
                    var pile = new GreenPile<Object>(pool);
                    pile.spawn(failing);
                    var results = pool.imap(n -> failing.call(), List.of(1));
                    Throwable got = catchThrowable(() -> Evy.spawn(failing).get());

                    assertThat(catchThrowable(() -> Evy.spawn(failing).join())).isSameAs(failure);
                    assertThat(catchThrowable(() -> pool.spawn(failing).join())).isSameAs(failure);
                    assertThat(catchThrowable(results::next)).isSameAs(failure);
                    assertThat(catchThrowable(pile::next)).isSameAs(failure);
                    assertThat(catchThrowable(() -> Tpool.execute(failing))).isSameAs(failure);
                    assertThat(catchThrowable(() -> Evy.run(failing))).isSameAs(failure);
                    assertThat(got).hasCause(failure);
                    assertThat(got.getCause()).isSameAs(failure);
                    results.close();
                });
    }

    @Spec("X9")
    @Test
    void controlExceptions_catchException_doesNotCatchThem() {
        Evy.run(
                () -> {
                    var exit = new GreenThreadExit("control");
                    var caught = new ArrayList<Exception>();
                    var target =
                            Evy.spawn(
                                    () -> {
                                        try {
                                            Evy.sleep(LONG);
                                        } catch (Exception e) {
                                            caught.add(e);
                                        }
                                    });
                    Evy.yield();

                    target.kill(exit);

                    assertThat(catchThrowable(target::join)).isSameAs(exit);
                    assertThatThrownBy(
                                    () ->
                                            Timeout.call(
                                                    Duration.ofMillis(1),
                                                    () -> sleepCatchingExceptions(caught)))
                            .isInstanceOf(Timeout.class);
                    assertThat(caught).isEmpty();
                });
    }

    private static String sleepCatchingExceptions(List<Exception> caught) {
        try {
            Evy.sleep(LONG);
        } catch (Exception e) {
            caught.add(e);
        }
        return "swallowed";
    }

    @Spec({"X10", "TEST3"})
    @Test
    void idleHub_readersServersSleepersAndWaiters_useNoCpu() throws Exception {
        Duration interval = Duration.ofMillis(200);
        try (var hub = Hub.open()) {
            long id = hub.call(() -> Thread.currentThread().threadId());
            Evy.spawn(hub, PromisesTest::waitForNothingOnSockets);
            Evy.spawn(hub, () -> Evy.sleep(LONG));
            Evy.spawn(hub, () -> Waiter.current("nothing").await());
            Evy.spawn(hub, () -> new Semaphore(0).acquire());
            while (hub.statistics().readers() < 2) {
                hub.letAllRun();
            }
            hub.letAllRun();
            long turnsBefore = hub.statistics().turns();
            long cpuBefore = ManagementFactory.getThreadMXBean().getThreadCpuTime(id);

            Thread.sleep(interval);

            long cpu = ManagementFactory.getThreadMXBean().getThreadCpuTime(id) - cpuBefore;
            assertThat(hub.statistics().turns() - turnsBefore).as("turns").isLessThan(10);
            assertThat(cpu).as("ns of CPU").isLessThan(interval.toNanos() / 10);
        }
    }

    /* A quiet connection, a server nobody asks, and a socket that is only bound. */
    private static void waitForNothingOnSockets() throws IOException {
        try (var listener = Evy.listen(ANY_PORT);
                var bound = Evy.listen(ANY_PORT);
                var client = Evy.connect(listener.address());
                var server = listener.accept()) {
            assertThat(server.isConnected() && bound.isBound()).isTrue();
            Evy.spawn(() -> listener.accept());
            client.recv(1);
        }
    }

    @Spec("X11")
    @Test
    void statistics_whileAndAfterWaiting_countReadersWritersAndTimers() throws Exception {
        Evy.run(
                () -> {
                    var before = Hub.current().statistics();
                    HubStatistics during;
                    try (var listener = Evy.listen(ANY_PORT);
                            var client = Evy.connect(listener.address());
                            var server = listener.accept()) {
                        var reader = Evy.spawn(() -> server.descriptor().awaitReadable(forEver()));
                        var writer = Evy.spawn(() -> writeUntilKilled(client));
                        var sleeper = Evy.spawn(() -> Evy.sleep(LONG));
                        var accepting = Evy.spawn(() -> listener.accept());
                        while (writer.waitsFor() == null || !reader.isDone()) {
                            Evy.yield();
                        }
                        during = Hub.current().statistics();
                        for (var thread : List.of(writer, sleeper, accepting)) {
                            thread.kill();
                        }
                    }
                    var after = Hub.current().statistics();

                    assertThat(during.readers()).as("readers").isEqualTo(1);
                    assertThat(during.writers()).as("writers").isEqualTo(1);
                    assertThat(during.timers()).as("timers").isEqualTo(1);
                    assertThat(during.live()).isEqualTo(before.live() + 3);
                    assertThat(List.of(after.readers(), after.writers(), after.timers()))
                            .containsOnly(0);
                    assertThat(after.live()).isEqualTo(before.live());
                });
    }

    private static long forEver() {
        return Waiter.FOREVER;
    }

    private static Object writeUntilKilled(GreenSocket socket) throws IOException {
        byte[] zeros = new byte[64 * 1024];
        while (true) {
            socket.sendAll(zeros);
        }
    }

    @Spec("X11")
    @Test
    void listings_whileWaiting_nameGreenThreadsAndTimers() {
        Evy.run(
                () -> {
                    var sleeper = Evy.spawn(() -> Evy.sleep(LONG));
                    Evy.yield();
                    List<Greenlet> greenlets = Hub.current().greenlets();
                    var timers = List.copyOf(Hub.current().pendingTimers());
                    sleeper.kill();

                    assertThat(greenlets).contains(sleeper, Evy.current());
                    assertThat(timers).hasSize(1);
                    assertThat(timers.getFirst().isPending()).isFalse();
                    assertThat(Hub.current().greenlets()).doesNotContain(sleeper);
                    assertThat(Hub.current().pendingTimers()).isEmpty();
                });
    }
}
