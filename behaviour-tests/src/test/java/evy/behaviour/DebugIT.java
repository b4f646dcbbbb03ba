package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import evy.Evy;
import evy.debug.Debug;
import evy.debug.Snapshot;
import evy.hubs.Hub;
import evy.sync.Event;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Dumps of programs as a user gets them. */
class DebugIT {
    private static final int MANY = 100_000;

    @Test
    void signal_dumpsAlsoWhileTheHubIsBlocked() throws Exception {
        assumeTrue(ProcessTest.isThere("kill"), "needs the program kill");
        try (JavaProgram program = JavaProgram.start("64m", Blocked.class)) {
            String pid = program.answer("pid");
            new ProcessBuilder("kill", "-USR2", pid).start().waitFor();

            assertThat(program.answer("hub is")).isEqualTo("BLOCKED");
        }
    }

    /** Blocks its hub for ever, and says what a dump has on it. */
    static final class Blocked {
        private static final CountDownLatch SPINNING = new CountDownLatch(1);

        private Blocked() {}

        public static void main(String... args) throws Exception {
            Debug.dumpOnSignal(
                    "USR2",
                    dump ->
                            System.out.println(
                                    "hub is: "
                                            + (dump.contains("BLOCKED")
                                                            && dump.contains("RUNNING")
                                                            && dump.contains("waitsForIt")
                                                    ? "BLOCKED"
                                                    : dump)));
            Hub hub = Hub.getDefault();
            Event<String> waitsForIt = new Event<>();
            Evy.spawn(hub, () -> Evy.sleep(Duration.ofHours(1))).thread().setName("waitsForIt");
            Evy.spawn(hub, Blocked::spin);
            Evy.spawn(hub, () -> waitsForIt.await());
            SPINNING.await();
            System.out.println("pid: " + ProcessHandle.current().pid());
            Thread.sleep(Duration.ofMinutes(1));
        }

        private static void spin() {
            SPINNING.countDown();
            while (true) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void jcmd_threadDump_hasTheGreenThreads(@org.junit.jupiter.api.io.TempDir Path folder)
            throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        assumeTrue(jcmd.toFile().canExecute(), "needs jcmd");
        Path dump = folder.resolve("threads.json");
        Event<String> end = new Event<>();
        var waits = Evy.spawn(() -> end.await());
        Evy.spawn(Evy::yield).join();

        int status =
                new ProcessBuilder(
                                jcmd.toString(),
                                String.valueOf(ProcessHandle.current().pid()),
                                "Thread.dump_to_file",
                                "-format=json",
                                dump.toString())
                        .start()
                        .waitFor();
        end.send("done");

        assertThat(status).isZero();
        assertThat(dump).content().contains("\"tid\": \"" + waits.thread().threadId() + "\"");
        assertThat(waits.join()).isEqualTo("done");
    }

    @Test
    void greenThreads_aHundredThousand_areAllListed() {
        try (Hub hub = Hub.open()) {
            Event<String> end = new Event<>();
            Evy.spawn(hub, () -> spawnMany(end)).join();

            Snapshot seen = Debug.greenThreads();

            assertThat(seen.greenThreads())
                    .filteredOn(i -> i.hub().equals(hub.name()))
                    .hasSize(MANY)
                    .allMatch(i -> "event".equals(i.kind()));
            assertThat(seen.json()).hasSizeGreaterThan(MANY * 100);
            end.send("done");
        }
    }

    private static void spawnMany(Event<String> end) {
        for (int i = 0; i < MANY; i++) {
            Evy.spawn(() -> end.await());
            if (i % 1000 == 0) {
                Evy.yield();
            }
        }
    }
}
