package evy.patcher.os;

import evy.hubs.Hub;
import evy.patcher.bridge.Bridge;
import evy.patcher.weave.Green;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandle;

/**
 * Calls that look at a path: in place if the system knows it without asking the disk, else on a
 * native thread.
 */
final class Looks implements Bridge.Detour {
    private final DiskCalls disk = new DiskCalls();

    @Override
    public @Nullable Object call(MethodHandle original, Object[] arguments) throws Throwable {
        Hub hub = Green.hub();
        if (hub != null && Kernel.cachedMode(arguments[0].toString()) >= 0) {
            Runs.count(hub, 2 * Runs.CALL);
            return Bridge.STAY;
        }
        return disk.call(original, arguments);
    }
}
