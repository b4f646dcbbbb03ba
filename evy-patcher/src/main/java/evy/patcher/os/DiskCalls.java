package evy.patcher.os;

import evy.hubs.Hub;
import evy.patcher.bridge.Bridge;
import evy.patcher.weave.Green;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandle;

/** Calls that ask or change the disk: on a native thread. */
final class DiskCalls implements Bridge.Detour {
    @Override
    public @Nullable Object call(MethodHandle original, Object[] arguments) throws Throwable {
        Hub hub = Green.hub();
        return hub != null && Parking.isHarmless(hub)
                ? Offload.call(() -> Originals.call(original, arguments))
                : Bridge.STAY;
    }
}
