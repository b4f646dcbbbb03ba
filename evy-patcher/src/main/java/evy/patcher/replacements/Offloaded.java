package evy.patcher.replacements;

import evy.hubs.Greenlet;
import evy.patcher.os.Offload;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.util.Objects;

/** Calls that block: on a green thread a native one makes them, and the others of the hub go on. */
final class Offloaded {
    private Offloaded() {}

    /** What may block and fail. */
    @FunctionalInterface
    interface Body<T extends @Nullable Object> {
        T call() throws IOException;
    }

    /** What may block and fail, without a result. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    /** Makes a call; in place on a thread that is not green. */
    @SuppressWarnings({"unchecked", "NullAway"}) // what the body returns, null only if T allows it
    static <T extends @Nullable Object> T call(Body<T> body) throws IOException {
        if (!Current.isGreen()) {
            return body.call();
        }
        try {
            return (T) Offload.call(body::call);
        } catch (Throwable t) {
            throw Greenlet.<RuntimeException>thrown(t);
        }
    }

    /** Does something; in place on a thread that is not green. */
    static void run(Action action) throws IOException {
        call(
                () -> {
                    action.run();
                    return null;
                });
    }

    /** Opens something; a caller that is torn meanwhile gets it, and hears of it after that. */
    @SuppressWarnings("unchecked") // what the body returns
    static <T> T open(Body<T> body) throws IOException {
        if (!Current.isGreen()) {
            return body.call();
        }
        try {
            return (T) Objects.requireNonNull(Offload.open(body::call));
        } catch (Throwable t) {
            throw Greenlet.<RuntimeException>thrown(t);
        }
    }

    /** Whether to open a file is to wait for somebody at its other end; false if not green. */
    static boolean isFifo(File file) throws IOException {
        return Current.isGreen()
                && call(() -> file.exists() && !file.isFile() && !file.isDirectory());
    }
}
