package evy.tools.profiler;

import org.jspecify.annotations.Nullable;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** Where a profile goes: a file or a stream. Immutable. */
public final class Output {
    private final @Nullable Path file;
    private final @Nullable OutputStream stream;

    private Output(@Nullable Path file, @Nullable OutputStream stream) {
        this.file = file;
        this.stream = stream;
    }

    /**
     * A file, made or replaced when there is something to write. That it can be written is checked
     * before a profile begins.
     *
     * @param file the file
     * @return the output
     */
    public static Output to(Path file) {
        return new Output(Objects.requireNonNull(file, "file"), null);
    }

    /**
     * A stream, which stays open.
     *
     * @param stream flushed after each profile; written by threads that are not green
     * @return the output
     */
    public static Output to(OutputStream stream) {
        return new Output(null, Objects.requireNonNull(stream, "stream"));
    }

    @Nullable Path file() {
        return file;
    }

    /** Makes sure that it can be written, and changes nothing that is there. */
    void check() throws IOException {
        if (file == null) {
            return;
        }
        try (OutputStream _ =
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            return;
        } catch (IOException e) {
            throw new IOException("no profile can be written to " + file + " (" + e + ")", e);
        }
    }

    /** To be closed by the caller; a stream that was given stays open then. */
    OutputStream open() throws IOException {
        return file != null
                ? Files.newOutputStream(file)
                : new Kept(Objects.requireNonNull(stream));
    }

    @Override
    public String toString() {
        return file != null ? file.toString() : "a stream";
    }

    /** A stream that only its owner closes. */
    private static final class Kept extends FilterOutputStream {
        Kept(OutputStream stream) {
            super(stream);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
