package evy.patcher;

import evy.Evy;
import evy.debug.Debug;
import evy.debug.SpewOptions;
import evy.patcher.bridge.Bridge;

import sample.traced.Spewed;
import sample.traced.Tricky;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Programs that trace themselves, for a JVM of their own. */
final class SpewPrograms {
    private static final List<String> LINES = new CopyOnWriteArrayList<>();

    private SpewPrograms() {}

    public static void main(String... args) throws Exception {
        switch (args[0]) {
            case "switch" -> Evy.run(SpewPrograms::switched);
            case "platform" -> switched();
            case "busy" -> busy();
            case "values" -> Evy.run(SpewPrograms::values);
            case "same" -> same();
            case "again" -> again();
            case "closed" -> closed();
            case "error" -> error();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void print(List<String> lines) {
        lines.forEach(line -> IO.println(line.replaceFirst("^#\\d+ ", "# ")));
    }

    /** On classes that are loaded, and later; and off again. */
    private static void switched() {
        Spewed.add(1, 1); // loaded
        Thread.currentThread().setName("me");
        Debug.spew(SpewOptions.of("sample.traced").to(LINES::add));
        Spewed.add(1, 2);
        Spewed.Later.word();
        Debug.unspew();
        Spewed.add(3, 4);
        print(LINES);
        AtomicInteger told = new AtomicInteger();
        Bridge.lines = (place, values) -> told.incrementAndGet();
        Spewed.add(5, 6);
        Spewed.Later.word();
        IO.println("told when off: " + told);
        Debug.unspew(); // does nothing
    }

    /** While another thread runs the code. */
    private static void busy() throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(20);
        Thread busy = Thread.ofPlatform().start(() -> Spewed.loop(stop));
        for (int i = 0; i < 3; i++) {
            Debug.spew(SpewOptions.of("sample.traced").to(line -> seen.countDown()));
            seen.await();
            Debug.unspew();
        }
        stop.countDown();
        busy.join();
        IO.println("DONE");
    }

    private static void values() {
        Debug.spew(SpewOptions.of("sample.traced.Spewed").withValues().to(LINES::add));
        Spewed.add(1, 2);
        Spewed.take(new Spewed.Value(7));
        try {
            Spewed.take(new Spewed.Value(-1));
        } finally {
            Debug.unspew();
        }
        print(LINES);
    }

    /** Tricky code, before, traced, and after. */
    private static void same() throws Exception {
        List<String> before = new Tricky().call();
        Debug.spew(SpewOptions.of("sample").withValues().to(LINES::add));
        List<String> traced = new Tricky().call();
        Debug.unspew();
        List<String> after = new Tricky().call();
        IO.println(before.equals(traced) + " " + before.equals(after) + " " + (LINES.size() > 300));
    }

    /** One trace takes another's place. */
    private static void again() {
        List<String> second = new CopyOnWriteArrayList<>();
        Debug.spew(SpewOptions.of("sample.traced.Spewed").to(LINES::add));
        Spewed.add(1, 2);
        Debug.spew(SpewOptions.of("sample.traced.Tricky").to(second::add));
        Spewed.add(1, 2);
        new Tricky();
        Debug.unspew();
        IO.println(LINES.size() + " " + second.stream().allMatch(l -> l.contains("Tricky:")));
    }

    /** Nobody reads any more. */
    private static void closed() {
        PrintStream gone = new PrintStream(new ByteArrayOutputStream());
        Debug.spew(SpewOptions.of("sample").to(gone));
        gone.close();
        for (int i = 0; i < 100_000; i++) {
            Spewed.add(i, i);
        }
        Debug.unspew();
        IO.println("DONE");
    }

    private static void error() {
        try {
            Debug.spew("com.acme");
        } catch (IllegalStateException e) {
            IO.println(e.getMessage());
        }
        Debug.unspew();
    }
}
