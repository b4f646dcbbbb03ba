package evy.patcher;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * Does to files what there is to do, and tells what came of it: the same on every kind of thread,
 * with the agent and without.
 */
final class FileTranscript {
    private static final int LARGE = 700_001;

    private final Path folder;
    private final byte[] content = new byte[LARGE];

    private FileTranscript(Path folder) {
        this.folder = folder;
        new Random(5).nextBytes(content);
    }

    public static void main(String... args) throws Exception {
        Path folder = Files.createTempDirectory("evy-files");
        try {
            ThreadKind.valueOf(args[0])
                    .start(
                            () -> {
                                new FileTranscript(folder).tell();
                                return null;
                            })
                    .outcome();
        } finally {
            try (var all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private void tell() {
        Path path = folder.resolve("a");
        File file = path.toFile();
        note("stream", () -> throughStreams(file));
        note("random", () -> throughRandomAccess(file));
        note("channel", () -> throughChannel(path));
        note("none", () -> new FileInputStream(new File(file, "none")));
        note("folder", () -> new FileInputStream(folder.toFile()));
        note("folder to write", () -> new FileOutputStream(folder.toFile()));
        note("exists", () -> Files.exists(path) + " " + Files.exists(folder.resolve("none")));
        note("size", () -> Files.size(path));
        note("no size", () -> Files.size(folder.resolve("none")));
        note("is folder", () -> Files.isDirectory(folder));
        note("make", () -> Files.createDirectories(folder.resolve("x/y/z")));
        note("make again", () -> Files.createDirectory(folder.resolve("x")));
        note("copy", () -> Files.copy(path, folder.resolve("x/y/b")));
        note("copy again", () -> Files.copy(path, folder.resolve("x/y/b")));
        note("same", () -> Files.mismatch(path, folder.resolve("x/y/b")));
        note(
                "move",
                () ->
                        Files.move(
                                folder.resolve("x/y/b"),
                                folder.resolve("x/c"),
                                StandardCopyOption.ATOMIC_MOVE));
        note("link", () -> Files.createSymbolicLink(folder.resolve("l"), Path.of("x/c")));
        note("linked", () -> Files.readSymbolicLink(folder.resolve("l")));
        note("real", () -> Files.isSameFile(folder.resolve("l"), folder.resolve("x/c")));
        note("list", this::list);
        note("not empty", () -> deleted(folder.resolve("x")));
        note("delete", () -> deleted(folder.resolve("x/c")));
        note("delete again", () -> deleted(folder.resolve("x/c")));
        note("lock", () -> lock(path));
    }

    private void note(String what, Callable<?> call) {
        String outcome;
        try {
            outcome = String.valueOf(call.call());
        } catch (Exception e) {
            outcome = e.getClass().getName() + ": " + e.getMessage();
        }
        System.out.println(what + ": " + outcome.replace(folder.toString(), "FOLDER"));
    }

    private Object throughStreams(File file) throws Exception {
        try (FileOutputStream out = new FileOutputStream(file)) {
            out.write(content);
            out.write(7);
            out.write(content, 1, 2);
            out.getFD().sync();
        }
        try (FileInputStream in = new FileInputStream(file)) {
            int first = in.read();
            long skipped = in.skip(10);
            byte[] some = new byte[1000];
            int n = in.read(some);
            return Arrays.hashCode(some)
                    + " "
                    + first
                    + " "
                    + skipped
                    + " "
                    + n
                    + " "
                    + in.available()
                    + " "
                    + Arrays.hashCode(in.readAllBytes())
                    + " "
                    + in.read();
        }
    }

    private Object throughRandomAccess(File file) throws Exception {
        try (RandomAccessFile random = new RandomAccessFile(file, "rwd")) {
            random.seek(100);
            random.writeUTF("evy");
            random.write(content, 0, 300_000);
            random.seek(100);
            String text = random.readUTF();
            random.setLength(500_000);
            byte[] rest = new byte[400_000];
            random.readFully(rest);
            return text + random.length() + " " + random.getFilePointer() + Arrays.hashCode(rest);
        }
    }

    private Object throughChannel(Path path) throws Exception {
        try (FileChannel channel =
                        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileChannel other =
                        FileChannel.open(
                                folder.resolve("o"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE)) {
            long written = channel.write(new ByteBuffer[] {wrap(10), wrap(300_000)});
            int at = channel.write(wrap(5), 77);
            ByteBuffer buffer = ByteBuffer.allocate(600_000);
            int read = channel.read(buffer, 3);
            long moved = channel.transferTo(10, 200_000, other);
            channel.truncate(1000).force(true);
            var map = channel.map(FileChannel.MapMode.READ_ONLY, 0, 100);
            return written
                    + " "
                    + at
                    + " "
                    + read
                    + " "
                    + moved
                    + " "
                    + channel.position()
                    + " "
                    + channel.size()
                    + " "
                    + other.size()
                    + " "
                    + map.hashCode()
                    + " "
                    + Arrays.hashCode(buffer.array());
        }
    }

    private ByteBuffer wrap(int length) {
        return ByteBuffer.wrap(content, 0, length);
    }

    private Object list() throws Exception {
        try (var all = Files.walk(folder)) {
            return all.map(folder::relativize).map(Path::toString).sorted().toList();
        }
    }

    private static Object deleted(Path path) throws Exception {
        Files.delete(path);
        return "deleted";
    }

    private static Object lock(Path path) throws Exception {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
                var lock = channel.lock(0, 10, false)) {
            return lock.position() + " " + lock.size() + " " + lock.isShared() + lock.isValid();
        }
    }
}
