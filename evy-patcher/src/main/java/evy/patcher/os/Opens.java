package evy.patcher.os;

import evy.hubs.Hub;
import evy.patcher.bridge.Bridge;
import evy.patcher.weave.Green;

import org.jspecify.annotations.Nullable;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Calls that open something: on a native thread, and what is open is never lost. A FIFO, which
 * opens when its other end does, on a thread of its own.
 */
final class Opens implements Bridge.Detour {
    private static final int FILE_TYPE = 0170000;
    private static final int FIFO_TYPE = 0010000;
    private static final int REGULAR_TYPE = 0100000;
    private static final int DIRECTORY_TYPE = 0040000;
    private static final int O_CHANGES = 01103; // to write, or both; create, truncate
    private static final int RANDOM_TO_READ = 1; // RandomAccessFile.O_RDONLY

    @Override
    public @Nullable Object call(MethodHandle original, Object[] arguments) throws Throwable {
        Hub hub = Green.hub();
        String path = pathOf(arguments);
        if (hub == null) {
            return Bridge.STAY;
        }
        int known = path == null ? -1 : Kernel.cachedMode(path);
        if (isPlain(known) && isToRead(arguments)) {
            return Bridge.STAY;
        }
        if (path != null && isFifo(known < 0 ? mode(path) : known)) {
            return Parking.isPossible(hub)
                    ? new FifoOpening(Path.of(path), original, arguments).open()
                    : Bridge.STAY;
        }
        return Parking.isHarmless(hub)
                ? Offload.open(() -> Originals.call(original, arguments))
                : Bridge.STAY;
    }

    /* Of a stream (this, name, ...), of a dispatcher (path, ...). */
    private static @Nullable String pathOf(Object[] arguments) {
        if (arguments[0] instanceof Path path) {
            return path.toString();
        }
        return arguments.length > 1 && arguments[1] instanceof String name ? name : null;
    }

    /* (stream, name), (file, name, mode), (path, flags, permissions) or, a directory, (path) */
    private static boolean isToRead(Object[] arguments) {
        if (arguments[0] instanceof Path) {
            return arguments.length == 1 || ((int) arguments[1] & O_CHANGES) == 0;
        }
        return arguments[0] instanceof FileInputStream
                || (arguments[0] instanceof RandomAccessFile
                        && (int) arguments[2] == RANDOM_TO_READ);
    }

    private static boolean isPlain(int mode) {
        int type = mode & FILE_TYPE;
        return mode >= 0 && (type == REGULAR_TYPE || type == DIRECTORY_TYPE);
    }

    private static boolean isFifo(int mode) {
        return mode >= 0 && (mode & FILE_TYPE) == FIFO_TYPE;
    }

    private static int mode(String path) {
        try {
            return (int) Files.getAttribute(Path.of(path), "unix:mode");
        } catch (IOException | RuntimeException e) {
            return -1; // whatever is wrong with it, to open it will tell
        }
    }
}
