package evy.benchmarks;

import evy.Evy;
import evy.GreenThread;
import evy.io.GreenFiles;
import evy.tpool.Tpool;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads of a file of 4 KB that the system holds in memory, by one reader and by several at once.
 * Each read is checked in length and in one byte.
 *
 * <p>Claim: a read through the tpool costs no more than its round trip and the read. The price of a
 * hub that no file can hold up is what {@code evy} has over {@code evyOnTheHub}; the rivals'
 * carrier and threads are held up by each read.
 */
@OperationsPerInvocation(HubBenchmark.BATCH)
@State(Scope.Benchmark)
public class FileReadBenchmark extends HubBenchmark {
    private static final int FILE_BYTES = 4096;

    /** How a file is read. */
    public enum Way {
        /** At a position of a channel that is open. */
        CHANNEL,

        /** All of it, from opening to closing. */
        WHOLE
    }

    @Param({"CHANNEL", "WHOLE"})
    public Way way;

    @Param({"1", "10"})
    public int readers;

    private Path file;
    private FileChannel channel;
    private ExecutorService threads;

    @Setup(Level.Trial)
    public void open() throws IOException {
        file = Files.createTempFile("evy-benchmark", ".bin");
        var content = new byte[FILE_BYTES];
        content[FILE_BYTES - 1] = 1;
        Files.write(file, content);
        channel = FileChannel.open(file);
        threads = Executors.newFixedThreadPool(readers);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        threads.shutdownNow();
        channel.close();
        Files.delete(file);
    }

    @Benchmark
    public int evy() throws Exception {
        return Evy.run(
                () ->
                        readGreen(
                                switch (way) {
                                    case CHANNEL -> buffer -> Tpool.execute(() -> fill(buffer));
                                    case WHOLE -> buffer -> last(GreenFiles.readAllBytes(file));
                                }));
    }

    /** The read holds up the hub. */
    @Benchmark
    public int evyOnTheHub() throws Exception {
        return Evy.run(() -> readGreen(blocking()));
    }

    @Benchmark
    public int stockVirtual() throws Exception {
        try (var virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            return readOn(virtual);
        }
    }

    @Benchmark
    public int platform() throws Exception {
        return readOn(threads);
    }

    /** One read; gives the last byte. */
    private interface Read {
        int with(ByteBuffer buffer) throws Exception;
    }

    private Read blocking() {
        return switch (way) {
            case CHANNEL -> this::fill;
            case WHOLE -> buffer -> last(Files.readAllBytes(file));
        };
    }

    private int fill(ByteBuffer buffer) throws IOException {
        if (channel.read(buffer.clear(), 0) != FILE_BYTES) {
            throw new IOException("a short read of " + file);
        }
        return buffer.get(FILE_BYTES - 1);
    }

    private int last(byte[] content) throws IOException {
        if (content.length != FILE_BYTES) {
            throw new IOException("a short read of " + file);
        }
        return content[FILE_BYTES - 1];
    }

    private int readGreen(Read read) throws Exception {
        var all = new ArrayList<GreenThread<Integer>>();
        for (int i = 0; i < readers; i++) {
            all.add(Evy.spawn(share(read)));
        }
        int sum = 0;
        for (var thread : all) {
            sum += thread.get();
        }
        return check(sum);
    }

    private int readOn(ExecutorService executor) throws Exception {
        var all = new ArrayList<Future<Integer>>();
        for (int i = 0; i < readers; i++) {
            all.add(executor.submit(share(blocking())));
        }
        int sum = 0;
        for (var future : all) {
            sum += future.get();
        }
        return check(sum);
    }

    /** What one of the readers does. */
    private Callable<Integer> share(Read read) {
        return () -> {
            var buffer = ByteBuffer.allocateDirect(FILE_BYTES);
            int sum = 0;
            for (int i = 0; i < BATCH / readers; i++) {
                sum += read.with(buffer);
            }
            return sum;
        };
    }

    private int check(int sum) throws IOException {
        if (sum != BATCH / readers * readers) {
            throw new IOException("wrong bytes in " + file);
        }
        return sum;
    }
}
