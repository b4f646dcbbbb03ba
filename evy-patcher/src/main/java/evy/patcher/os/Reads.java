package evy.patcher.os;

import evy.hubs.Hub;
import evy.patcher.bridge.Bridge;
import evy.patcher.weave.Green;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandle;

/**
 * Reads. From a stream: when there is something. From a file: in place if that takes no longer than
 * to have a native thread do it, which is so if it is small and in memory; else on a native thread.
 */
final class Reads implements Bridge.Detour {
    private final StreamWaits streams;

    Reads(StreamWaits streams) {
        this.streams = streams;
    }

    @Override
    public @Nullable Object call(MethodHandle original, Object[] arguments) throws Throwable {
        Hub hub = Green.hub();
        Transfer transfer = Transfer.of(original, arguments);
        int number = JdkFiles.number(transfer.descriptor());
        if (hub == null || number < 0) {
            return Bridge.STAY;
        }
        long position = Kernel.position(number);
        if (position < 0) {
            streams.await(hub, transfer.descriptor(), number, Kernel.POLLIN);
            return Bridge.STAY;
        }
        if (isQuick(transfer, number, position)) {
            Runs.count(hub, transfer.length() + Runs.CALL);
            return Bridge.STAY;
        }
        return Parking.isHarmless(hub)
                ? Offload.call(() -> Originals.call(original, arguments))
                : Bridge.STAY;
    }

    private static boolean isQuick(Transfer transfer, int number, long position) {
        long from = transfer.position() < 0 ? position : transfer.position();
        return transfer.isSmall() && Kernel.isCached(number, from, transfer.length());
    }
}
