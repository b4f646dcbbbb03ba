package evy.patcher;

import evy.Evy;
import evy.GreenThread;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.RandomAccessFile;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Makes each call of the table on a green thread while another takes turns, and prints whether that
 * one got any.
 */
final class PatchedTableProgram {
    private static final int DELAY_MILLIS = 150;
    private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(DELAY_MILLIS);
    private static final double DELAY_SECONDS = DELAY_MILLIS / 1000.0;

    /** A call that lets others run gives them many turns, one that does not a few at its edges. */
    private static final int TURNS_OF_GREEN = 20;

    /** How long the machine may be busy with other things. */
    private static final int PATIENCE_MILLIS = 10_000;

    private static final boolean PATCHED = Patcher.isMonkeyPatched(Group.SOCKET);
    private static final int REPETITIONS = 25; // of calls that are soon over
    private static final int LARGE = 1 << 20;

    private final Path folder = Files.createTempDirectory("evy-table");
    private final InetAddress local = InetAddress.getLoopbackAddress();
    private static volatile int turns;
    private static volatile int enough;

    private PatchedTableProgram() throws IOException {}

    public static void main(String... args) throws Exception {
        PatchedTableProgram program = new PatchedTableProgram();
        try {
            Evy.run(program::measureAll);
        } finally {
            for (File file : program.folder.toFile().listFiles()) {
                Files.delete(file.toPath());
            }
            Files.delete(program.folder);
        }
    }

    /** A call and what it needs. */
    @FunctionalInterface
    private interface Call {
        void make() throws Exception;
    }

    private void measureAll() throws Exception {
        GreenThread<Void> other =
                Evy.spawn(
                        () -> {
                            while (true) {
                                turns++;
                                Evy.yield();
                            }
                        });
        threads();
        sockets();
        processes();
        streams();
        files();
        rest();
        other.kill();
    }

    /* A row that names several calls is what all of them are. */
    private void measure(PatchedTableIT.Row row, Call... calls) throws Exception {
        Set<String> verdicts = new TreeSet<>();
        for (Call call : calls) {
            int before = turns;
            enough = row.isGreen(PATCHED) ? before + TURNS_OF_GREEN : before;
            call.make();
            int taken = turns - before;
            verdicts.add(taken >= TURNS_OF_GREEN ? "green" : "blocks");
        }
        System.out.println(row.name() + "\t" + String.join(", ", verdicts));
    }

    private void measureOften(PatchedTableIT.Row row, Call... calls) throws Exception {
        measure(row, Arrays.stream(calls).map(PatchedTableProgram::often).toArray(Call[]::new));
    }

    private static Call often(Call call) {
        return () -> {
            for (int i = 0; i < REPETITIONS; i++) {
                call.make();
            }
        };
    }

    /** Does something a moment later, but not before others had the turns that they should have. */
    private static void later(Call call) {
        Thread.ofPlatform()
                .daemon()
                .start(
                        () -> {
                            try {
                                Thread.sleep(DELAY_MILLIS);
                                for (int i = 0; i < PATIENCE_MILLIS && turns < enough; i++) {
                                    Thread.sleep(1);
                                }
                                call.make();
                            } catch (Exception e) {
                                e.printStackTrace();
                            }
                        });
    }

    private void threads() throws Exception {
        measure(
                PatchedTableIT.Row.SLEEP,
                () -> Thread.sleep(DELAY_MILLIS),
                PatchedTableProgram::park);
        Object monitor = new Object();
        measure(
                PatchedTableIT.Row.WAIT,
                () -> enterAfterAnother(monitor),
                () -> {
                    synchronized (monitor) {
                        monitor.wait(DELAY_MILLIS);
                    }
                });
        measure(
                PatchedTableIT.Row.QUEUE,
                () -> lockAfterAnother(new ReentrantLock()),
                () -> new ArrayBlockingQueue<String>(1).poll(DELAY_MILLIS, TimeUnit.MILLISECONDS));
        measure(
                PatchedTableIT.Row.FUTURE,
                () -> {
                    CompletableFuture<String> future = new CompletableFuture<>();
                    later(() -> future.complete("x"));
                    future.get();
                });
        measure(
                PatchedTableIT.Row.PIPED,
                () -> {
                    PipedInputStream in = new PipedInputStream();
                    PipedOutputStream out = new PipedOutputStream(in);
                    later(() -> out.write('x'));
                    in.read();
                });
        measure(PatchedTableIT.Row.INITIALISER, () -> Initialised.touch());
    }

    /* A park may end for no reason. */
    private static void park() {
        long end = System.nanoTime() + DELAY_NANOS;
        for (long rest = DELAY_NANOS; rest > 0; rest = end - System.nanoTime()) {
            LockSupport.parkNanos(rest);
        }
    }

    private static void enterAfterAnother(Object monitor) throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        Thread.ofPlatform()
                .daemon()
                .start(
                        () -> {
                            synchronized (monitor) {
                                held.countDown();
                                LockSupport.parkNanos(DELAY_NANOS);
                            }
                        });
        held.await();
        synchronized (monitor) {
            return;
        }
    }

    private static void lockAfterAnother(ReentrantLock lock) throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        Thread.ofPlatform()
                .daemon()
                .start(
                        () -> {
                            lock.lock();
                            held.countDown();
                            LockSupport.parkNanos(DELAY_NANOS);
                            lock.unlock();
                        });
        held.await();
        lock.lock();
        lock.unlock();
    }

    /** Sleeps in its initialiser. */
    private static final class Initialised {
        static {
            try {
                Thread.sleep(DELAY_MILLIS);
            } catch (InterruptedException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        static void touch() {}
    }

    private void sockets() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, local);
                Socket client = new Socket(local, listener.getLocalPort());
                Socket server = listener.accept()) {
            measure(
                    PatchedTableIT.Row.SOCKET,
                    () -> {
                        later(() -> server.getOutputStream().write('x'));
                        client.getInputStream().read();
                    });
            measure(
                    PatchedTableIT.Row.ACCEPT,
                    () -> {
                        listener.setSoTimeout(DELAY_MILLIS);
                        try {
                            listener.accept();
                        } catch (SocketTimeoutException e) {
                            return; // as expected
                        }
                    });
        }
        try (DatagramSocket datagrams = new DatagramSocket(new InetSocketAddress(local, 0))) {
            measure(
                    PatchedTableIT.Row.DATAGRAM,
                    () -> {
                        datagrams.setSoTimeout(DELAY_MILLIS);
                        try {
                            datagrams.receive(new DatagramPacket(new byte[1], 1));
                        } catch (SocketTimeoutException e) {
                            return; // as expected
                        }
                    });
        }
        channels();
        measureOften(PatchedTableIT.Row.LOOKUP, PatchedTableProgram::lookUp);
        measureOften(PatchedTableIT.Row.INTERFACES, NetworkInterface::getNetworkInterfaces);
    }

    /* A name that no cache knows, and that does not leave this machine. */
    private static void lookUp() {
        try {
            InetAddress.getAllByName("no-such-name-" + System.nanoTime() + ".localhost");
        } catch (UnknownHostException e) {
            return; // so it is
        }
    }

    private void channels() throws Exception {
        try (ServerSocketChannel listener =
                        ServerSocketChannel.open().bind(new InetSocketAddress(local, 0));
                SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                SocketChannel server = listener.accept();
                Selector selector = Selector.open()) {
            measure(
                    PatchedTableIT.Row.CHANNEL,
                    () -> {
                        later(() -> server.write(ByteBuffer.allocate(1)));
                        client.read(ByteBuffer.allocate(1));
                    });
            measure(PatchedTableIT.Row.SELECTOR, () -> selector.select(DELAY_MILLIS));
        }
        Pipe pipe = Pipe.open();
        try (var source = pipe.source();
                var sink = pipe.sink()) {
            measure(
                    PatchedTableIT.Row.PIPE,
                    () -> {
                        later(() -> sink.write(ByteBuffer.allocate(1)));
                        source.read(ByteBuffer.allocate(1));
                    });
        }
    }

    private static Process shell(String script) throws IOException {
        return new ProcessBuilder("sh", "-c", script).start();
    }

    private void processes() throws Exception {
        measureOften(PatchedTableIT.Row.START, () -> shell("exit").onExit());
        Process first = shell("read x");
        measure(
                PatchedTableIT.Row.WAIT_FOR,
                () -> {
                    later(() -> first.getOutputStream().close());
                    first.waitFor();
                });
        Process second = shell("read x");
        measure(
                PatchedTableIT.Row.ON_EXIT,
                () -> {
                    later(() -> second.getOutputStream().close());
                    second.onExit().get();
                });
        Process echo = shell("read x; echo x");
        measure(
                PatchedTableIT.Row.PROCESS_INPUT,
                () -> {
                    later(() -> echo.getOutputStream().close());
                    echo.getInputStream().read();
                });
        Process reader = shell("sleep " + DELAY_SECONDS + "; cat >/dev/null");
        measure(
                PatchedTableIT.Row.PROCESS_OUTPUT,
                () -> {
                    try (OutputStream out = reader.getOutputStream()) {
                        out.write(new byte[LARGE]);
                    }
                });
        reader.waitFor();
        echo.waitFor();
    }

    private void streams() throws Exception {
        measure(
                PatchedTableIT.Row.STANDARD_INPUT,
                () -> {
                    later(PatchedTableProgram::writeToOwnInput);
                    System.in.read();
                });
        Path fifo = folder.resolve("fifo");
        new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
        measure(
                PatchedTableIT.Row.FIFO_OPEN,
                () -> {
                    later(() -> new FileOutputStream(fifo.toFile()).close());
                    new FileInputStream(fifo.toFile()).close();
                });
        try (RandomAccessFile end = new RandomAccessFile(fifo.toFile(), "rw");
                FileInputStream in = new FileInputStream(fifo.toFile());
                var channel = Files.newByteChannel(fifo)) {
            measure(
                    PatchedTableIT.Row.FIFO,
                    () -> {
                        later(() -> end.write('x'));
                        in.read();
                    });
            measure(
                    PatchedTableIT.Row.FIFO_CHANNEL,
                    () -> {
                        later(() -> end.write('x'));
                        channel.read(ByteBuffer.allocate(1));
                    });
        }
    }

    /* The other end of the pipe that the program reads. */
    private static void writeToOwnInput() throws IOException {
        try (OutputStream out = new FileOutputStream("/proc/self/fd/0")) {
            out.write('x');
        }
    }

    private void files() throws Exception {
        byte[] bytes = new byte[LARGE];
        Path path = folder.resolve("file");
        measureOften(
                PatchedTableIT.Row.FILE_OUTPUT,
                () -> {
                    try (var out = new FileOutputStream(path.toFile())) {
                        out.write(bytes);
                    }
                });
        measureOften(
                PatchedTableIT.Row.FILE_INPUT,
                () -> {
                    try (var in = new FileInputStream(path.toFile())) {
                        in.readAllBytes();
                    }
                });
        measureOften(
                PatchedTableIT.Row.RANDOM_ACCESS,
                () -> {
                    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
                        file.readFully(bytes);
                    }
                });
        measureOften(
                PatchedTableIT.Row.FILES,
                () -> Files.readAllBytes(path),
                () -> Files.write(path, bytes));
        measureOften(
                PatchedTableIT.Row.FILES_CHANGE,
                () -> Files.delete(Files.createFile(folder.resolve("made"))));
        measureOften(PatchedTableIT.Row.COPY, () -> copy(path));
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            measureOften(PatchedTableIT.Row.FORCE, () -> channel.force(true));
        }
        try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(path)) {
            measureOften(
                    PatchedTableIT.Row.ASYNCHRONOUS,
                    () -> channel.read(ByteBuffer.allocate(LARGE), 0).get());
        }
        lock(path);
        measureOften(PatchedTableIT.Row.OLD_FILE, () -> folder.toFile().listFiles());
    }

    private void copy(Path path) throws IOException {
        Path copy = folder.resolve("copy");
        Files.copy(path, copy);
        Files.delete(copy);
    }

    private void lock(Path path) throws Exception {
        Process holder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                OsPrograms.LockHolder.class.getName(),
                                path.toString())
                        .start();
        holder.getInputStream().read();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            measure(
                    PatchedTableIT.Row.LOCK,
                    () -> {
                        later(() -> holder.getOutputStream().close());
                        channel.lock().release();
                    });
        }
        holder.waitFor();
    }

    private void rest() throws Exception {
        Path jar = folder.resolve("jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("entry"));
            out.write(new byte[LARGE]);
        }
        measureOften(PatchedTableIT.Row.JAR, () -> readAll(jar));
        try (var watch = folder.getFileSystem().newWatchService()) {
            folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            measure(
                    PatchedTableIT.Row.WATCH,
                    () -> {
                        later(() -> Files.createFile(folder.resolve("seen")));
                        watch.take();
                    });
        }
        SecureRandom random = SecureRandom.getInstanceStrong();
        measureOften(PatchedTableIT.Row.RANDOM, () -> random.nextBytes(new byte[16]));
    }

    private static void readAll(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            file.getInputStream(file.entries().nextElement()).readAllBytes();
        }
    }
}
