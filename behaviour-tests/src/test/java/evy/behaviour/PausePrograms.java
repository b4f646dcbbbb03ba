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
import java.util.concurrent.locks.LockSupport;

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

    /*
     * On a busy machine a stretch may be too long for itself, and is then rightly blamed. With the time
     * between two looks, in which the watchdog does not notice a pause, this is less than the resolution.
     */
    private static final Duration LONGEST_STRETCH = Duration.ofMillis(130);

    private static final int ROUNDS = 5;

    /* On a busy machine many rounds tell nothing; then fewer must do. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

    private static final int MOST_NODES = 25_000_000;

    private static final List<HubBlock> FOUND = new CopyOnWriteArrayList<>();

    private PausePrograms() {}

    /** Stops everything for a while. */
    private interface Pause {
        void happen() throws Exception;

        /** What takes long before it can happen. */
        default void prepare() throws Exception {}

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

    /** A shell stops the JVM and lets it go on. */
    private static final class Stop implements Pause {
        private static final String PID = String.valueOf(ProcessHandle.current().pid());
        private static final String SCRIPT =
                "echo ready; read go; kill -STOP %s; sleep 0.5; kill -CONT %s".formatted(PID, PID);

        private @Nullable Process shell;

        @Override
        public void prepare() throws Exception {
            shell = new ProcessBuilder("sh", "-c", SCRIPT).start();
            shell.inputReader().readLine();
        }

        @Override
        public void happen() throws Exception {
            try (OutputStream in = shell.getOutputStream()) {
                in.write("go\n".getBytes(StandardCharsets.US_ASCII));
            }
            shell.waitFor();
            RobustnessChild.closePipes(shell);
        }
    }

    static void stops() throws Exception {
        rounds(new Stop());
    }

    /** A stretch and, seen by two threads, the pause in it: where both stood still. */
    private static final class Stretch {
        private final CountDownLatch now = new CountDownLatch(1);
        private final Gap here = new Gap();
        private final Gap beside = new Gap();
        private volatile boolean over;
        private long tookNanos;

        void run() {
            long start = System.nanoTime();
            spin(BEFORE);
            here.begin();
            now.countDown();
            while (!over && here.longest < RESOLUTION.toNanos()) {
                here.note();
                Thread.onSpinWait();
            }
            spin(AFTER);
            tookNanos = System.nanoTime() - start;
        }

        void watch() {
            beside.begin();
            while (!over) {
                LockSupport.parkNanos(1_000_000);
                beside.note();
            }
        }

        /** Without the pause. */
        boolean wasShort() {
            long paused = Math.min(here.longest, beside.longest);
            return tookNanos - paused < LONGEST_STRETCH.toNanos();
        }
    }

    /** The longest time that a thread stood still; its own. */
    private static final class Gap {
        private long last;
        private long longest;

        void begin() {
            last = System.nanoTime();
        }

        void note() {
            long now = System.nanoTime();
            longest = Math.max(longest, now - last);
            last = now;
        }
    }

    private static void rounds(Pause pause) throws Exception {
        int told = 0;
        int blamed = 0;
        try (Hub hub = Hub.open()) {
            Debug.hubBlockingDetection(RESOLUTION, FOUND::add);
            long end = System.nanoTime() + LONG_ENOUGH.toNanos();
            while (told < ROUNDS && (told == 0 || System.nanoTime() - end < 0)) {
                FOUND.clear();
                Stretch stretch = new Stretch();
                GreenThread<?> runs = pauseInStretch(hub, pause, stretch);
                if (isPauseTold()) {
                    if (stretch.wasShort()) {
                        told++;
                        blamed += FOUND.stream().anyMatch(b -> b.greenThread() == runs) ? 1 : 0;
                        FOUND.forEach(block -> RobustnessPrograms.say(block.text()));
                    }
                } else {
                    pause.lengthen();
                }
            }
            Debug.hubBlockingDetection(false);
        }
        RobustnessPrograms.say("blamed: " + blamed + " of " + told);
    }

    private static GreenThread<?> pauseInStretch(Hub hub, Pause pause, Stretch stretch)
            throws Exception {
        pause.prepare();
        Thread beside = Thread.ofPlatform().start(stretch::watch);
        GreenThread<?> runs = Evy.spawn(hub, stretch::run);
        stretch.now.await();
        pause.happen();
        stretch.over = true;
        runs.join();
        beside.join();
        Evy.sleep(RESOLUTION); // for what the watchdog has seen to be told
        return runs;
    }

    private static boolean isPauseTold() {
        return FOUND.stream().anyMatch(block -> block.cause() == BlockCause.PAUSE);
    }

    private static void spin(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}
