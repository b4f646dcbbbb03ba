package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThreadExit;
import evy.debug.BlockAction;
import evy.debug.BlockCause;
import evy.debug.Debug;
import evy.hubs.Hub;
import evy.io.GreenServerSocket;
import evy.tpool.Tpool;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** Events for Java Flight Recorder. */
class FlightRecorderIT {
    @TempDir private Path folder;

    private interface Program {
        void run() throws Exception;
    }

    private List<RecordedEvent> record(Program program, String... names) throws Exception {
        Path file = folder.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            for (String name : names) {
                recording.enable(name).withoutThreshold();
            }
            recording.start();
            program.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file);
    }

    private static List<RecordedEvent> named(List<RecordedEvent> all, String name) {
        return all.stream().filter(e -> e.getEventType().getName().equals(name)).toList();
    }

    @Test
    void greenThreads_recorded_haveSpawnEndAndSwitches() throws Exception {
        long[] ids = new long[2];
        List<RecordedEvent> all =
                record(
                        () ->
                                Evy.run(
                                        () -> {
                                            ids[0] = Thread.currentThread().threadId();
                                            var child = Evy.spawn(FlightRecorderIT::fail);
                                            ids[1] = child.thread().threadId();
                                            assertThatThrownBy(child::join).hasMessage("recorded");
                                        }),
                        "evy.Spawn",
                        "evy.End",
                        "evy.Switch",
                        "evy.HubTurn");

        assertThat(named(all, "evy.Spawn"))
                .anyMatch(e -> e.getLong("greenThread") == ids[1] && e.getLong("parent") == ids[0]);
        assertThat(named(all, "evy.End"))
                .anyMatch(
                        e ->
                                e.getLong("greenThread") == ids[1]
                                        && e.getString("failure").contains("recorded"));
        assertThat(named(all, "evy.Switch"))
                .filteredOn(e -> e.getLong("greenThread") == ids[1])
                .isNotEmpty();
        assertThat(named(all, "evy.HubTurn")).isNotEmpty();
    }

    private static void fail() {
        Evy.yield();
        throw new IllegalStateException("recorded");
    }

    @Test
    void nativeCallsRaisesAndAccepts_recorded_sayWhatHappened() throws Exception {
        List<RecordedEvent> all =
                record(
                        () ->
                                Evy.run(
                                        () -> {
                                            assertThat(Tpool.execute(() -> 1)).isOne();
                                            killOne();
                                            acceptOne();
                                        }),
                        "evy.NativeCall",
                        "evy.Raise",
                        "evy.Accept");

        assertThat(named(all, "evy.NativeCall")).hasSize(1);
        assertThat(named(all, "evy.Raise"))
                .extracting(e -> e.getString("exception"))
                .containsExactly(GreenThreadExit.class.getName());
        assertThat(named(all, "evy.Accept"))
                .singleElement()
                .satisfies(e -> assertThat(e.getString("local")).contains("127.0.0.1:"));
    }

    @Test
    void hubBlocked_recordedLoggedAndListed_saysByWhat() throws Exception {
        var found = new CountDownLatch(1);
        var cause = new AtomicReference<BlockCause>();
        String[] name = new String[1];
        List<RecordedEvent> all;
        Hub hub = Hub.open();
        BlockAction action =
                block -> {
                    if (block.place().endsWith("FlightRecorderIT.compute")) {
                        BlockAction.LOG.blocked(block);
                        cause.compareAndSet(null, block.cause());
                        found.countDown();
                    }
                };
        try {
            Debug.hubBlockingDetection(Duration.ofMillis(20), action);
            all =
                    record(
                            () -> {
                                var blocks = Evy.spawn(hub, () -> compute(found));
                                name[0] = blocks.thread().getName();
                                blocks.join();
                            },
                            "evy.HubBlocked");

            assertThat(Debug.overview().json())
                    .contains("\"cause\":\"" + cause + "\"", "FlightRecorderIT.compute");
            assertThat(Debug.hubBlocksJson()).startsWith("[{").contains("FlightRecorderIT.compute");
            assertThat(Debug.overview().text()).contains("blocked for", "FlightRecorderIT.compute");
        } finally {
            Debug.hubBlockingDetection(false);
            hub.close();
        }

        assertThat(named(all, "evy.HubBlocked"))
                .filteredOn(e -> e.getString("hub").equals(hub.name()))
                .anySatisfy(
                        e -> {
                            assertThat(e.getString("cause")).isEqualTo(cause.get().name());
                            assertThat(e.getString("name")).isEqualTo(name[0]);
                            assertThat(e.getString("stack")).contains("FlightRecorderIT.compute");
                        });
    }

    private static void compute(CountDownLatch found) {
        long end = System.nanoTime() + NetFixtures.LONG.toNanos();
        while (found.getCount() > 0 && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    private static void killOne() {
        var thread = Evy.spawn(() -> Evy.sleep(NetFixtures.LONG));
        Evy.yield();
        thread.kill();
    }

    private static void acceptOne() throws Exception {
        try (GreenServerSocket server = NetFixtures.listen();
                var client = Evy.connect("127.0.0.1", server.getLocalPort());
                var accepted = server.accept()) {
            assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
        }
    }
}
