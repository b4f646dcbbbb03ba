package evy.behaviour;

import static evy.behaviour.NetFixtures.awaitTrue;
import static evy.behaviour.NetFixtures.isEpoll;
import static evy.behaviour.NetFixtures.pattern;
import static evy.behaviour.NetFixtures.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.hubs.Hub;
import evy.io.GreenProcess;
import evy.io.ProcessFailedException;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.tpool.Tpool;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

@ExtendWith(LeakCheckExtension.class)
@Spec("PIPE10")
class ProcessTest {
    private static final byte[] NOTHING = {};

    @TempDir private Path dir;

    @BeforeAll
    static void requirePrograms() {
        for (String program : List.of("cat", "sh", "sleep", "true", "false")) {
            assumeTrue(isThere(program), "needs the program " + program);
        }
    }

    static boolean isThere(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    /** Starts a shell that runs a script. */
    private static GreenProcess sh(String script) throws IOException {
        return GreenProcess.start("sh", "-c", script);
    }

    @Test
    @Spec("PIPE10")
    void streams_cat_bringBackWhatTheyAreGiven() throws Exception {
        Evy.run(
                () -> {
                    try (var cat = GreenProcess.start("cat")) {
                        cat.stdin().write("one\n");
                        assertThat(cat.stdout().readLine()).isEqualTo("one");
                        cat.getOutputStream().write("two\n".getBytes(StandardCharsets.UTF_8));
                        cat.getOutputStream().flush();
                        assertThat(cat.inputReader().readLine()).isEqualTo("two");
                        assertThat(cat.isAlive()).isTrue();

                        cat.stdin().close();

                        assertThat(cat.waitFor()).isZero();
                        assertThat(cat.stdout().readLine()).isNull();
                        assertThat(cat.isAlive()).isFalse();
                        assertThat(cat.exitValue()).isZero();
                    }
                });
    }

    @Test
    @Spec("PIPE10")
    void read_silentProcess_letsOthersRun() throws Exception {
        Evy.run(
                () -> {
                    try (var cat = GreenProcess.start("cat")) {
                        var reader = Evy.spawn(() -> cat.stdout().readLine());
                        settle();
                        assertThat(reader.isDone()).isFalse();

                        cat.stdin().write("now\n");

                        assertThat(reader.join()).isEqualTo("now");
                        cat.stdin().close();
                        cat.waitFor();
                    }
                });
    }

    @Test
    @Spec("PIPE10")
    void waitFor_others_runMeanwhileAndSeveralMayWait() throws Exception {
        Evy.run(
                () -> {
                    try (var child = sh("read x; exit 3");
                            var hub = Hub.open()) {
                        var here = Evy.spawn(() -> child.waitFor());
                        var there = Evy.spawn(hub, () -> child.waitFor());
                        assertThat(child.waitFor(Duration.ofMillis(5))).isFalse();
                        assertThat(child.waitFor(0, TimeUnit.SECONDS)).isFalse();
                        assertThatThrownBy(child::exitValue)
                                .isInstanceOf(IllegalThreadStateException.class);

                        child.stdin().write("\n");

                        assertThat(here.join()).isEqualTo(3);
                        assertThat(there.join()).isEqualTo(3);
                        assertThat(child.waitFor(Duration.ofDays(1))).isTrue();
                        assertThat(child.onExit().get()).isSameAs(child);
                    }
                });
    }

    @Test
    @Spec("PIPE10")
    void waitFor_killedOrTimedOut_leavesTheProcessAlone() throws Exception {
        Evy.run(
                () -> {
                    try (var cat = GreenProcess.start("cat")) {
                        var waiter = Evy.spawn(() -> cat.waitFor());
                        settle();

                        waiter.kill();
                        int late = Timeout.call(Duration.ofMillis(5), cat::waitFor, -1);

                        assertThat(catchThrowable(waiter::join))
                                .isInstanceOf(GreenThreadExit.class);
                        assertThat(late).isEqualTo(-1);
                        assertThat(
                                        cat.communicate("still".getBytes(StandardCharsets.UTF_8))
                                                .output())
                                .asString()
                                .isEqualTo("still");
                    }
                });
    }

    @Test
    @Spec("PIPE10")
    void waitFor_platformThread_justBlocks() throws Exception {
        try (var child = sh("exit 4")) {
            assertThat(child.waitFor()).isEqualTo(4);
        }
    }

    @Test
    @Spec("PIPE10")
    void communicate_moreThanThePipesHold_feedsAndDrainsAtOnce() throws Exception {
        byte[] data = pattern(500_000);
        Evy.run(
                () -> {
                    try (var both = sh("tee /dev/stderr")) {
                        var result = both.communicate(data);

                        assertThat(result.output()).isEqualTo(data);
                        assertThat(result.error()).isEqualTo(data);
                        assertThat(result.exitValue()).isZero();
                    }
                });
    }

    @Test
    @Spec("PIPE10")
    void communicate_childDoesNotRead_isNoError() throws Exception {
        Evy.run(
                () -> {
                    try (var child = sh("exec <&-; echo done; exit 7")) {
                        var result = child.communicate(new byte[500_000]);

                        assertThat(result.output()).asString().isEqualTo("done\n");
                        assertThat(result.exitValue()).isEqualTo(7);
                    }
                });
    }

    @Test
    @Spec("PIPE10")
    void communicate_timedOut_goesOnWhereItStopped() throws Exception {
        byte[] data = pattern(300_000);
        Path gate = dir.resolve("gate");
        Evy.run(
                () -> {
                    try (var child =
                            sh(
                                    "echo early; while [ ! -e "
                                            + gate
                                            + " ]; do sleep 0.01; done; cat")) {
                        var timeout = new Timeout(Duration.ofMillis(30));
                        assertThat(catchThrowable(() -> child.communicate(data))).isSameAs(timeout);
                        timeout.close();
                        assertThat(child.isAlive()).isTrue();
                        assertThatThrownBy(() -> child.communicate(data))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("communicate(null)");

                        Files.createFile(gate);
                        byte[] output = child.communicate(null).output();

                        assertThat(new String(output, 0, 6, StandardCharsets.UTF_8))
                                .isEqualTo("early\n");
                        assertThat(output).hasSize(6 + data.length).endsWith(data);
                    }
                });
    }

    @Test
    @Spec("PIPE10")
    void close_whileAnotherReads_wakesIt() throws Exception {
        Evy.run(
                () -> {
                    var cat = GreenProcess.start("cat");
                    var reader = Evy.spawn(() -> cat.stdout().readLine());
                    settle();

                    cat.close();

                    assertThatThrownBy(reader::join)
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("stdout of process " + cat.pid() + " is closed");
                    assertThat(cat.waitFor()).isZero();
                });
    }

    @Test
    @Spec("PIPE10")
    void kill_running_endsItBySignal() throws Exception {
        Evy.run(
                () -> {
                    try (var polite =
                            sh(
                                    "trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.01;"
                                            + " done")) {
                        assertThat(polite.stdout().readLine()).isEqualTo("up");
                        polite.kill();
                        assertThat(polite.stdout().readLine()).isEqualTo("bye");
                        assertThat(polite.waitFor()).isEqualTo(5);
                        polite.kill();
                    }
                    try (var cat = GreenProcess.start("cat")) {
                        cat.killForcibly();
                        assertThat(cat.waitFor()).isEqualTo(128 + 9);
                    }
                });
    }

    @Test
    @Spec("PIPE10")
    void killTree_grandchildren_endToo() throws Exception {
        Evy.run(
                () -> {
                    try (var parent = sh("sleep 100 & echo $!; wait")) {
                        long pid = Long.parseLong(String.valueOf(parent.stdout().readLine()));
                        ProcessHandle grandchild = ProcessHandle.of(pid).orElseThrow();

                        parent.killTree();

                        assertThat(parent.waitFor()).isEqualTo(128 + 9);
                        awaitTrue("the grandchild's end", () -> !isRunning(grandchild));
                    }
                });
    }

    @Test
    @Spec("PIPE10")
    void handle_ofAProcess_isTheJdks() throws Exception {
        Evy.run(
                () -> {
                    try (var parent = sh("echo error >&2; sleep 100 & echo $!; wait")) {
                        long pid = Long.parseLong(String.valueOf(parent.stdout().readLine()));

                        assertThat(parent.command()).startsWith("sh", "-c");
                        assertThat(parent.stderr().readLine()).isEqualTo("error");
                        assertThat(parent.supportsNormalTermination()).isTrue();
                        assertThat(parent.info()).hasToString(parent.toHandle().info().toString());
                        assertThat(parent.children()).extracting(ProcessHandle::pid).contains(pid);
                        assertThat(parent.descendants())
                                .extracting(ProcessHandle::pid)
                                .contains(pid);
                        parent.killTree();
                        parent.waitFor();
                    }
                    try (var cat = GreenProcess.start("cat")) {
                        var output = cat.communicate("é", StandardCharsets.UTF_16BE);

                        assertThat(output.output()).containsExactly(0, 0xe9);
                    }
                });
    }

    /* Where nobody reaps orphans it stays as a zombie without a command. */
    private static boolean isRunning(ProcessHandle handle) {
        return handle.isAlive() && handle.info().command().isPresent();
    }

    @Test
    @Spec("PIPE10")
    void start_noSuchProgram_throwsAndLeavesNothing() {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> Evy.run(() -> GreenProcess.start("/no/such/program")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("/no/such/program");
        }
    }

    @Test
    @Spec("PIPE10")
    void start_killedMeanwhile_leavesNoProcess() throws Exception {
        Evy.run(
                () -> {
                    long before = ProcessHandle.current().children().count();
                    var starters = new ArrayList<GreenThread<GreenProcess>>();
                    for (int i = 0; i < 5; i++) {
                        starters.add(Evy.spawn(() -> GreenProcess.start("sleep", "100")));
                        Evy.yield();
                        starters.get(i).kill();
                    }
                    for (var starter : starters) {
                        try (var startedBefore = starter.join()) {
                            startedBefore.killForcibly();
                        } catch (GreenThreadExit killed) {
                            // as usual; the process is nobody's then
                        }
                    }
                    awaitTrue(
                            "no process left",
                            () -> ProcessHandle.current().children().count() <= before);
                });
    }

    @Test
    @Spec("PIPE10")
    void start_builder_isHeededAndLeftAsItIs() throws Exception {
        var builder = new ProcessBuilder("sh", "-c", "pwd; echo $EVY_TEST; echo oops >&2");
        builder.directory(dir.toRealPath().toFile()).redirectErrorStream(true);
        builder.environment().put("EVY_TEST", "variable");
        Evy.run(
                () -> {
                    try (var child = GreenProcess.start(builder)) {
                        var result = child.communicate(NOTHING);

                        assertThat(result.output())
                                .asString()
                                .isEqualTo(dir.toRealPath() + "\nvariable\noops\n");
                        assertThat(result.error()).isEmpty();
                    }
                });
        assertThat(builder.redirectInput()).isEqualTo(ProcessBuilder.Redirect.PIPE);
        assertThat(builder.redirectOutput()).isEqualTo(ProcessBuilder.Redirect.PIPE);
    }

    @Test
    @Spec("PIPE10")
    void start_redirectedToFiles_streamsAreEmpty() throws Exception {
        Path in = Files.writeString(dir.resolve("in"), "content");
        Path out = dir.resolve("out");
        var builder = new ProcessBuilder("cat");
        builder.redirectInput(in.toFile()).redirectOutput(out.toFile());
        Evy.run(
                () -> {
                    try (var cat = GreenProcess.start(builder)) {
                        assertThat(cat.stdout().readLine()).isNull();
                        assertThatThrownBy(() -> cat.stdin().write("x"))
                                .isInstanceOf(IOException.class);
                        assertThat(cat.waitFor()).isZero();
                    }
                });
        assertThat(out).hasContent("content");
    }

    @Test
    @Spec("PIPE10")
    void call_programs_giveTheirExitValue() throws Exception {
        Evy.run(
                () -> {
                    assertThat(GreenProcess.call("true")).isZero();
                    assertThat(GreenProcess.call("false")).isEqualTo(1);
                    GreenProcess.checkCall("true");
                    assertThatThrownBy(() -> GreenProcess.checkCall("false"))
                            .isInstanceOf(ProcessFailedException.class)
                            .hasMessage("[false] ended with exit value 1");
                    assertThat(GreenProcess.checkOutput("sh", "-c", "echo hi"))
                            .asString()
                            .isEqualTo("hi\n");
                    var failure =
                            catchThrowable(
                                    () ->
                                            GreenProcess.checkOutput(
                                                    "sh", "-c", "echo a; echo b >&2; exit 2"));
                    assertThat(failure)
                            .isInstanceOfSatisfying(
                                    ProcessFailedException.class,
                                    e -> {
                                        assertThat(e.exitValue()).isEqualTo(2);
                                        assertThat(e.output()).asString().isEqualTo("a\n");
                                        assertThat(e.error()).asString().isEqualTo("b\n");
                                        assertThat(e.command()).startsWith("sh");
                                    });
                });
    }

    @Test
    @Spec("PIPE10")
    void call_timedOut_killsTheProcess() throws Exception {
        Evy.run(
                () -> {
                    long before = ProcessHandle.current().children().count();

                    int value =
                            Timeout.call(
                                    Duration.ofMillis(50),
                                    () -> GreenProcess.call("sleep", "100"),
                                    -1);

                    assertThat(value).isEqualTo(-1);
                    awaitTrue(
                            "no process left",
                            () -> ProcessHandle.current().children().count() <= before);
                });
    }

    @Test
    @Spec("PIPE10")
    void readers_moreSilentProcessesThanNativeThreads_doNotUseThemUp() throws Exception {
        Evy.run(
                () -> {
                    int threads = Tpool.numThreads();
                    Tpool.setNumThreads(2);
                    var children = new ArrayList<GreenProcess>();
                    var readers = new ArrayList<GreenThread<String>>();
                    try {
                        for (int i = 0; i < 5; i++) {
                            var cat = GreenProcess.start("cat");
                            children.add(cat);
                            readers.add(Evy.spawn(() -> cat.stdout().readLine()));
                        }
                        settle();

                        assertThat(Tpool.execute(() -> "free")).isEqualTo("free");
                        for (var cat : children) {
                            cat.stdin().write("x\n");
                        }
                        for (var reader : readers) {
                            assertThat(reader.join()).isEqualTo("x");
                        }
                    } finally {
                        for (var cat : children) {
                            cat.close();
                            cat.waitFor();
                        }
                        Tpool.setNumThreads(threads);
                    }
                });
        assertThat(Hub.getDefault().kind().equals("epoll")).isEqualTo(isEpoll());
    }

    @Test
    @Spec("PIPE10")
    void library_takesAProcess_takesOurs() throws Exception {
        Evy.run(
                () -> {
                    Process child = sh("cat; echo err >&2");
                    try (var writer = child.outputWriter()) {
                        writer.write("text");
                    }
                    assertThat(child.inputReader().readLine()).isEqualTo("text");
                    assertThat(child.errorReader().readLine()).isEqualTo("err");
                    assertThat(child.waitFor()).isZero();
                    assertThat(child.toHandle().pid()).isEqualTo(child.pid());
                    ((GreenProcess) child).close();
                });
    }
}
