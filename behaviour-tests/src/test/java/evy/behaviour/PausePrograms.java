package evy.behaviour;

import evy.Evy;
import evy.GreenThread;
import evy.debug.BlockCause;
import evy.debug.Debug;
import evy.debug.HubBlock;
import evy.hubs.Hub;

import org.jspecify.annotations.Nullable;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * Pauses of the whole JVM, each in the midst of a stretch of a green thread that is, without the
 * pause, too short for the watchdog to tell of.
 */
final class PausePrograms {
    private static final Duration RESOLUTION = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(350);

    /* More than a quarter of the resolution: the watchdog has looked once since the stretch began. */
    private static final Duration BEFORE = Duration.ofMillis(55);

    /* Enough for it to look again, after the pause. */
    private static final Duration AFTER = Duration.ofMillis(25);

    private static final int ROUNDS = 5;
    private static final int MOST_NODES = 25_000_000;

    private static final List<HubBlock> FOUND = new CopyOnWriteArrayList<>();
    private static volatile boolean over;

    private PausePrograms() {}

    /** Stops everything for a while. */
    private interface Pause {
        void happen() throws Exception;

        /** It was too short. */
        default void lengthen() {}
    }

    /** Full collections, with so much alive that they take long enough. */
    private static final class Collector implements Pause {
        private record Node(@Nullable Node next) {}

        /* A list, as several threads cannot mark one faster. */
        private @Nullable Node live;
        private int nodes;

        @Override
        public void happen() {
            System.gc();
        }

        @Override
        public void lengthen() {
            for (int i = 0; i < 1_000_000 && nodes < MOST_NODES; i++) {
                live = new Node(live);
                nodes++;
            }
        }
    }

    static void collectorPauses() throws Exception {
        Collector collector = new Collector();
        long took;
        do {
            collector.lengthen();
            long start = System.nanoTime();
            collector.happen();
            took = System.nanoTime() - start;
        } while (took < PAUSE.toNanos());
        rounds(collector);
    }

    static void stops() throws Exception {
        String pid = String.valueOf(ProcessHandle.current().pid());
        String script = "read go; kill -STOP %s; sleep 0.5; kill -CONT %s".formatted(pid, pid);
        rounds(
                () -> {
                    Process shell = new ProcessBuilder("sh", "-c", script).start();
                    try (OutputStream in = shell.getOutputStream()) {
                        in.write("go\n".getBytes(StandardCharsets.US_ASCII));
                    }
                    shell.waitFor();
                    RobustnessChild.closePipes(shell);
                });
    }

    private static void rounds(Pause pause) throws Exception {
        int told = 0;
        int blamed = 0;
        try (Hub hub = Hub.open()) {
            Debug.hubBlockingDetection(RESOLUTION, FOUND::add);
            while (told < ROUNDS) {
                FOUND.clear();
                GreenThread<?> runs = pauseInStretch(hub, pause);
                if (isPauseTold()) {
                    told++;
                    blamed += FOUND.stream().anyMatch(b -> b.greenThread() == runs) ? 1 : 0;
                    FOUND.forEach(block -> RobustnessPrograms.say(block.text()));
                } else {
                    pause.lengthen();
                }
            }
            Debug.hubBlockingDetection(false);
        }
        RobustnessPrograms.say("blamed: " + blamed + " of " + ROUNDS);
    }

    private static GreenThread<?> pauseInStretch(Hub hub, Pause pause) throws Exception {
        over = false;
        CountDownLatch now = new CountDownLatch(1);
        GreenThread<?> runs = Evy.spawn(hub, () -> stretch(now));
        now.await();
        pause.happen();
        over = true;
        runs.join();
        Evy.sleep(RESOLUTION); // for what the watchdog has seen to be told
        return runs;
    }

    private static boolean isPauseTold() {
        return FOUND.stream().anyMatch(block -> block.cause() == BlockCause.PAUSE);
    }

    private static void stretch(CountDownLatch now) {
        spin(BEFORE);
        now.countDown();
        while (!over) {
            Thread.onSpinWait();
        }
        spin(AFTER);
    }

    private static void spin(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}
