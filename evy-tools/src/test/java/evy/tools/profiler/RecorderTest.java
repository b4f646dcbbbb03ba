package evy.tools.profiler;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.hubs.Greenlet;
import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;

import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What the parts of a profile do beyond their limits and after their end. */
@ExtendWith(LeakCheckExtension.class)
class RecorderTest {
    private static final Duration PERIOD = Duration.ofMillis(20);
    private static final int MOST_STRETCHES = 1 << 18;

    /* Its threads stay. */
    @BeforeAll
    static void startFlightRecorder() throws Exception {
        CpuSampler.start(PERIOD).close();
    }

    @Test
    void add_moreThanATraceHolds_isCountedAsLost() {
        var buffer = new TraceBuffer();
        for (var i = 0; i < MOST_STRETCHES + 3; i++) {
            buffer.add(i, i + 1L, Thread.currentThread());
        }

        assertThat(buffer.size).isEqualTo(MOST_STRETCHES);
        assertThat(buffer.lost).isEqualTo(3);
        assertThat(buffer.begins[MOST_STRETCHES - 1]).isEqualTo(MOST_STRETCHES - 1);
        assertThat(buffer.ends[5000]).isEqualTo(5001);
        assertThat(buffer.threads[5000]).isSameAs(Thread.currentThread());
    }

    @Test
    void write_trace_namesEachThreadOnceAndSaysWhatIsLost() throws Exception {
        var out = new ByteArrayOutputStream();
        var named = Thread.ofPlatform().name("a \"b\"").unstarted(() -> {});
        var unnamed = Thread.ofVirtual().unstarted(() -> {});
        var buffer = new TraceBuffer();
        buffer.add(1000, 3000, named);
        buffer.add(3000, 4000, unnamed);
        buffer.add(4000, 5000, named);
        buffer.lost = 7;

        try (var writer = new TraceWriter(Output.to(out), 0)) {
            writer.write("hub", buffer);
        }

        var lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines)
                .filteredOn(line -> line.contains("thread_name"))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("a \\\"b\\\""));
        assertThat(lines).filteredOn(line -> line.contains("\"ph\":\"X\"")).hasSize(3);
        assertThat(lines.get(lines.size() - 2))
                .contains("lost_stretches", "\"args\":{\"count\":7}");
        assertThat(lines.getLast()).isEqualTo("]");
    }

    @Test
    void observer_afterItsEnd_countsNothing() throws Exception {
        Evy.run(
                () -> {
                    var self = Greenlet.current();
                    var recorder = new HubRecorder(Hub.current(), false, true);
                    recorder.begins(self);
                    recorder.suspends(self);
                    recorder.close();
                    var before = recorder.threads().sum().switches;

                    recorder.begins(self);
                    recorder.resumes(self);
                    recorder.suspends(self);
                    recorder.ends(self);
                    recorder.close();

                    assertThat(before).isEqualTo(1);
                    assertThat(recorder.threads().size()).isEqualTo(1);
                    assertThat(recorder.threads().sum().switches).isEqualTo(1);
                    return 0;
                });
    }

    @Test
    void of_threadThatHasEnded_isAWaitWithoutStack() throws Exception {
        var ended = new Greenlet[1];
        Evy.run(
                () -> {
                    Evy.spawn(
                                    () -> {
                                        ended[0] = Greenlet.current();
                                        return 0;
                                    })
                            .join();
                    return 0;
                });
        ended[0].thread().join();

        assertThat(WaitStacks.of(ended[0], true)).isSameAs(WaitStacks.UNKNOWN);
    }

    @Test
    void finish_recordingThatTheJvmHasStopped_isReadAsItStands() throws Exception {
        List<CpuSampler.Sample> samples = new ArrayList<>();
        try (var sampler = CpuSampler.start(PERIOD)) {
            withRecording(Recording::stop);

            sampler.finish(samples::add);
        }

        assertThat(samples).allMatch(sample -> sample.nanos() >= 0);
        assertThat(FlightRecorder.getFlightRecorder().getRecordings()).isEmpty();
    }

    @Test
    void finish_recordingThatIsGone_hasNoSamples() throws Exception {
        List<CpuSampler.Sample> samples = new ArrayList<>();
        try (var sampler = CpuSampler.start(PERIOD)) {
            withRecording(Recording::close);

            sampler.finish(samples::add);
        }

        assertThat(samples).isEmpty();
    }

    private static void withRecording(Consumer<Recording> action) {
        var ours =
                FlightRecorder.getFlightRecorder().getRecordings().stream()
                        .filter(recording -> recording.getName().equals("Evy profiler"))
                        .toList();
        assertThat(ours).hasSize(1);
        action.accept(ours.getFirst());
    }

    @Test
    void addSample_platformThread_isNamedAndTheProfilersOwnLeftOut() {
        for (var byThread : List.of(true, false)) {
            var builder = new ProfileBuilder(List.of(), byThread);
            builder.addSample(sample(9, "worker-7"));
            builder.addSample(sample(10, Session.THREAD_NAME));
            builder.addSample(sample(11, "JFR Recorder Thread"));

            var profile = builder.build(Duration.ofSeconds(1), "CPU time", 0);

            assertThat(profile.samples()).isEqualTo(1);
            assertThat(profile.collapsed(false))
                    .isEqualTo(
                            (byThread ? "[worker-7 #9]" : "[worker]")
                                    + ";com.acme.Job.run 20000\n");
        }
    }

    private static CpuSampler.Sample sample(long id, String name) {
        return new CpuSampler.Sample(
                id, name, false, List.of("com.acme.Job.run"), 1, PERIOD.toNanos());
    }

    @Test
    void text_threadsBeyondThoseKept_areSummedUp() {
        var others =
                new GreenThreadTime(
                        0, "", "", 5, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ZERO);
        var profile =
                new Profile(
                        Duration.ofSeconds(1),
                        "CPU time",
                        new CallTree("all"),
                        0,
                        List.of(),
                        List.of(others),
                        List.of());

        assertThat(profile.text(false, false)).containsPattern("(?m)^ +5 .* all others$");
    }
}
