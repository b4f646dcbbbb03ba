package evy.patcher.os;

import evy.hubs.Hub;
import evy.patcher.bridge.Bridge;
import evy.patcher.weave.Green;

import org.jspecify.annotations.Nullable;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandle;

/**
 * Writes. To a stream: as much at a time as there is room for. To a file: in place if they are
 * small and only go to the system's memory; else on a native thread.
 *
 * <p>Standard output and standard error are left alone. They are written under locks that a class
 * initialiser may want, which keeps its hub's thread while it waits for them.
 */
final class Writes implements Bridge.Detour {
    /* What a pipe takes without blocking when it says that there is room: PIPE_BUF. */
    private static final int PIECE = 4096;

    private static final int STANDARD_ERROR = 2;

    private final StreamWaits streams;

    Writes(StreamWaits streams) {
        this.streams = streams;
    }

    @Override
    public @Nullable Object call(MethodHandle original, Object[] arguments) throws Throwable {
        Hub hub = Green.hub();
        Transfer transfer = Transfer.of(original, arguments);
        int number = JdkFiles.number(transfer.descriptor());
        if (hub == null || number <= STANDARD_ERROR) {
            return Bridge.STAY;
        }
        if (Kernel.position(number) < 0) {
            return toStream(hub, transfer, original, arguments);
        }
        if (transfer.isSmall() && !Kernel.isSynchronous(number)) {
            Runs.count(hub, transfer.length());
            return Bridge.STAY;
        }
        return offload(hub, original, arguments);
    }

    private static @Nullable Object offload(Hub hub, MethodHandle original, Object[] arguments)
            throws Throwable {
        return Parking.isHarmless(hub)
                ? Offload.call(() -> Originals.call(original, arguments))
                : Bridge.STAY;
    }

    private @Nullable Object toStream(
            Hub hub, Transfer transfer, MethodHandle original, Object[] arguments)
            throws Throwable {
        if (transfer.length() <= PIECE) {
            FileDescriptor descriptor = transfer.descriptor();
            streams.await(hub, descriptor, JdkFiles.number(descriptor), Kernel.POLLOUT);
            return Bridge.STAY;
        }
        if (arguments[0] instanceof FileOutputStream out) {
            return inPieces(out, arguments);
        }
        if (transfer.length() == Transfer.UNKNOWN || arguments[1] instanceof byte[]) {
            return offload(hub, original, arguments);
        }
        Object[] piece = arguments.clone();
        piece[3] = PIECE;
        return Originals.call(original, piece); // a channel may write less than asked for
    }

    /* All of it, as streams do. Each piece comes by above, and waits for room. */
    private static @Nullable Object inPieces(FileOutputStream out, Object[] arguments)
            throws IOException {
        byte[] bytes = (byte[]) arguments[1];
        boolean whole = arguments.length == 2;
        int offset = whole ? 0 : (int) arguments[2];
        int length = whole ? bytes.length : (int) arguments[3];
        if (offset < 0 || length > bytes.length - offset) {
            return Bridge.STAY; // it knows what to say
        }
        for (int done = 0; done < length; done += PIECE) {
            JdkFiles.write(out, bytes, offset + done, Math.min(PIECE, length - done));
        }
        return null;
    }
}
