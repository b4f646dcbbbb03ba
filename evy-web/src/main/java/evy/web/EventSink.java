package evy.web;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Sends events to one client. Each is on its way when the call returns; a client that is gone makes
 * it throw.
 *
 * @source HTML Living Standard, section 9.2, Server-sent events
 */
public final class EventSink {
    private final OutputStream out;

    EventSink(OutputStream out) {
        this.out = out;
    }

    /**
     * Sends an event.
     *
     * @checkpoint if the client does not take it
     * @param data any text; several lines stay several lines
     * @throws IOException if the client is gone
     */
    public void send(String data) throws IOException {
        send(null, null, data);
    }

    /**
     * Sends an event with a name and an id.
     *
     * @checkpoint if the client does not take it
     * @param event its name; null for {@code message}
     * @param id what the client says in {@code Last-Event-ID} when it comes back; null for none
     * @param data any text
     * @throws IOException if the client is gone
     * @throws IllegalArgumentException if {@code event} or {@code id} is more than one line
     */
    public void send(@Nullable String event, @Nullable String id, String data) throws IOException {
        StringBuilder lines = new StringBuilder();
        if (event != null) {
            lines.append("event: ").append(oneLine("event", event)).append('\n');
        }
        if (id != null) {
            lines.append("id: ").append(oneLine("id", id)).append('\n');
        }
        for (String line : data.split("\r\n|\r|\n", -1)) {
            lines.append("data: ").append(line).append('\n');
        }
        write(lines.append('\n').toString());
    }

    /**
     * Sends a line that clients ignore: keeps proxies from closing a silent connection, and finds
     * out whether the client is still there.
     *
     * @checkpoint if the client does not take it
     * @param text one line
     * @throws IOException if the client is gone
     */
    public void comment(String text) throws IOException {
        write(": " + oneLine("comment", text) + "\n\n");
    }

    /**
     * Tells the client how long to wait before it comes back.
     *
     * @checkpoint if the client does not take it
     * @param delay millisecond precision
     * @throws IOException if the client is gone
     */
    public void retry(Duration delay) throws IOException {
        write("retry: " + delay.toMillis() + "\n\n");
    }

    private static String oneLine(String what, String text) {
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0 || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(what + " must be one line: '" + text + "'");
        }
        return text;
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
