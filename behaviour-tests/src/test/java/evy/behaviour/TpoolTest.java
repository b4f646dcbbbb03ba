package evy.behaviour;

import static evy.behaviour.GreenPoolTest.awaitUntil;
import static evy.behaviour.GreenPoolTest.behind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;
import evy.testkit.ManualHub;
import evy.testkit.Spec;
import evy.testkit.internal.ChildCoverage;
import evy.tpool.Tpool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

@ExtendWith(LeakCheckExtension.class)
class TpoolTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final long PATIENCE_SECONDS = 20;

    @AfterEach
    void restore() throws InterruptedException {
        Tpool.killAll();
        Tpool.setNumThreads(Tpool.DEFAULT_SIZE);
    }

    private static List<Thread> workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("evy-tpool-"))
                .toList();
    }

    @Test
    @Spec({"TP1", "TP3"})
    void execute_anyCall_runsInANativeDaemonThread() throws Exception {
        Evy.run(
                () -> {
                    Thread caller = Thread.currentThread();

                    Thread worker = Tpool.execute(Thread::currentThread);

                    assertThat(worker).isNotSameAs(caller);
                    assertThat(worker.isVirtual()).isFalse();
                    assertThat(worker.isDaemon()).isTrue();
                    assertThat(worker.getName()).matches("evy-tpool-\\d+");
                    assertThat(Thread.currentThread()).isSameAs(caller);
                });
    }

    @Test
    @Spec("TP1")
    void execute_callBlocks_onlyTheCallerWaits() throws Exception {
        Evy.run(
                () -> {
                    var gate = new CountDownLatch(1);
                    var order = Collections.synchronizedList(new ArrayList<String>());
                    var caller =
                            Evy.spawn(
                                    () -> {
                                        String result = Tpool.execute(behind(gate, "result"));
                                        order.add("caller");
                                        return result;
                                    });
                    Evy.yield();

                    order.add("other");
                    gate.countDown();

                    assertThat(caller.join()).isEqualTo("result");
                    assertThat(order).containsExactly("other", "caller");
                });
    }

    @Test
    @Spec("TP1")
    void execute_platformThreadAndOtherHub_workToo() throws Exception {
        assertThat(Tpool.execute(() -> 1)).isEqualTo(1);
        try (var hub = Hub.open()) {
            var caller =
                    Evy.spawn(
                            hub,
                            () -> {
                                int result = Tpool.execute(() -> 2);
                                assertThat(Hub.current()).isSameAs(hub);
                                return result;
                            });
            assertThat(caller.join()).isEqualTo(2);
        }
    }

    @Test
    @Spec("TP1")
    void execute_hubsCallback_isRefused() throws Exception {
        Throwable refusal =
                Hub.getDefault().call(() -> catchThrowable(() -> Tpool.execute(() -> 1)));

        assertThat(refusal)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("callback");
    }

    @Test
    @Spec("TP1")
    void execute_asManyCallsAsThreads_runAllAtOnce() throws Exception {
        Evy.run(
                () -> {
                    var all = new CountDownLatch(Tpool.DEFAULT_SIZE);
                    var callers = new ArrayList<GreenThread<Boolean>>();

                    for (int i = 0; i < Tpool.DEFAULT_SIZE; i++) {
                        callers.add(Evy.spawn(() -> Tpool.execute(() -> meet(all))));
                    }

                    for (var caller : callers) {
                        assertThat(caller.join()).isTrue();
                    }
                    assertThat(workers()).hasSize(Tpool.DEFAULT_SIZE);
                });
    }

    private static boolean meet(CountDownLatch all) throws InterruptedException {
        all.countDown();
        return all.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    @Spec("TP1")
    void execute_twoCallsAndOneIdleThread_runBothAtOnce() throws Exception {
        Evy.run(
                () -> {
                    for (int i = 0; i < 10; i++) {
                        Tpool.killAll();
                        Thread only = Tpool.execute(Thread::currentThread);
                        awaitUntil("idle", () -> only.getState() == Thread.State.WAITING);
                        var both = new CountDownLatch(2);

                        var first = Evy.spawn(() -> Tpool.execute(() -> meet(both)));
                        var second = Evy.spawn(() -> Tpool.execute(() -> meet(both)));

                        assertThat(first.join()).isTrue();
                        assertThat(second.join()).isTrue();
                    }
                });
    }

    @Test
    @Spec("TP1")
    void numThreads_nothingConfigured_is20AndNoneIsStartedBeforeUse() throws Exception {
        assertThat(child(Map.of(), "default"))
                .containsExactly("size 20", "threads 0", "result 42", "threads 1");
    }

    @Test
    @Spec({"TP1", "ENV1"})
    void numThreads_variableSet_isThat() throws Exception {
        assertThat(child(Map.of(Tpool.SIZE_VARIABLE, "3"), "crowd"))
                .containsExactly("size 3", "threads 3", "most at once 3");
    }

    @Test
    @Spec({"TP1", "ENV1"})
    void numThreads_propertySet_winsOverVariable() throws Exception {
        var variable = Map.of(Tpool.SIZE_VARIABLE, "2");

        assertThat(child(variable, "crowd", "-D" + Tpool.SIZE_PROPERTY + "=3"))
                .containsExactly("size 3", "threads 3", "most at once 3");
    }

    @Test
    @Spec({"TP3", "ENV1"})
    void numThreads_badProperty_throwsNamingIt() throws Exception {
        assertThat(child(Map.of(), "bad", "-D" + Tpool.SIZE_PROPERTY + "=1e3"))
                .containsExactly(
                        "IllegalArgumentException: evy.threadpool.size must be a whole number"
                                + " >= 0: '1e3'");
    }

    @Test
    @Spec("TP2")
    void execute_callBlocks_otherYieldsThousandTimes() throws Exception {
        Evy.run(
                () -> {
                    var done = new CountDownLatch(1);
                    var yields = new AtomicInteger();
                    var call =
                            Evy.spawn(
                                    () ->
                                            Tpool.execute(
                                                    () ->
                                                            done.await(
                                                                    PATIENCE_SECONDS,
                                                                    TimeUnit.SECONDS)));

                    for (int i = 0; i < 1000; i++) {
                        Evy.yield();
                        yields.incrementAndGet();
                    }
                    assertThat(call.isDone()).isFalse();
                    done.countDown();

                    assertThat(call.join()).isTrue();
                    assertThat(yields).hasValue(1000);
                });
    }

    @Test
    @Spec("TP3")
    void execute_sizeZero_runsInTheCallerWithOneWarning() throws Exception {
        var lines = child(Map.of(Tpool.SIZE_VARIABLE, "0"), "zero");

        assertThat(lines).contains("in the caller", "in the caller again", "threads 0");
        assertThat(lines.stream().filter(line -> line.contains(Tpool.SIZE_VARIABLE))).hasSize(1);
    }

    @Test
    @Spec("TP3")
    void setNumThreads_beforeFirstUse_isVisibleAtOnce() throws Exception {
        assertThat(child(Map.of(Tpool.SIZE_VARIABLE, "7"), "set"))
                .containsExactly("size 5", "threads 0");
    }

    @Test
    @Spec("TP3")
    void setNumThreads_negative_throwsAndChangesNothing() {
        assertThatThrownBy(() -> Tpool.setNumThreads(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");

        assertThat(Tpool.numThreads()).isEqualTo(Tpool.DEFAULT_SIZE);
    }

    @Test
    @Spec({"TP3", "ENV1"})
    void numThreads_badVariable_throwsNamingIt() throws Exception {
        for (String bad : List.of("-1", "many", "")) {
            assertThat(child(Map.of(Tpool.SIZE_VARIABLE, bad), "bad"))
                    .containsExactly(
                            "IllegalArgumentException: EVY_THREADPOOL_SIZE must be a whole number"
                                    + (" >= 0: '" + bad + "'"));
        }
    }

    @Test
    @Spec("TP3")
    void setNumThreads_zero_runsInTheCaller() throws Exception {
        Evy.run(
                () -> {
                    Tpool.setNumThreads(0);

                    assertThat(Tpool.execute(Thread::currentThread))
                            .isSameAs(Thread.currentThread());
                    assertThat(Tpool.numThreads()).isZero();
                });
    }

    @Test
    @Spec("TP3")
    void setNumThreads_larger_startsThreadsForWhatWaits() throws Exception {
        Evy.run(
                () -> {
                    Tpool.setNumThreads(1);
                    var both = new CountDownLatch(2);
                    var first = Evy.spawn(() -> Tpool.execute(() -> meet(both)));
                    var second = Evy.spawn(() -> Tpool.execute(() -> meet(both)));
                    Evy.yield();

                    Tpool.setNumThreads(2);

                    assertThat(first.join()).isTrue();
                    assertThat(second.join()).isTrue();
                });
    }

    @Test
    @Spec("TP3")
    void setNumThreads_smaller_surplusThreadsEnd() throws Exception {
        Evy.run(
                () -> {
                    var all = new CountDownLatch(4);
                    var callers = new ArrayList<GreenThread<Boolean>>();
                    for (int i = 0; i < 4; i++) {
                        callers.add(Evy.spawn(() -> Tpool.execute(() -> meet(all))));
                    }
                    for (var caller : callers) {
                        caller.join();
                    }
                    assertThat(workers()).hasSize(4);

                    Tpool.setNumThreads(1);

                    awaitUntil("surplus threads end", () -> workers().size() == 1);
                    assertThat(Tpool.execute(() -> 1)).isEqualTo(1);
                });
    }

    @Test
    @Spec("TP4")
    void execute_insideThePool_runsDirectly() throws Exception {
        Evy.run(
                () -> {
                    Tpool.setNumThreads(1);

                    Callable<Thread> inner = () -> Tpool.execute(Thread::currentThread);
                    Callable<Boolean> outer = () -> Tpool.execute(inner) == Thread.currentThread();
                    boolean same = Tpool.execute(outer);

                    assertThat(same).isTrue();
                });
    }

    @Test
    @Spec("TP5")
    void execute_anyValue_arrivesUnchanged() throws Exception {
        Evy.run(
                () -> {
                    var failure = new IllegalStateException("a value");
                    var values = new ArrayList<Object>();
                    values.add(null);
                    values.add(1);
                    values.add("text");
                    values.add(failure);
                    values.add(new GreenThreadExit("a value"));
                    values.add(new Object[] {IOException.class, failure, null});
                    values.add(List.of(1, failure, 3));

                    for (Object value : values) {
                        Object got = Tpool.execute(() -> value);
                        assertThat(got).isSameAs(value);
                    }
                });
    }

    @Test
    @Spec("TP6")
    void execute_callThrows_sameExceptionWithItsRemoteStack() throws Exception {
        Evy.run(
                () -> {
                    Throwable[] made = new Throwable[1];

                    Throwable seen =
                            catchThrowable(
                                    () ->
                                            Tpool.execute(
                                                    () -> {
                                                        made[0] = failure();
                                                        throw (IOException) made[0];
                                                    }));

                    assertThat(seen)
                            .isSameAs(made[0])
                            .isExactlyInstanceOf(IOException.class)
                            .hasMessage("remote");
                    assertThat(seen.getStackTrace()[0].getMethodName()).isEqualTo("failure");
                    assertThat(seen.getStackTrace())
                            .anyMatch(frame -> frame.getClassName().contains("Tpool$Worker"));
                });
    }

    private static IOException failure() {
        return new IOException("remote");
    }

    @Test
    @Spec("TP6")
    void execute_callThrowsTimeout_travels() throws Exception {
        Evy.run(
                () -> {
                    var thrown = new Timeout(null);

                    Throwable seen =
                            catchThrowable(
                                    () ->
                                            Tpool.execute(
                                                    () -> {
                                                        throw thrown;
                                                    }));

                    assertThat(seen).isSameAs(thrown);
                });
    }

    @Test
    @Spec("TP7")
    void execute_timeoutOfCaller_freesItAtOnceAndDropsTheResult() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        manual.clock().setJumping(false);
                        var begun = new CountDownLatch(1);
                        var gate = new CountDownLatch(1);
                        var late = new CountDownLatch(1);
                        Callable<String> call =
                                () -> {
                                    begun.countDown();
                                    gate.await();
                                    late.countDown();
                                    return "late";
                                };
                        var caller =
                                Evy.spawn(
                                        () ->
                                                Timeout.call(
                                                        HOUR,
                                                        () -> Tpool.execute(call),
                                                        "timed out"));
                        begun.await();

                        manual.clock().setJumping(true);

                        assertThat(caller.join()).isEqualTo("timed out");
                        assertThat(late.getCount()).isEqualTo(1); // goes on, and is not there yet
                        var next = Evy.spawn(() -> Tpool.execute(() -> "next"));
                        gate.countDown();
                        late.await();
                        assertThat(next.join()).isEqualTo("next");
                        assertThat(Tpool.execute(() -> "after")).isEqualTo("after");
                    });
        }
    }

    @Test
    @Spec("TP7")
    void execute_killedCaller_isFreedAtOnce() throws Exception {
        Evy.run(
                () -> {
                    var gate = new CountDownLatch(1);
                    var begun = new CountDownLatch(1);
                    var interrupted = new AtomicBoolean();
                    var caller =
                            Evy.spawn(
                                    () ->
                                            Tpool.execute(
                                                    () -> {
                                                        begun.countDown();
                                                        try {
                                                            gate.await();
                                                        } catch (InterruptedException e) {
                                                            interrupted.set(true);
                                                        }
                                                        return 1;
                                                    }));
                    begun.await();

                    caller.kill();

                    assertThat(caller.isCancelled()).isTrue();
                    gate.countDown();
                    Tpool.killAll();
                    assertThat(interrupted).isFalse();
                });
    }

    @Test
    @Spec("TP7")
    void execute_timeoutBeforeTheCallBegan_itNeverRuns() throws Exception {
        try (var manual = ManualHub.open()) {
            manual.run(
                    () -> {
                        Tpool.setNumThreads(1);
                        var gate = new CountDownLatch(1);
                        var ran = new AtomicBoolean();
                        var busy = Evy.spawn(() -> Tpool.execute(behind(gate, 1)));
                        Evy.yield();

                        boolean done =
                                Timeout.run(HOUR, () -> Tpool.execute(() -> ran.getAndSet(true)));
                        gate.countDown();
                        busy.join();
                        Tpool.killAll();

                        assertThat(done).isFalse();
                        assertThat(ran).isFalse();
                    });
        }
    }

    @Test
    @Spec("TP8")
    void killAll_queuedCalls_areFinishedFirst() throws Exception {
        Evy.run(
                () -> {
                    Tpool.setNumThreads(1);
                    var gate = new CountDownLatch(1);
                    var callers = new ArrayList<GreenThread<Integer>>();
                    for (int i = 0; i < 3; i++) {
                        int number = i;
                        callers.add(Evy.spawn(() -> Tpool.execute(behind(gate, number))));
                    }
                    Evy.yield();
                    List<Thread> before = workers();
                    assertThat(before).hasSize(1);
                    var killer = Evy.spawn(() -> Tpool.killAll());
                    Evy.yield();
                    assertThat(killer.isDone()).isFalse();

                    gate.countDown();
                    killer.join();

                    assertThat(before.getFirst().isAlive()).isFalse();
                    for (int i = 0; i < 3; i++) {
                        assertThat(callers.get(i).join()).isEqualTo(i);
                    }
                });
    }

    @Test
    @Spec("TP8")
    void killAll_thenUse_startsAgain() throws Exception {
        Evy.run(
                () -> {
                    Thread before = Tpool.execute(Thread::currentThread);

                    Tpool.killAll();
                    Tpool.killAll();

                    assertThat(before.isAlive()).isFalse();
                    assertThat(workers()).isEmpty();
                    Thread after = Tpool.execute(Thread::currentThread);
                    assertThat(after).isNotSameAs(before);
                    assertThat(after.isAlive()).isTrue();
                });
    }

    @Test
    @Spec("TP8")
    void killAll_amongCalls_losesNone() throws Exception {
        long seed = new Random().nextLong();
        try {
            Evy.run(() -> callAndKill(new Random(seed)));
        } catch (Throwable t) {
            throw new AssertionError("seed " + seed, t);
        }
    }

    private static void callAndKill(Random random) throws InterruptedException {
        var callers = new ArrayList<GreenThread<Integer>>();
        for (int i = 0; i < 200; i++) {
            int number = i;
            int pause = random.nextInt(50_000);
            callers.add(
                    Evy.spawn(
                            () ->
                                    Tpool.execute(
                                            () -> {
                                                LockSupport.parkNanos(pause);
                                                return number;
                                            })));
            if (random.nextInt(20) == 0) {
                Tpool.setNumThreads(1 + random.nextInt(4));
            }
            if (random.nextInt(10) == 0) {
                Tpool.killAll();
            }
        }
        for (int i = 0; i < callers.size(); i++) {
            GreenThread<Integer> caller = callers.get(i);
            int result = Timeout.call(Duration.ofSeconds(PATIENCE_SECONDS), caller::join, -1);
            assertThat(result).isEqualTo(i);
        }
    }

    @Test
    @Spec("TP9")
    void execute_oneThreadBusy_callsOfAllGreenThreadsGoToTheOther() throws Exception {
        Evy.run(
                () -> {
                    Tpool.setNumThreads(2);
                    var gate = new CountDownLatch(1);
                    var busy = Evy.spawn(() -> Tpool.execute(behind(gate, "busy")));
                    Evy.yield();
                    var callers = new ArrayList<GreenThread<Thread>>();
                    for (int i = 0; i < 10; i++) {
                        callers.add(Evy.spawn(() -> Tpool.execute(Thread::currentThread)));
                    }

                    var used = callers.stream().map(GreenThread::join).distinct().toList();

                    assertThat(used).hasSize(1);
                    assertThat(busy.isDone()).isFalse();
                    gate.countDown();
                    assertThat(busy.join()).isEqualTo("busy");
                });
    }

    @Test
    @Spec("TP10")
    void execute_tenGreenThreadsHundredCallsEach_getTheirOwnToken() throws Exception {
        long seed = new Random().nextLong();
        Evy.run(
                () -> {
                    var callers = new ArrayList<GreenThread<Boolean>>();
                    for (int i = 0; i < 10; i++) {
                        int caller = i;
                        callers.add(Evy.spawn(() -> callMany(caller, new Random(seed + caller))));
                    }

                    for (var caller : callers) {
                        assertThat(caller.join()).as("seed " + seed).isTrue();
                    }
                });
    }

    private static boolean callMany(int caller, Random random) throws Exception {
        for (int i = 0; i < 100; i++) {
            String token = caller + "/" + i;
            int pause = random.nextInt(200_000);
            String got =
                    Tpool.execute(
                            () -> {
                                LockSupport.parkNanos(pause);
                                return token;
                            });
            if (got != token) {
                return false;
            }
        }
        return true;
    }

    @Test
    @Spec("TP10")
    void execute_manyFailingCalls_leaveNoGarbage() throws Exception {
        Evy.run(
                () -> {
                    var left = new ArrayList<WeakReference<Throwable>>();

                    for (int i = 0; i < 5; i++) {
                        left.addAll(failAtOnce(Tpool.DEFAULT_SIZE));
                    }

                    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
                    long alive = left.size();
                    while (alive >= 10 && System.nanoTime() - end < 0) {
                        System.gc();
                        alive = left.stream().filter(failure -> failure.get() != null).count();
                    }
                    assertThat(alive).isLessThan(10);
                });
    }

    private static List<WeakReference<Throwable>> failAtOnce(int calls) {
        var all = new CountDownLatch(calls);
        var callers = new ArrayList<GreenThread<Throwable>>();
        for (int i = 0; i < calls; i++) {
            callers.add(
                    Evy.spawn(
                            () ->
                                    catchThrowable(
                                            () ->
                                                    Tpool.execute(
                                                            () -> {
                                                                meet(all);
                                                                throw new IOException("intended");
                                                            }))));
        }
        return callers.stream().map(caller -> new WeakReference<>(caller.join())).toList();
    }

    @Test
    @Spec("TP11")
    void execute_defaultSocketTimeouts_doNotTouchTheWakeUp() throws Exception {
        // Java's counterpart of setdefaulttimeout
        var names =
                List.of(
                        "sun.net.client.defaultReadTimeout",
                        "sun.net.client.defaultConnectTimeout");
        try {
            names.forEach(name -> System.setProperty(name, "1"));
            Evy.run(
                    () -> {
                        Tpool.killAll();

                        int result =
                                Tpool.execute(
                                        () -> {
                                            LockSupport.parkNanos(20_000_000);
                                            return 1;
                                        });

                        assertThat(result).isEqualTo(1);
                    });
        } finally {
            names.forEach(System::clearProperty);
        }
    }

    @Test
    @Spec("TP12")
    void execute_callThrowsError_isDeliveredAndTheThreadLives() throws Exception {
        Evy.run(
                () -> {
                    Tpool.setNumThreads(1);
                    Thread worker = Tpool.execute(Thread::currentThread);

                    for (Throwable failure :
                            List.of(
                                    new Error("intended"),
                                    new OutOfMemoryError("intended"),
                                    new StackOverflowError("intended"),
                                    new InterruptedException("intended"),
                                    new GreenThreadExit("intended"),
                                    new Throwable("intended"))) {
                        Throwable seen =
                                catchThrowable(
                                        () ->
                                                Tpool.execute(
                                                        () -> {
                                                            throw Greenlet.<Exception>thrown(
                                                                    failure);
                                                        }));

                        assertThat(seen).isSameAs(failure);
                    }
                    assertThat(Tpool.execute(Thread::currentThread)).isSameAs(worker);
                });
    }

    @Test
    @Spec("TP12")
    void execute_callLeavesInterruptBehind_theThreadLives() throws Exception {
        Evy.run(
                () -> {
                    Tpool.setNumThreads(1);

                    Thread worker =
                            Tpool.execute(
                                    () -> {
                                        Thread.currentThread().interrupt();
                                        return Thread.currentThread();
                                    });

                    assertThat(Tpool.execute(Thread::currentThread)).isSameAs(worker);
                });
    }

    /** Runs {@link Child} in a JVM of its own. */
    private static List<String> child(Map<String, String> variables, String what, String... flags)
            throws IOException, InterruptedException {
        var arguments = new ArrayList<String>();
        arguments.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        arguments.addAll(ChildCoverage.flags());
        arguments.addAll(List.of(flags));
        arguments.addAll(
                List.of(
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "-ea",
                        "-XX:TieredStopAtLevel=1",
                        "-Dstdout.encoding=UTF-8",
                        "-Devy.hub=" + Hub.getDefault().kind(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        what));
        var command = new ProcessBuilder(arguments);
        command.environment().remove(Tpool.SIZE_VARIABLE);
        command.environment().remove("JAVA_TOOL_OPTIONS");
        command.environment().putAll(variables);
        Process process = command.redirectErrorStream(true).start();
        try (var out = process.getInputStream()) {
            process.getOutputStream().close();
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
            return text.lines().toList();
        }
    }

    /** What has to begin with a fresh JVM; prints what it sees. */
    static final class Child {
        private Child() {}

        public static void main(String... args) throws Exception {
            switch (args[0]) {
                case "default" -> {
                    print("size " + Tpool.numThreads());
                    print("threads " + workers().size());
                    print("result " + Evy.<Integer>run(() -> Tpool.execute(() -> 42)));
                    print("threads " + workers().size());
                }
                case "crowd" -> crowd();
                case "zero" -> Evy.run(Child::zero);
                case "set" -> {
                    Tpool.setNumThreads(5);
                    print("size " + Tpool.numThreads());
                    print("threads " + workers().size());
                }
                case "bad" -> {
                    var refusal = catchThrowable(() -> Tpool.execute(() -> 1));
                    print(refusal.getClass().getSimpleName() + ": " + refusal.getMessage());
                }
                default -> throw new IllegalArgumentException(args[0]);
            }
        }

        private static void crowd() {
            print("size " + Tpool.numThreads());
            var running = new AtomicInteger();
            var most = new AtomicInteger();
            var three = new CountDownLatch(3);
            var callers = new ArrayList<GreenThread<Boolean>>();
            for (int i = 0; i < 9; i++) {
                callers.add(
                        Evy.spawn(
                                () ->
                                        Tpool.execute(
                                                () -> {
                                                    int now = running.incrementAndGet();
                                                    most.accumulateAndGet(now, Math::max);
                                                    boolean met = meet(three);
                                                    running.decrementAndGet();
                                                    return met;
                                                })));
            }
            boolean allMet = callers.stream().allMatch(GreenThread::join);
            print("threads " + workers().size());
            print("most at once " + (allMet ? most.get() : -1));
        }

        private static void zero() throws Exception {
            Thread me = Thread.currentThread();
            print(Tpool.execute(Thread::currentThread) == me ? "in the caller" : "elsewhere");
            print(Tpool.execute(Thread::currentThread) == me ? "in the caller again" : "elsewhere");
            print("threads " + workers().size());
        }

        private static void print(String line) {
            System.out.println(line);
        }
    }
}
