package evy.io;

import evy.internal.os.RawFile;
import evy.internal.poll.PathCharset;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/**
 * Sends a file without copying. What is not in the system's memory is read into it by a native
 * thread first, so that the hub does not wait for the disk.
 */
final class RawFeed implements FileFeed {
    private final RawFile file;

    private RawFeed(RawFile file) {
        this.file = file;
    }

    /** Opens a file, which may block; null if it cannot be sent so, or not opened. */
    static @Nullable RawFeed open(Path path) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            return null;
        }
        RawFile file = RawFile.open(path.toAbsolutePath().toString().getBytes(PathCharset.GET));
        return file == null ? null : new RawFeed(file);
    }

    @Override
    public int feed(StreamLink link, long position, long most, Deadline deadline)
            throws IOException {
        int size = (int) Math.min(most, CHUNK);
        if (!file.isLoaded(position, size)) {
            Offload.run(() -> file.load(position, size));
        }
        return link.write(file, position, size, deadline);
    }

    @Override
    public void close() {
        file.close();
    }
}
