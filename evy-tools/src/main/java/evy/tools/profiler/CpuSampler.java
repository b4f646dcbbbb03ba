package evy.tools.profiler;

import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Has the JDK's flight recorder note who computes: the stack of each thread whenever it has used up
 * another period of CPU time; where there are no such events, every period of those that run.
 */
/*
 * The recorder knows which virtual thread a carrier runs, and takes the stack at the very instruction.
 * A thread that asked for the stack from outside would get it at the next safepoint, and of a green thread
 * that runs for a few microseconds, none at all.
 *
 * The recording has a destination: when the JVM ends, the recorder's own shutdown hook writes it there,
 * in whatever order the hooks run.
 */
final class CpuSampler implements AutoCloseable {
    private static final String BY_CPU_TIME = "jdk.CPUTimeSample";
    private static final String BY_WALL_CLOCK = "jdk.ExecutionSample";
    private static final String LOST = "jdk.CPUTimeSamplesLost";
    private static final String WITHOUT_STACK = "[stack not taken]";
    private static final long MOST_BYTES = 256L << 20;

    private final Duration period;
    private final boolean byCpuTime;
    private final Path file;
    private final Recording recording;

    private long lost;

    private CpuSampler(Duration period, boolean byCpuTime, Path file, Recording recording) {
        this.period = period;
        this.byCpuTime = byCpuTime;
        this.file = file;
        this.recording = recording;
    }

    static CpuSampler start(Duration period) throws IOException {
        List<EventType> known = FlightRecorder.getFlightRecorder().getEventTypes();
        boolean byCpuTime =
                System.getProperty("os.name").equals("Linux")
                        && known.stream().anyMatch(type -> type.getName().equals(BY_CPU_TIME));
        Path file = Files.createTempFile("evy-profile", ".jfr");
        Recording recording = new Recording();
        try {
            recording.setName("Evy profiler");
            recording.setDestination(file);
            recording.setDumpOnExit(true);
            recording.setMaxSize(MOST_BYTES);
            recording.setSettings(settings(known, period, byCpuTime));
            recording.start();
        } catch (IOException | RuntimeException | Error e) {
            recording.close();
            Files.deleteIfExists(file);
            throw e;
        }
        return new CpuSampler(period, byCpuTime, file, recording);
    }

    /* Events of Java code are recorded unless told otherwise. */
    private static Map<String, String> settings(
            List<EventType> known, Duration period, boolean byCpuTime) {
        Map<String, String> settings = new java.util.HashMap<>();
        for (EventType type : known) {
            settings.put(type.getName() + "#enabled", "false");
        }
        String event = byCpuTime ? BY_CPU_TIME : BY_WALL_CLOCK;
        settings.put(event + "#enabled", "true");
        settings.put(event + (byCpuTime ? "#throttle" : "#period"), period.toNanos() + " ns");
        if (byCpuTime) {
            settings.put(LOST + "#enabled", "true");
        }
        return settings;
    }

    /** What a sample stands for, in words. */
    String source() {
        return byCpuTime ? "CPU time" : "time on the CPU, by the wall clock";
    }

    /**
     * Ends the sampling and hands over what came of it.
     *
     * @throws IOException if what was recorded cannot be read
     */
    void finish(Consumer<Sample> sink) throws IOException {
        stop();
        if (Files.size(file) == 0) {
            return; // ended before it began
        }
        try (RecordingFile events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                RecordedEvent event = events.readEvent();
                switch (event.getEventType().getName()) {
                    case BY_CPU_TIME, BY_WALL_CLOCK -> read(event, sink);
                    case LOST -> readLost(event, sink);
                    default -> {
                        // an event of Java code whose class was loaded later
                    }
                }
            }
        }
    }

    private void stop() {
        try {
            recording.stop();
        } catch (IllegalStateException e) {
            return; // stopped by the recorder, as the JVM ends, and written by it
        }
    }

    private void read(RecordedEvent event, Consumer<Sample> sink) {
        RecordedThread thread = event.getThread(byCpuTime ? "eventThread" : "sampledThread");
        if (thread == null || thread.getJavaThreadId() <= 0) {
            return; // a thread of the JVM's own
        }
        long nanos = byCpuTime ? event.getDuration("samplingPeriod").toNanos() : period.toNanos();
        sink.accept(sample(thread, frames(event.getStackTrace()), 1, nanos));
    }

    /* Of threads at work within the JVM: loading classes, calling native code. */
    private void readLost(RecordedEvent event, Consumer<Sample> sink) {
        long count = event.getLong("lostSamples");
        lost += count;
        RecordedThread thread = event.getThread("eventThread");
        if (thread != null && thread.getJavaThreadId() > 0) {
            sink.accept(sample(thread, List.of(WITHOUT_STACK), 0, count * period.toNanos()));
        }
    }

    private static Sample sample(
            RecordedThread thread, List<String> frames, int count, long nanos) {
        String name = thread.getJavaName();
        return new Sample(
                thread.getJavaThreadId(),
                name == null ? "" : name,
                thread.isVirtual(),
                frames,
                count,
                nanos);
    }

    private static List<String> frames(RecordedStackTrace stack) {
        if (stack == null) {
            return List.of(WITHOUT_STACK);
        }
        List<String> names = new ArrayList<>();
        if (stack.isTruncated()) {
            names.add(Frames.TRUNCATED);
        }
        for (RecordedFrame frame : stack.getFrames().reversed()) {
            var method = frame.getMethod();
            String type = method.getType().getName();
            if (!Frames.isHidden(type)) {
                names.add(Frames.name(type, method.getName()));
            }
        }
        return names;
    }

    /** How many samples have no stack, and what thread was at is not known. */
    long lost() {
        return lost;
    }

    /** Leaves nothing behind. */
    @Override
    public void close() throws IOException {
        recording.close();
        Files.deleteIfExists(file);
    }

    /**
     * A thread that computed.
     *
     * @param frames the outermost first
     * @param count 1; 0 for time whose samples were lost
     * @param nanos of its CPU time that this stands for
     */
    record Sample(
            long threadId,
            String name,
            boolean isVirtual,
            List<String> frames,
            int count,
            long nanos) {}
}
