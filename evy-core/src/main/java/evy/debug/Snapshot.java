package evy.debug;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The hubs of a program and all their green threads, as they were found.
 *
 * @param hubs the oldest first
 * @param greenThreads as a tree: each after the one that spawned it, siblings by age
 */
public record Snapshot(List<HubInfo> hubs, List<GreenThreadInfo> greenThreads) {
    /** Copies the lists. */
    public Snapshot {
        hubs = List.copyOf(hubs);
        greenThreads = List.copyOf(greenThreads);
    }

    /**
     * Looks at all hubs of this program.
     *
     * @checkpoint always
     * @param withStacks true to take the stacks of the green threads
     * @return what was found
     */
    static Snapshot take(boolean withStacks) {
        return new Census(withStacks).take();
    }

    /** {@return a line for each hub and each green thread, indented by who spawned it} */
    public String text() {
        StringBuilder text = new StringBuilder();
        try {
            writeText(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** {@return a JSON object with the members {@code hubs} and {@code green_threads}} */
    public String json() {
        StringBuilder text = new StringBuilder();
        try {
            writeJson(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /**
     * Writes what {@link #text} returns. On a green thread the others get their turns meanwhile.
     *
     * @param out where to
     * @throws IOException if it cannot be written
     */
    public void writeText(Appendable out) throws IOException {
        new SnapshotText(out).write(this);
    }

    /**
     * Writes what {@link #json} returns. On a green thread the others get their turns meanwhile.
     *
     * @param out where to
     * @throws IOException if it cannot be written
     */
    public void writeJson(Appendable out) throws IOException {
        new SnapshotJson(out).write(this);
    }
}
