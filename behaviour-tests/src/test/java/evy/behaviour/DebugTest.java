package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenPool;
import evy.GreenThread;
import evy.debug.Debug;
import evy.debug.GreenThreadInfo;
import evy.debug.Snapshot;
import evy.hubs.Descriptor;
import evy.hubs.GreenThreadState;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.hubs.Listener;
import evy.hubs.Timer;
import evy.hubs.Waiter;
import evy.io.GreenServerSocket;
import evy.sync.Event;
import evy.sync.GreenQueue;
import evy.sync.Semaphore;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;
import evy.tpool.Tpool;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

import javax.management.ObjectName;

/** Seeing inside: green threads, listeners, timers, exceptions. */
@ExtendWith(LeakCheckExtension.class)
class DebugTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final PrintStream errorBefore = System.err;

    @AfterEach
    void turnAllOff() {
        System.setErr(errorBefore);
        Debug.spawnStacks(false);
        Debug.hubListenerStacks(false);
        Debug.hubTimerStacks(false);
        Debug.hubExceptions(false);
        Debug.tpoolExceptions(false);
        Debug.hubPreventMultipleReaders(true);
    }

    private static GreenThreadInfo infoOf(Snapshot snapshot, Greenlet thread) {
        return snapshot.greenThreads().stream()
                .filter(info -> info.id() == thread.thread().threadId())
                .findFirst()
                .orElseThrow(() -> new AssertionError(thread + " not in\n" + snapshot.text()));
    }

    private static GreenThreadInfo infoOf(Greenlet thread) {
        return infoOf(Debug.greenThreads(), thread);
    }

    /** Starts something and lets it go on to where it waits. */
    private static GreenThread<?> waiting(evy.Body<?> body) {
        GreenThread<?> thread = Evy.spawn(body);
        NetFixtures.settle();
        return thread;
    }

    private static GreenThreadInfo awaitInfo(Greenlet thread, GreenThreadState state) {
        AtomicReference<@Nullable GreenThreadInfo> found = new AtomicReference<>();
        NetFixtures.awaitTrue(
                "state " + state,
                () -> {
                    GreenThreadInfo info = infoOf(thread);
                    found.set(info);
                    return info.state() == state;
                });
        return found.get();
    }

    @Test
    void greenThreads_waitsOfEvery_kindAreTold() {
        Evy.run(
                () -> {
                    Event<String> event = new Event<>();
                    GreenQueue<String> queue = new GreenQueue<>();
                    Semaphore semaphore = new Semaphore(0);
                    GreenPool pool = new GreenPool(1);
                    var onEvent = waiting(event::await);
                    var onQueue = waiting(queue::take);
                    var onSemaphore = waiting(semaphore::acquire);
                    var asleep = waiting(() -> Evy.sleep(HOUR));
                    var joins = waiting(onEvent::join);
                    var member = pool.spawn(() -> Evy.sleep(HOUR));
                    var onSlot = waiting(() -> pool.spawn(() -> {}));
                    CountDownLatch end = new CountDownLatch(1);
                    var onNative = waiting(() -> Tpool.execute(() -> awaitEnd(end)));

                    Snapshot seen = Debug.greenThreads();

                    assertThat(infoOf(seen, onEvent).kind()).isEqualTo("event");
                    assertThat(infoOf(seen, onEvent).waitsFor()).contains("Event");
                    assertThat(infoOf(seen, onQueue).kind()).isEqualTo("queue");
                    assertThat(infoOf(seen, onQueue).waitsFor()).contains("GreenQueue");
                    assertThat(infoOf(seen, onSemaphore).kind()).isEqualTo("semaphore");
                    assertThat(infoOf(seen, onSemaphore).waitsFor()).contains("balance=-1");
                    assertThat(infoOf(seen, asleep).kind()).isEqualTo("sleep");
                    assertThat(infoOf(seen, asleep).remaining())
                            .isBetween(Duration.ofMinutes(59), HOUR);
                    assertThat(infoOf(seen, joins).kind()).isEqualTo("join");
                    assertThat(infoOf(seen, joins).waitsFor()).isEqualTo(onEvent.toString());
                    assertThat(infoOf(seen, onSlot).kind()).isEqualTo("greenPool");
                    assertThat(infoOf(seen, onNative).kind()).isEqualTo("tpool");
                    assertThat(infoOf(seen, onEvent).remaining()).isNull();
                    for (var thread : List.of(onEvent, onQueue, asleep, joins, onNative)) {
                        assertThat(infoOf(seen, thread).state())
                                .isEqualTo(GreenThreadState.WAITING);
                    }
                    end.countDown();
                    killAll(onEvent, onQueue, onSemaphore, asleep, joins, onSlot, onNative, member);
                });
    }

    private static boolean awaitEnd(CountDownLatch end) throws InterruptedException {
        end.await();
        return true;
    }

    private static void killAll(GreenThread<?>... threads) {
        for (GreenThread<?> thread : threads) {
            thread.kill();
        }
    }

    @Test
    void greenThreads_waitForSocket_isToldWithDirectionAndAddress() throws Exception {
        Evy.run(
                () -> {
                    try (GreenServerSocket server = NetFixtures.listen()) {
                        var accepting = waiting(() -> server.accept().close());

                        GreenThreadInfo info = infoOf(accepting);

                        assertThat(info.kind()).isEqualTo("read");
                        assertThat(info.waitsFor()).contains(":" + server.getLocalPort());
                        accepting.kill();
                    }
                    try (NetFixtures.Pair pair = NetFixtures.Pair.open()) {
                        var writing = waiting(() -> pair.client().sendAll(new byte[64 << 20]));

                        assertThat(infoOf(writing).waitsFor())
                                .contains(":" + pair.client().getPort())
                                .contains(":" + pair.client().getLocalPort());
                        assertThat(infoOf(writing).kind()).isEqualTo("write");
                        writing.kill();
                    }
                });
    }

    @Test
    void greenThreads_waitsOfTheJdk_areTold() {
        Evy.run(
                () -> {
                    ReentrantLock lock = new ReentrantLock();
                    lock.lock();
                    var locked = waiting(lock::lockInterruptibly);
                    CompletableFuture<String> future = new CompletableFuture<>();
                    var onFuture = waiting(future::get);
                    var asleep = waiting(() -> Thread.sleep(HOUR));

                    assertThat(infoOf(locked).kind()).isEqualTo("lock");
                    assertThat(infoOf(locked).waitsFor()).contains("ReentrantLock$");
                    assertThat(infoOf(onFuture).kind()).isEqualTo("future");
                    assertThat(infoOf(asleep).kind()).isEqualTo("park");
                    assertThat(infoOf(Debug.greenThreads(true), asleep).kind()).isEqualTo("sleep");
                    killAll(locked, onFuture, asleep);
                });
    }

    @Test
    void greenThreads_delayedReadyAndRunning_areToldApart() {
        Evy.run(
                () -> {
                    var later = Evy.spawnAfter(HOUR, () -> "later");
                    var ready = Evy.spawn(() -> "soon");

                    Snapshot seen = Debug.greenThreads();

                    assertThat(infoOf(seen, later).state()).isEqualTo(GreenThreadState.DELAYED);
                    assertThat(infoOf(seen, later).remaining())
                            .isBetween(Duration.ofMinutes(59), HOUR);
                    assertThat(infoOf(seen, ready).state()).isEqualTo(GreenThreadState.READY);
                    assertThat(infoOf(seen, ready).kind()).isNull();
                    assertThat(infoOf(seen, Greenlet.current()).state())
                            .isEqualTo(GreenThreadState.RUNNING);
                    later.cancel();
                });
    }

    @Test
    void greenThreads_howLongItWaits_isCountedByTheHubsClock() {
        try (ManualHub manual = ManualHub.open()) {
            manual.clock().setJumping(false);
            Event<String> event = new Event<>();
            GreenThread<String> waits = Evy.spawn(manual.hub(), () -> event.await());
            manual.letAllRun();
            manual.advance(Duration.ofSeconds(90));

            assertThat(infoOf(waits).idle())
                    .isBetween(Duration.ofMillis(89_900), Duration.ofMillis(90_100));
            event.send("done");
            waits.join();
        }
    }

    @Test
    void greenThreads_spawnedByOthers_formATree() {
        Evy.run(
                () -> {
                    Event<String> end = new Event<>();
                    List<GreenThread<?>> children = new ArrayList<>();
                    var parent =
                            waiting(
                                    () -> {
                                        children.add(Evy.spawn(() -> end.await()));
                                        children.add(Evy.spawn(() -> end.await()));
                                        end.await();
                                    });

                    Snapshot seen = Debug.greenThreads();

                    GreenThreadInfo top = infoOf(seen, parent);
                    int at = seen.greenThreads().indexOf(top);
                    for (int i = 0; i < 2; i++) {
                        GreenThreadInfo child = seen.greenThreads().get(at + 1 + i);
                        assertThat(child.id()).isEqualTo(children.get(i).thread().threadId());
                        assertThat(child.parent()).isEqualTo(top.id());
                        assertThat(child.depth()).isEqualTo(top.depth() + 1);
                    }
                    assertThat(seen.text()).contains("#" + top.id() + " WAITING on ");
                    end.send("done");
                    parent.join();
                });
    }

    @Test
    void greenThreads_many_othersHaveTurnsAllTheWhile() {
        Evy.run(
                () -> {
                    Event<String> end = new Event<>();
                    for (int i = 0; i < 5_000; i++) {
                        Evy.spawn(() -> end.await());
                    }
                    AtomicInteger turns = new AtomicInteger();
                    Evy.spawn(
                            () -> {
                                while (!end.isReady()) {
                                    turns.incrementAndGet();
                                    Evy.yield();
                                }
                            });
                    Evy.yield();
                    int before = turns.get();

                    Snapshot seen = Debug.greenThreads();

                    // each is looked at three times, and 64 looks make a turn
                    assertThat(turns.get() - before).isGreaterThan(3 * 5_000 / 64 - 10);
                    assertThat(seen.greenThreads()).hasSizeGreaterThan(5_000);
                    end.send("done");
                });
    }

    @Test
    void greenThreads_parentHasEnded_childIsARootAndKeepsNothingOfIt() {
        Evy.run(
                () -> {
                    Event<String> end = new Event<>();
                    List<GreenThread<?>> child = new ArrayList<>();
                    WeakReference<?> parent = new WeakReference<>(shortLived(child, end));
                    NetFixtures.settle();

                    assertThat(infoOf(child.getFirst()).parent()).isZero();
                    NetFixtures.awaitTrue(
                            "the parent's end in the collector",
                            () -> {
                                System.gc();
                                return parent.get() == null;
                            });
                    end.send("done");
                    child.getFirst().join();
                });
    }

    private static GreenThread<?> shortLived(List<GreenThread<?>> child, Event<String> end) {
        GreenThread<?> thread = Evy.spawn(() -> child.add(Evy.spawn(() -> end.await())));
        thread.join();
        return thread;
    }

    @Test
    void spawnStacks_on_showWhereItWasSpawned() {
        Evy.run(
                () -> {
                    Event<String> end = new Event<>();
                    Debug.spawnStacks(true);
                    var known = spawnHere(end);
                    Debug.spawnStacks(false);
                    var unknown = spawnHere(end);
                    NetFixtures.settle();

                    assertThat(infoOf(known).spawnedAt().getFirst().getMethodName())
                            .isEqualTo("spawnHere");
                    assertThat(infoOf(known).parent()).isEqualTo(Thread.currentThread().threadId());
                    assertThat(infoOf(unknown).spawnedAt()).isEmpty();
                    assertThat(Debug.greenThreads().text()).contains("spawned\n");
                    end.send("done");
                    known.join();
                    unknown.join();
                });
    }

    private static GreenThread<String> spawnHere(Event<String> end) {
        return Evy.spawn(() -> end.await());
    }

    @Test
    void greenThreads_withStacks_alsoOfThoseThatCanRun() {
        Evy.run(
                () -> {
                    int[] turns = new int[1];
                    var busy =
                            Evy.spawn(
                                    () -> {
                                        while (turns[0] < 1000) {
                                            turns[0]++;
                                            Evy.yield();
                                        }
                                        return "done";
                                    });
                    NetFixtures.settle();

                    for (int i = 0; i < 20; i++) {
                        GreenThreadInfo info = infoOf(Debug.greenThreads(true), busy);
                        assertThat(info.state()).isEqualTo(GreenThreadState.READY);
                        assertThat(info.stack().toString()).contains("DebugTest");
                        Evy.yield();
                    }

                    assertThat(busy.join()).isEqualTo("done");
                });
    }

    @Test
    void getStackTrace_ofThreadThatCanRun_fromOtherThreads_leavesTheHubWell() throws Exception {
        try (Hub hub = Hub.open()) {
            boolean[] stop = new boolean[1];
            CountDownLatch begun = new CountDownLatch(4);
            List<GreenThread<Integer>> busy = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                busy.add(
                        Evy.spawn(
                                hub,
                                () -> {
                                    int n = 0;
                                    begun.countDown();
                                    while (!stop[0]) {
                                        n++;
                                        Evy.yield();
                                    }
                                    return n;
                                }));
            }
            begun.await();
            for (int i = 0; i < 500; i++) {
                for (var thread : busy) {
                    thread.thread().getStackTrace();
                }
            }
            hub.call(() -> stop[0] = true);

            for (var thread : busy) {
                assertThat(thread.join()).isNotNegative();
            }
            assertThat(Evy.spawn(hub, () -> "alive").join()).isEqualTo("alive");
        }
    }

    @Test
    void greenThreads_hubIsBlocked_isLookedAtFromOutside() throws Exception {
        try (Hub hub = Hub.open()) {
            CountDownLatch blocking = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            Event<String> never = new Event<>();
            GreenThread<?> waits = Evy.spawn(hub, () -> never.await());
            GreenThread<?> blocks =
                    Evy.spawn(
                            hub,
                            () -> {
                                blocking.countDown();
                                while (end.getCount() > 0) {
                                    Thread.onSpinWait();
                                }
                            });
            blocking.await();

            Snapshot seen = Debug.greenThreads();
            end.countDown();

            assertThat(infoOf(seen, blocks).state()).isEqualTo(GreenThreadState.RUNNING);
            assertThat(infoOf(seen, waits).kind()).isEqualTo("event");
            assertThat(seen.hubs())
                    .filteredOn(h -> h.name().equals(hub.name()))
                    .allMatch(h -> !h.answered());
            assertThat(seen.text()).contains("BLOCKED");
            blocks.join();
        }
    }

    @Test
    void greenThreads_someEndMeanwhile_othersAreAllThere() throws Exception {
        try (Hub hub = Hub.open()) {
            Event<String> end = new Event<>();
            List<GreenThread<?>> lasting = new ArrayList<>();
            Evy.spawn(
                            hub,
                            () -> {
                                for (int i = 0; i < 5_000; i++) {
                                    lasting.add(Evy.spawn(() -> end.await()));
                                    Evy.spawn(DebugTest::yieldSome);
                                }
                            })
                    .join();

            Set<Long> found =
                    Debug.greenThreads().greenThreads().stream()
                            .map(GreenThreadInfo::id)
                            .collect(Collectors.toSet());

            assertThat(lasting).allMatch(t -> found.contains(t.thread().threadId()));
            end.send("done");
            lasting.getLast().join();
        }
    }

    private static void yieldSome() {
        for (int i = 0; i < 3; i++) {
            Evy.yield();
        }
    }

    @Test
    void json_ofSnapshot_hasWhatTheTextHas() {
        Evy.run(
                () -> {
                    var asleep = waiting(() -> Evy.sleep(HOUR));

                    String json = Debug.greenThreads().json();

                    assertThat(json)
                            .startsWith("{\"hubs\":[{\"name\":")
                            .contains("\"id\":" + asleep.thread().threadId() + ",")
                            .contains("\"kind\":\"sleep\",\"waits_for\":\"sleep\"");
                    asleep.kill();
                });
    }

    @Test
    @Spec("DBG2")
    void formatHubListeners_readerAndWriter_standUnderTheirHeadings() throws Exception {
        Evy.run(
                () -> {
                    try (NetFixtures.Pair pair = NetFixtures.Pair.open()) {
                        var reading = waiting(() -> pair.client().recv(1));
                        Descriptor descriptor = pair.server().descriptor();
                        Listener callback = descriptor.onReadable(() -> {});
                        var writing = waiting(() -> pair.server().sendAll(new byte[0]));

                        String text = Debug.formatHubListeners();

                        assertThat(text).startsWith("READERS:\n").contains("WRITERS:\n");
                        String readers = text.substring(0, text.indexOf("WRITERS:"));
                        assertThat(readers)
                                .contains(reading.toString())
                                .contains("callback of " + Greenlet.current())
                                .contains(":" + pair.client().getLocalPort());
                        assertThat(Debug.hubListenersJson())
                                .contains("\"direction\":\"read\"")
                                .contains("\"callback\":true");
                        callback.cancel();
                        killAll(reading, writing);
                    }
                });
    }

    @Test
    @Spec("DBG2")
    void hubListenerStacks_on_showWhereEachWasRegistered() throws Exception {
        Evy.run(
                () -> {
                    try (NetFixtures.Pair pair = NetFixtures.Pair.open()) {
                        Debug.hubListenerStacks(true);
                        var reading = waiting(() -> readHere(pair));

                        assertThat(Debug.formatHubListeners()).contains("DebugTest.readHere");
                        assertThat(Debug.hubListenersJson()).contains("DebugTest.readHere");
                        reading.kill();
                        Debug.hubListenerStacks(false);
                        var again = waiting(() -> readHere(pair));

                        assertThat(Debug.formatHubListeners())
                                .contains(again.toString())
                                .doesNotContain("DebugTest.readHere");
                        again.kill();
                    }
                });
    }

    private static byte[] readHere(NetFixtures.Pair pair) throws java.io.IOException {
        return pair.client().recv(1);
    }

    @Test
    @Spec("DBG2")
    void formatHubTimers_withStacks_showWhereEachWasScheduled() {
        Evy.run(
                () -> {
                    Timer plain = Hub.current().schedule(HOUR, () -> {});
                    assertThat(Debug.formatHubTimers())
                            .startsWith("TIMERS:\n")
                            .contains("on " + Hub.current().name())
                            .doesNotContain("DebugTest.scheduleHere");
                    Debug.hubTimerStacks(true);
                    Timer known = scheduleHere();
                    var asleep = waiting(() -> Evy.sleep(HOUR));

                    assertThat(Debug.formatHubTimers())
                            .contains("DebugTest.scheduleHere")
                            .contains("time limit of " + asleep + " waits for sleep");
                    assertThat(Debug.hubTimersJson()).contains("DebugTest.scheduleHere");
                    plain.cancel();
                    known.cancel();
                    asleep.kill();
                });
    }

    private static Timer scheduleHere() {
        return Hub.current().schedule(HOUR, () -> {});
    }

    @Test
    @Spec("DBG3")
    void hubExceptions_on_failureIsPrintedAndStillThrownToWhoJoins() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));

        Debug.hubExceptions(true);
        assertThatThrownBy(() -> Evy.run(() -> Evy.spawn(DebugTest::failHere).join()))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("gone");

        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("NoSuchElementException: gone")
                .contains("DebugTest.failHere");
    }

    @Test
    @Spec("DBG3")
    void hubExceptions_off_onlyWhatNobodyElseGetsIsPrinted() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThatThrownBy(() -> Evy.run(() -> Evy.spawn(DebugTest::failHere).join()))
                .isInstanceOf(NoSuchElementException.class);
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
        Evy.run(
                () -> {
                    Evy.spawnN(DebugTest::failHere);
                    NetFixtures.settle();
                });

        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("gone");
    }

    private static void failHere() {
        throw new NoSuchElementException("gone");
    }

    @Test
    @Spec("DBG3")
    void tpoolExceptions_on_arePrintedToo() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        Debug.tpoolExceptions(true);

        assertThatThrownBy(
                        () ->
                                Evy.run(
                                        () ->
                                                Tpool.execute(
                                                        () -> {
                                                            failHere();
                                                            return 1;
                                                        })))
                .isInstanceOf(NoSuchElementException.class);

        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("gone");
    }

    @Test
    @Spec({"DBG5", "HUB14"})
    void hubPreventMultipleReaders_off_letsTwoRead() throws Exception {
        Debug.hubPreventMultipleReaders(false);
        Evy.run(
                () -> {
                    try (NetFixtures.Pair pair = NetFixtures.Pair.open()) {
                        var first = waiting(() -> pair.client().recv(1));
                        var second = waiting(() -> pair.client().recv(1));
                        pair.server().sendAll(new byte[] {1, 2});

                        first.join();
                        second.join();
                    }
                });
        Debug.hubPreventMultipleReaders(true);
        Evy.run(
                () -> {
                    try (NetFixtures.Pair pair = NetFixtures.Pair.open()) {
                        var first = waiting(() -> pair.client().recv(1));

                        assertThatThrownBy(() -> pair.client().recv(1))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining(first.toString());
                        first.kill();
                    }
                });
    }

    @Test
    @Spec("DBG5")
    void formatThreadsInfo_hubs_areNamedAsSuch() {
        Hub hub = Hub.getDefault();

        assertThat(Debug.formatThreadsInfo())
                .startsWith("THREADS:\n")
                .contains("'" + hub.name() + "' ")
                .contains(", hub (" + hub.kind() + ") of ")
                .contains("'" + Thread.currentThread().getName() + "'");
    }

    @Test
    void mBean_registered_answersByJmx() throws Exception {
        var server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName(Debug.MBEAN_NAME);
        try (AutoCloseable _ = Debug.registerMBean()) {
            Object dump = server.invoke(name, "dump", new Object[0], new String[0]);

            assertThat((String) dump)
                    .contains("GREEN THREADS: ", "READERS:", "TIMERS:", "THREADS:");
            assertThat((String) server.getAttribute(name, "HubTimers")).startsWith("TIMERS:");
            assertThatThrownBy(Debug::registerMBean).isInstanceOf(IllegalStateException.class);
        }
        assertThat(server.isRegistered(name)).isFalse();
    }

    @Test
    void mBean_listings_areThoseOfDebug() throws Exception {
        var server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName(Debug.MBEAN_NAME);
        var waits = Evy.spawn(() -> Evy.sleep(HOUR));
        Evy.spawn(Evy::yield).join();
        try (AutoCloseable _ = Debug.registerMBean()) {
            String[] flag = {"boolean"};
            assertThat((String) server.invoke(name, "greenThreads", new Object[] {true}, flag))
                    .contains("#" + waits.thread().threadId() + " WAITING")
                    .contains("    at ");
            assertThat((String) server.invoke(name, "greenThreadsJson", new Object[] {false}, flag))
                    .startsWith("{\"")
                    .contains("\"id\":" + waits.thread().threadId());
            assertThat((String) server.getAttribute(name, "HubListeners")).startsWith("READERS:");
            assertThat((String) server.getAttribute(name, "HubBlocks")).isNotNull();
            assertThat((String) server.getAttribute(name, "Threads")).startsWith("THREADS:");
        } finally {
            waits.kill();
        }
    }

    @Test
    void mBean_switches_areThoseOfDebug() throws Exception {
        var server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName(Debug.MBEAN_NAME);
        try (AutoCloseable _ = Debug.registerMBean()) {
            String[] flag = {"boolean"};
            Object[] on = {true};
            server.invoke(name, "spawnStacks", on, flag);
            server.invoke(name, "hubTimerStacks", on, flag);
            server.invoke(name, "hubListenerStacks", on, flag);
            var waits = Evy.spawn(() -> Evy.sleep(HOUR));
            Evy.spawn(Evy::yield).join();
            assertThat(infoOf(waits).spawnedAt()).isNotEmpty();
            assertThat((String) server.getAttribute(name, "HubTimers")).contains("    at ");
            waits.kill();

            Object[] off = {false};
            server.invoke(name, "spawnStacks", off, flag);
            var next = Evy.spawn(() -> Evy.sleep(HOUR));
            assertThat(infoOf(next).spawnedAt()).isEmpty();
            next.kill();

            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
            server.invoke(name, "hubExceptions", on, flag);
            server.invoke(name, "tpoolExceptions", on, flag);
            assertThatThrownBy(() -> Evy.spawn(DebugTest::failHere).join()).isNotNull();
            assertThatThrownBy(
                            () ->
                                    Tpool.execute(
                                            () -> {
                                                throw new IllegalStateException("off the hub");
                                            }))
                    .hasMessage("off the hub");
            assertThat(printed.toString(StandardCharsets.UTF_8))
                    .contains("DebugTest.failHere", "off the hub");
        }
    }

    @Test
    void mBean_hubBlockingDetection_isTurnedOnAndOff() throws Exception {
        var server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName(Debug.MBEAN_NAME);
        try (AutoCloseable _ = Debug.registerMBean()) {
            String[] types = {"boolean", "long"};

            server.invoke(name, "hubBlockingDetection", new Object[] {true, 20_000L}, types);
            assertThat(Debug.overview().watched()).isTrue();
            server.invoke(name, "hubBlockingDetection", new Object[] {false, 0L}, types);
            assertThat(Debug.overview().watched()).isFalse();
        }
    }

    @Test
    void spew_withoutTheAgent_saysHowToStartIt() {
        assertThatThrownBy(() -> Debug.spew("com.acme"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("agent");
        assertThatCode(Debug::unspew).doesNotThrowAnyException();
    }

    @Test
    void greenThreads_waitWithReasonThatFails_isToldAllTheSame() {
        Evy.run(
                () -> {
                    Object reason =
                            new Object() {
                                @Override
                                public String toString() {
                                    throw new IllegalStateException("ill");
                                }
                            };
                    var waits = waiting(() -> Waiter.current(reason).await());

                    assertThat(infoOf(waits).waitsFor()).contains("ill");
                    waits.kill();
                });
    }

    @Test
    void greenThreads_monitor_isToldAsBlocked() throws Exception {
        Object monitor = new Object();
        try (Hub hub = Hub.open()) {
            GreenThread<?> blocked;
            synchronized (monitor) {
                blocked =
                        Evy.spawn(
                                hub,
                                () -> {
                                    synchronized (monitor) {
                                        return "in";
                                    }
                                });
                assertThat(awaitInfo(blocked, GreenThreadState.BLOCKED).kind())
                        .isEqualTo("monitor");
            }
            assertThat(blocked.join()).isEqualTo("in");
        }
    }
}
