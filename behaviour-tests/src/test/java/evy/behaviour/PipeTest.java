package evy.behaviour;

import static evy.behaviour.NetFixtures.awaitTrue;
import static evy.behaviour.NetFixtures.isEpoll;
import static evy.behaviour.NetFixtures.pattern;
import static evy.behaviour.NetFixtures.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.hubs.Hub;
import evy.io.GreenPipe;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

@ExtendWith(LeakCheckExtension.class)
class PipeTest {
    @TempDir private Path dir;

    // connected pairs

    @Test
    @Spec("PIPE2")
    void readLine_slowWriter_givesWholeLines() throws Exception {
        Evy.run(
                () -> {
                    try (var ends = GreenPipe.open()) {
                        var writer =
                                Evy.spawn(
                                        () -> {
                                            for (String piece :
                                                    List.of(
                                                            "li",
                                                            "ne 1\nline 2\r",
                                                            "\n",
                                                            "\nend")) {
                                                ends.sink().write(piece);
                                                settle();
                                            }
                                            ends.sink().close();
                                        });
                        var lines = new ArrayList<String>();

                        for (var line = ends.source().readLine();
                                line != null;
                                line = ends.source().readLine()) {
                            lines.add(line);
                        }

                        writer.join();
                        assertThat(lines).containsExactly("line 1", "line 2", "", "end");
                        assertThat(ends.source().readLine()).isNull();
                        assertThat(ends.source().read(5)).isEmpty();
                    }
                });
    }

    @Test
    @Spec("PIPE2")
    void read_nothingThere_waitsWhileOthersRun() throws Exception {
        Evy.run(
                () -> {
                    try (var ends = GreenPipe.open()) {
                        var order = new ArrayList<String>();
                        var reader =
                                Evy.spawn(
                                        () -> {
                                            byte[] got = ends.source().read(3);
                                            order.add("read " + got.length);
                                        });
                        settle();

                        order.add("other");
                        ends.sink().write(new byte[] {1});
                        settle();
                        order.add("one is not enough");
                        ends.sink().write(new byte[] {2, 3});
                        reader.join();

                        assertThat(order).containsExactly("other", "one is not enough", "read 3");
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65 * 1024, 300_000})
    @Spec("PIPE2")
    void write_moreThanThePipeHolds_arrivesWithAConcurrentReader(int size) throws Exception {
        Evy.run(
                () -> {
                    try (var ends = GreenPipe.open()) {
                        byte[] data = pattern(size);
                        var writer =
                                Evy.spawn(
                                        () -> {
                                            ends.sink().write(data);
                                            ends.sink().close();
                                        });

                        assertThat(ends.source().readAll()).isEqualTo(data);
                        writer.join();
                    }
                });
    }

    @Test
    @Spec("PIPE2")
    void write_manySmallOnesWithoutAReader_waitsAndArrivesInOrder() throws Exception {
        Evy.run(
                () -> {
                    try (var ends = GreenPipe.open()) {
                        var writer =
                                Evy.spawn(
                                        () -> {
                                            for (int i = 0; i < 20_000; i++) {
                                                ends.sink().write(i + "\n");
                                            }
                                            ends.sink().close();
                                        });
                        settle();
                        assertThat(writer.isDone()).isFalse();
                        int expected = 0;
                        for (var line = ends.source().readLine();
                                line != null;
                                line = ends.source().readLine()) {
                            assertThat(line).isEqualTo(String.valueOf(expected++));
                        }
                        assertThat(expected).isEqualTo(20_000);
                        writer.join();
                    }
                });
    }

    @Test
    @Spec({"PIPE5", "PIPE6"})
    void read_unbuffered_givesWhatIsThere() throws Exception {
        Path fifo = fifo();
        Evy.run(
                () -> {
                    var opening =
                            Evy.spawn(() -> GreenPipe.open(fifo, "r", StandardCharsets.UTF_8, 0));
                    try (var sink = GreenPipe.open(fifo, "w");
                            var source = opening.join()) {
                        sink.write("abc");

                        assertThat(source.read(1024)).hasSize(3);
                    }
                });
    }

    @Test
    @Spec("PIPE2")
    void readLine_killedInTheMiddle_losesNothing() throws Exception {
        Evy.run(
                () -> {
                    try (var ends = GreenPipe.open()) {
                        var reader = Evy.spawn(() -> ends.source().readLine());
                        ends.sink().write("first ");
                        settle();

                        reader.kill();
                        ends.sink().write("half\n");

                        assertThat(catchThrowable(reader::join))
                                .isInstanceOf(GreenThreadExit.class);
                        assertThat(ends.source().readLine()).isEqualTo("first half");
                    }
                });
    }

    @Test
    @Spec("PIPE2")
    void read_timedOut_leavesThePipeUsable() throws Exception {
        Evy.run(
                () -> {
                    try (var ends = GreenPipe.open()) {
                        String late =
                                Timeout.call(
                                        Duration.ofMillis(10),
                                        () -> ends.source().readLine(),
                                        "late");
                        ends.sink().write("x\n");

                        assertThat(late).isEqualTo("late");
                        assertThat(ends.source().readLine()).isEqualTo("x");
                    }
                });
    }

    @Test
    @Spec("PIPE4")
    void close_whileAnotherReads_wakesItAtOnce() throws Exception {
        Evy.run(
                () -> {
                    try (var ends = GreenPipe.open()) {
                        var reader = Evy.spawn(() -> ends.source().read(1));
                        settle();

                        ends.source().close();

                        assertThatThrownBy(reader::join)
                                .isInstanceOf(IOException.class)
                                .hasMessageContaining("closed");
                    }
                });
    }

    @Test
    @Spec("PIPE4")
    void anything_onClosed_throwsAndNamesIt() throws Exception {
        GreenPipe closed;
        try (var file = GreenPipe.open(dir.resolve("f"), "w+")) {
            closed = file;
        }

        assertThat(closed.isClosed()).isTrue();
        closed.close();
        for (var call : calls(closed)) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(dir.resolve("f") + " is closed");
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    private static List<Action> calls(GreenPipe pipe) {
        return List.of(
                () -> pipe.read(1),
                () -> pipe.read(new byte[1], 0, 1),
                pipe::readLine,
                pipe::readAll,
                () -> pipe.write("x"),
                pipe::tell,
                () -> pipe.seek(0),
                pipe::size,
                () -> pipe.truncate(0),
                pipe::available);
    }

    @Test
    @Spec("PIPE8")
    void write_readerGone_isABrokenPipe() throws Exception {
        Evy.run(
                () -> {
                    try (var ends = GreenPipe.open()) {
                        ends.source().close();

                        assertThatThrownBy(() -> ends.sink().write("x"))
                                .isInstanceOf(IOException.class)
                                .hasMessageContaining("Broken pipe");
                    }
                });
    }

    @Test
    @Spec("PIPE4")
    void read_secondReader_isAnErrorThatNamesBoth() throws Exception {
        Evy.run(
                () -> {
                    try (var ends = GreenPipe.open()) {
                        var reader = Evy.spawn(() -> ends.source().read(1));
                        settle();

                        assertThatThrownBy(() -> ends.source().read(1))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("wants to read " + ends.source() + " while")
                                .hasMessageContaining("while green thread");
                        ends.sink().write("x");
                        assertThat(reader.join()).hasSize(1);
                    }
                });
    }

    @Test
    @Spec("PIPE2")
    void pipe_fromAnotherHubAndAPlatformThread_works() throws Exception {
        try (var ends = GreenPipe.open();
                var hub = Hub.open();
                var platform = NetFixtures.Platform.start(() -> ends.source().readLine())) {
            Evy.spawn(hub, () -> ends.sink().write("across\n")).join();

            assertThat(platform.get()).isEqualTo("across");
        }
    }

    @Test
    @Spec("PIPE9")
    void wait_twoPipesReady_bothAreReported() throws Exception {
        Evy.run(
                () -> {
                    try (var one = GreenPipe.open();
                            var two = GreenPipe.open()) {
                        var first = Evy.spawn(() -> one.source().read(1));
                        var second = Evy.spawn(() -> two.source().read(1));
                        settle();

                        one.sink().write("1");
                        two.sink().write("2");

                        assertThat(new String(first.join()) + new String(second.join()))
                                .isEqualTo("12");
                    }
                });
    }

    // files

    @Test
    @Spec("PIPE3")
    void file_wPlus_keepsItsPlaceExact() throws Exception {
        Path path = dir.resolve("f");
        Evy.run(
                () -> {
                    try (var file = GreenPipe.open(path, "w+", StandardCharsets.UTF_8, 1024)) {
                        assertThat(file.toString()).isEqualTo(path.toString());
                        assertThat(file.tell()).isZero();
                        file.write("123456789\n");
                        assertThat(file.tell()).isEqualTo(10);
                        file.seek(0);
                        assertThat(file.seekToEnd()).isEqualTo(10);
                        file.seek(0);
                        for (int i = 1; i <= 9; i++) {
                            assertThat(new String(file.read(1))).isEqualTo(String.valueOf(i));
                            assertThat(file.tell()).isEqualTo(i);
                        }
                        file.seek(1);
                        assertThat(file.readLine()).isEqualTo("23456789");
                        assertThat(file.tell()).isEqualTo(10);
                        file.truncate(9);
                        assertThat(file.tell()).isEqualTo(9);
                        assertThat(file.size()).isEqualTo(9);
                        file.seek(2);
                        assertThat(file.read(1)).containsExactly('3');
                        file.write("x");
                        assertThat(file.readText()).isEqualTo("56789");
                    }
                });
        assertThat(path).hasContent("123x56789");
    }

    @ParameterizedTest
    @CsvSource({
        "w,  new,     -,      new",
        "a,  old+new, -,      old+new",
        "r+, new,     old,    new",
        "w+, new,     '',     new",
        "a+, old+new, '',     old+new",
        "rb+, new,    old,    new"
    })
    @Spec("PIPE5")
    void file_eachMode_readsAndWritesAsInC(
            String mode, String expected, String before, String after) throws Exception {
        Path path = Files.writeString(dir.resolve("f"), "old");
        Evy.run(
                () -> {
                    try (var file = GreenPipe.open(path, mode)) {
                        if (before.equals("-")) {
                            assertThatThrownBy(() -> file.read(1))
                                    .isInstanceOf(IOException.class)
                                    .hasMessageContaining("not open for reading");
                        } else {
                            assertThat(file.readText()).isEqualTo(before);
                            if (!mode.startsWith("a")) {
                                file.seek(0);
                            }
                        }
                        file.write(mode.startsWith("a") ? "+new" : "new");
                    }
                });
        assertThat(path).hasContent(expected).hasContent(after);
    }

    @Test
    @Spec("PIPE5")
    void file_modeR_readsToTheEndAndDoesNotWrite() throws Exception {
        Path path = Files.writeString(dir.resolve("f"), "a\nb");
        try (var file = GreenPipe.open(path, "r")) {
            assertThat(file.readLine()).isEqualTo("a");
            assertThat(file.readText()).isEqualTo("b");
            assertThat(file.readText()).isEmpty();
            assertThatThrownBy(() -> file.write("x"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not open for writing");
        }
    }

    @Test
    @Spec("PIPE1")
    void open_badArguments_areNamed() {
        assertThatThrownBy(() -> GreenPipe.open(dir.resolve("f"), "rw"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'rw'");
        assertThatThrownBy(() -> GreenPipe.open(dir.resolve("none"), "r"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("none");
        assertThatThrownBy(() -> GreenPipe.open(dir.resolve("f"), "w", StandardCharsets.UTF_8, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    @Spec("PIPE6")
    void text_otherEncodings_areDecoded() throws Exception {
        Path path = dir.resolve("f");
        Evy.run(
                () -> {
                    try (var file = GreenPipe.open(path, "w", StandardCharsets.ISO_8859_1, 100)) {
                        file.write("Grüße\n");
                    }
                    try (var file = GreenPipe.open(path, "r", StandardCharsets.ISO_8859_1, 100)) {
                        assertThat(file.readLine()).isEqualTo("Grüße");
                    }
                    Files.writeString(path, "Grüße\nnoch\n", StandardCharsets.UTF_16);
                    try (var file = GreenPipe.open(path, "r", StandardCharsets.UTF_16, 100)) {
                        assertThatThrownBy(file::readLine)
                                .isInstanceOf(UnsupportedOperationException.class)
                                .hasMessageContaining("UTF-16")
                                .hasMessageContaining("reader()");
                        assertThat(new BufferedReader(file.reader()).readLine()).isEqualTo("Grüße");
                    }
                });
        assertThat(Files.size(path)).isPositive();
    }

    // taking over

    @Test
    @Spec("PIPE1")
    void of_streams_takesThemOver() throws Exception {
        Path path = dir.resolve("f");
        Evy.run(
                () -> {
                    var out = new FileOutputStream(path.toFile());
                    try (var file = GreenPipe.of(out)) {
                        file.write("hello");
                    }
                    assertThat(out.getChannel().isOpen()).isFalse();
                    try (var file = GreenPipe.of(new FileInputStream(path.toFile()))) {
                        assertThat(file.readText()).isEqualTo("hello");
                    }
                    var both = new RandomAccessFile(path.toFile(), "r");
                    assertThatThrownBy(() -> GreenPipe.of(both, "r+"))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("'r+'");
                    try (var file = GreenPipe.of(both, "r")) {
                        assertThat(file.readText()).isEqualTo("hello");
                    }
                    assertThatThrownBy(() -> GreenPipe.of(both, "r"))
                            .isInstanceOf(IOException.class);
                });
    }

    @Test
    @Spec("PIPE1")
    void of_numberOfAFile_goesOnWhereThatIs() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs /proc");
        Path path = Files.writeString(dir.resolve("f"), "hello");
        try (var keeper = new RandomAccessFile(path.toFile(), "rw")) {
            int fd = numberOf(path);
            Evy.run(
                    () -> {
                        try (var file = GreenPipe.of(duplicate(path, fd), "r")) {
                            assertThat(file.readText()).isEqualTo("hello");
                        }
                        try (var file = GreenPipe.of(duplicate(path, fd), "a")) {
                            file.write(" world");
                        }
                        try (var file = GreenPipe.of(keeper, "r+")) {
                            assertThat(file.readText()).isEqualTo("hello world");
                        }
                    });
        }
    }

    @Test
    @Spec("PIPE1")
    void of_streamThatIsClosedOrNoFile_isRefusedOrReadByAThread() throws Exception {
        var closed = new FileInputStream(Files.createFile(dir.resolve("f")).toFile());
        closed.close();
        assertThatThrownBy(() -> GreenPipe.of(closed))
                .isInstanceOf(IOException.class)
                .hasMessage("the stream is closed");
        assertThatThrownBy(() -> GreenPipe.open(dir.resolve("f"), "r", StandardCharsets.UTF_8, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("buffer size must be >= 0: -1");
        Path fifo = fifo();
        Evy.run(
                () -> {
                    try (var keeper = new RandomAccessFile(fifo.toFile(), "rw");
                            var sink = GreenPipe.of(new FileOutputStream(fifo.toFile()));
                            var source = GreenPipe.of(new FileInputStream(fifo.toFile()))) {
                        sink.write("hello\n");

                        assertThat(source.readLine()).isEqualTo("hello");
                        assertThat(source.toString()).isEqualTo("<pipe>");
                        assertThat(keeper.getFD().valid()).isTrue();
                    }
                });
    }

    @Test
    @Spec({"PIPE1", "PIPE7", "PIPE8"})
    void of_number_isTakenOverUnderItsName() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs /proc");
        Path fifo = fifo();
        try (var keeper = new RandomAccessFile(fifo.toFile(), "rw")) {
            int fd = numberOf(fifo);
            assertThatThrownBy(() -> GreenPipe.of(1_000_000, "r"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1000000 is not open");
            Evy.run(
                    () -> {
                        try (var source = GreenPipe.open(fifo, "r")) {
                            int number = newestNumberOf(fifo, fd);
                            if (isEpoll()) {
                                assertThatThrownBy(() -> GreenPipe.of(number, "w"))
                                        .isInstanceOf(IllegalArgumentException.class)
                                        .hasMessageContaining("not for mode 'w'");
                            }
                            assertThat(source.isClosed()).isFalse();
                        }
                        keeper.write("x\n".getBytes(StandardCharsets.UTF_8));
                        try (var pipe = GreenPipe.of(duplicate(fifo, fd), "r")) {
                            assertThat(pipe.toString()).matches("<fd:\\d+>");
                            assertThat(pipe.readLine()).isEqualTo("x");
                            String late =
                                    Timeout.call(Duration.ofMillis(5), pipe::readLine, "waits");
                            assertThat(late).isEqualTo("waits");
                            keeper.write("y\n".getBytes(StandardCharsets.UTF_8));
                            assertThat(pipe.readLine()).isEqualTo("y");
                        }
                    });
        }
    }

    /* A number that nobody in the JDK closes any more: that of an object left open for it. */
    private static int duplicate(Path fifo, int other) throws IOException {
        LEFT_OPEN.add(new RandomAccessFile(fifo.toFile(), "rw"));
        return newestNumberOf(fifo, other);
    }

    private static final List<RandomAccessFile> LEFT_OPEN = new ArrayList<>();

    private static int numberOf(Path file) throws IOException {
        return newestNumberOf(file, -1);
    }

    private static int newestNumberOf(Path file, int other) throws IOException {
        try (var numbers = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path number : numbers) {
                int fd = Integer.parseInt(number.getFileName().toString());
                if (fd != other && file.equals(target(number))) {
                    return fd;
                }
            }
        }
        throw new AssertionError("no descriptor of " + file);
    }

    private static Path target(Path number) {
        try {
            return Files.readSymbolicLink(number);
        } catch (IOException e) {
            return number;
        }
    }

    // FIFOs

    private Path fifo() throws Exception {
        Path fifo = dir.toRealPath().resolve("fifo");
        Process made;
        try {
            made = new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start();
        } catch (IOException e) {
            return abort("needs mkfifo");
        }
        assertThat(made.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(made.exitValue()).isZero();
        return fifo;
    }

    @Test
    @Spec({"PIPE2", "PIPE6"})
    void fifo_bothEnds_waitForEachOther() throws Exception {
        Path fifo = fifo();
        Evy.run(
                () -> {
                    GreenThread<GreenPipe> opening = Evy.spawn(() -> GreenPipe.open(fifo, "r"));
                    settle();
                    assertThat(opening.isDone()).isFalse();

                    try (var sink = GreenPipe.open(fifo, "w");
                            var source = opening.join()) {
                        var reader = Evy.spawn(() -> source.readLine());
                        settle();
                        assertThat(reader.isDone()).isFalse();
                        sink.write("hello\n");

                        assertThat(reader.join()).isEqualTo("hello");
                        sink.close();
                        assertThat(source.readLine()).isNull();
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"r", "w"})
    @Spec("PIPE6")
    void fifo_killedWhileOpening_leavesNothingOpen(String mode) throws Exception {
        Path fifo = fifo();
        Evy.run(
                () -> {
                    var opening = Evy.spawn(() -> GreenPipe.open(fifo, mode));
                    awaitTrue(
                            "a native thread that opens it",
                            () ->
                                    Thread.getAllStackTraces().keySet().stream()
                                            .anyMatch(t -> t.getName().startsWith("evy-stream-")));

                    opening.kill();

                    assertThat(catchThrowable(opening::join)).isInstanceOf(GreenThreadExit.class);
                    awaitTrue("no descriptor of it", () -> !isOpen(fifo));
                });
    }

    private static boolean isOpen(Path file) {
        try (var numbers = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path number : numbers) {
                if (file.equals(target(number))) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
