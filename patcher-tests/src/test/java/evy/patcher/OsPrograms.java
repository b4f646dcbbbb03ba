package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.Timeout;
import evy.hubs.Hub;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;

/** The programs of {@link OsIT}: files, pipes and processes on green threads of a patched JVM. */
final class OsPrograms {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int LARGE = 3_000_001;

    private static Path folder;

    private OsPrograms() {}

    public static void main(String... args) throws Exception {
        folder = Files.createTempDirectory("evy-os");
        try {
            run(args[0]);
        } finally {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
        System.out.println("DONE");
    }

    private static void run(String program) throws Exception {
        switch (program) {
            case "pipes" -> Evy.run(OsPrograms::pipes);
            case "fifos" -> Evy.run(OsPrograms::fifos);
            case "full pipes" -> Evy.run(OsPrograms::fullPipes);
            case "closed" -> Evy.run(OsPrograms::closed);
            case "timeouts" -> Evy.run(OsPrograms::timeouts);
            case "killed opening" -> Evy.run(OsPrograms::killedOpening);
            case "channels" -> Evy.run(OsPrograms::channels);
            case "files" -> Evy.run(OsPrograms::files);
            case "failures" -> Evy.run(OsPrograms::failures);
            case "torn" -> Evy.run(OsPrograms::torn);
            case "interrupted" -> Evy.run(OsPrograms::interrupted);
            case "locks" -> Evy.run(OsPrograms::locks);
            case "off" -> off();
            default -> throw new IllegalArgumentException(program);
        }
    }

    private static Process shell(String script) throws IOException {
        return new ProcessBuilder("sh", "-c", script).start();
    }

    private static Path fifo() throws Exception {
        Path path = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
        return path;
    }

    private static void pipes() throws Exception {
        Process cat = new ProcessBuilder("cat").start();
        GreenThread<Integer> reader = Evy.spawn(() -> cat.getInputStream().read());
        Evy.sleep(SHORT); // the hub goes on while it reads

        cat.getOutputStream().write('x');
        cat.getOutputStream().flush();

        assertThat(reader.get()).isEqualTo('x');
        cat.getOutputStream().close();
        assertThat(cat.getInputStream().read()).isEqualTo(-1);
        assertThat(cat.waitFor()).isZero();
    }

    private static void fifos() throws Exception {
        Path path = fifo();
        GreenThread<String> reader =
                Evy.spawn(
                        () -> {
                            try (InputStream in = new FileInputStream(path.toFile())) {
                                return new String(in.readAllBytes());
                            }
                        });
        Evy.sleep(SHORT); // it waits for this end now
        try (OutputStream out = Files.newOutputStream(path)) {
            out.write('a');
            Evy.sleep(SHORT);
            out.write('b');
        }
        assertThat(reader.get()).isEqualTo("ab");
    }

    private static void fullPipes() throws Exception {
        byte[] sent = new byte[LARGE];
        new Random(7).nextBytes(sent);
        Process cat = new ProcessBuilder("cat").start();
        GreenThread<Void> writer =
                Evy.spawn(
                        () -> {
                            try (OutputStream out = cat.getOutputStream()) {
                                out.write(sent);
                            }
                            return null;
                        });
        Evy.sleep(SHORT); // the pipe is full now

        assertThat(cat.getInputStream().readAllBytes()).isEqualTo(sent);
        writer.get();
    }

    private static void closed() throws Exception {
        Path path = fifo();
        try (var other = new RandomAccessFile(path.toFile(), "rw")) {
            FileInputStream in = new FileInputStream(path.toFile());
            GreenThread<Integer> reader = Evy.spawn(() -> in.read());
            Evy.sleep(SHORT);

            in.close();

            assertThatThrownBy(reader::get).hasRootCauseMessage("Stream Closed");
            other.write('x'); // the number may mean something else by now
            try (FileInputStream again = new FileInputStream(path.toFile())) {
                GreenThread<Integer> next = Evy.spawn(() -> again.read());
                assertThat(next.get()).isEqualTo('x');
            }
        }
    }

    private static void timeouts() throws Exception {
        Process cat = new ProcessBuilder("cat").start();
        InputStream in = cat.getInputStream();
        for (int i = 0; i < 3; i++) {
            String late = Timeout.call(SHORT, () -> "read " + in.read(), "late");
            assertThat(late).isEqualTo("late");
        }
        cat.getOutputStream().write('x');
        cat.getOutputStream().flush();
        assertThat(in.read()).isEqualTo('x');
        cat.getOutputStream().close();
        cat.waitFor();
    }

    private static void killedOpening() throws Exception {
        Path path = fifo();
        killOpening(() -> new FileInputStream(path.toFile()));
        killOpening(() -> FileChannel.open(path));
    }

    private static void killOpening(Callable<?> open) throws Exception {
        long before = descriptors();
        GreenThread<?> opener = Evy.spawn(open::call);
        Evy.sleep(SHORT);

        opener.kill();

        awaitTrue(opener::isDead);
        awaitTrue(() -> descriptors() <= before); // the native thread is let go, and closes
    }

    /** Channels of FIFOs, and whoever waits for one while another does. */
    private static void channels() throws Exception {
        Path path = fifo();
        byte[] sent = new byte[LARGE];
        new Random(7).nextBytes(sent);
        GreenThread<byte[]> reader =
                Evy.spawn(
                        () -> {
                            try (InputStream in = new FileInputStream(path.toFile())) {
                                return in.readAllBytes();
                            }
                        });
        try (FileChannel out = FileChannel.open(path, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(sent);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
        }
        assertThat(Arrays.equals(reader.get(), sent)).isTrue();

        try (var both = new RandomAccessFile(path.toFile(), "rw");
                FileInputStream in = new FileInputStream(path.toFile())) {
            GreenThread<Integer> one = Evy.spawn(() -> in.read());
            GreenThread<Integer> other = Evy.spawn(() -> in.read());
            Evy.sleep(SHORT);
            assertThat(one.isDead() || other.isDead()).isFalse();

            both.write(new byte[] {3, 4});

            assertThat(one.get() + other.get()).isEqualTo(7);
            interruptReaderByHub(path);
            closeUnderReader(path);
        }
    }

    /* The channel is closed for it, which the hub must not wait for. */
    private static void interruptReaderByHub(Path path) throws Exception {
        try (FileChannel channel = FileChannel.open(path)) {
            GreenThread<Integer> reader =
                    Evy.spawn(() -> channel.read(ByteBuffer.allocateDirect(1)));
            Evy.sleep(SHORT);

            Hub.current().execute(() -> reader.thread().interrupt());

            assertThatThrownBy(reader::get)
                    .hasRootCauseInstanceOf(ClosedByInterruptException.class);
            assertThat(channel.isOpen()).isFalse();
        }
    }

    private static void closeUnderReader(Path path) throws Exception {
        FileChannel channel = FileChannel.open(path);
        GreenThread<Integer> reader = Evy.spawn(() -> channel.read(ByteBuffer.allocateDirect(1)));
        Evy.sleep(SHORT);

        channel.close();

        assertThatThrownBy(reader::get).hasRootCauseInstanceOf(AsynchronousCloseException.class);
    }

    private static void awaitTrue(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime() - deadline).isNegative();
            Evy.sleep(SHORT);
        }
    }

    private static long descriptors() throws IOException {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    private static void files() throws Exception {
        byte[] sent = new byte[LARGE];
        new Random(7).nextBytes(sent);
        Path path = folder.resolve("large");
        int[] turns = {0};
        GreenThread<Void> other = counter(turns);

        Files.write(path, sent);
        int ofWrite = taken(turns);
        byte[] read = Files.readAllBytes(path);
        int ofRead = taken(turns);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        int ofForce = taken(turns);
        Files.copy(path, folder.resolve("copy"));
        int ofCopy = taken(turns);
        try (var file = new RandomAccessFile(folder.resolve("copy").toFile(), "rw")) {
            byte[] all = new byte[LARGE];
            file.readFully(all);
            assertThat(Arrays.equals(all, sent)).isTrue();
            file.setLength(10);
        }
        int ofRandom = taken(turns);

        other.kill();
        assertThat(Arrays.equals(read, sent)).isTrue();
        assertThat(Files.size(folder.resolve("copy"))).isEqualTo(10);
        assertThat(List.of(ofWrite, ofRead, ofForce, ofCopy, ofRandom))
                .as("turns of another during write, read, force, copy, random access")
                .allMatch(n -> n > 0);
    }

    /** Takes turns as long as it lives. */
    private static GreenThread<Void> counter(int[] turns) {
        return Evy.spawn(
                () -> {
                    while (true) {
                        turns[0]++;
                        Evy.yield();
                    }
                });
    }

    private static int taken(int[] turns) {
        int taken = turns[0];
        turns[0] = 0;
        return taken;
    }

    private static void failures() throws Exception {
        Path none = folder.resolve("none");

        assertThatThrownBy(() -> new FileInputStream(none.toFile()))
                .isInstanceOf(FileNotFoundException.class)
                .satisfies(OsPrograms::looksThrownHere);
        assertThatThrownBy(() -> Files.newInputStream(none))
                .isInstanceOf(NoSuchFileException.class)
                .satisfies(OsPrograms::looksThrownHere);
        assertThatThrownBy(() -> Files.delete(none)).isInstanceOf(NoSuchFileException.class);
        Process cat = new ProcessBuilder("cat").start();
        try (OutputStream out = cat.getOutputStream()) {
            assertThatThrownBy(() -> out.write(new byte[LARGE], 1, LARGE))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        cat.waitFor();
        assertThatThrownBy(() -> new ProcessBuilder("/none").start())
                .isInstanceOf(IOException.class)
                .satisfies(OsPrograms::looksThrownHere);
    }

    private static void looksThrownHere(Throwable thrown) {
        assertThat(thrown.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(OsPrograms.class.getName()))
                .noneMatch(frame -> frame.getClassName().startsWith("evy.tpool"));
    }

    /** A timeout neither closes the channel nor leaves a call under way on the caller's memory. */
    private static void torn() throws Exception {
        Path path = folder.resolve("torn");
        try (FileChannel channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            ByteBuffer large = ByteBuffer.allocateDirect(LARGE);
            channel.write(large, 0); // the first in the loop may be late already
            int[] written = {0};
            String end =
                    Timeout.call(
                            SHORT,
                            () -> {
                                while (true) {
                                    large.clear();
                                    channel.write(large, 0);
                                    channel.force(false);
                                    written[0]++;
                                }
                            },
                            "late");
            assertThat(end).isEqualTo("late");
            assertThat(written[0]).isNotNegative();
            assertThat(channel.isOpen()).isTrue();
            large.clear();
            assertThat(channel.read(large, 0)).isPositive();
        }
        String read =
                Timeout.call(
                        SHORT,
                        () -> {
                            while (true) { // of memory only
                                Files.readAllBytes(path);
                            }
                        },
                        "late");
        assertThat(read).isEqualTo("late");
    }

    private static void interrupted() throws Exception {
        Path fifo = fifo();
        GreenThread<Boolean> opener =
                Evy.spawn(
                        () -> {
                            try (InputStream in = new FileInputStream(fifo.toFile())) {
                                return Thread.interrupted() && in.read() == 'x';
                            }
                        });
        Evy.sleep(SHORT); // it waits for this end now
        opener.thread().interrupt();
        Evy.sleep(SHORT);
        try (OutputStream out = new FileOutputStream(fifo.toFile())) {
            out.write('x');
        }
        assertThat(opener.get()).as("interrupted, yet opened").isTrue();
        Path path = folder.resolve("interrupted");
        Files.write(path, new byte[LARGE]);
        try (FileInputStream in = new FileInputStream(path.toFile())) {
            Thread.currentThread().interrupt();

            int length = in.readNBytes(LARGE).length;

            assertThat(Thread.interrupted()).as("kept").isTrue();
            assertThat(length).isEqualTo(LARGE);
        }
    }

    private static void locks() throws Exception {
        Path path = folder.resolve("locked");
        Files.createFile(path);
        Process holder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LockHolder.class.getName(),
                                path.toString())
                        .start();
        assertThat(holder.getInputStream().read()).isEqualTo('L');
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            assertThat(channel.tryLock()).isNull();
            assertThat(Timeout.call(SHORT, () -> "" + channel.lock(), "late")).isEqualTo("late");
            interruptByHub(path);
            GreenThread<Boolean> locker = Evy.spawn(() -> channel.lock().isValid());
            Evy.sleep(SHORT);
            assertThat(locker.isDead()).isFalse();

            holder.getOutputStream().close();

            assertThat(locker.get()).isTrue();
        }
        holder.waitFor();
    }

    /* The channel is closed for it, which the hub must not wait for. */
    private static void interruptByHub(Path path) throws Exception {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            GreenThread<Boolean> locker = Evy.spawn(() -> channel.lock().isValid());
            Evy.sleep(SHORT);

            Hub.current().execute(() -> locker.thread().interrupt());

            assertThatThrownBy(locker::get)
                    .hasRootCauseInstanceOf(FileLockInterruptionException.class);
            assertThat(channel.isOpen()).isFalse();
        }
    }

    /** Another process, as a JVM has its own locks itself. */
    static final class LockHolder {
        public static void main(String... args) throws IOException {
            try (FileOutputStream out = new FileOutputStream(args[0], true);
                    var lock = out.getChannel().lock()) {
                System.out.print(lock.isValid() ? 'L' : '-');
                System.out.flush();
                System.in.transferTo(OutputStream.nullOutputStream()); // until it may go
            }
        }
    }

    private static void off() {
        assertThat(Patcher.isMonkeyPatched("os")).isFalse();
        assertThat(Patcher.isMonkeyPatched("process")).isFalse();
        assertThat(Patcher.isMonkeyPatched("socket")).isTrue();
    }
}
