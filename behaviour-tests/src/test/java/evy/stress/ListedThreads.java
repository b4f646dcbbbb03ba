package evy.stress;

import evy.Evy;
import evy.debug.Debug;
import evy.debug.Snapshot;
import evy.sync.Event;

import java.time.Duration;

/**
 * Lists a tree of very many green threads, the first time cold, and prints how long that took and
 * for how long another green thread had to wait for its turn meanwhile.
 */
final class ListedThreads {
    private static final int CHILDREN = 99;
    private static final double MILLION = 1e6;

    private static long longestNanos;
    private static boolean over;

    private ListedThreads() {}

    public static void main(String... args) {
        int count = Integer.parseInt(args[0]);
        int rounds = Integer.parseInt(args[1]);
        Evy.run(
                () -> {
                    Event<String> end = new Event<>();
                    for (int i = 0; i < count / (CHILDREN + 1); i++) {
                        Evy.spawn(() -> parent(end));
                    }
                    Evy.spawn(ListedThreads::tick);
                    Evy.sleep(Duration.ofMillis(100));
                    long worst = 0;
                    for (int round = 0; round < rounds; round++) {
                        System.gc(); // its pauses are not what is measured
                        worst = Math.max(worst, list());
                    }
                    IO.println(
                            "the hub stood still for 10 s: "
                                    + (worst < Duration.ofSeconds(10).toNanos() ? "never" : "yes"));
                    over = true;
                    end.send("done");
                });
    }

    private static void parent(Event<String> end) throws InterruptedException {
        for (int i = 0; i < CHILDREN; i++) {
            boolean sleeps = i % 2 == 0;
            Evy.spawn(
                    () -> {
                        if (sleeps) {
                            end.await(Duration.ofDays(1));
                        } else {
                            end.await();
                        }
                    });
        }
        end.await();
    }

    private static void tick() {
        long last = System.nanoTime();
        while (!over) {
            long now = System.nanoTime();
            longestNanos = Math.max(longestNanos, now - last);
            last = now;
            Evy.yield();
        }
    }

    private static long list() {
        Evy.yield();
        longestNanos = 0;
        long begun = System.nanoTime();
        Snapshot seen = Debug.greenThreads();
        long took = System.nanoTime() - begun;
        Evy.yield();
        IO.println(
                "listed %d in %.0f ms, longest wait for a turn %.1f ms"
                        .formatted(
                                seen.greenThreads().size(),
                                took / MILLION,
                                longestNanos / MILLION));
        return longestNanos;
    }
}
