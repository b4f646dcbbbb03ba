package evy.tools.profiler;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Writes the stretches of green threads one by one. The format is an array whose end may be
 * missing, so what a program that crashes has written can be read, too.
 *
 * @source Trace Event Format, "complete events"
 */
final class TraceWriter implements AutoCloseable {
    private static final double NANOS_PER_MICRO = 1000.0;
    private static final int MOST_NAMES = 1_000_000;

    private final Writer out;
    private final long startNanos;
    private final Set<Long> named = new HashSet<>();
    private long lost;

    TraceWriter(Output output, long startNanos) throws IOException {
        this.out =
                new BufferedWriter(
                        new OutputStreamWriter(output.open(), StandardCharsets.UTF_8), 1 << 16);
        this.startNanos = startNanos;
        out.write(
                "[\n"
                    + "{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{\"name\":\"Evy\"}}");
    }

    void write(String hub, TraceBuffer buffer) throws IOException {
        lost += buffer.lost;
        for (int i = 0; i < buffer.size; i++) {
            Thread thread = buffer.threads[i];
            name(thread);
            out.write(
                    String.format(
                            Locale.ROOT,
                            ",%n{\"ph\":\"X\",\"pid\":1,\"tid\":%d,\"name\":\"run\",\"cat\":\"%s\","
                                    + "\"ts\":%.3f,\"dur\":%.3f}",
                            thread.threadId(),
                            JsonText.escape(hub),
                            (buffer.begins[i] - startNanos) / NANOS_PER_MICRO,
                            (buffer.ends[i] - buffer.begins[i]) / NANOS_PER_MICRO));
        }
        out.flush();
    }

    private void name(Thread thread) throws IOException {
        if (thread.getName().isEmpty()
                || named.size() >= MOST_NAMES
                || !named.add(thread.threadId())) {
            return;
        }
        out.write(
                String.format(
                        Locale.ROOT,
                        ",%n{\"ph\":\"M\",\"pid\":1,\"tid\":%d,\"name\":\"thread_name\","
                                + "\"args\":{\"name\":\"%s\"}}",
                        thread.threadId(),
                        JsonText.escape(thread.getName())));
    }

    /** Says at the end how much is missing. */
    @Override
    public void close() throws IOException {
        try (out) {
            if (lost > 0) {
                out.write(
                        ",\n"
                            + "{\"ph\":\"M\",\"pid\":1,\"name\":\"lost_stretches\",\"args\":{\"count\":"
                                + lost
                                + "}}");
            }
            out.write("\n]\n");
        }
    }
}
