package evy.io.dns;

import evy.hubs.Clock;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A small file of lines that somebody may edit: read when it is first asked for, and again when
 * what was read is older than {@value #SECONDS_FRESH} s. A file that cannot be read has no lines.
 */
/*
 * On a hub it is read by a native thread. While one party reads it again, the others go on with what
 * was read before, so a slow disk delays one of them, not all.
 */
final class WatchedFile<T> {
    static final int SECONDS_FRESH = 10;
    private static final long NANOS_FRESH = SECONDS_FRESH * 1_000_000_000L;
    private static final System.Logger LOG = System.getLogger("evy.io.dns");

    private final Path path;
    private final Clock clock;
    private final Function<List<String>, T> parser;
    private final AtomicReference<@Nullable Read<T>> last = new AtomicReference<>();

    WatchedFile(Path path, Clock clock, Function<List<String>, T> parser) {
        this.path = path;
        this.clock = clock;
        this.parser = parser;
    }

    /** What it says now, or said at most {@value #SECONDS_FRESH} s ago. */
    T contents() {
        Read<T> old = last.get();
        long now = clock.nanos();
        if (old != null && now - old.at < NANOS_FRESH) {
            return old.contents;
        }
        if (old != null && !last.compareAndSet(old, new Read<>(now, old.contents))) {
            return old.contents; // somebody else is at it
        }
        T contents = parser.apply(OffHub.call(this::read));
        last.set(new Read<>(now, contents));
        return contents;
    }

    /** Forgets what was read. */
    void forget() {
        last.set(null);
    }

    private List<String> read() {
        try {
            // in this charset any bytes are valid; comments may be in whatever their author uses
            return Files.readAllLines(path, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read {0}: {1}", path, e.toString());
            return List.of();
        }
    }

    private record Read<T>(long at, T contents) {}
}
