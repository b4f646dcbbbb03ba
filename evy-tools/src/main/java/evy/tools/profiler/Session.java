package evy.tools.profiler;

import evy.hubs.GreenThreadState;
import evy.hubs.Hub;
import evy.hubs.Sighting;

import org.jspecify.annotations.Nullable;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One profile, from its begin to its outputs. Used by one native thread at a time. */
final class Session {
    /** Of the thread that ends a profile when its time is over, and writes the trace. */
    static final String THREAD_NAME = "evy-profiler";

    /* Stacks of those that wait at the end are taken one by one, some 30 microseconds each. */
    private static final int MOST_WAITING = 10_000;

    private final ProfilerOptions options;
    private final CpuSampler sampler;
    private final @Nullable TraceWriter trace;
    private final long startNanos = System.nanoTime();

    // written on the hubs' threads
    private final Map<Hub, HubRecorder> recorders = new ConcurrentHashMap<>();

    private @Nullable IOException traceFailure;
    private int waiting;

    private Session(ProfilerOptions options, CpuSampler sampler, @Nullable TraceWriter trace) {
        this.options = options;
        this.sampler = sampler;
        this.trace = trace;
    }

    /**
     * Begins a profile.
     *
     * @throws IOException if an output cannot be written, or the flight recorder cannot work
     */
    static Session start(ProfilerOptions options) throws IOException {
        for (Output output : options.outputs().toList()) {
            output.check();
        }
        Output traced = options.trace();
        TraceWriter trace = traced == null ? null : new TraceWriter(traced, System.nanoTime());
        Session session = new Session(options, CpuSampler.start(options.period()), trace);
        Hub.observeSwitches(session::recorderOf);
        return session;
    }

    private HubRecorder recorderOf(Hub hub) {
        return recorders.computeIfAbsent(
                hub, h -> new HubRecorder(h, options.threads(), trace != null));
    }

    boolean isTraced() {
        return trace != null;
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** Writes what was traced since the last time. */
    void drainTrace() {
        if (trace == null || traceFailure != null) {
            return;
        }
        try {
            for (HubRecorder recorder : recorders.values()) {
                TraceBuffer buffer = recorder.drainTrace();
                if (buffer != null) {
                    trace.write(recorder.hub().name(), buffer);
                }
            }
        } catch (IOException e) {
            traceFailure = e; // the profile goes on; its end tells
        }
    }

    /** Ends the profile; nothing is written yet but the trace. */
    Profile finish() throws IOException {
        for (Hub hub : Hub.all()) {
            hub.survey(false, this::seen);
        }
        Duration elapsed = elapsed();
        stopObserving();
        try (sampler) {
            ProfileBuilder builder = new ProfileBuilder(recorders.values(), options.threads());
            sampler.finish(builder::addSample);
            return builder.build(elapsed, sampler.source(), sampler.lost());
        }
    }

    /** Ends the profile and forgets it. */
    void discard() throws IOException {
        stopObserving();
        sampler.close();
    }

    private void stopObserving() {
        Hub.observeSwitches(null);
        recorders.values().forEach(HubRecorder::close);
        drainTrace();
        if (trace != null) {
            try {
                trace.close();
            } catch (IOException e) {
                traceFailure = traceFailure == null ? e : traceFailure;
            }
        }
    }

    private void seen(Sighting sighting) {
        GreenThreadState state = sighting.state();
        HubRecorder recorder = recorders.get(sighting.greenlet().hub());
        if (recorder == null
                || (state != GreenThreadState.WAITING && state != GreenThreadState.BLOCKED)) {
            return;
        }
        boolean taken = waiting++ < MOST_WAITING;
        recorder.noteWaiting(
                sighting, taken ? WaitStacks.of(sighting.greenlet(), options.threads()) : null);
    }

    /**
     * Writes the outputs, all that can be.
     *
     * @throws IOException if one could not be written; the message says which
     */
    void write(Profile profile) throws IOException {
        boolean waits = options.timeBlocking();
        IOException failure = traceFailure == null ? null : named(options.trace(), traceFailure);
        failure =
                write(
                        options.summary(),
                        out -> out.append(profile.text(waits, options.percentages())),
                        failure);
        failure = write(options.collapsed(), out -> profile.writeCollapsed(out, waits), failure);
        failure = write(options.html(), out -> profile.writeHtml(out, waits), failure);
        if (failure != null) {
            throw failure;
        }
    }

    private static @Nullable IOException write(
            @Nullable Output output, Content content, @Nullable IOException before) {
        if (output == null) {
            return before;
        }
        try (Writer out =
                new BufferedWriter(new OutputStreamWriter(output.open(), StandardCharsets.UTF_8))) {
            content.writeTo(out);
            return before;
        } catch (IOException e) {
            if (before != null) {
                before.addSuppressed(named(output, e));
                return before;
            }
            return named(output, e);
        }
    }

    private static IOException named(@Nullable Output output, IOException e) {
        return new IOException("no profile could be written to " + output + " (" + e + ")", e);
    }

    private interface Content {
        void writeTo(Writer out) throws IOException;
    }
}
