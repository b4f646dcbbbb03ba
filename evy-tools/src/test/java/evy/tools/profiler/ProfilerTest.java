package evy.tools.profiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.hubs.Hub;
import evy.sync.Event;
import evy.sync.GreenQueue;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Profiles of programs whose doings are known. */
@ExtendWith(LeakCheckExtension.class)
class ProfilerTest {
    private static final ProfilerOptions OPTIONS =
            ProfilerOptions.DEFAULT.withPeriod(Duration.ofMillis(1));

    private static double result;

    @TempDir Path folder;

    /* Its threads stay, and its classes take a second to load. */
    @BeforeAll
    static void startFlightRecorder() throws Exception {
        Profiler.attach(OPTIONS, Duration.ZERO);
        Profiler.detach();
    }

    @AfterEach
    void detach() throws IOException {
        if (Profiler.isAttached()) {
            Profiler.detach();
        }
    }

    /* By the CPU time of the hub's thread: on a machine with much to do the clock says little. */
    private static void compute(int millis) {
        var threads = ManagementFactory.getThreadMXBean();
        long hub = Hub.current().carrier().threadId();
        long end = threads.getThreadCpuTime(hub) + Duration.ofMillis(millis).toNanos();
        while (threads.getThreadCpuTime(hub) < end) {
            for (int i = 0; i < 20_000; i++) {
                result += Math.sqrt(result + i); // much, as calls of the JVM give no samples
            }
        }
    }

    private static void computeMuch() {
        compute(30);
    }

    private static void computeLittle() {
        compute(10);
    }

    private static void rest() {
        Evy.sleep(Duration.ofMillis(20));
    }

    private static FunctionTime function(Profile profile, String name, boolean withWaits) {
        String full = ProfilerTest.class.getName() + "." + name;
        return profile.functions(withWaits).stream()
                .filter(f -> f.name().equals(full))
                .findFirst()
                .orElseThrow(() -> new AssertionError(full + " in " + profile.text(true, false)));
    }

    private static GreenThreadTime thread(Profile profile, String name) {
        return profile.greenThreads().stream()
                .filter(t -> t.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " in " + profile.text(true, false)));
    }

    private static GreenThread<?> named(String name, GreenThread<?> thread) {
        thread.thread().setName(name);
        return thread;
    }

    private static Profile profileOfTwo() throws Exception {
        Profiler.attach(OPTIONS, Duration.ZERO);
        Evy.run(
                () -> {
                    GreenThread<?> much = Evy.spawn(() -> repeat(ProfilerTest::computeMuch));
                    GreenThread<?> little = Evy.spawn(() -> repeat(ProfilerTest::computeLittle));
                    named("much", much).join();
                    named("little", little).join();
                    return 0;
                });
        return Profiler.detach();
    }

    private static int repeat(Runnable compute) {
        for (int i = 0; i < 4; i++) {
            compute.run();
            rest();
        }
        return 0;
    }

    @Test
    @Spec("PROF1")
    void profile_twoGreenThreadsOfOneHub_chargesEachWhatItComputed() throws Exception {
        Profile profile = profileOfTwo();

        long much = function(profile, "computeMuch", false).cumulative().toMillis();
        long little = function(profile, "computeLittle", false).cumulative().toMillis();
        assertThat(much).isBetween(60L, 180L); // 120
        assertThat(little).isBetween(15L, 80L); // 40
        assertThat(thread(profile, "much").cpu().toMillis()).isBetween(60L, 180L);
        assertThat(thread(profile, "little").cpu().toMillis()).isBetween(15L, 80L);
        assertThat(function(profile, "computeMuch", true).cumulative().toMillis())
                .as("no wait is in there")
                .isEqualTo(much);
    }

    @Test
    @Spec("PROF1")
    void profile_timeSwitchedOut_isWaitingAndNotCpuTime() throws Exception {
        Profile profile = profileOfTwo();

        assertThat(function(profile, "rest", true).cumulative())
                .isGreaterThanOrEqualTo(Duration.ofMillis(2 * 4 * 20));
        assertThat(function(profile, "rest", true).switches()).isEqualTo(2 * 4);
        assertThat(profile.functions(false).stream().filter(f -> f.name().endsWith(".rest")))
                .allSatisfy(f -> assertThat(f.cumulative().toMillis()).isLessThan(40));
        for (String name : List.of("much", "little")) {
            GreenThreadTime thread = thread(profile, name);
            assertThat(thread.switches()).isEqualTo(5); // four rests and the end
            assertThat(thread.waiting()).isGreaterThanOrEqualTo(Duration.ofMillis(4 * 20));
        }
        assertThat(thread(profile, "much").running())
                .isGreaterThanOrEqualTo(Duration.ofMillis(4 * 30));
    }

    @Test
    @Spec("PROF1")
    void profile_byThread_keepsTheirStacksApart() throws Exception {
        Path file = folder.resolve("stacks");
        ProfilerOptions options =
                OPTIONS.withThreads(true).withTimeBlocking(true).withCollapsed(Output.to(file));

        Profiler.profile(
                options,
                () ->
                        Evy.run(
                                () -> {
                                    named("a; b", Evy.spawn(() -> repeat(() -> compute(5)))).join();
                                    return 0;
                                }));

        assertThat(Files.readString(file))
                .containsPattern("(?m)^a: b #\\d+;.*repeat;.*compute.* \\d+$")
                .containsPattern("(?m)^a: b #\\d+;.*rest;.*\\[sleep] \\d+$");
    }

    @Test
    @Spec("PROF1")
    void profile_waits_saysWhatFor() throws Exception {
        Profiler.attach(OPTIONS, Duration.ZERO);
        Evy.run(
                () -> {
                    GreenQueue<Integer> queue = new GreenQueue<>();
                    ReentrantLock lock = new ReentrantLock();
                    Object monitor = new Object();
                    GreenThread<?> taker = Evy.spawn(queue::take);
                    GreenThread<?> holder = Evy.spawn(() -> hold(lock, monitor));
                    GreenThread<?> locker = Evy.spawn(() -> lockAndUnlock(lock));
                    GreenThread<?> entrant = Evy.spawn(() -> enter(monitor));
                    try (var server = Evy.listen(0)) {
                        GreenThread<?> acceptor = Evy.spawn(() -> server.accept().close());
                        rest();
                        try (var client = Evy.connect(server.getLocalSocketAddress())) {
                            acceptor.join();
                        }
                    }
                    queue.put(1);
                    for (GreenThread<?> thread : List.of(taker, holder, locker, entrant)) {
                        thread.join();
                    }
                    return 0;
                });
        Profile profile = Profiler.detach();

        assertThat(profile.waits())
                .extracting(WaitTime::kind)
                .contains("queue", "lock", "monitor", "read", "sleep", "join");
        assertThat(profile.waits())
                .filteredOn(w -> w.kind().equals("read"))
                .allMatch(w -> w.what().startsWith("descriptor") || w.what().startsWith("channel"));
    }

    private static int hold(ReentrantLock lock, Object monitor) {
        lock.lock();
        try {
            synchronized (monitor) {
                rest();
            }
        } finally {
            lock.unlock();
        }
        return 0;
    }

    private static int lockAndUnlock(ReentrantLock lock) {
        lock.lock();
        lock.unlock();
        return 0;
    }

    private static int enter(Object monitor) {
        synchronized (monitor) {
            return 0;
        }
    }

    @Test
    @Spec("PROF1")
    void profile_waitsThatBeganBeforeAndGoOn_areCounted() throws Exception {
        Event<Integer> never = new Event<>();
        GreenThread<?> waits = named("waits", Evy.spawn(() -> never.await()));
        Evy.run(() -> 0); // it has begun

        Profiler.attach(OPTIONS, Duration.ZERO);
        Profile profile = Profiler.detach();

        assertThat(thread(profile, "waits").waiting()).isPositive();
        assertThat(profile.waits()).extracting(WaitTime::kind).contains("event");
        never.send(1);
        waits.join();
    }

    @Test
    @Spec("PROF1")
    void profile_hubsThatOpenMeanwhile_areInIt() throws Exception {
        Profiler.attach(OPTIONS, Duration.ZERO);
        try (Hub hub = Hub.open()) {
            Callable<Integer> work =
                    () -> {
                        Thread.currentThread().setName("elsewhere");
                        return repeat(() -> compute(2));
                    };
            Evy.spawn(hub, work).join();
            Profile profile = Profiler.detach();

            assertThat(thread(profile, "elsewhere").hub()).isEqualTo(hub.name());
            assertThat(profile.hubs()).extracting(HubTime::name).contains(hub.name());
        }
    }

    @Test
    @Spec("PROF1")
    void profile_hubThatIsBlockedAtTheEnd_isInItAllTheSame() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        ByteArrayOutputStream trace = new ByteArrayOutputStream();
        Profiler.attach(OPTIONS.withTrace(Output.to(trace)), Duration.ZERO);
        GreenThread<?> blocker =
                Evy.spawn(
                        () -> {
                            busy.countDown();
                            while (over.getCount() > 0) {
                                Thread.onSpinWait();
                            }
                            return 0;
                        });
        named("blocker", blocker);
        assertThat(busy.await(30, TimeUnit.SECONDS)).isTrue();

        Profile profile = Profiler.detach();
        over.countDown();
        blocker.join();

        assertThat(thread(profile, "blocker").running()).isPositive();
        assertThat(trace.toString(StandardCharsets.UTF_8))
                .contains("\"ph\":\"X\"", "\"args\":{\"name\":\"blocker\"}");
    }

    @Test
    @Spec("PROF1")
    void profile_manyShortThreads_countsAllOfThem() throws Exception {
        Profiler.attach(OPTIONS, Duration.ZERO);
        Evy.run(
                () -> {
                    for (int i = 0; i < 12_000; i++) {
                        Evy.spawnN(() -> {});
                        if (i % 100 == 0) {
                            Evy.yield();
                        }
                    }
                    Evy.yield();
                    return 0;
                });
        Profile profile = Profiler.detach();

        assertThat(profile.hubs().stream().mapToLong(HubTime::greenThreads).sum())
                .isGreaterThanOrEqualTo(12_000);
        assertThat(profile.greenThreads()).hasSizeLessThanOrEqualTo(10_001);
        assertThat(profile.greenThreads().getLast().id()).isZero();
    }

    @Test
    @Spec("PROF2")
    void profile_aCall_returnsItsResultAndWritesAllOutputs() throws Exception {
        ProfilerOptions options =
                OPTIONS.withSummary(Output.to(folder.resolve("summary")))
                        .withHtml(Output.to(folder.resolve("html")))
                        .withCollapsed(Output.to(folder.resolve("collapsed")))
                        .withTrace(Output.to(folder.resolve("trace")));

        int result =
                Evy.run(
                        () ->
                                Profiler.profile(
                                        options, () -> repeat(ProfilerTest::computeMuch) + 7));

        assertThat(result).isEqualTo(7);
        assertThat(folder.resolve("summary"))
                .content()
                .contains("computeMuch")
                .contains("own/total");
        assertThat(folder.resolve("collapsed")).content().contains("ProfilerTest.computeMuch");
        assertThat(folder.resolve("html")).content().contains("ProfilerTest.computeMuch");
        assertThat(folder.resolve("trace"))
                .content()
                .startsWith("[")
                .contains("\"ph\":\"X\"")
                .endsWith("]\n");
        assertThat(Profiler.isAttached()).isFalse();
    }

    @Test
    @Spec("PROF2")
    void profile_aCallThatFails_throwsWhatItThrewAndEnds() {
        assertThatThrownBy(
                        () ->
                                Profiler.profile(
                                        OPTIONS,
                                        () -> {
                                            throw new IOException("mine");
                                        }))
                .isInstanceOf(IOException.class)
                .hasMessage("mine");
        assertThat(Profiler.isAttached()).isFalse();
    }

    @Test
    @Spec("PROF2")
    void attach_unwritableOutput_failsBeforeAnythingBegins() {
        ProfilerOptions options = OPTIONS.withHtml(Output.to(folder.resolve("no/where")));

        assertThatThrownBy(() -> Profiler.attach(options, Duration.ZERO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no/where");
        assertThat(Profiler.isAttached()).isFalse();
    }

    @Test
    @Spec("PROF2")
    void attach_twice_saysThatOneIsUnderWay() throws Exception {
        Profiler.attach(OPTIONS, Duration.ZERO);

        assertThatThrownBy(() -> Profiler.attach(OPTIONS, Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a profile is under way since")
                .hasMessageContaining("detach()");
        assertThat(Profiler.isAttached()).isTrue();
    }

    @Test
    @Spec("PROF2")
    void detach_withoutAttach_saysThatThereIsNone() {
        assertThatThrownBy(Profiler::detach)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no profile is under way");
    }

    @Test
    void detach_outputThatFails_writesTheOthersAndSaysWhich() throws Exception {
        Path lost = Files.createDirectory(folder.resolve("lost"));
        ProfilerOptions options =
                OPTIONS.withSummary(Output.to(lost.resolve("summary")))
                        .withCollapsed(Output.to(folder.resolve("collapsed")));
        Profiler.attach(options, Duration.ZERO);
        Files.delete(lost.resolve("summary"));
        Files.delete(lost);

        assertThatThrownBy(Profiler::detach)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no profile could be written to")
                .hasMessageContaining("lost/summary");
        assertThat(folder.resolve("collapsed")).exists();
        assertThat(Profiler.isAttached()).isFalse();
    }

    @Test
    void detach_severalOutputsThatFail_tellsOfEachAndWritesTheRest() throws Exception {
        ProfilerOptions options =
                OPTIONS.withTrace(Output.to(new Full("trace full")))
                        .withSummary(Output.to(new Full("summary full")))
                        .withCollapsed(Output.to(folder.resolve("collapsed")));
        Profiler.attach(options, Duration.ZERO);
        Evy.run(() -> 0);

        Throwable thrown = catchThrowable(Profiler::detach);

        assertThat(thrown)
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "no profile could be written to a stream"
                                + " (java.io.IOException: trace full)");
        assertThat(thrown.getSuppressed())
                .singleElement()
                .satisfies(one -> assertThat(one).hasMessageContaining("summary full"));
        assertThat(folder.resolve("collapsed")).exists();
        assertThat(Profiler.isAttached()).isFalse();
    }

    @Test
    void detach_traceThatCannotBeEnded_tells() throws Exception {
        Profiler.attach(OPTIONS.withTrace(Output.to(new Full("full"))), Duration.ZERO);

        assertThatThrownBy(Profiler::detach) // no hub was seen, so nothing but the end is written
                .isInstanceOf(IOException.class)
                .hasMessageContaining("(java.io.IOException: full)");
    }

    @Test
    @Spec("PROF2")
    @ResourceLock(Resources.SYSTEM_ERR)
    void profile_withoutOptions_writesTheSummaryToStandardError() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        System.setErr(new PrintStream(shown, true, StandardCharsets.UTF_8));
        try {
            assertThat(Profiler.profile(() -> 7)).isEqualTo(7);
            assertThat(shown.toString(StandardCharsets.UTF_8)).startsWith("Profile of ");
            shown.reset();

            Profiler.attach(Duration.ZERO);
            Profile profile = Profiler.detach();

            assertThat(shown.toString(StandardCharsets.UTF_8)).startsWith("Profile of ");
            assertThat(profile)
                    .hasToString(
                            "profile of %s with %d samples"
                                    .formatted(profile.elapsed(), profile.samples()));
        } finally {
            System.setErr(before);
        }
    }

    @Test
    void attach_negativeDuration_isRefused() {
        assertThatThrownBy(() -> Profiler.attach(OPTIONS, Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("duration must be >= 0: PT-0.001S");
        assertThat(Profiler.isAttached()).isFalse();
    }

    @Test
    void attach_withDurationAndOutputThatFails_logsIt() throws Exception {
        try (Log log = new Log()) {
            Profiler.attach(OPTIONS.withSummary(Output.to(new Full("full"))), Duration.ofMillis(1));

            assertThat(log.next())
                    .isEqualTo(
                            "profile: no profile could be written to a stream"
                                    + " (java.io.IOException: full)");
        }
        awaitDetached();
    }

    @Test
    void attachOnSignal_outputThatCannotBeWritten_logsItAndBeginsNothing() throws Exception {
        ProfilerOptions options = OPTIONS.withHtml(Output.to(folder.resolve("no/where")));
        try (Log log = new Log();
                var _ = Profiler.attachOnSignal("USR2", Duration.ZERO, options)) {
            kill();

            assertThat(log.next()).startsWith("profile: no profile can be written to ");
        }
        assertThat(Profiler.isAttached()).isFalse();
    }

    @Test
    @Spec("PROF2")
    void attach_withDuration_endsByItselfAndWrites() throws Exception {
        Path file = folder.resolve("summary");

        Profiler.attach(OPTIONS.withSummary(Output.to(file)), Duration.ofMillis(20));

        awaitDetached();
        assertThat(file).content().startsWith("Profile of ");
    }

    @Test
    @Spec("PROF2")
    void attachOnSignal_sentTwice_beginsAndEndsAProfile() throws Exception {
        Path file = folder.resolve("summary");
        ProfilerOptions options = OPTIONS.withSummary(Output.to(file));
        try (var _ = Profiler.attachOnSignal("USR2", Duration.ZERO, options)) {
            kill();
            await(Profiler::isAttached);
            kill();
            awaitDetached();
        }

        assertThat(file).content().startsWith("Profile of ");
    }

    @Test
    void attachOnSignal_thatTheJvmKeeps_isRefusedByName() {
        assertThatThrownBy(() -> Profiler.attachOnSignal("QUIT", Duration.ZERO, OPTIONS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("QUIT");
    }

    @Test
    void attach_killedWhileItBegins_leavesNoProfile() throws Exception {
        GreenThread<?> attaching =
                Evy.run(
                        () -> {
                            GreenThread<?> begun = Evy.spawn(ProfilerTest::attach);
                            Evy.yield();
                            begun.kill();
                            return begun;
                        });
        if (catchThrowable(attaching::join) == null) {
            Profiler.detach(); // the kill came too late
        }

        await(ProfilerTest::canAttach);
    }

    /* The hub is held until the profile has begun; mostly the kill is seen before the result then. */
    @Test
    void attach_killedOnceItHasBegun_isTakenDown() throws Exception {
        for (int i = 0; i < 20; i++) {
            GreenThread<?> attaching =
                    Evy.run(
                            () -> {
                                GreenThread<?> begun = Evy.spawn(ProfilerTest::attachForLong);
                                Evy.yield();
                                while (!Profiler.isAttached()) {
                                    Thread.onSpinWait();
                                }
                                begun.kill();
                                return begun;
                            });
            if (catchThrowable(attaching::join) != null) {
                await(() -> !Profiler.isAttached());
                return;
            }
            Profiler.detach(); // the kill came too late
        }
        Assumptions.abort("20 of 20 kills came too late");
    }

    private static int attachForLong() throws IOException {
        Profiler.attach(OPTIONS, Duration.ofHours(1)); // which takes a thread
        return 0;
    }

    /* It cannot begin while another one is written. */
    @Test
    void attach_killedBeforeItBegins_neverBegins() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Profiler.attach(
                OPTIONS.withSummary(
                        Output.to(
                                new OutputStream() {
                                    @Override
                                    public void write(int b) throws IOException {
                                        writing.countDown();
                                        awaitUninterrupted(go);
                                    }
                                })),
                Duration.ZERO);
        Thread detaching = Thread.ofPlatform().start(ProfilerTest::detachQuietly);
        assertThat(writing.await(30, TimeUnit.SECONDS)).isTrue();
        GreenThread<?> attaching =
                Evy.run(
                        () -> {
                            GreenThread<?> begun = Evy.spawn(ProfilerTest::attach);
                            Evy.yield();
                            begun.kill();
                            return begun;
                        });

        assertThatThrownBy(attaching::join).isInstanceOf(GreenThreadExit.class);
        go.countDown();
        detaching.join();

        await(ProfilerTest::canAttach);
    }

    private static void detachQuietly() {
        try {
            Profiler.detach();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static int attach() throws IOException {
        Profiler.attach(OPTIONS, Duration.ZERO);
        return 0;
    }

    private static boolean canAttach() {
        try {
            attach();
            return true;
        } catch (IllegalStateException e) {
            return false; // the one whose owner was killed is being taken down
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void kill() throws Exception {
        String self = Long.toString(ProcessHandle.current().pid());
        new ProcessBuilder("kill", "-USR2", self).start().waitFor();
    }

    /* Until the lock of who ends it is free, all is written. */
    private static void awaitDetached() throws Exception {
        await(() -> !Profiler.isAttached());
        assertThatThrownBy(Profiler::detach).isInstanceOf(IllegalStateException.class);
    }

    private static void await(java.util.function.BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(2); // a signal and a duration come when they come
        }
    }

    /** A stream that takes nothing. */
    private static final class Full extends OutputStream {
        private final String why;

        Full(String why) {
            this.why = why;
        }

        @Override
        public void write(int b) throws IOException {
            throw new IOException(why);
        }
    }

    /** What the profiler warns of. */
    private static final class Log extends Handler implements AutoCloseable {
        private final Logger logger = Logger.getLogger("evy.tools.profiler");
        private final BlockingQueue<LogRecord> records = new LinkedBlockingQueue<>();

        Log() {
            setLevel(java.util.logging.Level.WARNING);
            logger.setUseParentHandlers(false);
            logger.addHandler(this);
        }

        String next() throws InterruptedException {
            LogRecord record = records.poll(30, TimeUnit.SECONDS);
            assertThat(record).as("a warning").isNotNull();
            return record.getMessage();
        }

        @Override
        public void publish(LogRecord record) {
            if (isLoggable(record)) {
                records.add(record);
            }
        }

        @Override
        public void flush() {
            // nothing is kept back
        }

        @Override
        public void close() {
            logger.removeHandler(this);
            logger.setUseParentHandlers(true);
        }
    }
}
