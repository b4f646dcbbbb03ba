package evy.behaviour;

import static evy.behaviour.NetFixtures.awaitTrue;
import static evy.behaviour.NetFixtures.pattern;
import static evy.behaviour.NetFixtures.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.Timeout;
import evy.io.GreenFiles;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.tpool.Tpool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

@ExtendWith(LeakCheckExtension.class)
class FilesTest {
    @TempDir private Path dir;

    /** Keeps all native threads busy until closed. */
    private static final class FullPool implements AutoCloseable {
        private final int threads = Tpool.numThreads();
        private final CountDownLatch gate = new CountDownLatch(1);
        private final GreenThread<String> blocker;

        FullPool() throws InterruptedException {
            Tpool.killAll();
            Tpool.setNumThreads(1);
            var begun = new CountDownLatch(1);
            blocker =
                    Evy.spawn(
                            () ->
                                    Tpool.execute(
                                            () -> {
                                                begun.countDown();
                                                gate.await();
                                                return "";
                                            }));
            begun.await();
        }

        @Override
        public void close() {
            gate.countDown();
            blocker.join();
            Tpool.setNumThreads(threads);
        }
    }

    @Test
    @Spec("PIPE6")
    void calls_othersOfTheHub_runMeanwhile() throws Exception {
        Path path = Files.writeString(dir.resolve("f"), "text");
        Evy.run(
                () -> {
                    var order = new ArrayList<String>();
                    GreenThread<Boolean> reader;
                    try (var busy = new FullPool()) {
                        reader = Evy.spawn(() -> order.add(GreenFiles.readString(path)));
                        settle();
                        order.add("other");
                        assertThat(busy).isNotNull();
                    }
                    reader.join();

                    assertThat(order).containsExactly("other", "text");
                });
    }

    @Test
    @Spec("PIPE6")
    void calls_eachOne_doesWhatTheJdkDoes() throws Exception {
        Evy.run(
                () -> {
                    Path f = dir.resolve("f");
                    assertThat(GreenFiles.write(f, new byte[] {1, 2})).isEqualTo(f);
                    assertThat(GreenFiles.readAllBytes(f)).containsExactly(1, 2);
                    GreenFiles.write(f, List.of("a", "b"));
                    GreenFiles.writeString(f, "c\n", StandardOpenOption.APPEND);
                    assertThat(GreenFiles.readAllLines(f)).containsExactly("a", "b", "c");
                    GreenFiles.writeString(f, "ü", StandardCharsets.ISO_8859_1);
                    assertThat(GreenFiles.size(f)).isEqualTo(1);
                    assertThat(GreenFiles.readString(f, StandardCharsets.ISO_8859_1))
                            .isEqualTo("ü");
                    assertThat(GreenFiles.readAllLines(f, StandardCharsets.ISO_8859_1))
                            .containsExactly("ü");

                    Path g = GreenFiles.copy(f, dir.resolve("g"));
                    assertThat(GreenFiles.mismatch(f, g)).isEqualTo(-1);
                    assertThat(GreenFiles.isSameFile(f, g)).isFalse();
                    GreenFiles.move(g, f, StandardCopyOption.REPLACE_EXISTING);
                    assertThat(GreenFiles.exists(g)).isFalse();
                    assertThat(GreenFiles.isRegularFile(f)).isTrue();

                    Path sub = GreenFiles.createDirectories(dir.resolve("a/b"));
                    assertThat(GreenFiles.isDirectory(sub)).isTrue();
                    GreenFiles.createFile(sub.resolve("h"));
                    GreenFiles.createSymbolicLink(sub.resolve("link"), f);
                    assertThat(GreenFiles.readSymbolicLink(sub.resolve("link"))).isEqualTo(f);
                    GreenFiles.createLink(sub.resolve("hard"), f);
                    assertThat(GreenFiles.isSameFile(f, sub.resolve("hard"))).isTrue();
                    assertThat(GreenFiles.list(sub).map(Path::getFileName).map(Path::toString))
                            .containsExactlyInAnyOrder("h", "link", "hard");
                    assertThat(GreenFiles.walk(dir)).hasSize(7);
                    assertThat(GreenFiles.walk(dir, 1)).hasSize(3);
                    GreenFiles.createDirectory(dir.resolve("empty"));
                    GreenFiles.delete(dir.resolve("empty"));
                    assertThat(GreenFiles.deleteIfExists(dir.resolve("empty"))).isFalse();

                    FileTime time = FileTime.fromMillis(86_400_000);
                    GreenFiles.setLastModifiedTime(f, time);
                    assertThat(GreenFiles.getLastModifiedTime(f)).isEqualTo(time);
                    assertThat(GreenFiles.readAttributes(f, BasicFileAttributes.class).size())
                            .isEqualTo(1);
                    assertThat(GreenFiles.readAttributes(f, "size")).containsEntry("size", 1L);
                    assertThat(GreenFiles.getAttribute(f, "size")).isEqualTo(1L);
                    GreenFiles.setAttribute(f, "lastModifiedTime", FileTime.fromMillis(0));
                    assertThat(GreenFiles.getLastModifiedTime(f).toMillis()).isZero();
                    if (f.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                        var permissions = GreenFiles.getPosixFilePermissions(f);
                        assertThat(GreenFiles.setPosixFilePermissions(f, permissions)).isEqualTo(f);
                    }

                    GreenFiles.delete(GreenFiles.createTempFile(dir, "x", ".y"));
                    GreenFiles.delete(GreenFiles.createTempDirectory(dir, "x"));
                    GreenFiles.delete(GreenFiles.createTempFile(null, null));
                    GreenFiles.delete(GreenFiles.createTempDirectory(null));
                });
    }

    @Test
    @Spec("PIPE6")
    void calls_thatFail_throwWhatTheJdkThrows() throws Exception {
        Path none = dir.resolve("none/f");
        Evy.run(
                () -> {
                    assertThatThrownBy(() -> GreenFiles.readString(none))
                            .isInstanceOf(NoSuchFileException.class)
                            .hasMessage(none.toString());
                    assertThatThrownBy(() -> GreenFiles.newByteChannel(none))
                            .isInstanceOf(NoSuchFileException.class);
                    assertThatThrownBy(() -> GreenFiles.walk(none))
                            .isInstanceOf(NoSuchFileException.class);
                    assertThatThrownBy(() -> GreenFiles.createDirectory(dir))
                            .isInstanceOf(FileAlreadyExistsException.class);
                    assertThatThrownBy(
                                    () -> GreenFiles.newOutputStream(none, StandardOpenOption.READ))
                            .isInstanceOf(IllegalArgumentException.class);
                });
    }

    @Test
    @Spec("PIPE6")
    void streams_writtenAndRead_keepTheirContent() throws Exception {
        byte[] data = pattern(600_000);
        Path f = dir.resolve("f");
        Evy.run(
                () -> {
                    try (var out = GreenFiles.newOutputStream(f)) {
                        out.write(data, 0, 100);
                        out.write(data, 100, data.length - 100);
                    }
                    try (var in = GreenFiles.newInputStream(f)) {
                        assertThat(in.available()).isEqualTo(data.length);
                        assertThat(in.readAllBytes()).isEqualTo(data);
                        assertThat(in.read()).isEqualTo(-1);
                    }
                    try (var out = GreenFiles.newOutputStream(f, StandardOpenOption.APPEND)) {
                        out.write('x');
                    }
                    assertThat(GreenFiles.size(f)).isEqualTo(data.length + 1);
                    try (var writer = GreenFiles.newBufferedWriter(f)) {
                        writer.write("eins\nzwei\n");
                    }
                    try (var reader = GreenFiles.newBufferedReader(f);
                            var lines = GreenFiles.lines(f)) {
                        assertThat(reader.readLine()).isEqualTo("eins");
                        assertThat(lines).containsExactly("eins", "zwei");
                    }
                });
    }

    @Test
    @Spec("PIPE6")
    void channel_positions_areItsOwn() throws Exception {
        Path f = Files.writeString(dir.resolve("f"), "0123456789");
        Evy.run(
                () -> {
                    try (var channel =
                            GreenFiles.newByteChannel(
                                    f, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                        var buffer = ByteBuffer.allocateDirect(4);
                        assertThat(channel.read(buffer)).isEqualTo(4);
                        assertThat(channel.position()).isEqualTo(4);
                        assertThat(channel.position(8).read(buffer.clear())).isEqualTo(2);
                        assertThat(channel.read(buffer)).isEqualTo(-1);
                        channel.position(2).write(ByteBuffer.wrap(new byte[] {'x'}));
                        channel.truncate(5);
                        assertThat(channel.size()).isEqualTo(5);
                        assertThatThrownBy(() -> channel.position(-1))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("-1");
                    }
                });
        assertThat(f).hasContent("01x34");
    }

    @Test
    @Spec("PIPE6")
    void call_killedWhileQueued_neverHappens() throws Exception {
        Path f = dir.resolve("f");
        Evy.run(
                () -> {
                    try (var busy = new FullPool()) {
                        var writer = Evy.spawn(() -> GreenFiles.writeString(f, "x"));
                        settle();
                        String late =
                                Timeout.call(
                                        Duration.ofMillis(5),
                                        () -> GreenFiles.createFile(f).toString(),
                                        "late");

                        writer.kill();

                        assertThat(late).isEqualTo("late");
                        assertThat(catchThrowable(writer::join))
                                .isInstanceOf(GreenThreadExit.class);
                        assertThat(busy).isNotNull();
                    }
                    assertThat(Tpool.execute(() -> Files.exists(f))).isFalse();
                });
    }

    @Test
    @Spec("PIPE6")
    void open_killedWhileItRuns_closesWhatItOpened() throws Exception {
        Path f = Files.writeString(dir.resolve("f"), "x").toRealPath();
        Evy.run(
                () -> {
                    for (int i = 0; i < 50; i++) {
                        var opener = Evy.spawn(() -> GreenFiles.newByteChannel(f));
                        Evy.yield(); // now it is with the native threads
                        opener.kill();
                        if (!(catchThrowable(opener::join) instanceof GreenThreadExit)) {
                            opener.join().close();
                        }
                    }
                    awaitTrue("no descriptor of it", () -> !isOpen(f));
                });
    }

    private static boolean isOpen(Path file) {
        Path numbers = Path.of("/proc/self/fd");
        if (!Files.isDirectory(numbers)) {
            return false;
        }
        try (var open = Files.newDirectoryStream(numbers)) {
            for (Path number : open) {
                if (leadsTo(number, file)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean leadsTo(Path number, Path file) {
        try {
            return Files.readSymbolicLink(number).equals(file);
        } catch (IOException e) {
            return false; // closed since it was listed
        }
    }

    @Test
    @Spec("PIPE6")
    void read_killedInTheMiddle_takesNothing() throws Exception {
        Path f = Files.writeString(dir.resolve("f"), "0123456789");
        Evy.run(
                () -> {
                    try (var channel = GreenFiles.newByteChannel(f)) {
                        try (var busy = new FullPool()) {
                            var reader = Evy.spawn(() -> channel.read(ByteBuffer.allocate(5)));
                            settle();
                            reader.kill();
                            assertThat(busy).isNotNull();
                        }
                        for (int i = 0; i < 20; i++) {
                            var reader = Evy.spawn(() -> channel.read(ByteBuffer.allocate(5)));
                            Evy.yield();
                            reader.kill();
                            boolean torn = catchThrowable(reader::join) instanceof GreenThreadExit;
                            assertThat(channel.position()).isEqualTo(torn ? 0 : 5);
                            channel.position(0);
                        }
                        var buffer = ByteBuffer.allocate(10);
                        assertThat(channel.read(buffer)).isEqualTo(10);
                    }
                });
    }
}
